//! The extended-attribute calls with a folder (since Linux 6.13): the value is behind a pointer in a structure.

use super::args::{Arg, Call, DirFd, Flags, In, InOut, Size, Str, host_pointer};
use super::layout::XattrArgs;
use super::names::AtFlags;
use super::path::FoundAt;
use super::{host, number};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{Memory, PAGE};
use crate::task::Task;

/// Reads the structure, of which a newer kernel may know more: EINVAL if it is too short, E2BIG if it has what is not known here.
fn read_args(memory: &Memory, addr: GuestAddr, size: u64) -> Result<XattrArgs, Errno> {
    const KNOWN: usize = size_of::<XattrArgs>();
    if size < KNOWN as u64 {
        return Err(Errno::EINVAL);
    }
    if size > PAGE {
        return Err(Errno::E2BIG);
    }
    let mut bytes = vec![0; size as usize];
    memory.read(addr, &mut bytes)?;
    if bytes[KNOWN..].iter().any(|&byte| byte != 0) {
        return Err(Errno::E2BIG);
    }
    let args: XattrArgs = bytemuck::pod_read_unaligned(&bytes[..KNOWN]);
    Ok(XattrArgs { value: host_pointer(memory, GuestAddr(args.value), u64::from(args.size)), ..args })
}

/// setxattrat(2).
pub fn setxattrat(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<2>,
    at_flags: Flags<AtFlags>,
    name: Str,
    args: In<XattrArgs>,
    size: Size,
) -> Result<u64, Errno> {
    with_value(task, number::SYS_setxattrat, (dirfd, path, at_flags, name), args.0, size)
}

/// getxattrat(2).
pub fn getxattrat(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<2>,
    at_flags: Flags<AtFlags>,
    name: Str,
    args: InOut<XattrArgs>,
    size: Size,
) -> Result<u64, Errno> {
    with_value(task, number::SYS_getxattrat, (dirfd, path, at_flags, name), args.0, size)
}

/// Makes a call on one attribute of a file; the value's place is in the structure at `args`.
fn with_value(
    task: &Task,
    number: i64,
    (dirfd, path, at_flags, name): (DirFd, FoundAt<2>, Flags<AtFlags>, Str),
    args: GuestAddr,
    size: Size,
) -> Result<u64, Errno> {
    let raw = [dirfd.0 as u64, path.0.0, at_flags.0, 0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    let args = read_args(call.memory, args, size.0)?;
    let address = std::ptr::from_ref(&args) as u64;
    let size = size_of::<XattrArgs>() as u64;
    let words = [dirfd.host(&call), path.host(&call), at_flags.0, name.host(&call), address, size];
    host::call(number, words)
}
