//! Watchpoints: loads and stores that look before they go.
//!
//! While an engine has a watchpoint, the slots of instructions that make accesses of its kind hold handlers that ask a small
//! table, the filter, whether the address may be watched, and those of other instructions what they always hold. Where the filter says
//! yes, the list of watchpoints decides. An access that is watched leaves the run before it happens, with the pc on its instruction.
//!
//! The checking handlers stay when the last watchpoint goes, with an empty filter, until [`Engine::unwatch`]: a debugger takes its
//! watchpoints out whenever anything stops, and translating all code anew is dearer than to ask in vain for a while.
#![allow(
    unsafe_code,
    reason = "checking handlers work on raw registers and slots, as those that they stand for"
)]

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use super::handler::{kind, leave, plain, read};
use super::run::{Run, Stop};
use super::slot::{Free, Handler, Slot};
use super::{Engine, Exit};
use crate::addr::GuestAddr;
use crate::hart::Hart;
use crate::isa::zicboz::BLOCK;
use crate::isa::{COUNT, Insn, Kind, Op};

/// A set of kinds of accesses.
pub type Accesses = u8;
/// Loads, and whatever else reads.
pub const READS: Accesses = 1;
/// Stores, and whatever else writes.
pub const WRITES: Accesses = 2;

/// What an instruction, these bits, would store now, from the lowest byte on; `None`: it is no plain store.
pub fn stored(hart: &Hart, bits: u32) -> Option<u64> {
    let insn = crate::isa::decode(bits)?;
    matches!(kind(insn.op), Kind::Store(_)).then(|| hart.regs[usize::from(insn.rs2)])
}

/// How many watchpoints there may be.
pub const MOST: usize = 64;
/// Bytes that share an entry of the filter, and how many entries there are; far addresses share too.
const GRAIN: u64 = 8;
const ENTRIES: usize = 1024;
/// The widest access that the filter can tell of by its first byte alone. Wider ones are always looked up.
const WIDEST: u64 = 8;

/// What an engine watches.
pub(super) struct Watching {
    /// The kinds of accesses whose instructions have checking handlers.
    checked: AtomicU8,
    /// For each grain the kinds of accesses that may be watched if they begin in it.
    filter: [AtomicU8; ENTRIES],
    places: [Place; MOST],
}

/// A watchpoint, or room for one: then it is for no accesses.
struct Place {
    start: AtomicU64,
    end: AtomicU64,
    accesses: AtomicU8,
}

impl Place {
    const fn new() -> Place {
        Place { start: AtomicU64::new(0), end: AtomicU64::new(0), accesses: AtomicU8::new(0) }
    }
}

impl Watching {
    pub const fn new() -> Watching {
        Watching {
            checked: AtomicU8::new(0),
            filter: [const { AtomicU8::new(0) }; ENTRIES],
            places: [const { Place::new() }; MOST],
        }
    }

    /// Whether such an access at `addr` may be watched.
    #[inline(always)]
    fn suspects(&self, accesses: Accesses, addr: u64) -> bool {
        self.filter[(addr / GRAIN) as usize % ENTRIES].load(Ordering::Relaxed) & accesses != 0
    }

    /// Whether such an access is watched.
    fn watches(&self, accesses: Accesses, addr: u64, len: u64) -> bool {
        self.places.iter().any(|place| {
            place.accesses.load(Ordering::Acquire) & accesses != 0
                && addr < place.end.load(Ordering::Relaxed)
                && addr.saturating_add(len) > place.start.load(Ordering::Relaxed)
        })
    }

    /// What the filter has to be for the watchpoints that there are.
    fn filter(&self) -> [Accesses; ENTRIES] {
        let mut filter = [0; ENTRIES];
        for place in &self.places {
            let accesses = place.accesses.load(Ordering::Relaxed);
            if accesses != 0 {
                let first = place.start.load(Ordering::Relaxed).saturating_sub(WIDEST - 1) / GRAIN;
                let last = (place.end.load(Ordering::Relaxed) - 1) / GRAIN;
                for entry in first..=last.min(first + ENTRIES as u64 - 1) {
                    filter[entry as usize % ENTRIES] |= accesses;
                }
            }
        }
        filter
    }

