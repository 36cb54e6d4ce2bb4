//! Typed arguments of system calls: each knows its direction, how strace spells it, and how to hand itself to the host.
//!
//! **Contract:** a handler reaches guest memory only through these types and [`Memory`], and writes it only through arguments whose
//! direction is [`Direction::Out`] or [`Direction::InOut`].

use std::fmt::Write as _;
use std::marker::PhantomData;

use bytemuck::{Pod, Zeroable};

use super::layout::Flock;
use super::{descriptors, names};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::process::view::mem;
use crate::strace::text;

/// Which way the data behind an argument goes, seen from the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The register is the value.
    Value,
    /// Read by the call.
    In,
    /// Written by the call: known only when it has returned.
    Out,
    /// Read and written.
    InOut,
}

/// A call as its arguments see it: some need another argument (a length), or what the call returned.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The guest's memory.
    pub memory: &'a Memory,
    /// `a0`–`a5` at entry.
    pub raw: &'a [u64; 6],
    /// What the call returned, once it has.
    pub result: Option<Result<u64, Errno>>,
}

/// An argument of a system call.
pub trait Arg: Copy {
    /// Which way its data goes.
    const DIRECTION: Direction;
    /// What it is, in the words of `docs/syscalls.md`.
    const KIND: &'static str;
    /// From the register.
    fn from_raw(raw: u64) -> Self;
    /// For a host call with the same arguments. It never fails: what the guest may not name becomes something that the host kernel
    /// refuses, so that errors come in the kernel's own order.
    fn host(self, call: &Call) -> u64;
    /// As strace prints it.
    fn print(self, call: &Call, out: &mut String);
    /// Tells of the guest memory that the call has read or written through it, once there is a result.
    fn accesses(self, call: &Call, tell: Tell) {
        let _ = (call, tell);
    }
}

/// Takes an access of a call's: the first byte, how many, and whether they were written.
pub type Tell<'a> = &'a mut dyn FnMut(GuestAddr, u64, bool);

impl Direction {
    /// Tells of an access this way.
    fn tell(self, call: &Call, addr: GuestAddr, len: u64, tell: Tell) {
        if addr.0 == 0 || len == 0 {
            return;
        }
        if matches!(self, Direction::In | Direction::InOut) {
            tell(addr, len, false);
        }
        if matches!(self, Direction::Out | Direction::InOut) && matches!(call.result, Some(Ok(_))) {
            tell(addr, len, true);
        }
    }
}

/// The length of a C string, with its end.
pub(super) fn string_len(memory: &Memory, addr: GuestAddr) -> u64 {
    memory.read_cstr(addr, libc::PATH_MAX as usize).map_or(0, |string| string.len() as u64 + 1)
}

/// A host address that no system call accepts: the kernel says EFAULT when it comes to it, and not earlier.
pub const BAD_POINTER: u64 = 1 << 63;

/// The host's pointer to `len` guest bytes at `addr`, or one that gives EFAULT.
pub fn host_pointer(memory: &Memory, addr: GuestAddr, len: u64) -> u64 {
    if addr.0 == 0 {
        return 0;
    }
    memory.host_range(addr, len).map_or(BAD_POINTER, |pointer| pointer as u64)
}

/// Prints to a string; that cannot fail.
macro_rules! put {
    ($out:expr, $($format:tt)*) => {{ let _ = write!($out, $($format)*); }};
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($inner:ty) $kind:literal, $format:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl Arg for $name {
            const DIRECTION: Direction = Direction::Value;
            const KIND: &'static str = $kind;
            #[inline]
            fn from_raw(raw: u64) -> Self {
                $name(raw as $inner)
            }
            #[inline]
            fn host(self, _: &Call) -> u64 {
                self.0 as u64
            }
            fn print(self, _: &Call, out: &mut String) {
                put!(out, $format, self.0);
            }
        }
    )*};
}

