//! What children execute that their parent does not: the other side of a fork, which each child of a shell or a server would have to
//! decode again, in memory that is copied for it.
//!
//! From the second fork on a process shares some memory with its children. Where a child comes to code that is not decoded it says so there, and before
//! the next fork whoever forks marks that code; what was told before, or is marked already, is decoded. What is in that memory
//! is a hint and nothing else: an address where code may be. A child that executes a program in place goes on to tell of what is the same in both, the
//! dynamic linker above all.
#![allow(unsafe_code, reason = "maps the page")]

use std::ffi::c_void;
use std::ops::Range;
use std::ptr::null_mut;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64};

use super::Engine;
use super::marks::Visit;
use super::slot::CHUNK;
use crate::log;

/// Bytes that are shared. They lie before the slots, which begin so much behind the place where they might: with them they have the
/// pages of page tables in common.
pub(super) const SIZE: usize = 32 << 10;

/// After how many forks, of the process and of those that it descends from, it has shown what it is to do.
const SETTLED: u32 = 16;

/// So many files' code is the same in two programs: the program itself, and the dynamic linker.
const COMMON: usize = 2;

/// What is shared.
#[repr(C)]
pub(super) struct Page {
    /// How many addresses were told.
    pub(super) told: AtomicU32,
    /// Whether a child has executed another program in place: what it has inherited of that program's code, the loader's above all, need not be decoded.
    pub(super) execute: AtomicU32,
    /// The last of them; zero where one is yet to be written.
    places: [AtomicU64; SIZE / 8 - 1],
}

impl Page {
    fn place(&self, number: u32) -> &AtomicU64 {
        &self.places[number as usize % self.places.len()]
    }
}

/// A process's part in it.
#[derive(Default)]
pub(super) struct Offspring {
    page: AtomicPtr<Page>,
    /// Whether it is a child, and tells.
    tells: AtomicBool,
    /// Of which code, after it has executed another program: where that begins, and how many bytes it has.
    common: [[AtomicU64; 2]; COMMON],
    /// Whether it has: its own children have nothing to tell its parent.
    has_executed: AtomicBool,
    /// How many addresses had been told when it looked.
    heard: AtomicU32,
}

impl Offspring {
    pub(super) fn page(&self) -> Option<&Page> {
        // SAFETY: the mapping lives as long as the pointer is there, is of a page's size, and made of atomic words.
        unsafe { self.page.load(Acquire).as_ref() }
    }

    /// A child tells that `pc` is not decoded.
    #[inline]
    pub(super) fn tell(&self, pc: u64) {
        if self.tells.load(Relaxed) {
            self.write(pc);
        }
    }

    #[cold]
    fn write(&self, pc: u64) {
        let Some(page) = self.page() else { return };
        if self.has_executed.load(Relaxed) && !self.is_common(&(pc..pc + 1)) {
            return;
        }
        page.place(page.told.fetch_add(1, Relaxed)).store(pc, Release);
    }

    /// What was told since the last time.
    fn news(&self) -> impl Iterator<Item = u64> {
        let page = self.page();
        let heard = self.heard.load(Relaxed);
        let told = page.map_or(heard, |page| page.told.load(Relaxed));
        if told != heard {
            self.heard.store(told, Relaxed);
        }
        let left = page.map_or(0, |page| told.wrapping_sub(heard).min(page.places.len() as u32));
        let last = (0..left).map(move |n| told.wrapping_sub(left - n));
        let addresses = page
            .into_iter()
            .flat_map(move |page| last.clone().map(|number| page.place(number).load(Acquire)));
        addresses.filter(|&pc| pc != 0)
    }

    /// Shares a page with the children that come, at `place` if there is room.
    fn share(&self, place: *mut c_void) {
        let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
        // SAFETY: a new mapping, where the kernel finds room, touches nothing that exists.
        let page = unsafe { libc::mmap(place, SIZE, prot, flags, -1, 0) };
        // Without memory for it children do without.
        if page != libc::MAP_FAILED {
            self.page.store(page.cast(), Release);
        }
    }

    /// Whether children execute programs in place.
    fn children_execute(&self) -> bool {
        self.page().is_some_and(|page| page.execute.load(Relaxed) != 0)
    }

    /// Whether all of a range is the parent's code too.
    fn is_common(&self, code: &Range<u64>) -> bool {
        self.common.iter().any(|[start, len]| {
            let offset = code.start.wrapping_sub(start.load(Relaxed));
            offset < len.load(Relaxed) && code.end - code.start <= len.load(Relaxed) - offset
        })
    }

    /// The process executes another program, in which these ranges are as before.
    pub(super) fn execute(&self, same: &[Range<u64>]) {
        let Some(page) = self.page().filter(|_| self.tells.load(Relaxed)) else { return self.leave() };
        page.execute.store(1, Relaxed);
        let before = self.has_executed.swap(true, Relaxed);
        let common = same
            .iter()
            .filter(|range| !before || self.is_common(range))
            .map(|range| [range.start, range.end - range.start]);
        let common: Vec<_> = common.chain([[0; 2]; COMMON]).take(COMMON).collect();
        for (place, range) in self.common.iter().flatten().zip(common.iter().flatten()) {
            place.store(*range, Relaxed);
        }
    }

    /// Shares nothing any more.
    fn leave(&self) {
        let page = self.page.swap(null_mut(), Relaxed);
        if !page.is_null() {
            // SAFETY: it was this process's mapping, and the caller has its only hart.
            unsafe { libc::munmap(page.cast(), SIZE) };
        }
        self.tells.store(false, Relaxed);
        self.has_executed.store(false, Relaxed);
        self.heard.store(0, Relaxed);
    }
}

impl Drop for Offspring {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Engine {
    /// Before a fork, when the process and its ancestors have made so many: decodes what earlier children would have wanted decoded. The
    /// caller's hart is in a system call.
    pub(crate) fn expect_child(&self, forks: u32) {
        let offspring = &self.offspring;
        if offspring.has_executed.load(Relaxed) {
            offspring.leave();
        }
        if forks == SETTLED && !offspring.children_execute() {
            self.start_over();
        }
        if !offspring.page.load(Relaxed).is_null() {
            offspring.news().for_each(|pc| self.expect(pc));
        } else if forks > 0 {
            let _one_at_a_time = self.code();
            if offspring.page.load(Relaxed).is_null() {
                offspring.share(self.slots.base().wrapping_byte_sub(SIZE).cast());
            }
        }
    }

    /// Forgets what was decoded: most of it was executed when the program began, and each fork copies the page table's entries for it. Not if children
    /// execute programs, which begin as this one did.
    #[cold]
    fn start_over(&self) {
        if !self.is_shared() {
            self.give_all_back();
        }
    }

    /// A child has come to `pc`, and others may: marks it, or translates if it was marked.
    #[cold]
    fn expect(&self, pc: u64) {
        // A log of what is translated is to tell of what is executed.
        if pc >= self.size || self.is_full() || log::in_asm() {
            return;
        }
        let is_prepared = self.is_prepared(pc - pc % CHUNK);
        if !self.mark(pc, is_prepared, Visit::Told) && (!is_prepared || self.is_open(pc)) {
            // There may be no code, here.
            let _ = self.translate(pc);
        }
    }

    /// In a forked child: it tells what it comes to, and marks it for itself.
    pub(crate) fn is_child(&self) {
        self.marks.is_child();
        if !self.offspring.page.load(Relaxed).is_null() {
            self.offspring.tells.store(true, Relaxed);
        }
    }
}