    fn accesses(&self) -> Accesses {
        self.places.iter().fold(0, |all, place| all | place.accesses.load(Ordering::Relaxed))
    }
}

impl Engine {
    /// Makes every hart that is about to make such an access to `start..end` leave the engine with [`Exit::Watched`]. Harts may
    /// be running. False: there are too many.
    #[must_use]
    pub fn insert_watchpoint(&self, start: u64, end: u64, accesses: Accesses) -> bool {
        let mut code = self.code();
        let watching = &self.watching;
        let free = watching.places.iter().find(|place| place.accesses.load(Ordering::Relaxed) == 0);
        let Some(place) = free.filter(|_| start < end) else { return false };
        place.start.store(start, Ordering::Relaxed);
        place.end.store(end, Ordering::Relaxed);
        place.accesses.store(accesses, Ordering::Release);
        self.refilter();
        let checked = watching.checked.fetch_or(accesses, Ordering::Relaxed);
        if accesses & !checked != 0 {
            self.forget(&mut code, 0, self.size);
        }
        true
    }

    /// Undoes one [`Engine::insert_watchpoint`] with these arguments.
    pub fn remove_watchpoint(&self, start: u64, end: u64, accesses: Accesses) {
        let _code = self.code();
        let same = |place: &&Place| {
            place.accesses.load(Ordering::Relaxed) == accesses
                && place.start.load(Ordering::Relaxed) == start
                && place.end.load(Ordering::Relaxed) == end
        };
        if let Some(place) = self.watching.places.iter().find(same) {
            place.accesses.store(0, Ordering::Relaxed);
            self.refilter();
        }
    }

    /// Gives instructions whose accesses nobody watches any more their own handlers back.
    pub fn unwatch(&self) {
        // Asked whenever a hart is let go; mostly there is nothing.
        if self.watching.checked.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut code = self.code();
        let accesses = self.watching.accesses();
        if self.watching.checked.swap(accesses, Ordering::Relaxed) != accesses {
            self.forget(&mut code, 0, self.size);
        }
    }

    /// No entry is ever less than it has to be for what stays.
    fn refilter(&self) {
        for (entry, accesses) in self.watching.filter.iter().zip(self.watching.filter()) {
            entry.store(accesses, Ordering::Relaxed);
        }
    }

    /// Whether the handler of such an instruction has to look first. For the holder of the engine's lock.
    pub(super) fn is_checked(&self, insn: &Insn) -> bool {
        let checked = self.watching.checked.load(Ordering::Relaxed);
        checked != 0 && accesses(insn.op) & checked != 0
    }

    /// As [`Engine::watched_access`], of the instruction at the hart's pc.
    #[inline]
    pub(super) fn about_to_touch(&self, hart: &Hart) -> Option<Exit> {
        if self.watching.checked.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.fetch(hart.pc.0).ok().and_then(|insn| self.watched_access(hart, &insn))
    }

    /// The watched access that this instruction of the hart is about to make.
    #[inline]
    pub(super) fn watched_access(&self, hart: &Hart, insn: &Insn) -> Option<Exit> {
        if self.watching.checked.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let accesses = accesses(insn.op);
        let base = hart.regs[usize::from(insn.rs1)];
        let (addr, len) = range(insn.op, base, insn.imm);
        let watched =
            accesses != 0 && happens(insn.op, hart, addr) && self.watching.watches(accesses, addr, len);
        watched.then_some(Exit::Watched { accesses, addr: GuestAddr(addr), len })
    }
}

