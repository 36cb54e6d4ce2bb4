//! Looks symbols up in a loaded module, as its dynamic linker does (ELF gABI, "Dynamic Section"; GNU's `DT_GNU_HASH`).

use crate::addr::GuestAddr;
use crate::memory::Memory;

use super::libraries::{tags, words};

const DT_HASH: u64 = 4;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;
const DT_GNU_HASH: u64 = 0x6fff_fef5;

/// Size of an entry of the symbol table (`Elf64_Sym`).
const SYMBOL: u64 = 24;
/// Longer chains are taken for circles.
const MOST: u64 = 1 << 16;

/// The symbols that a module has for others.
pub(super) struct Symbols<'a> {
    memory: &'a Memory,
    bias: u64,
    names: u64,
    table: u64,
    hash: Hash,
}

/// Address of its hash table, of one kind or the other.
enum Hash {
    Gnu(u64),
    Old(u64),
}

impl<'a> Symbols<'a> {
    /// Those of the module with this load bias and dynamic section.
    pub fn of(memory: &'a Memory, bias: u64, dynamic: u64) -> Option<Symbols<'a>> {
        let tags = tags(memory, dynamic);
        // glibc writes addresses over the file's values where the section can be written, which is not so on RISC-V.
        let find = |wanted| {
            let value = tags.iter().find(|[tag, _]| *tag == wanted).map(|[_, value]| *value)?;
            Some(if value < bias { value.wrapping_add(bias) } else { value })
        };
        let hash = find(DT_GNU_HASH).map(Hash::Gnu).or_else(|| find(DT_HASH).map(Hash::Old))?;
        Some(Symbols { memory, bias, names: find(DT_STRTAB)?, table: find(DT_SYMTAB)?, hash })
    }

    /// Address of a symbol; `None`: the module does not define it.
    pub fn find(&self, name: &str) -> Option<u64> {
        match self.hash {
            Hash::Gnu(at) => self.find_gnu(at, name),
            Hash::Old(at) => self.find_old(at, name),
        }
    }

    fn find_gnu(&self, at: u64, name: &str) -> Option<u64> {
        let hash = name.bytes().fold(5381_u32, |hash, byte| hash.wrapping_mul(33).wrapping_add(byte.into()));
        let [buckets, first, bloom] = [self.word(at)?, self.word(at + 4)?, self.word(at + 8)?];
        let bucket = at + 16 + 8 * u64::from(bloom);
        let chain = bucket + 4 * u64::from(buckets);
        let mut index = self.word(bucket + 4 * u64::from(hash.checked_rem(buckets)?))?;
        if index < first {
            return None;
        }
        for _ in 0..MOST {
            let other = self.word(chain + 4 * u64::from(index - first))?;
            if (other ^ hash) >> 1 == 0
                && let Some(found) = self.symbol(index, name)
            {
                return Some(found);
            }
            // The lowest bit marks the end of a chain.
            if other & 1 != 0 {
                return None;
            }
            index = index.checked_add(1)?;
        }
        None
    }

    fn find_old(&self, at: u64, name: &str) -> Option<u64> {
        let hash = name.bytes().fold(0_u32, |hash, byte| {
            let hash = (hash << 4).wrapping_add(byte.into());
            let high = hash & 0xf000_0000;
            (hash ^ high >> 24) & !high
        });
        let buckets = self.word(at)?;
        let mut index = self.word(at + 8 + 4 * u64::from(hash.checked_rem(buckets)?))?;
        for _ in 0..MOST {
            if index == 0 {
                return None;
            }
            if let Some(found) = self.symbol(index, name) {
                return Some(found);
            }
            index = self.word(at + 8 + 4 * (u64::from(buckets) + u64::from(index)))?;
        }
        None
    }

    /// The address of symbol `index`, if it has this name and is defined here.
    fn symbol(&self, index: u32, name: &str) -> Option<u64> {
        // st_name, st_info, st_other and st_shndx; st_value.
        let [head, value] = words(self.memory, self.table.wrapping_add(SYMBOL * u64::from(index)))?;
        let mut text = vec![0; name.len() + 1];
        self.memory.peek(GuestAddr(self.names.wrapping_add(head & 0xffff_ffff)), &mut text).ok()?;
        let defined = head >> 48 != 0;
        (defined && text.strip_suffix(&[0]) == Some(name.as_bytes())).then(|| value.wrapping_add(self.bias))
    }

    fn word(&self, at: u64) -> Option<u32> {
        let mut bytes = [0; 4];
        self.memory.peek(GuestAddr(at), &mut bytes).ok()?;
        Some(u32::from_le_bytes(bytes))
    }
}
