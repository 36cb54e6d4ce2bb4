//! From guest code to slots: fetches, decodes and chooses handlers, and forgets them when code changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use super::exits::{breakpoint, illegal, outlandish, postponed, undecoded, unseen};
use super::handler::{kind, second_is_first, single};
use super::keep::Links;
use super::rendezvous::Harts;
use super::slot::{CHUNK, FRESH, Fields, Handler, SCALE};
use super::watch::checking;
use super::written::Snapshot;
use super::{Engine, Unseen, fault, fuse, group};
use crate::addr::GuestAddr;
use crate::isa::{self, Insn, Kind};
use crate::log;
use crate::memory::CodeKind;
use crate::trap::Trap;

/// Instructions translated at once, at most.
const BLOCK: usize = 40;
/// How many of these are only looked at, if the code goes on behind them: they are translated with what follows them, which is in groups
/// with them.
const OUTLOOK: usize = 10;
/// What one and two instructions cost, as [`group`] counts it.
const SINGLE: u16 = group::DISPATCH + group::STEP;
const PAIR: u16 = group::DISPATCH + 2 * group::STEP;
const FORWARDING_PAIR: u16 = PAIR - group::FORWARDED;
/// Words of hints.
pub(super) const HINTS: usize = 16;

fn hint_bit(pc: u64) -> u64 {
    1 << (pc / CHUNK % u64::from(u64::BITS))
}

/// How many prepared chunks are remembered.
const RECENT: usize = 16;
/// How far before an address a group of instructions that contains it can begin.
pub(super) const REACH: u64 = 4 * group::MOST as u64;

/// What the engine's lock guards. Nobody asks [`crate::memory`] for regions while holding it: the memory calls
/// [`Engine::invalidate`] holding its own lock.
pub(super) struct Code {
    /// The chunks that are prepared, by their first address.
    pub chunks: BTreeSet<u64>,
    /// Some of these, plus one, each at a place of its own: most instructions are asked about again and again.
    recent: [u64; RECENT],
    /// What was decoded in chunks that the guest may write.
    written: BTreeMap<u64, Box<Snapshot>>,
    /// Where the debugger's breakpoints are.
    pub breakpoints: BTreeSet<u64>,
    /// The harts that may be in handlers.
    pub harts: Harts,
    /// How often a decoded slot was forgotten.
    pub forgotten: u64,
    /// The value of `forgotten` up to which no handler that was forgotten can be under way.
    pub settled: u64,
    /// How many chunks there may be before they are given back.
    pub most: usize,
    /// Which far chunks are jumped to directly.
    pub links: Links,
}

impl Code {
    /// No code, and room for so many chunks.
    pub fn new(most: usize) -> Code {
        Code {
            chunks: BTreeSet::new(),
            recent: [0; RECENT],
            written: BTreeMap::new(),
            breakpoints: BTreeSet::new(),
            harts: Harts::default(),
            forgotten: 0,
            settled: 0,
            most,
            links: Links::default(),
        }
    }

    /// No chunk is prepared any more, and no hart is in a handler.
    pub fn forget_all(&mut self) {
        self.chunks.clear();
        self.recent = [0; RECENT];
        self.written.clear();
        self.links.clear();
        self.settled = self.forgotten;
    }
}

/// A block being translated; `None` stands for an illegal instruction.
struct Block {
    insns: [(u64, Option<Insn>); BLOCK],
    len: usize,
    /// What they were decoded from.
    bytes: [u8; 4 * BLOCK],
    size: usize,
    /// Whether the guest may write some of it.
    written: bool,
}

impl Block {
    fn insns(&self) -> &[(u64, Option<Insn>)] {
        &self.insns[..self.len]
    }
}

