//! keyctl(2): what an argument is, the operation says.

use super::args::{Arg as _, Flags, InVector, IoVec, Word, host_pointer};
use super::host;
use super::names::KeyOperation;
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::task::Task;

/// What an argument of an operation is.
#[derive(Clone, Copy)]
enum Kind {
    /// A key or another number.
    Number,
    /// A C string, or a structure that is shorter than the guard behind the window.
    Pointer,
    /// Bytes, as many as the next argument says.
    Bytes,
    /// A scatter list, of as many elements as the next argument says.
    List,
    /// A structure with pointers, which may be left out.
    Absent,
}

use Kind::{Absent, Bytes, List, Number, Pointer};

/// The arguments of an operation (`KEYCTL_*` of linux/keyctl.h); `None` for one that is not handed on: those on public keys have their
/// lengths in a structure, and no key that they work on comes from a program of this architecture.
const fn arguments(operation: u32) -> Option<[Kind; 4]> {
    Some(match operation {
        // JOIN_SESSION_KEYRING.
        1 => [Pointer, Number, Number, Number],
        // UPDATE, DESCRIBE, READ, INSTANTIATE, GET_SECURITY.
        2 | 6 | 11 | 12 | 17 => [Number, Bytes, Number, Number],
        // SEARCH.
        10 => [Number, Pointer, Pointer, Number],
        // INSTANTIATE_IOV.
        20 => [Number, List, Number, Number],
        // DH_COMPUTE, whose last argument is a way to derive a key.
        23 => [Pointer, Bytes, Number, Absent],
        // PKEY_QUERY to PKEY_VERIFY.
        24..=28 => return None,
        // RESTRICT_KEYRING.
        29 => [Number, Pointer, Pointer, Number],
        // CAPABILITIES.
        31 => [Bytes, Number, Number, Number],
        0..=32 => [Number; 4],
        _ => return None,
    })
}

/// keyctl(2).
pub fn keyctl(
    task: &mut Task,
    operation: Flags<KeyOperation>,
    arg2: Word,
    arg3: Word,
    arg4: Word,
    arg5: Word,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let kinds = arguments(operation.0 as u32).ok_or(Errno::EOPNOTSUPP)?;
    let given = [arg2.0, arg3.0, arg4.0, arg5.0];
    let mut args = given;
    let mut list: Vec<IoVec> = Vec::new();
    for (index, kind) in kinds.into_iter().enumerate() {
        let address = GuestAddr(given[index]);
        let count = given.get(index + 1).copied().unwrap_or(0);
        args[index] = match kind {
            Number => continue,
            Absent if address.0 != 0 => return Err(Errno::EOPNOTSUPP),
            Absent => 0,
            Pointer => host_pointer(memory, address, 1),
            Bytes => host_pointer(memory, address, count),
            List => {
                list = InVector::<0>::from_raw(address.0).host_list(memory, count)?;
                list.as_ptr() as u64
            }
        };
    }
    let done = host::call(libc::SYS_keyctl, [operation.0, args[0], args[1], args[2], args[3], 0]);
    drop(list);
    done
}
