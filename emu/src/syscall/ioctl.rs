//! ioctl(2). Requests are numbers of asm-generic on both sides, and so are their structures; but what the argument is only the
//! request knows, so those that are understood are listed in [`requests`](super::requests). A request that is not is answered with ENOTTY
//! and never reaches the host: its structure could hold a pointer.

use super::args::{Addr, Arg, Call, Direction, Fd, Word, host_pointer, print_struct};
use super::layout::{IntCell, Termios, Winsize};
use super::requests::{Argument, Count, Notification, request};
use super::{descriptors, host, notify, say_once, table, userfault};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::strace::text;
use crate::task::Task;

/// The number of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request(pub u32);

impl Arg for Request {
    const DIRECTION: Direction = Direction::Value;
    const KIND: &'static str = "request";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        Request(raw as u32)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        u64::from(self.0)
    }
    fn print(self, _: &Call, out: &mut String) {
        match request(self.0) {
            Some(request) => out.push_str(request.name),
            None if self.0 == SIOCGIFCONF => out.push_str("SIOCGIFCONF"),
            None => text::request(self.0, out),
        }
    }
}

/// The argument of a request, which is argument 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestArg(pub u64);

impl Arg for RequestArg {
    // Some are only read; these look the same afterwards.
    const DIRECTION: Direction = Direction::Out;
    const KIND: &'static str = "as the request says";
    #[inline]
    fn from_raw(raw: u64) -> Self {
        RequestArg(raw)
    }
    #[inline]
    fn host(self, _: &Call) -> u64 {
        self.0
    }
    fn print(self, call: &Call, out: &mut String) {
        let address = GuestAddr(self.0);
        let known = request(call.raw[1] as u32).map(|request| request.argument);
        let shown = |direction| direction == Direction::In || matches!(call.result, Some(Ok(_)));
        match known {
            Some(Argument::Number | Argument::Descriptor) => Word(self.0).print(call, out),
            Some(Argument::Int(direction)) if shown(direction) => {
                print_struct::<IntCell>(call.memory, address, out);
            }
            // The one begins as the other.
            Some(Argument::Termios(direction) | Argument::Termios2(direction)) if shown(direction) => {
                print_struct::<Termios>(call.memory, address, out);
            }
            Some(Argument::Winsize(direction)) if shown(direction) => {
                print_struct::<Winsize>(call.memory, address, out);
            }
            Some(_) => text::pointer(address, out),
            None => Word(self.0).print(call, out),
        }
    }
}

/// `struct termios2`.
const TERMIOS2: u64 = 44;

/// `SIOCGIFCONF`: the one known request with a pointer inside.
const SIOCGIFCONF: u32 = 0x8912;

/// ioctl(2).
pub fn ioctl(task: &mut Task, fd: Fd, number: Request, arg: RequestArg) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    let fd = fd.host(&call);
    let number = number.0;
    let address = GuestAddr(arg.0);
    if number == SIOCGIFCONF {
        return interfaces(task, fd, address);
    }
    let arg = match request(number).map(|request| request.argument) {
        Some(Argument::Number) => arg.0,
        Some(Argument::Descriptor) if descriptors::is_reserved(arg.0 as i32) => u64::MAX,
        Some(Argument::Descriptor) => arg.0,
        Some(Argument::Int(_)) => host_pointer(memory, address, size_of::<i32>() as u64),
        Some(Argument::Termios(_)) => host_pointer(memory, address, size_of::<Termios>() as u64),
        Some(Argument::Termios2(_)) => host_pointer(memory, address, TERMIOS2),
        Some(Argument::Winsize(_)) => host_pointer(memory, address, size_of::<Winsize>() as u64),
        Some(Argument::Pointer(len)) => host_pointer(memory, address, len),
        Some(Argument::Counted(count, head, each)) => {
            return counted(memory, [fd, u64::from(number)], address, (count, head, each));
        }
        Some(Argument::Route) => return route(memory, [fd, u64::from(number)], address),
        Some(Argument::Notification(Notification::Receive)) => {
            return notify::receive(memory, [fd, u64::from(number)], address);
        }
        Some(Argument::Notification(Notification::Send)) => {
            return notify::send(memory, [fd, u64::from(number)], address);
        }
        Some(Argument::Notification(Notification::Add)) => {
            return notify::add(memory, [fd, u64::from(number)], address);
        }
        Some(Argument::Userfault(request)) => {
            return userfault::ioctl(task, fd, number, request, Addr(address));
        }
        None => {
            // A closed descriptor is EBADF first.
            host::call_at_once(libc::SYS_fcntl, [fd, libc::F_GETFD as u64, 0, 0, 0, 0])?;
            say_once(table::LIMIT as u64 - 1, format_args!("ioctl {number:#x} is not implemented"));
            return Err(Errno::ENOTTY);
        }
    };
    host::call(libc::SYS_ioctl, [fd, u64::from(number), arg, 0, 0, 0])
}

