//! Where a task's thread-local variables are: what a C library keeps to find them itself, which is as sound as the guest is.
//!
//! `tp` points at the executable's block (RISC-V psABI, "Thread Local Storage"). The others are found by the task's *dynamic thread vector*, which
//! has an entry for each module that has thread-local variables, and by the module's number. Both are the C library's own:
//!
//! * glibc: the vector's address is the first of the two words before `tp`; an entry has two words, the block's address first. The number is
//!   in the module's link map, and where, glibc tells debuggers by the symbol `_thread_db_link_map_l_tls_modid` (`nptl_db/structs.def`).
//! * musl: the vector's address is the word before `tp`; an entry is one word, 0x800 behind the block's address (`DTP_OFFSET`). Modules are
//!   numbered in the order of the list.

use tine_stub::target::{Failure, Library};

use crate::addr::GuestAddr;
use crate::memory::Memory;

use super::Loaded;
use super::libraries::{self, words};
use super::symbols::Symbols;

const PT_TLS: u32 = 7;
/// More modules than this are taken for garbage.
const MOST: u64 = 1 << 16;

/// Address of the variable at `offset` in the block of the module whose link map is at `link_map` (0: the executable's), for the task that has this
/// `tp`. [`Failure::Invalid`] if the module has none, or the task has not touched them yet.
pub(super) fn address(
    memory: &Memory,
    loaded: &Loaded,
    tp: u64,
    offset: u64,
    link_map: u64,
) -> Result<u64, Failure> {
    if link_map == 0 {
        return Ok(tp.wrapping_add(offset));
    }
    let known = libraries::list(memory, loaded, None);
    if known.main == Some(link_map) {
        return Ok(tp.wrapping_add(offset));
    }
    if !known.list.iter().any(|library| library.link_map == link_map) {
        return Err(Failure::Invalid);
    }
    let word = |at| words::<1>(memory, at).map(|[word]| word).ok_or(Failure::Memory);
    let block = match modid_offset(memory, &known.list) {
        Some(modid) => {
            let number = word(link_map.wrapping_add(modid))?;
            let vector = word(tp.wrapping_sub(16))?;
            // The entry before the first holds the number of entries.
            let count = word(vector.wrapping_sub(16))?;
            let number = Some(number).filter(|number| (1..=count.min(MOST)).contains(number));
            word(vector.wrapping_add(16 * number.ok_or(Failure::Invalid)?))?
        }
        None => {
            let mut number = 0;
            let mut found = None;
            for map in known.main.into_iter().chain(known.list.iter().map(|library| library.link_map)) {
                if has_tls(memory, map) {
                    number += 1;
                    found = found.or((map == link_map).then_some(number));
                }
            }
            let vector = word(tp.wrapping_sub(8))?;
            let number = found.filter(|number| word(vector).is_ok_and(|count| *number <= count));
            word(vector.wrapping_add(8 * number.ok_or(Failure::Invalid)?))?.wrapping_sub(0x800)
        }
    };
    // glibc makes blocks when they are first used.
    if block == 0 || block == u64::MAX {
        return Err(Failure::NotYet);
    }
    Ok(block.wrapping_add(offset))
}

/// What glibc calls tasks by (`pthread_t`): the address of the `struct pthread` that lies before what `tp` points to, with the thread control
/// block between them. That it is one shows in the tid in it, which glibc tells debuggers the place of; other libraries tell nothing.
pub(super) fn handles(memory: &Memory, loaded: &Loaded, tasks: &[(i32, u64)]) -> Vec<Option<[u8; 8]>> {
    /// What there may be between the two: the control block, which has two words, and what aligns it.
    const BETWEEN: [u64; 4] = [32, 16, 48, 64];
    let list = libraries::list(memory, loaded, None).list;
    let places =
        || Some((size_of_pthread(memory, &list)?, offset(memory, &list, "_thread_db_pthread_tid", 32)?));
    let Some((size, tid_offset)) = places() else { return vec![None; tasks.len()] };
    let is_of = |tid: i32, at: u64| {
        let mut found = [0; 4];
        memory.peek(GuestAddr(at.wrapping_add(tid_offset)), &mut found).is_ok()
            && i32::from_le_bytes(found) == tid
    };
    let handle = |(tid, tp): &(i32, u64)| {
        let candidates = BETWEEN.iter().map(|between| tp.wrapping_sub(size + between));
        candidates.into_iter().find(|at| is_of(*tid, *at)).map(u64::to_le_bytes)
    };
    tasks.iter().map(handle).collect()
}

