//! Code that stays as it was decoded while everything around it goes: an exec in place often maps the same files at the same addresses again,
//! its own or the dynamic linker.
//!
//! By the engine's invariant a slot that others go on to without looking lies in a prepared chunk. So beside the chunks that stay those
//! stay prepared, as if they were new, that code in them can come to so: the near ones, and the targets of its far jumps.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::Ordering::{Relaxed, Release};

use super::Engine;
use super::exits::unseen;
use super::slot::CHUNK;
use super::translate::REACH;

/// A branch leads no farther, nor do a block's end or a group: [`Links`] are about jumps.
const NEAR: u64 = 4096 + CHUNK;

/// As many jumps as are remembered.
const MOST: usize = 32 << 10;

/// Direct jumps that lead out of the neighbourhood, from chunk to chunk.
#[derive(Default)]
pub(super) struct Links {
    all: Vec<(u32, u32)>,
    /// There were too many, or too far up.
    lost: bool,
}

impl Links {
    /// Remembers a direct jump.
    pub fn note(&mut self, from: u64, to: u64) {
        if from.abs_diff(to) < NEAR - CHUNK || self.lost {
            return;
        }
        match (u32::try_from(from / CHUNK), u32::try_from(to / CHUNK)) {
            (Ok(from), Ok(to)) if self.all.len() < MOST => {
                if self.all.last() != Some(&(from, to)) {
                    self.all.push((from, to));
                }
            }
            _ => *self = Links { all: Vec::new(), lost: true },
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Links::default();
    }
}

impl Engine {
    /// Until [`Engine::keep_only`] nobody forgets code because the map of the memory changes.
    pub(crate) fn hold(&self) {
        self.held.store(true, Relaxed);
    }

    /// Whether the map changes and code is decided on later.
    pub(super) fn is_holding(&self) -> bool {
        self.held.load(Relaxed)
    }

    /// Forgets all code but that in these ranges of addresses, which is as it was when it was decoded, and which code was executed, if it is not the same
    /// program that begins again. The caller has the only hart.
    pub(crate) fn keep_only(&self, ranges: &[Range<u64>], is_same_program: bool) {
        let code = &mut *self.code();
        self.held.store(false, Relaxed);
        self.generation.fetch_add(1, Release);
        let usable = !code.links.lost && !crate::log::in_asm() && code.breakpoints.is_empty();
        let ranges = if usable { ranges } else { &[] };
        let stays = |chunk: u64| {
            // What is decoded at its end may depend on what follows.
            ranges.iter().any(|range| range.start <= chunk && chunk + CHUNK + REACH <= range.end)
        };
        let is_near = |chunk: u64| {
            ranges.iter().any(|range| range.start < chunk + CHUNK + NEAR && chunk < range.end + NEAR)
        };
        let far: BTreeSet<u64> = code
            .links
            .all
            .iter()
            .map(|&(from, to)| (u64::from(from) * CHUNK, u64::from(to) * CHUNK))
            .filter(|&(from, to)| stays(from) && !stays(to))
            .map(|(_, to)| to)
            .collect();
        let mut left: Option<Range<u64>> = None;
        let give_back = |left: Option<Range<u64>>| {
            left.into_iter().for_each(|range| self.slots.give_back(range.start, range.end));
        };
        let mut kept = BTreeSet::new();
        for &chunk in &code.chunks {
            if stays(chunk) || is_near(chunk) || far.contains(&chunk) {
                give_back(left.take());
                if !stays(chunk) {
                    self.slots.fill(chunk, unseen);
                }
                kept.insert(chunk);
            } else {
                left = Some(left.map_or(chunk, |left| left.start)..chunk);
            }
        }
        give_back(left);
        let links = std::mem::take(&mut code.links.all);
        code.forget_all();
        self.offspring.execute(ranges);
        self.marks.begin_program(is_same_program);
        code.chunks = kept;
        let stay = |link: &(u32, u32)| stays(u64::from(link.0) * CHUNK);
        code.links.all = links.into_iter().filter(stay).collect();
        code.most = self.most;
        self.full.store(code.chunks.len() >= code.most, Relaxed);
    }
}
