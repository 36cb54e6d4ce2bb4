//! ioctl(2). Requests are numbers of asm-generic on both sides, and so are their structures; but what the argument is only the
//! request knows, so those that are understood are listed. A request that is not is answered with ENOTTY and never reaches the host:
//! its structure could hold a pointer.

use super::args::{Arg, Call, Fd, Flags, Word, host_pointer};
use super::layout::Winsize;
use super::names::IoctlRequest;
use super::{descriptors, host, say_once, table};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::task::Task;

/// What the third argument of a request is.
#[derive(Clone, Copy)]
enum Argument {
    /// Nothing, or a number.
    Number,
    /// A descriptor.
    Descriptor,
    /// A pointer to this many bytes without pointers in them.
    Pointer(u64),
}

/// `struct ifreq`.
const IFREQ: u64 = 40;

/// Requests, sorted by subject.
const REQUESTS: &[(u32, Argument)] = &[
    // Terminals: ioctl_tty(2).
    (0x5401, Argument::Pointer(36)),
    (0x5402, Argument::Pointer(36)),
    (0x5403, Argument::Pointer(36)),
    (0x5404, Argument::Pointer(36)),
    (0x5405, Argument::Pointer(18)),
    (0x5406, Argument::Pointer(18)),
    (0x5407, Argument::Pointer(18)),
    (0x5408, Argument::Pointer(18)),
    (0x5409, Argument::Number),
    (0x540a, Argument::Number),
    (0x540b, Argument::Number),
    (0x540c, Argument::Number),
    (0x540d, Argument::Number),
    (0x540e, Argument::Number),
    (0x540f, Argument::Pointer(4)),
    (0x5410, Argument::Pointer(4)),
    (0x5411, Argument::Pointer(4)),
    (0x5412, Argument::Pointer(1)),
    (0x5413, Argument::Pointer(size_of::<Winsize>() as u64)),
    (0x5414, Argument::Pointer(size_of::<Winsize>() as u64)),
    (0x5415, Argument::Pointer(4)),
    (0x5416, Argument::Pointer(4)),
    (0x5417, Argument::Pointer(4)),
    (0x5418, Argument::Pointer(4)),
    (0x5419, Argument::Pointer(4)),
    (0x541a, Argument::Pointer(4)),
    (0x541b, Argument::Pointer(4)),
    (0x541d, Argument::Number),
    (0x5420, Argument::Pointer(4)),
    (0x5421, Argument::Pointer(4)),
    (0x5422, Argument::Number),
    (0x5423, Argument::Pointer(4)),
    (0x5424, Argument::Pointer(4)),
    (0x5425, Argument::Number),
    (0x5427, Argument::Number),
    (0x5428, Argument::Number),
    (0x5429, Argument::Pointer(4)),
    (0x802c_542a, Argument::Pointer(44)),
    (0x402c_542b, Argument::Pointer(44)),
    (0x402c_542c, Argument::Pointer(44)),
    (0x402c_542d, Argument::Pointer(44)),
    (0x8004_5430, Argument::Pointer(4)),
    (0x4004_5431, Argument::Pointer(4)),
    (0x8004_5432, Argument::Pointer(4)),
    (0x4004_5436, Argument::Number),
    (0x5437, Argument::Number),
    (0x8004_5438, Argument::Pointer(4)),
    (0x8004_5439, Argument::Pointer(4)),
    (0x8004_5440, Argument::Pointer(4)),
    (0x5441, Argument::Number),
    (0x4b33, Argument::Pointer(1)),
    // Any descriptor.
    (0x5450, Argument::Number),
    (0x5451, Argument::Number),
    (0x5452, Argument::Pointer(4)),
    (0x5460, Argument::Pointer(8)),
    // Files: ioctl_ficlone(2), ioctl_iflags(2), block devices.
    (0x4004_9409, Argument::Descriptor),
    (0x4020_940d, Argument::Pointer(32)),
    (0x8008_6601, Argument::Pointer(8)),
    (0x4008_6602, Argument::Pointer(8)),
    (0x8008_7601, Argument::Pointer(8)),
    (0x801c_581f, Argument::Pointer(28)),
    (0x401c_5820, Argument::Pointer(28)),
    (0x0001, Argument::Pointer(4)),
    (0x0002, Argument::Pointer(4)),
    (0x125e, Argument::Pointer(4)),
    (0x1260, Argument::Pointer(8)),
    (0x1261, Argument::Number),
    (0x1268, Argument::Pointer(4)),
    (0x1278, Argument::Pointer(4)),
    (0x1279, Argument::Pointer(4)),
    (0x127b, Argument::Pointer(4)),
    (0x8008_1270, Argument::Pointer(8)),
    (0x8008_1272, Argument::Pointer(8)),
    (0x8004_5200, Argument::Pointer(4)),
    // Sockets and interfaces: socket(7), netdevice(7).
    (0x8901, Argument::Pointer(4)),
    (0x8902, Argument::Pointer(4)),
    (0x8903, Argument::Pointer(4)),
    (0x8904, Argument::Pointer(4)),
    (0x8905, Argument::Pointer(4)),
    (0x8906, Argument::Pointer(16)),
    (0x8907, Argument::Pointer(16)),
    (0x8910, Argument::Pointer(IFREQ)),
    (0x8913, Argument::Pointer(IFREQ)),
    (0x8914, Argument::Pointer(IFREQ)),
    (0x8915, Argument::Pointer(IFREQ)),
    (0x8916, Argument::Pointer(IFREQ)),
    (0x8917, Argument::Pointer(IFREQ)),
    (0x8919, Argument::Pointer(IFREQ)),
    (0x891b, Argument::Pointer(IFREQ)),
    (0x891c, Argument::Pointer(IFREQ)),
    (0x891d, Argument::Pointer(IFREQ)),
    (0x8921, Argument::Pointer(IFREQ)),
    (0x8922, Argument::Pointer(IFREQ)),
    (0x8927, Argument::Pointer(IFREQ)),
    (0x8933, Argument::Pointer(IFREQ)),
    (0x8942, Argument::Pointer(IFREQ)),
    (0x400454ca, Argument::Pointer(IFREQ)),
    // Namespaces: ioctl_ns(2).
    (0xb701, Argument::Number),
    (0xb702, Argument::Number),
    (0xb703, Argument::Number),
    (0xb704, Argument::Pointer(4)),
];

