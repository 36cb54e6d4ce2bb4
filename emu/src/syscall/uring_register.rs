//! io_uring_register(2): what is given to a ring for longer.

use bytemuck::{Pod, Zeroable};

use super::args::{Addr, Arg, Call, Fd, Flags, IoVec, Uint, host_pointer};
use super::names::RingRequest;
use super::uring::{self, registered};
use super::uring_entries::{COUNT, MSG_RING, is_supported};
use super::{descriptors, host, userfault};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::task::Task;

/// A descriptor that is not open: -1 stands for no file at all.
const CLOSED: i32 = i32::MAX;

/// `IORING_REGISTER_USE_REGISTERED_RING`.
const BY_NUMBER: u32 = 1 << 31;

/// The most that can be registered of anything.
const MOST: u32 = 1 << 20;

/// What the third argument of a request is; the fourth counts it.
enum Argument {
    /// Nothing, or a number.
    None,
    /// A structure of so many bytes, without addresses.
    Structure(u64),
    /// So many bytes each.
    Each(u64),
    Descriptors,
    Buffers,
    /// `struct io_uring_files_update`.
    FilesUpdate,
    /// `struct io_uring_rsrc_register`, or the one for an update: of files, or of buffers.
    Resources(Resources),
    Probe,
    RingFds,
    LeaveRingFds,
    /// A structure of so many bytes, with a descriptor at an offset, unless the bit of the word behind it is set.
    WithDescriptor(u64, usize, u32),
    /// An entry of a ring.
    Message,
}

enum Resources {
    Files,
    FilesUpdate,
    Buffers,
    BuffersUpdate,
}

/// `None` for what is refused: rings of buffers, to which the guest adds addresses when nobody looks (22, 23, 26), devices' memory (32, 36),
/// other sizes (33), arguments in memory (34), and questions in lists (35).
fn argument(request: u32) -> Option<Argument> {
    Some(match request {
        0 => Argument::Buffers,
        1 | 3 | 5 | 9 | 10 | 12 | 18 => Argument::None,
        2 => Argument::Descriptors,
        4 | 7 => Argument::Descriptors,
        6 => Argument::FilesUpdate,
        8 => Argument::Probe,
        11 => Argument::Each(16),
        13 => Argument::Resources(Resources::Files),
        14 => Argument::Resources(Resources::FilesUpdate),
        15 => Argument::Resources(Resources::Buffers),
        16 => Argument::Resources(Resources::BuffersUpdate),
        17 => Argument::Each(1),
        19 => Argument::Structure(8),
        20 => Argument::RingFds,
        21 => Argument::LeaveRingFds,
        24 => Argument::WithDescriptor(64, 8, 0),
        25 | 27 | 28 | 29 => Argument::Structure(16),
        30 => Argument::WithDescriptor(32, 0, 1),
        31 => Argument::Message,
        _ => return None,
    })
}