numbers! {
    /// A C int.
    Int(i32) "int", "{}";
    /// An unsigned C int.
    Uint(u32) "uint", "{}";
    /// A length or a count.
    Size(u64) "size", "{}";
    /// A signed 64-bit number: an offset.
    Offset(i64) "offset", "{}";
    /// Permission bits.
    Mode(u32) "mode", "0{:02o}";
    /// A process, thread or group, or one of the special values of the call.
    Pid(i32) "pid", "{}";
    /// A user.
    Uid(i32) "uid", "{}";
    /// A group.
    Gid(i32) "gid", "{}";
}

macro_rules! hexadecimals {
    ($($(#[$doc:meta])* $name:ident($inner:ty) $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl Arg for $name {
            const DIRECTION: Direction = Direction::Value;
            const KIND: &'static str = $kind;
            #[inline]
            fn from_raw(raw: u64) -> Self {
                $name(raw as $inner)
            }
            #[inline]
            fn host(self, _: &Call) -> u64 {
                self.0 as u64
            }
            fn print(self, _: &Call, out: &mut String) {
                // As C's %#x.
                if self.0 == 0 {
                    out.push('0');
                } else {
                    put!(out, "{:#x}", self.0);
                }
            }
        }
    )*};
}

hexadecimals! {
    /// A word that is shown in hexadecimal.
    Word(u64) "word";
    /// An int that is a set of bits without names.
    Hex(u32) "bits";
}

/// The key of a System V object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpcKey(pub i32);

impl Arg for IpcKey {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "key";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        IpcKey(raw as i32)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        self.0 as u64
    }
    fn print(self, _: &Call, out: &mut String) {
        if self.0 == libc::IPC_PRIVATE { out.push_str("IPC_PRIVATE") } else { put!(out, "{:#x}", self.0) }
    }
}

/// A key of the kernel's key service, or one of those that stand for a keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub i32);

impl Arg for Key {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "key";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Key(raw as i32)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        self.0 as u64
    }
    fn print(self, call: &Call, out: &mut String) {
        const SPECIAL: [&str; 8] =
            ["THREAD", "PROCESS", "SESSION", "USER", "USER_SESSION", "GROUP", "REQKEY_AUTH", "REQUESTOR"];
        match SPECIAL.get(self.0.wrapping_neg().wrapping_sub(1) as usize) {
            Some(name) if self.0 == -7 => put!(out, "KEY_SPEC_{name}_KEY"),
            Some(name) => put!(out, "KEY_SPEC_{name}_KEYRING"),
            None => Int(self.0).print(call, out),
        }
    }
}

/// The permissions of a file that is perhaps made: flags, which are argument number `FLAGS`, decide whether the call looks at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMode<const FLAGS: usize>(pub u32);

impl<const FLAGS: usize> Arg for NewMode<FLAGS> {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "mode";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        NewMode(raw as u32)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        u64::from(self.0)
    }
    fn print(self, call: &Call, out: &mut String) {
        const DIRECTORY: i32 = libc::O_DIRECTORY;
        if call.raw[FLAGS] as i32 & (libc::O_CREAT | libc::O_TMPFILE & !DIRECTORY) != 0 {
            Mode(self.0).print(call, out);
        }
    }
}

/// The third argument of fcntl(2): what it is the command says, which is argument 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FcntlArg(pub u64);

impl Arg for FcntlArg {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "number, or inout flock";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        FcntlArg(raw)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        self.0
    }
    fn print(self, call: &Call, out: &mut String) {
        match call.raw[1] as i32 {
            libc::F_GETFD | libc::F_GETFL | libc::F_GETLEASE | libc::F_GETPIPE_SZ | libc::F_GET_SEALS => {}
            libc::F_SETFD if self.0 == 1 => out.push_str("FD_CLOEXEC"),
            libc::F_SETFL => names::print::<names::OpenFlags>(self.0, out),
            libc::F_GETLK | libc::F_SETLK | libc::F_SETLKW => {
                print_struct::<Flock>(call.memory, GuestAddr(self.0), out)
            }
            libc::F_OFD_GETLK | libc::F_OFD_SETLK | libc::F_OFD_SETLKW => {
                print_struct::<Flock>(call.memory, GuestAddr(self.0), out);
            }
            libc::F_DUPFD | libc::F_DUPFD_CLOEXEC | libc::F_SETFD => put!(out, "{}", self.0 as i32),
            _ => Word(self.0).print(call, out),
        }
    }
}

