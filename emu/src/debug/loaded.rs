//! What the debugger has to know of the program that was loaded.

use crate::addr::GuestAddr;
use crate::loader::Image;
use crate::memory::Memory;
use crate::process::view;

/// A loaded program. Addresses are the guest's.
#[derive(Clone, Debug, Default)]
pub(super) struct Loaded {
    /// The auxiliary vector.
    pub auxv: Vec<u8>,
    /// Its program headers, 0 if they are not in memory.
    pub phdr: u64,
    /// How many there are.
    pub phnum: u64,
    /// What was added to the addresses in the file.
    pub bias: u64,
}

const AT_PHDR: u64 = 3;
const AT_PHNUM: u64 = 5;
const PT_PHDR: u32 = 6;

impl Loaded {
    /// A program that is being loaded.
    pub fn of(image: &Image) -> Loaded {
        let Image { auxv, phdr, phnum, bias, .. } = image;
        Loaded { auxv: auxv.clone(), phdr: phdr.0, phnum: *phnum, bias: *bias }
    }

    /// The program that this process has been running for a while: as far as it is known to /proc.
    pub fn of_this_process(memory: &Memory) -> Option<Loaded> {
        let auxv = view::own_auxv()?;
        let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
        let value = |key| {
            let entry = auxv.chunks_exact(16).find(|entry| word(&entry[..8]) == key);
            entry.map_or(0, |entry| word(&entry[8..]))
        };
        let (phdr, phnum) = (value(AT_PHDR), value(AT_PHNUM));
        let bias = bias(memory, phdr, phnum);
        Some(Loaded { auxv, phdr, phnum, bias })
    }
}

/// What was added to a program's addresses: its headers say where they would be.
fn bias(memory: &Memory, phdr: u64, phnum: u64) -> u64 {
    const SIZE: u64 = 56;
    let header = |index| {
        let mut bytes = [0; 24];
        memory.peek(GuestAddr(phdr.wrapping_add(SIZE * index)), &mut bytes).ok()?;
        let kind = u32::from_le_bytes(bytes[..4].try_into().ok()?);
        let addr = u64::from_le_bytes(bytes[16..].try_into().ok()?);
        (kind == PT_PHDR).then_some(addr)
    };
    (0..phnum.min(64)).find_map(header).map_or(0, |addr| phdr.wrapping_sub(addr))
}
