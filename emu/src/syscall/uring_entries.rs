//! The entries of a ring, by operation: what in them is an address, and of what.
//!
//! The kernel copies lists, headers, paths and times when it takes an entry (`IORING_FEAT_SUBMIT_STABLE`), so what is made of them here lives
//! until then, and no longer. Buffers, and what is written at the end, are the guest's own memory. An address outside the window becomes
//! one that gives EFAULT; an operation that cannot be right becomes one that no kernel knows, which is completed with EINVAL.

use std::any::Any;
use std::ffi::CString;

use bytemuck::{Pod, Zeroable};

use super::args::{Arg, BAD_POINTER, Call, InVector, Path, host_pointer};
use super::layout::{EpollEvent, FutexWaiter, MsgHdr, OpenHow};
use super::path::{FOLLOWED, FoundAt, HandedOn, handed_on};
use super::poll::HostEvent;
use super::socket::{HostMessage, check_rights, holds_pointers, is_filter};
use super::{descriptors, host, userfault};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::process::Process;

/// The first 64 bytes of `struct io_uring_sqe`, which are all unless it is for a driver.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Entry {
    opcode: u8,
    flags: u8,
    priority: u16,
    fd: i32,
    /// `addr2`, `off`.
    addr2: u64,
    addr: u64,
    len: u32,
    /// `rw_flags`, `open_flags` and so on.
    how: u32,
    user_data: u64,
    buffer: u16,
    personality: u16,
    /// `file_index`, `splice_fd_in`, `addr_len`.
    file: u32,
    addr3: u64,
    attributes: u64,
}

// `IOSQE_*`.
const FIXED_FILE: u8 = 1;
const BUFFER_SELECT: u8 = 1 << 5;
const CQE_SKIP_SUCCESS: u8 = 1 << 6;

/// `IORING_OP_NOP`, completed with the result in `len` if `how` is 1.
const NOP: u8 = 0;
/// What no kernel knows.
const UNKNOWN: u8 = u8::MAX;
/// `IORING_OP_MSG_RING`.
pub(super) const MSG_RING: u8 = 40;

impl Entry {
    /// One that nobody hears of.
    pub(super) fn silence() -> Entry {
        Entry { opcode: NOP, flags: CQE_SKIP_SUCCESS, ..Entry::zeroed() }
    }

    fn refused(self) -> Entry {
        let Entry { flags, user_data, .. } = self;
        Entry { opcode: UNKNOWN, flags, user_data, ..Entry::zeroed() }
    }

    /// One that has been done already.
    fn done(self, result: Result<u64, Errno>) -> Entry {
        const INJECT_RESULT: u32 = 1;
        let len = result.unwrap_or_else(Errno::to_result) as u32;
        let Entry { flags, user_data, .. } = self;
        Entry {
            opcode: NOP,
            flags: flags & !FIXED_FILE,
            user_data,
            len,
            how: INJECT_RESULT,
            ..Entry::zeroed()
        }
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// One whose file is none.
    fn without_file(&mut self) {
        self.flags &= !FIXED_FILE;
        self.fd = -1;
    }
}

/// The entries that are handed to the kernel together.
pub struct Batch<'a> {
    process: &'a Process,
    memory: &'a Memory,
    /// What the kernel copies.
    kept: Vec<Box<dyn Any>>,
    /// Headers of messages that the kernel will write to.
    lent: Vec<Lent>,
}

/// A header of the guest's in which the addresses are the host's until the kernel has read it.
struct Lent {
    header: GuestAddr,
    guest: [u64; 3],
    host: [u64; 3],
}

/// Where the addresses are in `struct msghdr`: name, list, control.
const ADDRESSES: [u64; 3] = [0, 16, 32];

/// Changes an entry to the host's. `None` if that cannot be.
type Translate = fn(&mut Batch, &mut Entry) -> Option<()>;

/// What is done for an operation.
enum Action {
    Translate(Translate),
    Refused,
}

struct Operation {
    action: Action,
    /// Whether `fd` is a descriptor.
    has_file: bool,
}

macro_rules! action {
    ([$function:ident] []) => {
        Action::Translate($function)
    };
    ([] [$why:literal]) => {
        Action::Refused
    };
}

macro_rules! has_file {
    () => {
        true
    };
    (fileless) => {
        false
    };
}