/// A file descriptor. One of ours is no descriptor as the guest sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fd(pub i32);

impl Arg for Fd {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "fd";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Fd(raw as i32)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        if descriptors::is_reserved(self.0) { u64::MAX } else { self.0 as u64 }
    }
    fn print(self, _: &Call, out: &mut String) {
        put!(out, "{}", self.0);
    }
}

/// A file descriptor, also one of a `mem` file: see [`mem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyFd(pub i32);

impl Arg for AnyFd {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "fd";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        AnyFd(raw as i32)
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        let fd = Fd(self.0).host(call);
        if fd == u64::MAX && mem::of(self.0).is_some() { self.0 as u64 } else { fd }
    }
    fn print(self, call: &Call, out: &mut String) {
        Fd(self.0).print(call, out);
    }
}

/// The folder that a relative path starts from: a descriptor or `AT_FDCWD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirFd(pub i32);

impl Arg for DirFd {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "dirfd";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        DirFd(raw as i32)
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        AnyFd(self.0).host(call)
    }
    fn print(self, _: &Call, out: &mut String) {
        if self.0 == libc::AT_FDCWD {
            out.push_str("AT_FDCWD");
        } else {
            put!(out, "{}", self.0);
        }
    }
}

/// A signal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(pub i32);

impl Arg for Signal {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "signal";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Signal(raw as i32)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        self.0 as u64
    }
    fn print(self, _: &Call, out: &mut String) {
        text::signal(self.0, out);
    }
}

/// A value out of a named set: flags, or one of several constants.
#[derive(Clone, Copy, Debug)]
pub struct Flags<S>(pub u64, PhantomData<S>);

impl<S: names::Names + Copy> Arg for Flags<S> {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = S::KIND;
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Flags(raw, PhantomData)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        self.0
    }
    fn print(self, _: &Call, out: &mut String) {
        names::print::<S>(self.0, out);
    }
}

/// An address that the call does not read or write itself, or of something shorter than the guard behind the window: the kernel stops there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addr(pub GuestAddr);

impl Arg for Addr {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "address";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Addr(GuestAddr(raw))
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        host_pointer(call.memory, self.0, 1)
    }
    fn print(self, _: &Call, out: &mut String) {
        text::pointer(self.0, out);
    }
}

/// A C string which is a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path(pub GuestAddr);

impl Path {
    /// The string, at most `PATH_MAX` with its end (ENAMETOOLONG).
    pub fn read(self, memory: &Memory) -> Result<Vec<u8>, Errno> {
        memory.read_cstr(self.0, libc::PATH_MAX as usize)
    }
}

impl Arg for Path {
    const DIRECTION: Direction = Direction::In;
    const KIND: &'static str = "path";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Path(GuestAddr(raw))
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        host_pointer(call.memory, self.0, 1)
    }
    fn print(self, call: &Call, out: &mut String) {
        text::c_string(call.memory, self.0, libc::PATH_MAX as usize, out);
    }
    fn accesses(self, call: &Call, tell: Tell) {
        Self::DIRECTION.tell(call, self.0, string_len(call.memory, self.0), tell);
    }
}

/// A C string which is not a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Str(pub GuestAddr);

impl Arg for Str {
    const DIRECTION: Direction = Direction::In;
    const KIND: &'static str = "string";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Str(GuestAddr(raw))
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        host_pointer(call.memory, self.0, 1)
    }
    fn print(self, call: &Call, out: &mut String) {
        text::c_string(call.memory, self.0, text::STRING_LIMIT, out);
    }
    fn accesses(self, call: &Call, tell: Tell) {
        Self::DIRECTION.tell(call, self.0, string_len(call.memory, self.0), tell);
    }
}

/// Bytes that the call reads; argument number `LEN` says how many.
#[derive(Clone, Copy, Debug)]
pub struct InBuf<const LEN: usize>(pub GuestAddr);