fn size_of_pthread(memory: &Memory, list: &[Library]) -> Option<u64> {
    let [size] = words::<1>(memory, symbol(memory, list, "_thread_db_sizeof_pthread")?)?;
    Some(u64::from(size as u32))
}

/// Where in a link map the module's number is, if the C library says so.
fn modid_offset(memory: &Memory, list: &[Library]) -> Option<u64> {
    offset(memory, list, "_thread_db_link_map_l_tls_modid", 64)
}

/// Where in a structure of glibc's a field of so many bits is, by what it tells of it.
fn offset(memory: &Memory, list: &[Library], name: &str, bits: u32) -> Option<u64> {
    // Size in bits, number of elements, offset in bytes.
    let mut field = [0; 12];
    memory.peek(GuestAddr(symbol(memory, list, name)?), &mut field).ok()?;
    let word = |at: usize| u32::from_le_bytes([field[at], field[at + 1], field[at + 2], field[at + 3]]);
    (word(0) == bits).then_some(word(8).into())
}

fn symbol(memory: &Memory, list: &[Library], name: &str) -> Option<u64> {
    list.iter().find_map(|library| Symbols::of(memory, library.bias, library.dynamic)?.find(name))
}

/// Whether the module has thread-local variables: by its program headers, which begin where it is loaded.
fn has_tls(memory: &Memory, link_map: u64) -> bool {
    let Some([bias]) = words::<1>(memory, link_map) else { return false };
    let mut head = [0; 64];
    if memory.peek(GuestAddr(bias), &mut head).is_err() || !head.starts_with(b"\x7fELF") {
        return false;
    }
    let phoff = u64::from_le_bytes(head[32..40].try_into().unwrap_or_default());
    let count = u16::from_le_bytes([head[56], head[57]]);
    (0..u64::from(count)).any(|index| {
        words::<1>(memory, bias.wrapping_add(phoff).wrapping_add(56 * index))
            .is_some_and(|[kind]| kind as u32 == PT_TLS)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::memory::{Mapping, PAGE, Prot, SV39_BITS};

    const TP: u64 = 0xe00;
    const VECTOR: u64 = 0xd00;
    const PROGRAM: u64 = 0x300;
    const LIBRARY: u64 = 0x340;
    const FIELD: u64 = 0xc00;

    /// A program with one library, which starts at the page; both have thread-local variables as far as their link maps say.
    struct Guest {
        memory: Memory,
        page: u64,
        loaded: Loaded,
    }

    impl Guest {
        fn new() -> Guest {
            let memory = Memory::reserve(SV39_BITS).unwrap();
            let page = memory.map(&Mapping::anonymous(PAGE, Prot::READ_WRITE)).unwrap().0;
            let loaded = Loaded { phdr: page, phnum: 1, bias: page, ..Loaded::default() };
            let guest = Guest { memory, page, loaded };
            guest.put(0, &[2, 0, 0x100]);
            guest.put(0x100, &[21, page + 0x200, 0]);
            guest.put(0x200, &[1, page + PROGRAM]);
            guest.put(PROGRAM, &[0, page + 0x280, 0, page + LIBRARY, 0]);
            guest.put(LIBRARY, &[page, page + 0x290, page + 0x400, 0, 0]);
            guest.memory.poke(GuestAddr(page + 0x290), b"/lib/a.so\0").unwrap();
            guest
        }

        fn put(&self, at: u64, words: &[u64]) {
            for (index, word) in (0..).zip(words) {
                self.memory.put(GuestAddr(self.page + at + 8 * index), word).unwrap();
            }
        }

        fn find(&self, link_map: u64) -> Result<u64, Failure> {
            address(&self.memory, &self.loaded, self.page + TP, 0x10, link_map)
        }

        /// The library is a C library that says that a module's number is at 0x28 in its link map.
        fn with_glibc(self) -> Guest {
            let page = self.page;
            self.put(0x400, &[4, page + 0x500, 5, page + 0x600, 6, page + 0x700, 0]);
            // One bucket, four symbols, the first of which is nobody's.
            self.put(0x500, &[4 << 32 | 1, 1, 3 << 32 | 2, 0]);
            let names =
                ["_thread_db_link_map_l_tls_modid", "_thread_db_sizeof_pthread", "_thread_db_pthread_tid"];
            let mut at = 1;
            for (index, name) in (0..).zip(names) {
                self.memory.poke(GuestAddr(page + 0x600 + at), name.as_bytes()).unwrap();
                self.put(0x718 + 24 * index, &[1 << 48 | at, FIELD + 16 * index]);
                at += name.len() as u64 + 1;
            }
            self.put(FIELD, &[1 << 32 | 64, 0x28]);
            self.put(FIELD + 16, &[0x100]);
            self.put(FIELD + 32, &[1 << 32 | 32, 0x30]);
            self
        }
    }

    #[test]
    fn the_executables_begin_at_tp() {
        let guest = Guest::new();
        assert_eq!(guest.find(0), Ok(guest.page + TP + 0x10));
        assert_eq!(guest.find(guest.page + PROGRAM), Ok(guest.page + TP + 0x10));
        assert_eq!(guest.find(guest.page + 1), Err(Failure::Invalid));
    }

    #[test]
    fn glibc_says_where_the_number_is() {
        let guest = Guest::new().with_glibc();
        let map = guest.page + LIBRARY;
        guest.put(TP - 16, &[guest.page + VECTOR]);
        // Two entries: a number of 2, and the second one's block.
        guest.put(VECTOR - 16, &[2]);
        guest.put(LIBRARY + 0x28, &[2]);
        guest.put(VECTOR + 32, &[0x5000]);
        assert_eq!(guest.find(map), Ok(0x5010));
        guest.put(VECTOR + 32, &[u64::MAX]);
        assert_eq!(guest.find(map), Err(Failure::NotYet));
        for wild in [0, 3, u64::MAX] {
            guest.put(LIBRARY + 0x28, &[wild]);
            assert_eq!(guest.find(map), Err(Failure::Invalid));
        }
        guest.put(TP - 16, &[u64::MAX]);
        assert_eq!(guest.find(map), Err(Failure::Memory));
    }

    #[test]
    fn glibc_says_where_a_thread_is() {
        let guest = Guest::new().with_glibc();
        let handles = |tasks: &[(i32, u64)]| handles(&guest.memory, &guest.loaded, tasks);
        let tp = guest.page + TP;
        assert_eq!(handles(&[(7, tp)]), [None]);
        let at = tp - 0x100 - 16;
        guest.put(at + 0x30 - guest.page, &[7]);
        assert_eq!(handles(&[(8, tp), (7, tp), (7, 3)]), [None, Some(at.to_le_bytes()), None]);
        let guest = Guest::new();
        assert_eq!(super::handles(&guest.memory, &guest.loaded, &[(7, tp)]), [None]);
    }

    #[test]
    fn musl_numbers_modules_in_their_order() {
        crate::engine::tests::catch_faults();
        let guest = Guest::new();
        // The library's program headers have a segment of them; the program's bias is no address.
        guest.memory.poke(GuestAddr(guest.page), b"\x7fELF").unwrap();
        guest.put(32, &[0x800]);
        guest.put(56, &[1]);
        guest.put(0x800, &[7]);
        let loaded = Loaded { phdr: guest.page + 0x900, ..guest.loaded.clone() };
        guest.put(0x900, &[2, 0, 0x100]);
        let guest = Guest { loaded, ..guest };
        guest.put(TP - 8, &[guest.page + VECTOR]);
        guest.put(VECTOR, &[1, 0x5800]);
        assert_eq!(guest.find(guest.page + LIBRARY), Ok(0x5010));
        guest.put(VECTOR, &[0]);
        assert_eq!(guest.find(guest.page + LIBRARY), Err(Failure::Invalid));
    }
}