macro_rules! operations {
    ($($number:literal $name:ident $(= $function:ident)? $(refused $why:literal)? $(, $fileless:ident)?;)*) => {
        /// By number.
        static OPERATIONS: &[Operation] = &[$(Operation {
            action: action!([$($function)?] [$($why)?]),
            has_file: has_file!($($fileless)?),
        }),*];

        #[cfg(test)]
        static NUMBERS: &[u8] = &[$($number),*];

        /// The names of those that are refused, and why.
        pub static REFUSED: &[(&str, &str)] = &[$($((stringify!($name), $why),)?)*];
    };
}

operations! {
    0 NOP = plain;
    1 READV = vector;
    2 WRITEV = vector;
    3 FSYNC = plain;
    4 READ_FIXED = buffer;
    5 WRITE_FIXED = buffer;
    6 POLL_ADD = plain;
    7 POLL_REMOVE = plain, fileless;
    8 SYNC_FILE_RANGE = plain;
    9 SENDMSG = send_message;
    10 RECVMSG = receive_message;
    11 TIMEOUT = time, fileless;
    12 TIMEOUT_REMOVE = another_time, fileless;
    13 ACCEPT = accept;
    14 ASYNC_CANCEL = plain;
    15 LINK_TIMEOUT = time, fileless;
    16 CONNECT = address;
    17 FALLOCATE = plain;
    18 OPENAT = openat;
    19 CLOSE = plain;
    20 FILES_UPDATE = files, fileless;
    21 STATX = statx;
    22 READ = buffer;
    23 WRITE = buffer;
    24 FADVISE = plain;
    25 MADVISE = advice, fileless;
    26 SEND = send;
    27 RECV = transfer;
    28 OPENAT2 = openat2;
    29 EPOLL_CTL = epoll_ctl;
    30 SPLICE = splice;
    31 PROVIDE_BUFFERS = buffers, fileless;
    32 REMOVE_BUFFERS = plain, fileless;
    33 TEE = splice;
    34 SHUTDOWN = plain;
    35 RENAMEAT = two_paths;
    36 UNLINKAT = path;
    37 MKDIRAT = path;
    38 SYMLINKAT = two_paths;
    39 LINKAT = two_paths;
    40 MSG_RING = plain;
    41 FSETXATTR = attribute;
    42 SETXATTR = attribute_of_path, fileless;
    43 FGETXATTR = attribute;
    44 GETXATTR = attribute_of_path, fileless;
    45 SOCKET = plain, fileless;
    46 URING_CMD = command;
    47 SEND_ZC = send;
    48 SENDMSG_ZC = send_message;
    49 READ_MULTISHOT = buffer;
    50 WAITID = waitid, fileless;
    51 FUTEX_WAIT = futex, fileless;
    52 FUTEX_WAKE = futex, fileless;
    53 FUTEX_WAITV = futexes, fileless;
    54 FIXED_FD_INSTALL = plain;
    55 FTRUNCATE = plain;
    56 BIND = address;
    57 LISTEN = plain;
    58 RECV_ZC refused "its memory is a device's";
    59 EPOLL_WAIT refused "x86-64 packs the events, and nobody is there to unpack them";
    60 READV_FIXED = vector;
    61 WRITEV_FIXED = vector;
    62 PIPE = pipe, fileless;
}

/// How many operations there are.
pub(super) const COUNT: usize = OPERATIONS.len();

/// Whether it can be asked for.
pub(super) fn is_supported(opcode: u8) -> bool {
    matches!(OPERATIONS.get(usize::from(opcode)), Some(Operation { action: Action::Translate(_), .. }))
}

impl<'a> Batch<'a> {
    pub(super) fn new(process: &'a Process) -> Batch<'a> {
        Batch { process, memory: &process.memory, kept: Vec::new(), lent: Vec::new() }
    }

    /// The host's entry for a guest's.
    pub(super) fn translate(&mut self, guest: Entry) -> Entry {
        let Some(operation) = OPERATIONS.get(usize::from(guest.opcode)) else { return guest.refused() };
        let Action::Translate(translate) = operation.action else { return guest.refused() };
        let mut entry = guest;
        if operation.has_file && !entry.has(FIXED_FILE) && descriptors::is_reserved(entry.fd) {
            entry.fd = -1;
        }
        if translate(self, &mut entry).is_some() { entry } else { guest.refused() }
    }

    /// The kernel has taken them.
    pub(super) fn finish(self) {
        for Lent { header, guest, host } in self.lent {
            for ((at, guest), host) in ADDRESSES.into_iter().zip(guest).zip(host) {
                let place = header.offset(at);
                if self.memory.get(place) == Ok(host) {
                    let _ = self.memory.put(place, &guest);
                }
            }
        }
    }

    fn keep<T: 'static>(&mut self, value: T) -> u64 {
        let value = Box::new(value);
        let address = std::ptr::from_ref(&*value) as u64;
        self.kept.push(value);
        address
    }