impl<const LEN: usize> Arg for InBuf<LEN> {
    const DIRECTION: Direction = Direction::In;
    const KIND: &'static str = "bytes";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        InBuf(GuestAddr(raw))
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        host_pointer(call.memory, self.0, call.raw[LEN])
    }
    fn print(self, call: &Call, out: &mut String) {
        text::bytes(call.memory, self.0, call.raw[LEN], out);
    }
    fn accesses(self, call: &Call, tell: Tell) {
        Self::DIRECTION.tell(call, self.0, call.raw[LEN], tell);
    }
}

/// Room for bytes that the call writes; argument number `LEN` says how much, the result how many were written.
#[derive(Clone, Copy, Debug)]
pub struct OutBuf<const LEN: usize>(pub GuestAddr);

impl<const LEN: usize> Arg for OutBuf<LEN> {
    const DIRECTION: Direction = Direction::Out;
    const KIND: &'static str = "bytes";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        OutBuf(GuestAddr(raw))
    }
    #[inline]
    fn host(self, call: &Call) -> u64 {
        host_pointer(call.memory, self.0, call.raw[LEN])
    }
    fn print(self, call: &Call, out: &mut String) {
        match call.result {
            Some(Ok(written)) => text::bytes(call.memory, self.0, written.min(call.raw[LEN]), out),
            _ => text::pointer(self.0, out),
        }
    }
    fn accesses(self, call: &Call, tell: Tell) {
        if let Some(Ok(written)) = call.result {
            Self::DIRECTION.tell(call, self.0, written.min(call.raw[LEN]), tell);
        }
    }
}

/// A structure as the guest lays it out.
pub trait Struct: Pod {
    /// Its name in C.
    const NAME: &'static str;
    /// As strace prints it.
    fn print(&self, out: &mut String);
}

/// Prints the structure at `addr`, or the address if it cannot be read.
pub(super) fn print_struct<T: Struct>(memory: &Memory, addr: GuestAddr, out: &mut String) {
    match memory.get::<T>(addr) {
        Ok(value) if addr.0 != 0 => value.print(out),
        _ => text::pointer(addr, out),
    }
}