/// `SIOCGIFCONF`: the one known request with a pointer inside.
const SIOCGIFCONF: u32 = 0x8912;

/// ioctl(2).
pub fn ioctl(task: &mut Task, fd: Fd, request: Flags<IoctlRequest>, arg: Word) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let call = Call { memory, raw: &[0; 6], result: None };
    let fd = fd.host(&call);
    let number = request.0 as u32;
    if number == SIOCGIFCONF {
        return interfaces(task, fd, GuestAddr(arg.0));
    }
    let known = REQUESTS.iter().find(|&&(request, _)| request == number);
    let arg = match known.map(|&(_, argument)| argument) {
        Some(Argument::Number) => arg.0,
        Some(Argument::Descriptor) if descriptors::is_reserved(arg.0 as i32) => u64::MAX,
        Some(Argument::Descriptor) => arg.0,
        Some(Argument::Pointer(len)) => host_pointer(memory, GuestAddr(arg.0), len),
        None => {
            // A closed descriptor is EBADF first.
            host::call_at_once(libc::SYS_fcntl, [fd, libc::F_GETFD as u64, 0, 0, 0, 0])?;
            say_once(table::LIMIT as u64 - 1, format_args!("ioctl {number:#x} is not implemented"));
            return Err(Errno::ENOTTY);
        }
    };
    host::call(libc::SYS_ioctl, [fd, u64::from(number), arg, 0, 0, 0])
}

/// `struct ifconf`.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct InterfaceList {
    len: i32,
    pad: u32,
    buffer: u64,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_listed_once() {
        let mut numbers: Vec<u32> = REQUESTS.iter().map(|&(number, _)| number).collect();
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