/// The longest structure that says its own length.
const LONGEST_COUNTED: u64 = 16 << 20;

/// A request on a structure that says itself how long it is. It is copied, so that nobody changes the number meanwhile.
fn counted(
    memory: &Memory,
    [fd, request]: [u64; 2],
    at: GuestAddr,
    layout: (Count, u64, u64),
) -> Result<u64, Errno> {
    let (count, head, each) = layout;
    let mut number = [0; 8];
    memory.read(at.offset(count.at), &mut number[..count.bytes])?;
    let len = u64::from_le_bytes(number).saturating_mul(each).saturating_add(head);
    if len > LONGEST_COUNTED {
        return Err(Errno::ENOMEM);
    }
    let mut before = vec![0; len as usize];
    memory.read(at, &mut before)?;
    before[count.at as usize..][..count.bytes].copy_from_slice(&number[..count.bytes]);
    let mut after = before.clone();
    let args = [fd, request, after.as_mut_ptr() as u64, 0, 0, 0];
    let result = host::call(libc::SYS_ioctl, args)?;
    if after != before {
        memory.write(at, &after)?;
    }
    Ok(result)
}

/// `struct ifconf`.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct InterfaceList {
    len: i32,
    pad: u32,
    buffer: u64,
}

/// `struct in6_rtmsg`, which holds no pointer.
const ROUTE_OF_IPV6: u64 = 80;

/// `struct rtentry`, and where it points to the name of an interface, which has at most 16 bytes.
const ROUTE: usize = 120;
const ROUTE_DEVICE: usize = 88;
const IFNAMSIZ: u64 = 16;

/// A request on a route. The structure of IPv4's is copied, so that nobody changes the pointer in it meanwhile.
fn route(memory: &Memory, [fd, request]: [u64; 2], at: GuestAddr) -> Result<u64, Errno> {
    let mut domain = [0i32, size_of::<i32>() as i32];
    let [value, len] = [&raw mut domain[0] as u64, &raw mut domain[1] as u64];
    let (level, option) = (libc::SOL_SOCKET as u64, libc::SO_DOMAIN as u64);
    let known = host::call_at_once(libc::SYS_getsockopt, [fd, level, option, value, len, 0]);
    known.map_err(|errno| if errno == Errno::ENOTSOCK { Errno::ENOTTY } else { errno })?;
    if domain[0] != libc::AF_INET {
        let route = host_pointer(memory, at, ROUTE_OF_IPV6);
        return host::call(libc::SYS_ioctl, [fd, request, route, 0, 0, 0]);
    }
    let mut route = [0; ROUTE];
    memory.read(at, &mut route)?;
    let device = &mut route[ROUTE_DEVICE..][..8];
    let name = u64::from_le_bytes(device.try_into().unwrap_or_default());
    if name != 0 {
        device.copy_from_slice(&host_pointer(memory, GuestAddr(name), IFNAMSIZ).to_le_bytes());
    }
    host::call(libc::SYS_ioctl, [fd, request, route.as_mut_ptr() as u64, 0, 0, 0])
}

/// `SIOCGIFCONF` (netdevice(7)).
fn interfaces(task: &Task, fd: u64, arg: GuestAddr) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let guest: InterfaceList = memory.get(arg)?;
    let buffer = host_pointer(memory, GuestAddr(guest.buffer), guest.len.max(0) as u64);
    let mut list = InterfaceList { buffer, ..guest };
    let address = std::ptr::from_mut(&mut list) as u64;
    let result = host::call(libc::SYS_ioctl, [fd, u64::from(SIOCGIFCONF), address, 0, 0, 0])?;
    memory.put(arg, &InterfaceList { len: list.len, ..guest })?;
    Ok(result)
}