macro_rules! pointers {
    ($($(#[$doc:meta])* $name:ident $direction:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<T>(pub GuestAddr, PhantomData<T>);

        impl<T: Struct> $name<T> {
            /// Whether the guest gave no structure.
            pub fn is_null(self) -> bool {
                self.0.0 == 0
            }
        }

        impl<T: Struct> Arg for $name<T> {
            const DIRECTION: Direction = Direction::$direction;
            const KIND: &'static str = T::NAME;
            #[inline]
            fn from_raw(raw: u64) -> Self {
                $name(GuestAddr(raw), PhantomData)
            }
            #[inline]
            fn host(self, call: &Call) -> u64 {
                host_pointer(call.memory, self.0, size_of::<T>() as u64)
            }
            fn print(self, call: &Call, out: &mut String) {
                if Self::DIRECTION == Direction::Out && !matches!(call.result, Some(Ok(_))) {
                    return text::pointer(self.0, out);
                }
                print_struct::<T>(call.memory, self.0, out);
            }
            fn accesses(self, call: &Call, tell: Tell) {
                Self::DIRECTION.tell(call, self.0, size_of::<T>() as u64, tell);
            }
        }
    )*};
}

pointers! {
    /// A structure that the call reads.
    In In;
    /// A structure that the call writes.
    Out Out;
    /// A structure that the call reads and writes.
    InOut InOut;
}

impl<T: Struct> In<T> {
    /// Reads it.
    pub fn get(self, memory: &Memory) -> Result<T, Errno> {
        memory.get(self.0)
    }

    /// Reads it, if there is one.
    pub fn get_optional(self, memory: &Memory) -> Result<Option<T>, Errno> {
        if self.is_null() { Ok(None) } else { memory.get(self.0).map(Some) }
    }
}

impl<T: Struct> InOut<T> {
    /// Reads it.
    pub fn get(self, memory: &Memory) -> Result<T, Errno> {
        memory.get(self.0)
    }

    /// Writes it.
    pub fn put(self, memory: &Memory, value: &T) -> Result<(), Errno> {
        memory.put(self.0, value)
    }
}

impl<T: Struct> Out<T> {
    /// Writes it.
    pub fn put(self, memory: &Memory, value: &T) -> Result<(), Errno> {
        memory.put(self.0, value)
    }
}

macro_rules! arrays {
    ($($(#[$doc:meta])* $name:ident $direction:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<T, const COUNT: usize>(pub GuestAddr, PhantomData<T>);

        impl<T: Struct, const COUNT: usize> $name<T, COUNT> {
            /// The address of element `index`.
            pub fn element(self, index: u64) -> GuestAddr {
                self.0.offset(index.wrapping_mul(size_of::<T>() as u64))
            }
        }

        impl<T: Struct, const COUNT: usize> Arg for $name<T, COUNT> {
            const DIRECTION: Direction = Direction::$direction;
            const KIND: &'static str = T::NAME;
            #[inline]
            fn from_raw(raw: u64) -> Self {
                $name(GuestAddr(raw), PhantomData)
            }
            #[inline]
            fn host(self, call: &Call) -> u64 {
                let count = u64::from(call.raw[COUNT] as u32);
                host_pointer(call.memory, self.0, count * size_of::<T>() as u64)
            }
            fn print(self, call: &Call, out: &mut String) {
                let mut count = u64::from(call.raw[COUNT] as u32);
                if Self::DIRECTION == Direction::Out {
                    match call.result {
                        Some(Ok(written)) => count = written.min(count),
                        _ => return text::pointer(self.0, out),
                    }
                }
                if self.0.0 == 0 || count != 0 && call.memory.get::<T>(self.0).is_err() {
                    return text::pointer(self.0, out);
                }
                out.push('[');
                for index in 0..count.min(ELEMENTS_SHOWN) {
                    if index != 0 {
                        out.push_str(", ");
                    }
                    print_struct::<T>(call.memory, self.element(index), out);
                }
                out.push_str(if count > ELEMENTS_SHOWN { ", ...]" } else { "]" });
            }
            fn accesses(self, call: &Call, tell: Tell) {
                let mut count = u64::from(call.raw[COUNT] as u32);
                if Self::DIRECTION == Direction::Out {
                    count = call.result.and_then(Result::ok).unwrap_or(0).min(count);
                }
                Self::DIRECTION.tell(call, self.0, count * size_of::<T>() as u64, tell);
            }
        }
    )*};
}

/// How many elements of an array strace prints.
const ELEMENTS_SHOWN: u64 = 32;

arrays! {
    /// Structures that the call reads; argument number `COUNT` says how many.
    InArray In;
    /// Structures that the call writes; argument number `COUNT` says how many fit, the result how many were written.
    OutArray Out;
    /// Structures that the call reads and writes.
    InOutArray InOut;
}

/// One element of a scatter list, as the guest has it.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct IoVec {
    /// Where the bytes are.
    pub base: u64,
    /// How many.
    pub len: u64,
}

/// A scatter list; argument number `COUNT` says how many elements.
#[derive(Clone, Copy, Debug)]
pub struct Vector<const OUT: bool, const COUNT: usize>(pub GuestAddr);

/// A scatter list that the call reads from.
pub type InVector<const COUNT: usize> = Vector<false, COUNT>;
/// A scatter list that the call fills.
pub type OutVector<const COUNT: usize> = Vector<true, COUNT>;

/// The longest scatter list that Linux takes.
const IOV_MAX: u64 = 1024;

impl<const OUT: bool, const COUNT: usize> Vector<OUT, COUNT> {
    /// The list with host addresses; an address outside becomes one that gives EFAULT.
    pub fn host_list(self, memory: &Memory, count: u64) -> Result<Vec<IoVec>, Errno> {
        let mut list = self.guest_list(memory, count)?;
        for element in &mut list {
            element.base = host_pointer(memory, GuestAddr(element.base), element.len);
        }
        Ok(list)
    }

    /// The list as the guest has it, checked as `import_iovec` of the kernel does: too many or a negative length EINVAL.
    pub fn guest_list(self, memory: &Memory, count: u64) -> Result<Vec<IoVec>, Errno> {
        // The kernel counts them by an unsigned int.
        let count = u64::from(count as u32);
        if count > IOV_MAX {
            return Err(Errno::EINVAL);
        }
        let mut list = Vec::with_capacity(count as usize);
        for index in 0..count {
            let element: IoVec = memory.get(self.0.offset(index * size_of::<IoVec>() as u64))?;
            if element.len > i64::MAX as u64 {
                return Err(Errno::EINVAL);
            }
            list.push(element);
        }
        Ok(list)
    }
}

impl<const OUT: bool, const COUNT: usize> Arg for Vector<OUT, COUNT> {
    const DIRECTION: Direction = if OUT { Direction::Out } else { Direction::In };
    const KIND: &'static str = "iovec";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Vector(GuestAddr(raw))
    }
    fn host(self, _: &Call) -> u64 {
        BAD_POINTER
    }
    fn print(self, call: &Call, out: &mut String) {
        let mut left = match call.result {
            Some(Ok(transferred)) if OUT => transferred,
            _ if OUT => return text::pointer(self.0, out),
            _ => u64::MAX,
        };
        out.push('[');
        for index in 0..call.raw[COUNT].min(16) {
            let Ok(element) = call.memory.get::<IoVec>(self.0.offset(index * 16)) else { break };
            out.push_str(if index == 0 { "{iov_base=" } else { ", {iov_base=" });
            text::bytes(call.memory, GuestAddr(element.base), element.len.min(left), out);
            put!(out, ", iov_len={}}}", element.len);
            left = left.saturating_sub(element.len);
        }
        out.push(']');
    }
    fn accesses(self, call: &Call, tell: Tell) {
        Direction::In.tell(call, self.0, call.raw[COUNT].min(IOV_MAX) * size_of::<IoVec>() as u64, tell);
        scattered(call, Self::DIRECTION, (self.0, call.raw[COUNT]), tell);
    }
}

