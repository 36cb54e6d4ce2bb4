//! Sockets: the calls whose structures hold pointers. Addresses, control messages and most options look the same on both sides.

use bytemuck::Zeroable;

use super::args::{
    Addr, Arg, BAD_POINTER, Call, Direction, Fd, Flags, In, InBuf, InOut, InOutArray, Int, IoVec, Tell, Uint,
    Vector, host_pointer, scattered,
};
use super::file::earlier;
use super::layout::{FilterProgram, IntCell, MMsgHdr, MsgHdr, Timespec};
use super::names::{MessageFlags, SocketLevel, SocketOption};
use super::{descriptors, host};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::task::Task;

/// Options with pointers in their values, which the host must not be given.
pub(super) fn holds_pointers(level: u64, option: u64) -> bool {
    const TCP_ZEROCOPY_RECEIVE: i32 = 35;
    const PACKET_FANOUT_DATA: i32 = 22;
    const SOL_MPTCP: i32 = 284;
    match (level as i32, option as i32) {
        (libc::IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE) => true,
        (libc::SOL_PACKET, PACKET_FANOUT_DATA) => true,
        (libc::SOL_SOCKET | libc::IPPROTO_TCP | libc::IPPROTO_UDP | libc::IPPROTO_UDPLITE, _) => false,
        (libc::SOL_NETLINK | libc::SOL_PACKET | libc::SOL_ALG | libc::SOL_TLS | libc::AF_VSOCK, _) => false,
        (libc::IPPROTO_MPTCP | SOL_MPTCP | libc::SOL_TIPC | libc::SOL_CAN_BASE | libc::SOL_CAN_RAW, _) => {
            false
        }
        // Netfilter's tables.
        (libc::IPPROTO_IP, 64..=79) | (libc::IPPROTO_IPV6, 64 | 65) => true,
        (libc::IPPROTO_IP | libc::IPPROTO_IPV6 | libc::IPPROTO_ICMPV6 | libc::IPPROTO_RAW, _) => false,
        _ => true,
    }
}

/// setsockopt(2).
pub fn setsockopt(
    task: &mut Task,
    fd: Fd,
    level: Flags<SocketLevel>,
    option: Flags<SocketOption>,
    value: InBuf<4>,
    len: Int,
) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let fd = fd.host(&call);
    if holds_pointers(level.0, option.0) {
        let args = [fd, level.0, option.0, BAD_POINTER, len.0 as u64, 0];
        return host::call(libc::SYS_setsockopt, args).map_err(|first| earlier(first, Errno::ENOPROTOOPT));
    }
    let mut filter;
    let value = match socket_filter(call.memory, level.0, option.0, value.0, len.0) {
        Some(program) => {
            filter = program;
            std::ptr::from_mut(&mut filter) as u64
        }
        None => host_pointer(call.memory, value.0, len.0.max(0) as u64),
    };
    host::call(libc::SYS_setsockopt, [fd, level.0, option.0, value, len.0 as u64, 0])
}

/// Whether the value of an option is a filter.
pub(super) fn is_filter(level: u64, option: u64) -> bool {
    level as i32 == libc::SOL_SOCKET
        && matches!(option as i32, libc::SO_ATTACH_FILTER | libc::SO_ATTACH_REUSEPORT_CBPF)
}

/// The value of an option that is a filter, which is behind a pointer. Its program judges packets, which are the host's.
fn socket_filter(
    memory: &Memory,
    level: u64,
    option: u64,
    value: GuestAddr,
    len: i32,
) -> Option<FilterProgram> {
    const INSTRUCTION: u64 = 8;
    if !is_filter(level, option) || len as usize != size_of::<FilterProgram>() {
        return None;
    }
    let guest: FilterProgram = memory.get(value).ok()?;
    let filter = host_pointer(memory, GuestAddr(guest.filter), u64::from(guest.len) * INSTRUCTION);
    Some(FilterProgram { filter, ..guest })
}

/// getsockopt(2).
pub fn getsockopt(
    task: &mut Task,
    fd: Fd,
    level: Flags<SocketLevel>,
    option: Flags<SocketOption>,
    value: Addr,
    len: InOut<IntCell>,
) -> Result<u64, Errno> {
    let call = Call { memory: &task.process.memory, raw: &[0; 6], result: None };
    let fd = fd.host(&call);
    if holds_pointers(level.0, option.0) {
        let args = [fd, level.0, option.0, BAD_POINTER, len.host(&call), 0];
        return host::call(libc::SYS_getsockopt, args).map_err(|first| earlier(first, Errno::ENOPROTOOPT));
    }
    let room = len.get(call.memory).map_or(0, |cell| cell.value.max(0));
    let value = host_pointer(call.memory, value.0, room as u64);
    host::call(libc::SYS_getsockopt, [fd, level.0, option.0, value, len.host(&call), 0])
}

