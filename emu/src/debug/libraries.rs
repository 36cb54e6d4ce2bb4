//! The shared libraries of a guest: the list that its dynamic linker keeps for debuggers (`struct r_debug` and `struct link_map` of
//! `<link.h>`), which is as sound as the guest is.

use tine_stub::target::Library;

use crate::addr::GuestAddr;
use crate::loader::Image;
use crate::memory::Memory;

/// More entries are taken for a list that has no end.
const MOST: usize = 4096;
/// More dynamic tags too.
const MOST_TAGS: u64 = 4096;
/// The longest path, with its NUL (`PATH_MAX`).
const LONGEST: usize = 4096;

const PT_DYNAMIC: u32 = 2;
const DT_NULL: u64 = 0;
const DT_DEBUG: u64 = 21;

/// The libraries; none before the dynamic linker has made its list. What cannot be read ends it.
pub(super) fn list(memory: &Memory, image: &Image) -> Vec<Library> {
    let mut libraries = Vec::new();
    let Some(mut at) = first(memory, image) else { return libraries };
    // The first is the program.
    let mut is_program = true;
    for _ in 0..MOST {
        let Some([bias, name, dynamic, next, _]) = words(memory, at) else { break };
        let name = path(memory, name);
        if !is_program && !name.is_empty() {
            libraries.push(Library { name, link_map: at, bias, dynamic });
        }
        is_program = false;
        if next == 0 || next == at || libraries.iter().any(|known| known.link_map == next) {
            break;
        }
        at = next;
    }
    libraries
}

/// Address of the first entry: `r_debug.r_map`.
fn first(memory: &Memory, image: &Image) -> Option<u64> {
    let dynamic = dynamic_section(memory, image)?;
    let tag = |index| words::<2>(memory, dynamic.wrapping_add(16 * index));
    let tags = (0..MOST_TAGS).map_while(tag).take_while(|[tag, _]| *tag != DT_NULL);
    let debug = tags.into_iter().find(|[tag, _]| *tag == DT_DEBUG)?[1];
    let [_version, map] = words(memory, debug)?;
    (debug != 0 && map != 0).then_some(map)
}

/// Where the program's dynamic section is, by its program headers.
fn dynamic_section(memory: &Memory, image: &Image) -> Option<u64> {
    const SIZE: u64 = 56;
    (0..image.phnum).find_map(|index| {
        // p_type and p_flags, p_offset, p_vaddr.
        let [kind, _, addr] = words(memory, image.phdr.0.wrapping_add(SIZE * index))?;
        (kind as u32 == PT_DYNAMIC).then(|| addr.wrapping_add(image.bias))
    })
}

fn words<const N: usize>(memory: &Memory, at: u64) -> Option<[u64; N]> {
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
