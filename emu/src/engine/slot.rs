//! Slots: one pre-decoded instruction per guest half-word, in one reserved array beside the guest's window.
//!
//! The slot of address `a` is number `a / 2`, so a slot's address *is* the program counter, and a jump is an addition.
//! The array is reserved without memory behind it and filled a chunk (one host page of it) at a time; a slot of a chunk
//! that was never prepared reads as zero and must not be called, which indirect jumps check and everything else knows
//! when it translates.
#![allow(unsafe_code, reason = "the array is mapped memory, shared by all harts of the process")]

use std::arch::asm;
use std::io;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::run::Run;
use crate::allocator;

/// A register argument that carries nothing: it leaves `rcx`, which shifts need, to the bodies of handlers.
pub(super) type Free = MaybeUninit<u64>;

/// What a slot does: its instruction (or several, when fused), then the next slot's handler by a tail call.
///
/// Slot, registers, bytes of the window, a free register, window, and what else a run needs. The result is the slot where the
/// run stopped.
pub(super) type Handler =
    unsafe extern "sysv64" fn(*const Slot, *mut u64, u64, Free, *mut u8, *mut Run) -> *const Slot;

/// One decoded instruction.
#[repr(C, align(16))]
pub(super) struct Slot {
    /// Written last and read first; the fields below belong to the slot's own instruction even when the handler is that of a
    /// fused group, because its predecessor's group reads them too.
    pub handler: Handler,
    /// Destination, as in [`crate::isa::Insn`]; of a store or a branch, which have none, the second source.
    pub rd: u8,
    /// First source.
    pub rs1: u8,
    /// Second source.
    pub rs2: u8,
    /// Third source.
    pub aux: u8,
    /// Immediate; rounding mode; of direct jumps and branches, bytes from slot to slot.
    pub imm: i32,
}

/// Where the slot of an instruction is, seen from the one that its handler was called with.
pub(super) trait Place {
    /// So many slots behind it.
    const SLOTS: usize;
}

/// That many behind it.
pub(super) struct Behind<const N: usize>;

/// It is the same.
pub(super) type Here = Behind<0>;

impl<const N: usize> Place for Behind<N> {
    const SLOTS: usize = N;
}

/// What the fields of a slot say. Whoever wants more than one asks for all of them at once: memory accesses are what handlers
/// spend most of their time on, and taking a register apart is cheap.
#[derive(Clone, Copy)]
pub(super) struct Operands {
    slot: *const Slot,
    packed: Option<u64>,
    rs1: Option<u64>,
}

impl Operands {
    /// Of the slot at a place, each loaded by itself when it is asked for.
    #[inline(always)]
    pub fn single<P: Place>(slot: *const Slot) -> Operands {
        Operands { slot: slot.wrapping_add(P::SLOTS), packed: None, rs1: None }
    }

    /// All together; with `rs1`, see [`Operands::with_rs1`].
    ///
    /// # Safety
    /// That slot was decoded.
    #[inline(always)]
    pub unsafe fn all<P: Place>(slot: *const Slot, rs1: bool) -> Operands {
        if rs1 {
            // SAFETY: by contract.
            return unsafe { Operands::with_rs1::<P>(slot) };
        }
        let packed: u64;
        // SAFETY: the fields are eight aligned bytes. The compiler would make byte loads of a plain one, and, left to choose
        // the register, take one that it has to save: only few have a second byte that it can get at.
        unsafe {
            asm!("mov rax, qword ptr [{s} + {n}]", out("rax") packed, s = in(reg) slot, n = const 16 * P::SLOTS + 8,
                 options(pure, readonly, nostack, preserves_flags));
        }
        Operands { slot: slot.wrapping_add(P::SLOTS), packed: Some(packed), rs1: None }
    }

    /// All together, and the first source taken out at once. The compiler would take it to a register of its own choice, and few can have
    /// a second byte: where `rcx` holds something else it is one that has to be saved.
    ///
    /// # Safety
    /// As for [`Operands::all`].
    #[inline(always)]
    pub unsafe fn with_rs1<P: Place>(slot: *const Slot) -> Operands {
        let (packed, rs1): (u64, u64);
        // SAFETY: as in `all`.
        unsafe {
            asm!("mov rax, qword ptr [{s} + {n}]", "movzx ecx, ah", s = in(reg) slot, n = const 16 * P::SLOTS + 8,
                 out("rax") packed, out("rcx") rs1, options(pure, readonly, nostack, preserves_flags));
        }
        Operands { slot: slot.wrapping_add(P::SLOTS), packed: Some(packed), rs1: Some(rs1) }
    }

    /// The destination.
    #[inline(always)]
    pub fn rd(self) -> usize {
        // SAFETY: see `all`; here and below.
        self.packed.map_or_else(|| unsafe { (*self.slot).rd }.into(), |packed| usize::from(packed as u8))
    }