/// A message's header with host addresses, and the list that it points to.
pub(super) struct HostMessage {
    pub(super) header: MsgHdr,
    _list: Vec<IoVec>,
}

impl HostMessage {
    pub(super) fn new(memory: &Memory, guest: &MsgHdr) -> Result<HostMessage, Errno> {
        if guest.iovlen > 1024 {
            return Err(Errno::EMSGSIZE);
        }
        let list = Vector::<false, 0>(GuestAddr(guest.iov)).host_list(memory, guest.iovlen)?;
        let header = MsgHdr {
            name: host_pointer(memory, GuestAddr(guest.name), u64::from(guest.namelen)),
            iov: list.as_ptr() as u64,
            control: host_pointer(memory, GuestAddr(guest.control), guest.controllen),
            ..*guest
        };
        Ok(HostMessage { header, _list: list })
    }

    pub(super) fn address(&mut self) -> u64 {
        std::ptr::from_mut(&mut self.header) as u64
    }

    /// What a receiving call tells the guest in the header.
    fn answer(&self, guest: &MsgHdr) -> MsgHdr {
        let MsgHdr { namelen, controllen, flags, .. } = self.header;
        MsgHdr { namelen, controllen, flags, ..*guest }
    }
}

/// Descriptors of ours are closed ones for the guest, also when it sends them.
pub(super) fn check_rights(memory: &Memory, guest: &MsgHdr) -> Result<(), Errno> {
    let mut at = 0;
    while guest.control != 0 && at < guest.controllen && guest.controllen - at >= 16 {
        let header = GuestAddr(guest.control).offset(at);
        let len: u64 = memory.get(header)?;
        let [level, kind]: [i32; 2] = memory.get(header.offset(8))?;
        if len < 16 || len > guest.controllen - at {
            return Ok(());
        }
        if (level, kind) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            for index in 0..(len - 16) / 4 {
                if descriptors::is_reserved(memory.get(header.offset(16 + index * 4))?) {
                    return Err(Errno::EBADF);
                }
            }
        }
        match len.checked_next_multiple_of(8).and_then(|len| at.checked_add(len)) {
            Some(next) => at = next,
            None => return Ok(()),
        }
    }
    Ok(())
}

fn host_fd(task: &Task, fd: Fd) -> u64 {
    fd.host(&Call { memory: &task.process.memory, raw: &[0; 6], result: None })
}

/// Tells of what the scatter list of a message has moved, if the call has one.
pub(super) fn message_accesses(name: &str, call: &Call, tell: Tell) {
    let direction = match name {
        "sendmsg" => Direction::In,
        "recvmsg" => Direction::Out,
        _ => return,
    };
    if let Ok(message) = call.memory.get::<MsgHdr>(GuestAddr(call.raw[1])) {
        scattered(call, direction, (GuestAddr(message.iov), message.iovlen), tell);
    }
}

/// sendmsg(2).
pub fn sendmsg(
    task: &mut Task,
    fd: Fd,
    message: In<MsgHdr>,
    flags: Flags<MessageFlags>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let fd = host_fd(task, fd);
    let prepare = || {
        let guest = message.get(memory)?;
        let message = HostMessage::new(memory, &guest)?;
        check_rights(memory, &guest)?;
        Ok(message)
    };
    let mut host_message = match prepare() {
        Ok(message) => message,
        Err(errno) => {
            let args = [fd, BAD_POINTER, flags.0, 0, 0, 0];
            return host::call(libc::SYS_sendmsg, args).map_err(|first| earlier(first, errno));
        }
    };
    host::call(libc::SYS_sendmsg, [fd, host_message.address(), flags.0, 0, 0, 0])
}