    fn keep_list<T: 'static>(&mut self, list: Vec<T>) -> u64 {
        let address = list.as_ptr() as u64;
        self.kept.push(Box::new(list));
        address
    }

    fn keep_path(&mut self, path: CString) -> u64 {
        let address = path.as_ptr() as u64;
        self.kept.push(Box::new(path));
        address
    }

    fn pointer(&self, address: u64, len: u64) -> u64 {
        host_pointer(self.memory, GuestAddr(address), len)
    }

    /// A path that makes or removes a name: the host's own.
    fn path(&self, address: u64) -> u64 {
        Path(GuestAddr(address)).host(&Call { memory: self.memory, raw: &[0; 6], result: None })
    }

    /// The path of a file that is there; `None` if it is one of /proc that shows the guest.
    fn found(&mut self, folder: i32, address: u64, follow: bool) -> Option<u64> {
        match handed_on(self.memory, folder, GuestAddr(address), follow) {
            HandedOn::Itself => Some(self.path(address)),
            HandedOn::Other(path) => Some(self.keep_path(path)),
            HandedOn::View => None,
        }
    }

    /// A message's header with the host's addresses: to be read only. A wrong one has an error of the kernel's.
    fn header(&mut self, address: u64) -> (u64, Option<MsgHdr>) {
        let Ok(guest) = self.guest_header(address) else { return (BAD_POINTER, None) };
        match HostMessage::new(self.memory, &guest) {
            Ok(mut message) => {
                let header = message.header;
                let _ = message.address();
                self.kept.push(Box::new(message));
                (self.keep(header), Some(guest))
            }
            Err(_) => (self.keep(MsgHdr { name: 0, iov: BAD_POINTER, control: 0, ..guest }), Some(guest)),
        }
    }

    /// The header as the guest has it, also if it is lent.
    fn guest_header(&self, address: u64) -> Result<MsgHdr, Errno> {
        let mut header: MsgHdr = self.memory.get(GuestAddr(address))?;
        if let Some(lent) = self.lent.iter().find(|lent| lent.header.0 == address) {
            [header.name, header.iov, header.control] = lent.guest;
        }
        Ok(header)
    }
}

fn plain(_: &mut Batch, _: &mut Entry) -> Option<()> {
    Some(())
}

/// Reading and writing. Attributes are addresses behind addresses.
fn buffer(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    if entry.attributes != 0 || is_told_otherwise(entry) {
        return None;
    }
    transfer(batch, entry)
}

/// What is read from such a file has addresses in it.
fn is_told_otherwise(entry: &Entry) -> bool {
    !entry.has(FIXED_FILE) && userfault::is(entry.fd)
}

/// `len` bytes at `addr`.
fn transfer(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    if !entry.has(BUFFER_SELECT) {
        entry.addr = batch.pointer(entry.addr, u64::from(entry.len));
    }
    Some(())
}

/// A scatter list.
fn vector(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    if entry.attributes != 0 || is_told_otherwise(entry) {
        return None;
    }
    scatter(batch, entry)
}

fn scatter(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = match InVector::<0>::from_raw(entry.addr).host_list(batch.memory, u64::from(entry.len)) {
        Ok(list) => batch.keep_list(list),
        Err(Errno::EFAULT) => BAD_POINTER,
        Err(_) => return None,
    };
    Some(())
}

fn send(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    const VECTORIZED: u16 = 1 << 5;
    entry.addr2 = batch.pointer(entry.addr2, u64::from(entry.file as u16));
    if entry.priority & VECTORIZED != 0 { scatter(batch, entry) } else { transfer(batch, entry) }
}

/// A driver's command, of which only those of sockets are known. Elsewhere they mean nothing, or what has no addresses in it.
fn command(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    const SIOCOUTQ: u32 = 1;
    const GETSOCKOPT: u32 = 2;
    const SETSOCKOPT: u32 = 3;
    let (level, option) = (entry.addr as u32, (entry.addr >> 32) as u32);
    entry.attributes = 0;
    match entry.addr2 as u32 {
        0..=SIOCOUTQ => (entry.addr, entry.addr3) = (0, 0),
        GETSOCKOPT | SETSOCKOPT
            if !holds_pointers(level.into(), option.into()) && !is_filter(level.into(), option.into()) =>
        {
            entry.addr3 = batch.pointer(entry.addr3, u64::from(entry.file));
        }
        _ => return None,
    }
    Some(())
}

