//! What the host has put at the top of the stack for the program (arguments, environment, auxiliary vector), in a mapping that all share.
//!
//! The first task runs elsewhere ([`crate::stack`]), and nobody writes what is there: but the C library looks at it. A shared mapping is not copied by forks, nor
//! are tables of pages for it.
#![allow(unsafe_code, reason = "moves what the host has put there, to where it was")]

use std::hint::black_box;

use super::{Mapping, Page, keep_used, pages, replace};
use crate::process::view;

/// Shares it, if this thread is not on that stack.
pub(super) fn share(maps: &[Mapping]) {
    let here = 0_u8;
    let here = &raw const *black_box(&here) as usize;
    let Some(stack) = maps.iter().find(|map| map.name == "[stack]") else { return };
    if stack.range.contains(&here) || !view::keep_arguments(&stack.range) {
        return;
    }
    let mut pages: Vec<Page> = pages(stack).collect();
    let Ok(used) = keep_used(&mut pages) else { return };
    // SAFETY: the stack's owner has left it for good, and what others read there stays.
    unsafe { replace(&stack.range, &pages[..used], libc::MAP_SHARED, libc::PROT_READ) }
}