/// What an instruction of this row does to memory; a fetch does not count.
pub(super) const fn accesses(op: Op) -> Accesses {
    match kind(op) {
        Kind::Load(_) | Kind::LoadReserved(_) => READS,
        Kind::Store(_) | Kind::StoreConditional(_) | Kind::CacheZero => WRITES,
        Kind::Amo(_) | Kind::CompareSwap(_) | Kind::CompareSwapPair => READS | WRITES,
        _ => 0,
    }
}

/// Where that is: the first byte and how many.
#[inline(always)]
pub(super) const fn range(op: Op, base: u64, imm: i32) -> (u64, u64) {
    match kind(op) {
        Kind::Load(width) | Kind::Store(width) => (base.wrapping_add(imm as i64 as u64), width.bytes()),
        Kind::LoadReserved(width)
        | Kind::StoreConditional(width)
        | Kind::Amo(width)
        | Kind::CompareSwap(width) => (base, width.bytes()),
        Kind::CacheZero => (base & !(BLOCK - 1), BLOCK),
        _ => (base, 16),
    }
}

/// Whether the access is made at all: a store-conditional without its reservation makes none.
fn happens(op: Op, hart: &Hart, addr: u64) -> bool {
    match kind(op) {
        Kind::StoreConditional(width) => {
            hart.reservation.is_some_and(|held| held.addr.0 == addr && u64::from(held.width) == width.bytes())
        }
        _ => true,
    }
}

/// The handler of an instruction that makes accesses, with a look first.
pub(super) fn checking(insn: &Insn) -> Handler {
    let op = usize::from(insn.op);
    CHECKING[op / 16][op % 16][usize::from(insn.len / 2 - 1)]
}

static CHECKING: [[[Handler; 2]; 16]; 32] = {
    macro_rules! all {
        ($($n:literal)*) => { [$( all!(@part $n; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15), )*] };
        (@part $n:literal; $($m:literal)*) => { [$( row::<{ $n * 16 + $m }>(), )*] };
    }
    assert!(COUNT <= 512, "more rows than handlers");
    all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
};

const fn row<const OP: Op>() -> [Handler; 2] {
    if OP as usize >= COUNT || accesses(OP) == 0 {
        return [plain::<OP, 1>(), plain::<OP, 2>()];
    }
    match kind(OP) {
        Kind::Load(_) | Kind::Store(_) => [look::<OP, 1>, look::<OP, 2>],
        _ => [look::<OP, 2>; 2],
    }
}

/// Asks the filter, and does what the instruction does.
unsafe extern "sysv64" fn look<const OP: Op, const LEN: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    free: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as for the plain handler, which the call at the end is to; the engine outlives its runs.
    unsafe {
        let (addr, len) = range(OP, read!(s, x, rs1), (*s).imm);
        if len > WIDEST || (*(*run).engine).watching.suspects(const { accesses(OP) }, addr) {
            return look_closer::<OP, LEN>(s, x, size, free, m, run);
        }
        plain::<OP, LEN>()(s, x, size, free, m, run)
    }
}

/// Asks the list of watchpoints.
#[cold]
unsafe extern "sysv64" fn look_closer<const OP: Op, const LEN: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    free: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `look`.
    unsafe {
        if is_watched(OP, read!(s, x, rs1), (*s).imm, &*x.cast::<Hart>(), &*(*run).engine) {
            return leave!(watched(s, x, size, 0, m, run));
        }
        plain::<OP, LEN>()(s, x, size, free, m, run)
    }
}

#[inline(never)]
fn is_watched(op: Op, base: u64, imm: i32, hart: &Hart, engine: &Engine) -> bool {
    let (addr, len) = range(op, base, imm);
    happens(op, hart, addr) && engine.watching.watches(accesses(op), addr, len)
}

/// An access that is watched: the instrumented form finds out which.
#[cold]
unsafe extern "sysv64" fn watched(
    s: *const Slot,
    _: *mut u64,
    _: u64,
    _: Free,
    _: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: `run` is the run in progress.
    unsafe { (*run).stop = Stop::Single };
    s
}