fn send_message(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    let (address, guest) = batch.header(entry.addr);
    entry.addr = address;
    if guest.is_some_and(|guest| check_rights(batch.memory, &guest) == Err(Errno::EBADF)) {
        entry.without_file();
    }
    Some(())
}

/// The kernel reads the header now and writes lengths and flags into it at the end, and only into the one that it has read. So it is given
/// the guest's own, which holds the host's addresses for so long as it takes to submit.
fn receive_message(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    const MULTISHOT: u16 = 1 << 1;
    let at = GuestAddr(entry.addr);
    let is_lent = batch.lent.iter().any(|lent| lent.header == at);
    if entry.priority & MULTISHOT != 0 {
        entry.addr = batch.header(entry.addr).0;
        return Some(());
    }
    entry.addr = batch.pointer(entry.addr, size_of::<MsgHdr>() as u64);
    let Ok(guest) = batch.guest_header(at.0) else {
        entry.addr = BAD_POINTER;
        return Some(());
    };
    if is_lent {
        return Some(());
    }
    let Ok(message) = HostMessage::new(batch.memory, &guest) else {
        entry.addr = batch.keep(MsgHdr { name: 0, iov: BAD_POINTER, control: 0, ..guest });
        return Some(());
    };
    let host = [message.header.name, message.header.iov, message.header.control];
    batch.kept.push(Box::new(message));
    batch.lent.push(Lent { header: at, guest: [guest.name, guest.iov, guest.control], host });
    for (offset, address) in ADDRESSES.into_iter().zip(host) {
        if batch.memory.put(at.offset(offset), &address).is_err() {
            entry.addr = BAD_POINTER;
        }
    }
    Some(())
}

/// `struct __kernel_timespec`.
const TIMESPEC: u64 = 16;

fn time(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = batch.pointer(entry.addr, TIMESPEC);
    Some(())
}

fn another_time(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr2 = batch.pointer(entry.addr2, TIMESPEC);
    Some(())
}

fn accept(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    // The kernel never writes more than a sockaddr_storage.
    let room = batch.memory.get::<u32>(GuestAddr(entry.addr2)).map_or(0, u64::from);
    entry.addr = batch.pointer(entry.addr, room.min(128));
    entry.addr2 = batch.pointer(entry.addr2, 4);
    Some(())
}

/// `addr2` bytes of a socket's address.
fn address(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = batch.pointer(entry.addr, entry.addr2);
    Some(())
}

fn openat(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    open(batch, entry, u64::from(entry.how), u64::from(entry.len))
}

fn openat2(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    // What the guest lets the path do, an absolute one above all, is the kernel's to judge.
    const JUDGED: u64 =
        libc::RESOLVE_NO_XDEV | libc::RESOLVE_NO_SYMLINKS | libc::RESOLVE_BENEATH | libc::RESOLVE_IN_ROOT;
    let how = GuestAddr(entry.addr2);
    entry.addr2 = batch.pointer(how.0, u64::from(entry.len));
    match batch.memory.get::<OpenHow>(how) {
        Ok(how) if how.resolve & JUDGED == 0 => open(batch, entry, how.flags, how.mode),
        _ => {
            entry.addr = batch.path(entry.addr);
            Some(())
        }
    }
}

fn open(batch: &mut Batch, entry: &mut Entry, flags: u64, mode: u64) -> Option<()> {
    let follow = flags & libc::O_NOFOLLOW as u64 == 0;
    if let Some(path) = batch.found(entry.fd, entry.addr, follow) {
        entry.addr = path;
        return Some(());
    }
    // What /proc shows of the guest is made when it is opened: now. It has no place among the ring's files.
    if entry.file != 0 {
        return None;
    }
    let raw = [entry.fd as u64, entry.addr, flags, mode, 0, 0];
    let call = Call { memory: batch.memory, raw: &raw, result: None };
    let path = FoundAt::<FOLLOWED>::from_raw(entry.addr);
    let opened = path.open(batch.process, &call, flags, |folder, path| {
        host::call_at_once(libc::SYS_openat, [folder, path, flags, mode, 0, 0])
    });
    *entry = entry.done(opened);
    Some(())
}