    /// The first source.
    #[inline(always)]
    pub fn rs1(self) -> usize {
        if let Some(rs1) = self.rs1 {
            return rs1 as usize;
        }
        // SAFETY: as above.
        self.packed
            .map_or_else(|| unsafe { (*self.slot).rs1 }.into(), |packed| usize::from((packed >> 8) as u8))
    }

    /// The second source, where there is a destination and no third source.
    #[inline(always)]
    pub fn rs2(self) -> usize {
        // SAFETY: as above. The byte above it is zero.
        self.packed
            .map_or_else(|| unsafe { (*self.slot).rs2 }.into(), |packed| (packed as u32 >> 16) as usize)
    }

    /// The second and the third source.
    #[inline(always)]
    pub fn rs2_and_rs3(self) -> [usize; 2] {
        match self.packed {
            Some(packed) => [usize::from((packed >> 16) as u8), (packed as u32 >> 24) as usize],
            // SAFETY: as above.
            None => unsafe { [(*self.slot).rs2.into(), (*self.slot).aux.into()] },
        }
    }

    /// The immediate.
    #[inline(always)]
    pub fn imm(self) -> u64 {
        // SAFETY: as above.
        self.packed
            .map_or_else(|| unsafe { (*self.slot).imm } as i64 as u64, |packed| (packed as i64 >> 32) as u64)
    }
}

/// Bytes of guest code whose slots fill one host page.
pub(super) const CHUNK: u64 = 512;
const CHUNK_SLOTS: usize = CHUNK as usize / 2;
/// Bytes of guest code whose slots are made writable at once.
const PART: u64 = 64 << 10;
/// Bytes of slots for each byte of the guest's window.
pub(super) const SCALE: u64 = size_of::<Slot>() as u64 / 2;

/// Bytes of slots of the addresses at which programs lie that choose theirs.
const LOW: usize = (1 << 30) * SCALE as usize;

/// What a slot says of its instruction: the four registers, and the immediate.
pub(super) type Fields = ([u8; 4], i32);

/// The fields of a slot whose instruction was never decoded. No instruction has such registers.
pub(super) const FRESH: Fields = ([u8::MAX; 4], 0);

/// The array.
pub(super) struct Slots {
    base: *mut Slot,
    window: u64,
    /// Whether each part has to be made writable when it is filled.
    closed: bool,
}

// SAFETY: the array is only read through raw pointers and written by atomic stores or under the engine's lock.
unsafe impl Send for Slots {}
// SAFETY: as above.
unsafe impl Sync for Slots {}

impl Slots {
    /// Reserves slots for a window of that many bytes, at the host address `place` if there is room.
    pub fn reserve(window: u64, place: u64) -> io::Result<Slots> {
        let bytes = Self::bytes(window)?;
        Self::reserve_as(window, place, bytes, &[libc::PROT_READ | libc::PROT_WRITE, libc::PROT_READ])
    }

    /// As on a host that promises no memory that it has not.
    #[cfg(test)]
    pub fn reserve_closed(window: u64) -> io::Result<Slots> {
        Self::reserve_as(window, 0, Self::bytes(window)?, &[libc::PROT_READ])
    }