/// io_uring_register(2).
pub fn io_uring_register(
    task: &mut Task,
    fd: Fd,
    request: Flags<RingRequest>,
    arg: Addr,
    count: Uint,
) -> Result<u64, Errno> {
    let memory = &task.process.memory;
    let number = request.0 as u32;
    let argument = argument(number & !BY_NUMBER).ok_or(Errno::EINVAL)?;
    let host_fd = match number & BY_NUMBER {
        0 => fd.host(&Call { memory, raw: &[0; 6], result: None }),
        _ => fd.0 as u64,
    };
    let call = |argument: u64| {
        let args = [host_fd, u64::from(number), argument, u64::from(count.0), 0, 0];
        host::call(libc::SYS_io_uring_register, args)
    };
    // No list is too long to be looked at that the kernel would take.
    let entries = if count.0 > MOST { 0 } else { u64::from(count.0) };
    let pointer = |len| host_pointer(memory, arg.0, len);
    match argument {
        Argument::None => call(arg.0.0),
        Argument::Structure(len) => call(pointer(len)),
        Argument::Each(len) => call(pointer(u64::from(count.0) * len)),
        _ if arg.0.0 == 0 => call(0),
        Argument::Descriptors => call(descriptors_at(memory, arg.0, entries)?.as_ptr() as u64),
        Argument::Buffers => call(buffers_at(memory, arg.0, entries)?.as_ptr() as u64),
        Argument::FilesUpdate => {
            let [head, list]: [u64; 2] = memory.get(arg.0)?;
            let files = descriptors_at(memory, GuestAddr(list), entries)?;
            call([head, files.as_ptr() as u64].as_ptr() as u64)
        }
        Argument::Resources(kind) => {
            let Held { structure, _files, _buffers } = resources(memory, kind, arg.0, count.0)?;
            call(structure.as_ptr() as u64)
        }
        Argument::Probe => {
            let mut probe = vec![0_u8; PROBE_HEAD + entries.min(256) as usize * PROBE_EACH];
            memory.read(arg.0, &mut probe)?;
            let result = call(probe.as_mut_ptr() as u64)?;
            tell_the_truth(&mut probe);
            memory.write(arg.0, &probe)?;
            Ok(result)
        }
        Argument::RingFds => join(task, arg.0, entries, &|list| call(list)),
        Argument::LeaveRingFds => leave(task, arg.0, entries, &|list| call(list)),
        Argument::WithDescriptor(len, at, by_number) => {
            let mut structure = vec![0_u8; len as usize];
            memory.read(arg.0, &mut structure)?;
            let word = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| structure[at + byte]));
            if word(at + 4) & by_number == 0 && descriptors::is_reserved(word(at) as i32) {
                structure[at..at + 4].copy_from_slice(&CLOSED.to_le_bytes());
            }
            call(structure.as_ptr() as u64)
        }
        Argument::Message => {
            let mut entry: [u64; 8] = memory.get(arg.0)?;
            if entry[0] as u8 != MSG_RING {
                return Err(Errno::EINVAL);
            }
            if descriptors::is_reserved((entry[0] >> 32) as i32) {
                entry[0] |= u64::from(u32::MAX) << 32;
            }
            call(entry.as_ptr() as u64)
        }
    }
}

/// Descriptors in an array, those of ours as closed ones.
fn descriptors_at(memory: &Memory, list: GuestAddr, count: u64) -> Result<Vec<i32>, Errno> {
    let mut numbers = vec![0_i32; count as usize];
    memory.read(list, bytemuck::cast_slice_mut(&mut numbers))?;
    for number in &mut numbers {
        if descriptors::is_reserved(*number) || userfault::is(*number) {
            *number = CLOSED;
        }
    }
    Ok(numbers)
}

/// Buffers with the host's addresses.
fn buffers_at(memory: &Memory, list: GuestAddr, count: u64) -> Result<Vec<IoVec>, Errno> {
    let mut buffers = vec![IoVec::zeroed(); count as usize];
    memory.read(list, bytemuck::cast_slice_mut(&mut buffers))?;
    for buffer in &mut buffers {
        buffer.base = host_pointer(memory, GuestAddr(buffer.base), buffer.len);
    }
    Ok(buffers)
}

/// A structure that points to files or buffers, and these.
struct Held {
    structure: [u64; 4],
    _files: Vec<i32>,
    _buffers: Vec<IoVec>,
}