impl Engine {
    /// Gives the slots from `pc` to the end of its block, or a good part of it, their handlers. If the instruction at `pc` cannot be fetched, says
    /// why; later ones are left to be met.
    pub(super) fn translate(&self, pc: u64) -> Result<(), Trap> {
        // Not on the heap: a child after fork would copy what it touches there.
        let mut block =
            Block { insns: [(0, None); BLOCK], len: 0, bytes: [0; 4 * BLOCK], size: 0, written: false };
        loop {
            let generation = self.generation();
            (block.len, block.size) = (0, 0);
            let end = self.read_block(pc, &mut block)?;
            let mut code = self.code();
            // The memory may have changed between the fetch and here, and this block's slots been invalidated too early.
            if generation == self.generation() {
                if block.written {
                    self.learn(&mut code, pc, &block.bytes[..block.size]);
                }
                self.place_block(&mut code, block.insns(), end);
                drop(code);
                if log::in_asm() {
                    list(block.insns());
                }
                return Ok(());
            }
        }
    }

    /// Fetches and decodes a block; answers where it ends.
    fn read_block(&self, pc: u64, block: &mut Block) -> Result<u64, Trap> {
        let mut reader = Reader::new(self);
        let mut at = pc;
        while block.len < BLOCK {
            let bits = match reader.bits(at) {
                Ok(bits) => bits,
                Err(trap) if at == pc => return Err(trap),
                Err(_) => break,
            };
            let insn = self.extensions.decode(bits);
            // All four bytes of a short one, too: the next overwrites them.
            block.bytes[block.size..block.size + 4].copy_from_slice(&bits.to_le_bytes());
            block.size += if bits & 3 == 3 { 4 } else { 2 };
            block.insns[block.len] = (at, insn);
            block.len += 1;
            let Some(insn) = insn else { break };
            at += u64::from(insn.len);
            if ends_block(&insn) {
                break;
            }
        }
        block.written = reader.written;
        Ok(at)
    }

    pub(super) fn place_block(&self, code: &mut Code, block: &[(u64, Option<Insn>)], end: u64) {
        for &(at, _) in block {
            self.prepare_locked(code, at);
        }
        self.prepare_locked(code, end);
        let settled = !block.iter().any(|&(at, insn)| self.overwrites(at, insn)) || self.settle(code);
        // What it takes from an instruction to the end of the block, known for the end first.
        let mut costs = [0u16; BLOCK + group::MOST];
        let mut ahead = Ahead::new();
        let is_whole = block.len() < BLOCK
            || block.last().is_some_and(|(_, insn)| insn.is_none_or(|insn| ends_block(&insn)));
        let placed = if is_whole { BLOCK } else { BLOCK - OUTLOOK };
        for (n, &(at, insn)) in block.iter().enumerate().rev() {
            let is_open = self.is_open(at);
            let Some(insn) = insn.map(fuse::simplest) else {
                ahead.none();
                if is_open {
                    self.slots.set_handler(at, illegal);
                }
                continue;
            };
            let alone = SINGLE + costs[n + 1];
            let (handler, cost) = if !self.reachable(code, at, &insn) {
                ahead.none();
                (outlandish as Handler, alone)
            } else if self.is_checked(&insn) {
                ahead.none();
                (checking(&insn), alone)
            } else {
                choose(&insn, n, &mut ahead, &costs[n..])
            };
            costs[n] = cost;
            if is_open && (settled || self.slots.fields(at) == FRESH) {
                self.slots.set_fields(at, fields(&insn));
            }
            // They are not if the code changed and nobody has said so, or if a hart may still need the old ones: then a
            // group must not rely on them.
            let fits = self.slots.fields(at) == fields(&insn);
            let is_breakpoint = code.breakpoints.contains(&at);
            if !fits || is_breakpoint {
                ahead.none();
            }
            if is_open && n < placed {
                let handler = if fits { handler } else { postponed };
                let handler = if is_breakpoint { breakpoint } else { handler };
                self.slots.set_handler(at, handler);
            }
        }
    }

