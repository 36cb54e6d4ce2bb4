//! The shared libraries of a guest: the list that its dynamic linker keeps for debuggers (`struct r_debug` and `struct link_map` of
//! `<link.h>`), which is as sound as the guest is.

use tine_stub::target::{From, Libraries, Library};

use crate::addr::GuestAddr;

use crate::memory::Memory;

use super::Loaded;

/// More entries are taken for a list that has no end.
const MOST: usize = 4096;
/// More namespaces too; glibc has 16.
const MOST_NAMESPACES: usize = 64;
/// More dynamic tags too.
const MOST_TAGS: u64 = 4096;
/// The longest path, with its NUL (`PATH_MAX`).
const LONGEST: usize = 4096;

const PT_DYNAMIC: u32 = 2;
const DT_NULL: u64 = 0;
const DT_DEBUG: u64 = 21;

/// The libraries; none before the dynamic linker has made its list. What cannot be read ends it. With `from`, those that begin there.
pub(super) fn list(memory: &Memory, loaded: &Loaded, from: Option<From>) -> Libraries {
    let mut libraries = Libraries::default();
    let lists = namespaces(memory, loaded);
    let first = lists.first().map(|(_, map)| *map);
    let lists = match from {
        None => lists,
        Some(From { start, prev, namespace }) => {
            let namespace = namespace.or(lists.first().map(|(namespace, _)| *namespace));
            // gdb has seen the list change: what was read before it no longer follows.
            let follows = prev == 0 || words(memory, prev).is_some_and(|[_, _, _, next, _]| next == start);
            namespace.filter(|_| follows).map(|namespace| (namespace, start)).into_iter().collect()
        }
    };
    for (namespace, mut at) in lists {
        for _ in 0..MOST {
            let Some([bias, name, dynamic, next, _]) = words(memory, at) else { break };
            let name = path(memory, name);
            if first == Some(at) {
                // The first of the first list is the program.
                libraries.main = Some(at);
            } else if !name.is_empty() {
                libraries.list.push(Library { name, link_map: at, namespace, bias, dynamic });
            }
            if next == 0 || next == at || libraries.list.iter().any(|known| known.link_map == next) {
                break;
            }
            at = next;
        }
    }
    libraries
}

/// Addresses of the lists and of their first entries (`r_debug` and `r_debug.r_map`): one list for each namespace (dlmopen(3)).
fn namespaces(memory: &Memory, loaded: &Loaded) -> Vec<(u64, u64)> {
    let mut lists: Vec<(u64, u64)> = Vec::new();
    let mut at = debug(memory, loaded).unwrap_or_default();
    while at != 0 && lists.len() < MOST_NAMESPACES && lists.iter().all(|(known, _)| *known != at) {
        let Some([version, map]) = words(memory, at) else { break };
        lists.extend((map != 0).then_some((at, map)));
        // `struct r_debug_extended` goes on with the next one.
        let next = (version as u32 >= 2).then(|| words(memory, at.wrapping_add(40))).flatten();
        [at] = next.unwrap_or_default();
    }
    lists
}

/// Address of the program's `struct r_debug`.
fn debug(memory: &Memory, loaded: &Loaded) -> Option<u64> {
    let dynamic = tags(memory, dynamic_section(memory, loaded)?);
    dynamic.into_iter().find(|[tag, _]| *tag == DT_DEBUG).map(|[_, debug]| debug)
}

/// The tags of a dynamic section, with their values.
pub(super) fn tags(memory: &Memory, dynamic: u64) -> Vec<[u64; 2]> {
    let tag = |index| words::<2>(memory, dynamic.wrapping_add(16 * index));
    (0..MOST_TAGS).map_while(tag).take_while(|[tag, _]| *tag != DT_NULL).collect()
}

/// Where the program's dynamic section is, by its program headers.
fn dynamic_section(memory: &Memory, loaded: &Loaded) -> Option<u64> {
    const SIZE: u64 = 56;
    (0..loaded.phnum).find_map(|index| {
        // p_type and p_flags, p_offset, p_vaddr.
        let [kind, _, addr] = words(memory, loaded.phdr.wrapping_add(SIZE * index))?;
        (kind as u32 == PT_DYNAMIC).then(|| addr.wrapping_add(loaded.bias))
    })
}

pub(super) fn words<const N: usize>(memory: &Memory, at: u64) -> Option<[u64; N]> {
    let mut words = [0; N];
    for (index, word) in (0..).zip(&mut words) {
        let mut bytes = [0; 8];
        memory.peek(GuestAddr(at.wrapping_add(8 * index)), &mut bytes).ok()?;
        *word = u64::from_le_bytes(bytes);
    }
    Some(words)
}