    /// Reserves slots by the first of some protections with which the host lets us.
    fn reserve_as(window: u64, place: u64, bytes: usize, protections: &[i32]) -> io::Result<Slots> {
        let map = |prot| {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            // SAFETY: a fresh anonymous mapping, where the kernel finds room, touches nothing that exists.
            let base = unsafe { libc::mmap(place as *mut libc::c_void, bytes, prot, flags, -1, 0) };
            if base == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(base) }
        };
        // A host that promises no memory that it has not (`vm.overcommit_memory` 2) counts all that could be written.
        let mut base = Err(io::ErrorKind::OutOfMemory.into());
        let mut closed = false;
        for &prot in protections {
            closed = prot & libc::PROT_WRITE == 0;
            base = map(prot);
            if base.is_ok() {
                break;
            }
        }
        let base = base?;
        // A huge page would be zeroed at start-up and copied after fork for the sake of a few chunks.
        // SAFETY: the range is the mapping made above; a refusal changes nothing.
        unsafe { libc::madvise(base, bytes, libc::MADV_NOHUGEPAGE) };
        // A fork goes over all of a mapping of which some is used. The slots of low addresses are one by themselves if the rest differs.
        if let Some(rest) = bytes.checked_sub(LOW) {
            // SAFETY: as above.
            unsafe { libc::madvise(base.wrapping_byte_add(LOW), rest, libc::MADV_DONTDUMP) };
        }
        Ok(Slots { base: base.cast(), window, closed })
    }

    fn bytes(window: u64) -> io::Result<usize> {
        // One chunk more: code that runs off the window's end meets prepared slots there, whose fetch fails.
        let bytes = window.checked_add(CHUNK).and_then(|bytes| bytes.checked_mul(SCALE));
        bytes
            .and_then(|bytes| usize::try_from(bytes).ok())
            .ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))
    }

    /// The slot of address 0.
    pub fn base(&self) -> *mut Slot {
        self.base
    }

    /// The slot of `pc`, which must lie in the window or in the chunk behind it.
    pub fn slot(&self, pc: u64) -> *mut Slot {
        debug_assert!(pc < self.window + CHUNK);
        self.base.wrapping_add((pc / 2) as usize)
    }

    /// The address that `slot` stands for.
    pub fn pc(&self, slot: *const Slot) -> u64 {
        (slot as u64).wrapping_sub(self.base as u64) / SCALE
    }

    fn cell(&self, pc: u64) -> &AtomicUsize {
        // SAFETY: the slot is inside the mapping; its first field is a pointer-sized word that other harts access only by
        // whole, aligned loads and stores.
        unsafe { AtomicUsize::from_ptr(self.slot(pc).cast()) }
    }

    /// The handler at `pc` as a number; 0 in a chunk that was never prepared.
    pub fn handler(&self, pc: u64) -> usize {
        self.cell(pc).load(Ordering::Acquire)
    }

    /// Puts a handler at `pc`. Other harts may be running.
    pub fn set_handler(&self, pc: u64, handler: Handler) {
        self.cell(pc).store(handler as usize, Ordering::Release);
    }

    /// Puts a handler at `pc` in place of another one, if that is there; says whether it was. Other harts may be running.
    pub fn replace_handler(&self, pc: u64, old: Handler, new: Handler) -> bool {
        // A slot that is not there is not written, nor the memory for it taken.
        self.handler(pc) == old as usize
            && self
                .cell(pc)
                .compare_exchange(old as usize, new as usize, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }

    /// Makes the slots around `chunk` writable.
    #[cold]
    fn open(&self, chunk: u64) {
        let part = chunk - chunk % PART;
        let (start, len) = (self.slot(part), PART.min(self.window + CHUNK - part) * SCALE);
        // SAFETY: the range is inside the mapping.
        let opened =
            unsafe { libc::mprotect(start.cast(), len as usize, libc::PROT_READ | libc::PROT_WRITE) };
        if opened != 0 {
            allocator::out_of_memory(len as usize);
        }
    }

    /// The fields of the slot at `pc`, which is in a prepared chunk. For the holder of the engine's lock.
    pub fn fields(&self, pc: u64) -> Fields {
        let slot = self.slot(pc);
        // SAFETY: the slot is inside the mapping, and only the engine's lock holder writes fields.
        unsafe { ([(*slot).rd, (*slot).rs1, (*slot).rs2, (*slot).aux], (*slot).imm) }
    }

    /// Writes the fields of the slot at `pc`; no hart may be in a handler that uses them, and its handler must not yet.
    pub fn set_fields(&self, pc: u64, ([rd, rs1, rs2, aux], imm): Fields) {
        let slot = self.slot(pc);
        // SAFETY: the slot is inside the mapping. Only the engine's lock holder writes fields, and no handler reads them
        // before the handler is stored.
        unsafe {
            (&raw mut (*slot).rd).write(rd);
            (&raw mut (*slot).rs1).write(rs1);
            (&raw mut (*slot).rs2).write(rs2);
            (&raw mut (*slot).aux).write(aux);
            (&raw mut (*slot).imm).write(imm);
        }
    }

    /// Gives the memory of all chunks from `first` to `last` back: they read as zero, as if they had never been prepared. For the
    /// holder of the engine's lock, while no hart is among them.
    pub fn give_back(&self, first: u64, last: u64) {
        let start = self.slot(first);
        // SAFETY: the range is inside the mapping, and nobody uses what is in it.
        unsafe {
            libc::madvise(start.cast(), ((last + CHUNK - first) * SCALE) as usize, libc::MADV_DONTNEED)
        };
    }

    /// Gives every slot of the chunk at `chunk` (a multiple of [`CHUNK`]), which holds nothing yet, the same handler.
    pub fn fill(&self, chunk: u64, handler: Handler) {
        if self.closed {
            self.open(chunk);
        }
        let ([a, b, c, d], imm) = FRESH;
        let fields = u64::from(u32::from_le_bytes([a, b, c, d])) | u64::from(imm as u32) << 32;
        // SAFETY: the chunk is inside the mapping, aligned, and made of words that others access by whole loads and stores.
        let words: &[[AtomicU64; 2]; CHUNK_SLOTS] = unsafe { &*self.slot(chunk).cast() };
        for slot in words {
            slot[1].store(fields, Ordering::Relaxed);
            slot[0].store(handler as *const () as u64, Ordering::Release);
        }
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        if let Ok(bytes) = Self::bytes(self.window) {
            // SAFETY: the mapping is ours and no run is in progress: it would hold the engine.
            unsafe { libc::munmap(self.base.cast(), bytes) };
        }
    }
}