    /// Whether to place an instruction is to overwrite the fields of another.
    fn overwrites(&self, at: u64, insn: Option<Insn>) -> bool {
        let Some(insn) = insn.map(fuse::simplest) else { return false };
        let old = self.slots.fields(at);
        old != FRESH && old != fields(&insn) && self.is_open(at)
    }

    /// Whether the slot at `at` has no instruction's handler.
    pub(super) fn is_open(&self, at: u64) -> bool {
        let handler = self.slots.handler(at);
        handler == undecoded as *const () as usize || handler == unseen as *const () as usize
    }

    /// Whether the target of a direct jump or branch, if it is one, has a slot; prepares it.
    fn reachable(&self, code: &mut Code, at: u64, insn: &Insn) -> bool {
        if !matches!(kind(insn.op), Kind::Branch | Kind::Jal) {
            return true;
        }
        let target = at.wrapping_add(insn.imm as i64 as u64);
        if target >= self.size {
            return false;
        }
        self.prepare_locked(code, target);
        code.links.note(at, target);
        true
    }

    /// Makes the slots around `pc`, which is at most the window's size, callable; false if the code there is not to be translated yet.
    pub(super) fn prepare(&self, pc: u64) -> bool {
        // Asking the array itself would have the host map a page of zeros first.
        if self.hint(pc).load(Ordering::Relaxed) & hint_bit(pc) != 0 && self.slots.handler(pc) != 0 {
            return true;
        }
        // A log of what is translated is to tell of all that is executed.
        if self.unseen == Unseen::Execute && pc < self.size && !self.marks.is_set(pc) && !log::in_asm() {
            return false;
        }
        self.prepare_locked(&mut self.code(), pc);
        true
    }

    /// Where to look first whether the chunk of `pc` is prepared: if its bit is not set there, it is not.
    fn hint(&self, pc: u64) -> &AtomicU64 {
        &self.hints[(pc / CHUNK / u64::from(u64::BITS)) as usize % self.hints.len()]
    }

    /// Whether the chunk that begins at `chunk` is prepared.
    pub(super) fn is_prepared(&self, chunk: u64) -> bool {
        let code = self.code();
        code.recent[place_of(chunk)] == chunk + 1 || code.chunks.contains(&chunk)
    }