/// recvmsg(2).
pub fn recvmsg(
    task: &mut Task,
    fd: Fd,
    message: InOut<MsgHdr>,
    flags: Flags<MessageFlags>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let fd = host_fd(task, fd);
    let prepare = || {
        let guest = message.get(memory)?;
        Ok((guest, HostMessage::new(memory, &guest)?))
    };
    let (guest, mut host_message) = match prepare() {
        Ok(prepared) => prepared,
        Err(errno) => {
            let args = [fd, BAD_POINTER, flags.0, 0, 0, 0];
            return host::call(libc::SYS_recvmsg, args).map_err(|first| earlier(first, errno));
        }
    };
    let received = host::call(libc::SYS_recvmsg, [fd, host_message.address(), flags.0, 0, 0, 0])?;
    message.put(memory, &host_message.answer(&guest))?;
    Ok(received)
}

/// As many messages as one call takes.
const UIO_MAXIOV: u32 = 1024;

/// The messages of sendmmsg and recvmmsg, with host addresses.
struct HostMessages {
    guests: Vec<MMsgHdr>,
    messages: Vec<HostMessage>,
    headers: Vec<MMsgHdr>,
}

impl HostMessages {
    fn new(memory: &Memory, messages: InOutArray<MMsgHdr, 2>, count: u32) -> Result<HostMessages, Errno> {
        let mut list = HostMessages { guests: Vec::new(), messages: Vec::new(), headers: Vec::new() };
        for index in 0..count.min(UIO_MAXIOV) {
            let prepare = || {
                let guest: MMsgHdr = memory.get(messages.element(u64::from(index)))?;
                let message = HostMessage::new(memory, &guest.header)?;
                check_rights(memory, &guest.header)?;
                Ok((guest, message))
            };
            let (guest, message) = match prepare() {
                Ok(prepared) => prepared,
                Err(errno) if index == 0 => return Err(errno),
                // The kernel comes to it when the ones before have gone, and remembers the error.
                Err(_) => {
                    let header = MsgHdr { iov: BAD_POINTER, iovlen: 1, ..MsgHdr::zeroed() };
                    list.headers.push(MMsgHdr { header, ..MMsgHdr::zeroed() });
                    break;
                }
            };
            list.headers.push(MMsgHdr { header: message.header, ..guest });
            list.messages.push(message);
            list.guests.push(guest);
        }
        Ok(list)
    }
}

/// sendmmsg(2).
pub fn sendmmsg(
    task: &mut Task,
    fd: Fd,
    messages: InOutArray<MMsgHdr, 2>,
    count: Uint,
    flags: Flags<MessageFlags>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let fd = host_fd(task, fd);
    let mut list = match HostMessages::new(memory, messages, count.0) {
        Ok(list) => list,
        Err(errno) => {
            let args = [fd, BAD_POINTER, 1, flags.0, 0, 0];
            return host::call(libc::SYS_sendmmsg, args).map_err(|first| earlier(first, errno));
        }
    };
    let headers = list.headers.as_mut_ptr() as u64;
    let sent = host::call(libc::SYS_sendmmsg, [fd, headers, list.headers.len() as u64, flags.0, 0, 0])?;
    for (index, (guest, header)) in list.guests.iter().zip(&list.headers).take(sent as usize).enumerate() {
        memory.put(messages.element(index as u64), &MMsgHdr { len: header.len, ..*guest })?;
    }
    Ok(sent)
}

/// recvmmsg(2).
pub fn recvmmsg(
    task: &mut Task,
    fd: Fd,
    messages: InOutArray<MMsgHdr, 2>,
    count: Uint,
    flags: Flags<MessageFlags>,
    timeout: InOut<Timespec>,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    let fd = fd.host(&call);
    let mut list = match HostMessages::new(memory, messages, count.0) {
        Ok(list) => list,
        Err(errno) => {
            let args = [fd, BAD_POINTER, 1, flags.0, timeout.host(&call), 0];
            return host::call(libc::SYS_recvmmsg, args).map_err(|first| earlier(first, errno));
        }
    };
    let args =
        [fd, list.headers.as_mut_ptr() as u64, list.headers.len() as u64, flags.0, timeout.host(&call), 0];
    let received = host::call(libc::SYS_recvmmsg, args)?;
    for (index, (guest, header)) in list.guests.iter().zip(&list.headers).take(received as usize).enumerate()
    {
        let MsgHdr { namelen, controllen, flags, .. } = header.header;
        let answer = MsgHdr { namelen, controllen, flags, ..guest.header };
        memory.put(messages.element(index as u64), &MMsgHdr { header: answer, len: header.len, pad: 0 })?;
    }
    Ok(received)
}
