//! The guest accesses that handlers make.
//!
//! Each is one host instruction in `asm!` with the slot in `rdi`, so that a fault's handler learns the exact pc at no cost: the slot of the
//! handler's first instruction, that is, and where the access is another's, a table tells how far behind that it is. And each is
//! a barrier to the compiler, so that all register writes of earlier instructions are done by then. Addresses have
//! been checked against the window's size; the guard pages behind the window catch what reaches over its end.
#![allow(unsafe_code, reason = "reads and writes the guest's window")]

use std::arch::asm;

use super::slot::{Here, Place, Slot};
use crate::isa::Width;
use crate::isa::float::{Half, Precision, Single};
use crate::isa::zicboz::BLOCK;

/// An entry of the table of accesses that are not of the instruction whose slot is in `rdi`: for each the distance from the entry
/// to the access, and from the slot to that of the access.
#[repr(C)]
struct Entry {
    to_access: i32,
    slots: u32,
}

unsafe extern "C" {
    // The linker's names for the ends of a section.
    static __start_tine_accesses: Entry;
    static __stop_tine_accesses: Entry;
}

/// How many slots behind that in `rdi` the one is whose access is the host's instruction at `rip`.
pub(super) fn slots_behind(rip: u64) -> usize {
    let (start, stop) = (&raw const __start_tine_accesses, &raw const __stop_tine_accesses);
    // SAFETY: the linker puts the section's entries between the two.
    let entries = unsafe { std::slice::from_raw_parts(start, stop.offset_from_unsigned(start)) };
    let is_at = |entry: &&Entry| {
        (&raw const entry.to_access as u64).wrapping_add_signed(entry.to_access.into()) == rip
    };
    entries.iter().find(is_at).map_or(0, |entry| entry.slots as usize)
}

/// An instruction that accesses memory, and its entry in the table if it needs one.
macro_rules! access {
    ($instruction:literal) => {
        concat!(
            "2:",
            $instruction,
            "\n.if {slots}\n.pushsection tine_accesses, \"aR\", @progbits\n.long 2b - .\n.long {slots}\n.popsection\n.endif"
        )
    };
}

/// Loads, and extends as the width says.
///
/// # Safety
/// `memory` is the window, `addr` below its size, `slot` the one that the handler was called with, in a run.
#[inline(always)]
pub(super) unsafe fn load<P: Place>(width: Width, slot: *const Slot, memory: *mut u8, addr: u64) -> u64 {
    let value: u64;
    macro_rules! load {
        ($instruction:literal) => {
            // SAFETY: the window and its guard are ours; a fault in them ends the run.
            unsafe {
                asm!(access!($instruction), v = out(reg) value, m = in(reg) memory, a = in(reg) addr, in("rdi") slot,
                     slots = const P::SLOTS, options(nostack, preserves_flags, readonly))
            }
        };
    }
    match width {
        Width::I8 => load!("movsx {v}, byte ptr [{m} + {a}]"),
        Width::I16 => load!("movsx {v}, word ptr [{m} + {a}]"),
        Width::I32 => load!("movsxd {v}, dword ptr [{m} + {a}]"),
        Width::I64 => load!("mov {v}, qword ptr [{m} + {a}]"),
        Width::U8 => load!("movzx {v:e}, byte ptr [{m} + {a}]"),
        Width::U16 | Width::F16 => load!("movzx {v:e}, word ptr [{m} + {a}]"),
        Width::U32 | Width::F32 => load!("mov {v:e}, dword ptr [{m} + {a}]"),
    }
    // A narrower value in a wider register is NaN-boxed (unprivileged manual, "NaN Boxing of Narrower Values").
    match width {
        Width::F16 => Half::boxed(value),
        Width::F32 => Single::boxed(value),
        _ => value,
    }
}