    pub(super) fn prepare_locked(&self, code: &mut Code, pc: u64) {
        let chunk = pc - pc % CHUNK;
        let recent = &mut code.recent[place_of(chunk)];
        if std::mem::replace(recent, chunk + 1) == chunk + 1 {
            return;
        }
        if code.chunks.insert(chunk) {
            self.hint(chunk).fetch_or(hint_bit(chunk), Ordering::Relaxed);
            let handler = match self.unseen {
                Unseen::Execute => unseen,
                Unseen::Translate => undecoded,
            };
            self.slots.fill(chunk, handler);
            self.prepared.fetch_add(1, Ordering::Release);
            if code.chunks.len() >= code.most {
                self.full.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Tells the engine that code in `len` bytes at `addr` has changed, or may no longer be executed.
    pub fn invalidate(&self, addr: GuestAddr, len: u64) {
        if self.is_holding() {
            return;
        }
        let start = addr.0.min(self.size) & !1;
        let end = addr.0.saturating_add(len).min(self.size);
        let mut code = self.code();
        self.forget(&mut code, start, end);
        // What is left of chunks at both ends is compared as before.
        let whole = start.next_multiple_of(CHUNK)..end.max(start.next_multiple_of(CHUNK));
        if code.written.range(whole.clone()).next().is_some() {
            code.written.retain(|&chunk, _| !whole.contains(&chunk) || chunk + CHUNK > end);
        }
        // Before somebody places what he read before the change.
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Forgets all code that has been written since it was translated.
    pub fn invalidate_written(&self) {
        let mut code = self.code();
        let mut written = std::mem::take(&mut code.written);
        written.retain(|&chunk, snapshot| {
            let mut now = [0; CHUNK as usize];
            if self.memory.look(GuestAddr(chunk), &mut now).is_err() {
                self.forget(&mut code, chunk, chunk + CHUNK);
                return false;
            }
            snapshot.update(&now, |at| self.forget(&mut code, chunk + at, chunk + at + 2));
            true
        });
        code.written = written;
        // Who is about to place code has read it before this.
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes notice of bytes that are decoded at `start`, and forgets what was decoded from others there.
    fn learn(&self, code: &mut Code, start: u64, bytes: &[u8]) {
        for (at, half) in (start..).step_by(2).zip(bytes.chunks_exact(2)) {
            let snapshot = code.written.entry(at - at % CHUNK).or_insert_with(|| Box::new(Snapshot::new()));
            if snapshot.learn(at % CHUNK, [half[0], half[1]]) {
                self.forget(code, at, at + 2);
            }
        }
    }

    /// Makes the slots of an address range, and those of groups that reach into it, be translated again.
    pub(super) fn forget(&self, code: &mut Code, start: u64, end: u64) {
        let kept =
            [undecoded as *const () as usize, unseen as *const () as usize, breakpoint as *const () as usize];
        let start = start.saturating_sub(REACH);
        let mut any = false;
        for &chunk in code.chunks.range(start - start % CHUNK..end.max(start)) {
            for at in (start.max(chunk)..end.min(chunk + CHUNK)).step_by(2) {
                if !kept.contains(&self.slots.handler(at)) {
                    self.slots.set_handler(at, undecoded);
                    any = true;
                }
            }
        }
        code.forgotten += u64::from(any);
    }

    /// The bits of the instruction at `pc`: 16 or 32.
    pub(super) fn fetch_bits(&self, pc: u64) -> Result<u32, Trap> {
        Reader::new(self).bits(pc)
    }
}

/// The instructions from the one that is placed on, as far as a group may have them: no debugger looks at one behind the first.
struct Ahead {
    /// Each at its place in the block.
    insns: [Insn; BLOCK],
    keys: [u16; BLOCK],
    /// How many there are.
    len: usize,
    /// How many of these have keys.
    keyed: usize,
}

impl Ahead {
    fn new() -> Ahead {
        Ahead { insns: [Insn::default(); BLOCK], keys: [0; BLOCK], len: 0, keyed: 0 }
    }

    /// Nothing may be in a group with what comes before it.
    fn none(&mut self) {
        (self.len, self.keyed) = (0, 0);
    }

    /// One more, before the others.
    fn add(&mut self, n: usize, insn: &Insn) {
        let key = group::key_of(insn);
        (self.insns[n], self.keys[n]) = (*insn, key.unwrap_or(0));
        self.len += 1;
        self.keyed = if key.is_some() { group::MOST.min(self.keyed + 1) } else { 0 };
    }
}

/// The handler for the instruction at place `n` of a block and the cost from it on, given what is ahead of it, to which it is added, and
/// the costs from it on.
fn choose(insn: &Insn, n: usize, ahead: &mut Ahead, costs: &[u16]) -> (Handler, u16) {
    ahead.add(n, insn);
    let (mut pair, mut cost) = (None, SINGLE + costs[1]);
    if ahead.len > 1
        && let Some(found) = fuse::pair(insn, &ahead.insns[n + 1])
    {
        let with_it = costs[2] + if found.forwards { FORWARDING_PAIR } else { PAIR };
        if with_it <= cost {
            (pair, cost) = (Some(found), with_it);
        }
    }
    let grouped = n..n + ahead.keyed;
    match (group::best(&ahead.insns[grouped.clone()], &ahead.keys[grouped], costs), pair) {
        (Some(found), _) if found.cost <= cost => (found.handler(), found.cost),
        (_, Some(pair)) => (pair.handler(), cost),
        _ => (single(insn), cost),
    }
}

/// What the slot of an instruction holds beside its handler.
fn fields(insn: &Insn) -> Fields {
    let imm = match kind(insn.op) {
        Kind::Float => i32::from(insn.rm),
        Kind::Branch | Kind::Jal => insn.imm * SCALE as i32,
        _ => insn.imm,
    };
    let first = if second_is_first(insn.op) { insn.rs2 } else { insn.rd };
    ([first, insn.rs1, insn.rs2, insn.rs3], imm)
}

/// Where among those remembered a chunk is.
fn place_of(chunk: u64) -> usize {
    (chunk / CHUNK) as usize % RECENT
}

/// Logs a block (`-d in_asm`).
#[cold]
fn list(block: &[(u64, Option<Insn>)]) {
    let line = |&(at, insn): &(u64, Option<Insn>)| match insn {
        Some(insn) => format!("{at:#010x}:  {}\n", isa::disassemble(&insn, GuestAddr(at))),
        None => format!("{at:#010x}:  illegal\n"),
    };
    log::write(&block.iter().map(line).collect::<String>());
}

/// Whether execution does not go on to the next instruction.
fn ends_block(insn: &Insn) -> bool {
    matches!(kind(insn.op), Kind::Jal | Kind::Jalr | Kind::Ecall | Kind::Ebreak | Kind::FenceI)
}

/// Reads code, a line at a time.
pub(super) struct Reader<'a> {
    engine: &'a Engine,
    /// The page found to be executable last.
    page: Option<u64>,
    /// Whether some of what was read may be written.
    written: bool,
    /// Address and contents of the line read last.
    line: Option<(u64, [u8; LINE as usize])>,
}

const LINE: u64 = 64;
const PAGE: u64 = 4096;

impl<'a> Reader<'a> {
    /// Of an engine's memory.
    pub(super) fn new(engine: &'a Engine) -> Self {
        Reader { engine, page: None, written: false, line: None }
    }

    /// The bits of the instruction at `pc`: 16 or 32.
    pub(super) fn bits(&mut self, pc: u64) -> Result<u32, Trap> {
        if let Some((line, bytes)) = &self.line
            && let Some(&[a, b, c, d]) =
                bytes.get(pc.wrapping_sub(*line) as usize..).and_then(|bytes| bytes.first_chunk())
            && pc.is_multiple_of(2)
        {
            let both = u32::from_le_bytes([a, b, c, d]);
            return Ok(if both & 3 == 3 { both } else { both & 0xffff });
        }
        let low = u32::from(self.half(pc)?);
        if low & 3 != 3 {
            return Ok(low);
        }
        Ok(low | u32::from(self.half(pc.wrapping_add(2))?) << 16)
    }

    fn half(&mut self, addr: u64) -> Result<u16, Trap> {
        let failed = || fault::fetch(self.engine, GuestAddr(addr));
        if addr >= self.engine.size || !addr.is_multiple_of(2) {
            return Err(failed());
        }
        if self.page != Some(addr / PAGE) {
            match self.engine.memory.code_at(GuestAddr(addr)) {
                None => return Err(failed()),
                Some(kind) => self.written |= kind == CodeKind::Written,
            }
            self.page = Some(addr / PAGE);
        }
        let start = addr - addr % LINE;
        let bytes = match &self.line {
            Some((at, bytes)) if *at == start => bytes,
            _ => {
                let mut bytes = [0; LINE as usize];
                let memory = &self.engine.memory;
                let mut read = || memory.look(GuestAddr(start), &mut bytes);
                // Once more, should another thread have forbidden and allowed it between the two questions.
                if read().is_err() && (!memory.fetchable(GuestAddr(addr)) || read().is_err()) {
                    return Err(failed());
                }
                &self.line.insert((start, bytes)).1
            }
        };
        let at = (addr % LINE) as usize;
        Ok(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
    }
}