/// A path; as much of it as can be read.
fn path(memory: &Memory, at: u64) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while bytes.len() < LONGEST
        && memory.peek(GuestAddr(at.wrapping_add(bytes.len() as u64)), &mut byte).is_ok()
        && byte[0] != 0
    {
        bytes.push(byte[0]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::memory::{Mapping, PAGE, Prot, SV39_BITS};

    /// Where a test puts things in its page.
    const HEADERS: u64 = 0;
    const TAGS: u64 = 0x100;
    const DEBUG: u64 = 0x200;
    const MAPS: u64 = 0x300;
    const NAMES: u64 = 0x800;

    struct Guest {
        memory: Memory,
        page: u64,
        loaded: Loaded,
    }

    impl Guest {
        /// A program whose dynamic linker has made its list of these names.
        fn new(names: &[&str]) -> Guest {
            let memory = Memory::reserve(SV39_BITS).unwrap();
            let page = memory.map(&Mapping::anonymous(PAGE, Prot::READ_WRITE)).unwrap().0;
            let loaded = Loaded { phdr: page + HEADERS, phnum: 2, bias: page, ..Loaded::default() };
            let guest = Guest { memory, page, loaded };
            guest.put(HEADERS, &[1, 0, 0, 0, 0, 0, 0, 2, 0, TAGS]);
            guest.put(TAGS, &[1, 0, DT_DEBUG, page + DEBUG, DT_NULL, 0]);
            guest.put(DEBUG, &[1, page + MAPS]);
            for (index, name) in (0..).zip(names) {
                let next = if index + 1 < names.len() as u64 { page + MAPS + 40 * (index + 1) } else { 0 };
                guest.put(MAPS + 40 * index, &[0x1000 * index, page + NAMES + 16 * index, index, next, 0]);
                guest.memory.poke(GuestAddr(page + NAMES + 16 * index), name.as_bytes()).unwrap();
            }
            guest
        }

        fn put(&self, at: u64, words: &[u64]) {
            for (index, word) in (0..).zip(words) {
                self.memory.put(GuestAddr(self.page + at + 8 * index), word).unwrap();
            }
        }

        fn list(&self, from: Option<From>) -> Libraries {
            list(&self.memory, &self.loaded, from)
        }

        fn names(&self) -> Vec<String> {
            self.list(None).list.into_iter().map(|library| library.name).collect()
        }
    }

    #[test]
    fn the_list_is_read_without_the_program_and_what_has_no_name() {
        let guest = Guest::new(&["", "/lib/a.so", "", "/lib/b.so"]);
        assert_eq!(guest.names(), ["/lib/a.so", "/lib/b.so"]);
        let libraries = guest.list(None);
        assert_eq!(libraries.main, Some(guest.page + MAPS));
        let last = libraries.list.last().unwrap();
        assert_eq!((last.bias, last.dynamic), (0x3000, 3));
        assert_eq!((last.link_map, last.namespace), (guest.page + MAPS + 120, guest.page + DEBUG));
    }

    #[test]
    fn a_part_of_the_list_is_read_if_it_still_follows() {
        let guest = Guest::new(&["", "/lib/a.so", "/lib/b.so"]);
        let map = |index: u64| guest.page + MAPS + 40 * index;
        let from = |start, prev| {
            let libraries = guest.list(Some(From { start, prev, namespace: None }));
            (
                libraries.main.is_some(),
                libraries.list.into_iter().map(|library| library.name).collect::<Vec<_>>(),
            )
        };
        assert_eq!(from(map(2), map(1)), (false, vec!["/lib/b.so".to_owned()]));
        assert_eq!(from(map(0), 0), (true, vec!["/lib/a.so".to_owned(), "/lib/b.so".to_owned()]));
        assert_eq!(from(map(2), map(0)), (false, vec![]));
    }

    #[test]
    fn there_is_a_list_for_each_namespace() {
        let guest = Guest::new(&["", "/lib/a.so", "/lib/b.so"]);
        let second = guest.page + DEBUG + 0x80;
        // The second namespace has the last library, and no next one.
        guest.put(DEBUG, &[2, guest.page + MAPS, 0, 0, 0, second]);
        guest.put(DEBUG + 0x80, &[2, guest.page + MAPS + 80, 0, 0, 0, second]);
        guest.put(MAPS + 64, &[0]);
        let list = guest.list(None).list;
        let names: Vec<(&str, u64)> =
            list.iter().map(|library| (&*library.name, library.namespace)).collect();
        assert_eq!(names, [("/lib/a.so", guest.page + DEBUG), ("/lib/b.so", second)]);
    }

    #[test]
    fn before_the_dynamic_linker_has_run_there_is_none() {
        let guest = Guest::new(&["", "/lib/a.so"]);
        guest.put(TAGS, &[DT_DEBUG, 0]);
        assert!(guest.names().is_empty());
        guest.put(TAGS, &[DT_NULL, 0]);
        assert!(guest.names().is_empty());
    }

    #[test]
    fn circles_and_wild_pointers_end_it() {
        let guest = Guest::new(&["", "/lib/a.so", "/lib/b.so"]);
        let next = |index: u64| MAPS + 40 * index + 24;
        for wild in
            [guest.page + MAPS, guest.page + MAPS + 40, guest.page + MAPS + 80, guest.memory.size(), u64::MAX]
        {
            guest.put(next(2), &[wild]);
            assert!(
                guest.names().starts_with(&["/lib/a.so".to_owned(), "/lib/b.so".to_owned()]),
                "{wild:#x}"
            );
            assert!(guest.names().len() < MOST);
        }
        guest.put(MAPS + 48, &[u64::MAX]);
        assert_eq!(guest.names().first().map(String::as_str), Some("/lib/b.so"));
    }
}