/// Tells of as many bytes of a scatter list as the call has moved.
pub(super) fn scattered(call: &Call, direction: Direction, (list, count): (GuestAddr, u64), tell: Tell) {
    let mut left = call.result.and_then(Result::ok).unwrap_or(0);
    for index in 0..count.min(IOV_MAX) {
        let Ok(element) = call.memory.get::<IoVec>(list.offset(index * size_of::<IoVec>() as u64)) else {
            break;
        };
        let len = element.len.min(left);
        direction.tell(call, GuestAddr(element.base), len, tell);
        left -= len;
    }
}

/// A socket address that the call reads; argument number `LEN` is its length.
#[derive(Clone, Copy, Debug)]
pub struct InSockAddr<const LEN: usize>(pub GuestAddr);

impl<const LEN: usize> Arg for InSockAddr<LEN> {
    const DIRECTION: Direction = Direction::In;
    const KIND: &'static str = "sockaddr";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        InSockAddr(GuestAddr(raw))
    }
    fn host(self, call: &Call) -> u64 {
        host_pointer(call.memory, self.0, u64::from(call.raw[LEN] as u32))
    }
    fn print(self, call: &Call, out: &mut String) {
        text::socket_address(call.memory, self.0, call.raw[LEN], out);
    }
}

/// Room for a socket address; argument number `LEN` points to its length.
#[derive(Clone, Copy, Debug)]
pub struct OutSockAddr<const LEN: usize>(pub GuestAddr);

impl<const LEN: usize> Arg for OutSockAddr<LEN> {
    const DIRECTION: Direction = Direction::Out;
    const KIND: &'static str = "sockaddr";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        OutSockAddr(GuestAddr(raw))
    }
    fn host(self, call: &Call) -> u64 {
        // The kernel never writes more than a sockaddr_storage.
        host_pointer(call.memory, self.0, 128.min(room(call, LEN)))
    }
    fn print(self, call: &Call, out: &mut String) {
        match call.result {
            Some(Ok(_)) => text::socket_address(call.memory, self.0, room(call, LEN), out),
            _ => text::pointer(self.0, out),
        }
    }
}

/// The length that argument `index` points to.
fn room(call: &Call, index: usize) -> u64 {
    call.memory.get::<u32>(GuestAddr(call.raw[index])).map_or(0, u64::from)
}