fn resources(memory: &Memory, kind: Resources, at: GuestAddr, size: u32) -> Result<Held, Errno> {
    if size != 32 {
        return Err(Errno::EINVAL);
    }
    let mut structure: [u64; 4] = memory.get(at)?;
    // How many there are, and where their addresses are.
    let (count, data, tags) = match kind {
        Resources::Files | Resources::Buffers => (structure[0] as u32, 2, 3),
        Resources::FilesUpdate | Resources::BuffersUpdate => (structure[3] as u32, 1, 2),
    };
    if count > MOST {
        return Err(Errno::EINVAL);
    }
    let (list, count) = (GuestAddr(structure[data]), u64::from(count));
    let mut held = Held { structure, _files: Vec::new(), _buffers: Vec::new() };
    structure[tags] = host_pointer(memory, GuestAddr(structure[tags]), count * 8);
    if list.0 != 0 {
        structure[data] = match kind {
            Resources::Files | Resources::FilesUpdate => {
                held._files = descriptors_at(memory, list, count)?;
                held._files.as_ptr() as u64
            }
            Resources::Buffers | Resources::BuffersUpdate => {
                held._buffers = buffers_at(memory, list, count)?;
                held._buffers.as_ptr() as u64
            }
        };
    }
    held.structure = structure;
    Ok(held)
}

/// `struct io_uring_probe` up to its array, and an element of that: opcode, a byte, flags in 16 bits, a word.
const PROBE_HEAD: usize = 16;
const PROBE_EACH: usize = 8;

/// What is refused is not supported.
fn tell_the_truth(probe: &mut [u8]) {
    probe[0] = probe[0].min(COUNT as u8 - 1);
    for operation in probe[PROBE_HEAD..].chunks_exact_mut(PROBE_EACH) {
        if !is_supported(operation[0]) {
            operation[2..4].fill(0);
        }
    }
}

/// `struct io_uring_rsrc_update`, as for descriptors of rings: the number that one gets, or -1 for any, and the descriptor.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct RingFd {
    number: u32,
    reserved: u32,
    fd: u64,
}

type Make<'a> = &'a dyn Fn(u64) -> Result<u64, Errno>;

fn ring_fds(memory: &Memory, at: GuestAddr, count: u64) -> Result<Vec<RingFd>, Errno> {
    let mut list = vec![RingFd::zeroed(); count as usize];
    memory.read(at, bytemuck::cast_slice_mut(&mut list))?;
    Ok(list)
}

/// Registers rings for the task, so that they are known by number.
fn join(task: &mut Task, at: GuestAddr, count: u64, call: Make) -> Result<u64, Errno> {
    let mut list = ring_fds(&task.process.memory, at, count)?;
    for ring in &mut list {
        if descriptors::is_reserved(ring.fd as i32) {
            ring.fd = CLOSED as u64;
        }
    }
    let rings: Vec<_> = list.iter().map(|ring| uring::of(ring.fd as i32)).collect();
    let done = call(list.as_mut_ptr() as u64)?;
    for (index, (entry, ring)) in list.iter().zip(rings).take(done as usize).enumerate() {
        task.process.memory.put(at.offset(index as u64 * size_of::<RingFd>() as u64), &entry.number)?;
        task.rings.retain(|(number, _)| *number != entry.number);
        task.rings.extend(ring.map(|ring| (entry.number, ring)));
    }
    Ok(done)
}

fn leave(task: &mut Task, at: GuestAddr, count: u64, call: Make) -> Result<u64, Errno> {
    let list = ring_fds(&task.process.memory, at, count)?;
    let done = call(list.as_ptr() as u64)?;
    for entry in list.iter().take(done as usize) {
        if registered(task, entry.number).is_some() {
            task.rings.retain(|(number, _)| *number != entry.number);
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_does_not_promise_what_is_refused() {
        const SUPPORTED: u8 = 1;
        let mut probe = vec![70, 70, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        probe.extend((0..70).flat_map(|opcode| [opcode, 0, SUPPORTED, 0, 0, 0, 0, 0]));
        tell_the_truth(&mut probe);
        let said: Vec<u8> =
            probe[PROBE_HEAD..].chunks(PROBE_EACH).filter(|op| op[2] != 0).map(|op| op[0]).collect();
        assert!(said.contains(&MSG_RING) && !said.contains(&58) && !said.contains(&63));
        assert_eq!(usize::from(probe[0]), COUNT - 1);
    }
}