/// Stores the low bits.
///
/// # Safety
/// As for [`load`].
#[inline(always)]
pub(super) unsafe fn store<P: Place>(
    width: Width,
    slot: *const Slot,
    memory: *mut u8,
    addr: u64,
    value: u64,
) {
    macro_rules! store {
        ($class:ident, $instruction:literal) => {
            // SAFETY: as in `load`.
            unsafe {
                asm!(access!($instruction), v = in($class) value, m = in(reg) memory, a = in(reg) addr, in("rdi") slot,
                     slots = const P::SLOTS, options(nostack, preserves_flags))
            }
        };
    }
    match width.bytes() {
        1 => store!(reg, "mov byte ptr [{m} + {a}], {v:l}"),
        2 => store!(reg, "mov word ptr [{m} + {a}], {v:x}"),
        4 => store!(reg, "mov dword ptr [{m} + {a}], {v:e}"),
        _ => store!(reg, "mov qword ptr [{m} + {a}], {v}"),
    }
}

/// Stores `new` if `old` is there, as one atomic access that orders all others; answers what was there.
///
/// # Safety
/// As for [`load`]; `addr` is naturally aligned.
#[inline(always)]
pub(super) unsafe fn compare_exchange(
    width: Width,
    slot: *const Slot,
    memory: *mut u8,
    addr: u64,
    old: u64,
    new: u64,
) -> u64 {
    let found: u64;
    macro_rules! exchange {
        ($instruction:literal) => {
            // SAFETY: as in `load`.
            unsafe {
                asm!($instruction, n = in(reg) new, m = in(reg) memory, a = in(reg) addr, in("rdi") slot,
                     inout("rax") old => found, options(nostack))
            }
        };
    }
    match width.bytes() {
        1 => {
            exchange!("lock cmpxchg byte ptr [{m} + {a}], {n:l}");
            found as i8 as u64
        }
        2 => {
            exchange!("lock cmpxchg word ptr [{m} + {a}], {n:x}");
            found as i16 as u64
        }
        4 => {
            exchange!("lock cmpxchg dword ptr [{m} + {a}], {n:e}");
            found as i32 as u64
        }
        _ => {
            exchange!("lock cmpxchg qword ptr [{m} + {a}], {n}");
            found
        }
    }
}

/// `fence` with these operands. The host keeps all orders but that of a store before a load that follows it.
#[inline(always)]
pub(super) fn fence(operands: u64) {
    /// Predecessors O and W.
    const STORES: u64 = 0x50;
    /// Successors I and R.
    const LOADS: u64 = 0x0a;
    if operands & STORES != 0 && operands & LOADS != 0 {
        full_fence();
    } else {
        std::sync::atomic::compiler_fence(std::sync::atomic::Ordering::SeqCst);
    }
}

/// The same for 16 bytes; halves are low, high.
///
/// # Safety
/// As for [`compare_exchange`].
#[inline(always)]
pub(super) unsafe fn compare_exchange_pair(
    slot: *const Slot,
    memory: *mut u8,
    addr: u64,
    old: [u64; 2],
    new: [u64; 2],
) -> [u64; 2] {
    let (low, high);
    // SAFETY: as in `load`. Every x86-64 processor since 2006 has the instruction. It wants the new low half in rbx, which
    // the compiler keeps for itself: that has its value back after it, and after a fault from where the run was entered. It may
    // take rbx for operands that are in no register of their own, which the exchange would change: so none is.
    unsafe {
        asm!("xchg rbx, r11", "lock cmpxchg16b xmmword ptr [r8 + r10]", "mov rbx, r11", inout("r11") new[0] => _,
             in("r8") memory, in("r10") addr, in("rdi") slot, inout("rax") old[0] => low, inout("rdx") old[1] => high,
             in("rcx") new[1], options(nostack));
    }
    [low, high]
}

/// Zeroes the block of [`BLOCK`] bytes that `addr` is in; what fails is the access to `addr` itself.
///
/// # Safety
/// As for [`load`].
#[inline(always)]
pub(super) unsafe fn zero_block(slot: *const Slot, memory: *mut u8, addr: u64) {
    // SAFETY: by contract; a block is all in one page.
    unsafe {
        store::<Here>(Width::I8, slot, memory, addr, 0);
        for n in 0..BLOCK / 8 {
            store::<Here>(Width::I64, slot, memory, (addr & !(BLOCK - 1)) + 8 * n, 0);
        }
    }
}

/// Orders all accesses before it against all after it.
#[inline(always)]
pub(super) fn full_fence() {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}