fn statx(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    /// `struct statx`.
    const STATX: u64 = 256;
    let follow = entry.how & libc::AT_SYMLINK_NOFOLLOW as u32 == 0;
    entry.addr = batch.found(entry.fd, entry.addr, follow).unwrap_or_else(|| batch.path(entry.addr));
    entry.addr2 = batch.pointer(entry.addr2, STATX);
    Some(())
}

fn path(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = batch.path(entry.addr);
    Some(())
}

/// The second one starts from the folder in `len`.
fn two_paths(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    const SYMLINKAT: u8 = 38;
    entry.addr = batch.path(entry.addr);
    entry.addr2 = batch.path(entry.addr2);
    if entry.opcode != SYMLINKAT && descriptors::is_reserved(entry.len as i32) {
        entry.len = u32::MAX;
    }
    Some(())
}

fn attribute(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = batch.path(entry.addr);
    entry.addr2 = batch.pointer(entry.addr2, u64::from(entry.len));
    Some(())
}

fn attribute_of_path(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    let found = batch.found(libc::AT_FDCWD, entry.addr3, true);
    entry.addr3 = found.unwrap_or_else(|| batch.path(entry.addr3));
    attribute(batch, entry)
}

/// The kernel reads the array when the operation's turn comes.
fn files(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    let array = GuestAddr(entry.addr);
    entry.addr = batch.pointer(array.0, u64::from(entry.len) * 4);
    let number = |index| batch.memory.get::<i32>(array.offset(index * 4));
    if (0..u64::from(entry.len)).map_while(|index| number(index).ok()).any(descriptors::is_reserved) {
        entry.addr = BAD_POINTER;
    }
    Some(())
}

/// `fd` buffers of `len` bytes each.
fn buffers(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    let count = u64::try_from(entry.fd).unwrap_or(0);
    entry.addr = batch.pointer(entry.addr, count.saturating_mul(u64::from(entry.len)));
    Some(())
}

fn advice(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    let len = if entry.addr2 != 0 { entry.addr2 } else { u64::from(entry.len) };
    if !batch.memory.may_be_advised(GuestAddr(entry.addr), len, entry.how as i32) {
        return None;
    }
    entry.addr = batch.pointer(entry.addr, len);
    Some(())
}

/// `len` is what is done, `addr2` to which descriptor. The kernel takes the event as x86-64 has it.
fn epoll_ctl(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    if descriptors::is_reserved(entry.addr2 as i32) {
        entry.addr2 = u64::MAX;
    }
    if entry.len as i32 != libc::EPOLL_CTL_DEL {
        entry.addr = match batch.memory.get::<EpollEvent>(GuestAddr(entry.addr)) {
            Ok(event) => batch.keep(HostEvent::from(event)),
            Err(_) => BAD_POINTER,
        };
    }
    Some(())
}

fn splice(_: &mut Batch, entry: &mut Entry) -> Option<()> {
    const FD_IN_FIXED: u32 = 1 << 31;
    if entry.how & FD_IN_FIXED == 0 && descriptors::is_reserved(entry.file as i32) {
        entry.file = u32::MAX;
    }
    Some(())
}

/// `fd` is who, `len` what that number means.
fn waitid(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    const SIGINFO: u64 = 128;
    if entry.len == libc::P_PIDFD && descriptors::is_reserved(entry.fd) {
        entry.fd = i32::MAX;
    }
    entry.addr2 = batch.pointer(entry.addr2, SIGINFO);
    Some(())
}

fn futex(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = batch.pointer(entry.addr, 8);
    Some(())
}

fn futexes(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    const FUTEX_WAITV_MAX: u32 = 128;
    if entry.addr == 0 || entry.len > FUTEX_WAITV_MAX {
        return None;
    }
    let place = |index| GuestAddr(entry.addr).offset(index * size_of::<FutexWaiter>() as u64);
    let waiter = |index| batch.memory.get::<FutexWaiter>(place(index));
    let list: Result<Vec<_>, _> =
        (0..u64::from(entry.len)).map(|index| waiter(index).map(|it| it.on_host(batch.memory))).collect();
    entry.addr = list.map_or(BAD_POINTER, |list| batch.keep_list(list));
    Some(())
}

fn pipe(batch: &mut Batch, entry: &mut Entry) -> Option<()> {
    entry.addr = batch.pointer(entry.addr, 8);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(NUMBERS.iter().enumerate().all(|(place, &number)| place == usize::from(number)));
        assert!(is_supported(MSG_RING) && !is_supported(58) && !is_supported(UNKNOWN));
        assert_eq!(COUNT, NUMBERS.len());
    }
}
