//! The handlers of single instructions: one shape for each [`Kind`], made for each row of the tables.
//!
//! Every handler ends in a call of the same signature as its own, which the compiler turns into a jump when it optimises
//! (a test walks a million instructions on a small stack to see that it does). For that a handler must keep nothing on its
//! stack: whatever needs more is in a cold function that takes and gives plain values.
#![allow(unsafe_code, reason = "handlers work on raw registers, slots and memory")]

use std::mem::MaybeUninit;

use super::access;
use super::exits::{attention, ebreak, ecall, fetch_fault, illegal, misaligned, window_fault};
use super::run::Run;
use super::slot::{Free, Handler, Here, Operands, Place, SCALE, Slot};
use super::slow;
use crate::addr::GuestAddr;
use crate::hart::{Hart, Reservation, SINK};
use crate::isa::float::{Rounding, native};
use crate::isa::rv64c::compressible;
use crate::isa::rv64i::{ADDI, LUI};
use crate::isa::{self, COUNT, Format, Insn, Kind, Op, ROWS, Width};

/// The handler of one instruction alone.
pub(super) fn single(insn: &Insn) -> Handler {
    let variant = match kind(insn.op) {
        Kind::Float => match insn.rm {
            7 if native(insn.op) => HOST_ROUNDING,
            1 => TO_ZERO,
            _ => ANY_ROUNDING,
        },
        Kind::Branch => backward(insn),
        Kind::Jal => backward(insn) | links(insn),
        Kind::Jalr => links(insn) | returns(insn),
        _ => 0,
    };
    let op = usize::from(insn.op);
    HANDLERS[op / 16][op % 16][usize::from(insn.len / 2 - 1)][variant]
}

/// Variants of [`Kind::Float`].
const HOST_ROUNDING: usize = 0;
const TO_ZERO: usize = 1;
const ANY_ROUNDING: usize = 2;
/// Variants of jumps and branches, to be added.
pub(super) const BACKWARD: usize = 1;
/// A call: `ra` is written.
pub(super) const LINK: usize = 2;
/// Another register is.
pub(super) const LINK_OTHER: usize = 4;
/// A return: to `ra`.
pub(super) const RETURN: usize = 1;
/// How many there are.
const VARIANTS: usize = 6;

/// The handlers of one row, by length in half-words and variant.
type RowHandlers = [[Handler; VARIANTS]; 2];

/// Of every row, and of numbers that have no row yet.
static HANDLERS: [[RowHandlers; 16]; 32] = {
    macro_rules! all {
        ($($n:literal)*) => { [$( all!(@part $n; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15), )*] };
        (@part $n:literal; $($m:literal)*) => { [$( row::<{ $n * 16 + $m }>(), )*] };
    }
    assert!(COUNT <= 512, "more rows than handlers");
    all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
};

const fn row<const OP: Op>() -> RowHandlers {
    if OP as usize >= COUNT {
        return [[illegal; VARIANTS]; 2];
    }
    [length::<OP, 1>(), length::<OP, 2>()]
}

/// The handler of an instruction that has no variants.
pub(super) const fn plain<const OP: Op, const LEN: usize>() -> Handler {
    if OP as usize >= COUNT { illegal } else { length::<OP, LEN>()[0] }
}

const fn length<const OP: Op, const LEN: usize>() -> [Handler; VARIANTS] {
    if LEN == 1 && !compressible(OP, true) {
        return [illegal; VARIANTS];
    }
    match kind(OP) {
        Kind::Float => {
            let (host, any): (Handler, Handler) = (float::<OP>, float_outlined::<OP>);
            let zero =
                if matches!(ROWS[OP as usize].format, Format::FloatToInt) { truncate::<OP> } else { any };
            [host, zero, any, any, any, any]
        }
        Kind::Value | Kind::Load(_) | Kind::Store(_) | Kind::Auipc | Kind::Fence => {
            [straight::<OP, LEN>; VARIANTS]
        }
        Kind::CacheZero | Kind::CacheManage | Kind::Pause | Kind::Hint => [straight::<OP, LEN>; VARIANTS],
        Kind::Branch => {
            let (forward, backward): (Handler, Handler) = (branch::<OP, LEN, 0>, branch::<OP, LEN, BACKWARD>);
            [forward, backward, forward, backward, forward, backward]
        }
        Kind::Jal => [
            jal::<LEN, 0>,
            jal::<LEN, BACKWARD>,
            jal::<LEN, LINK>,
            jal::<LEN, { LINK | BACKWARD }>,
            jal::<LEN, LINK_OTHER>,
            jal::<LEN, { LINK_OTHER | BACKWARD }>,
        ],
        Kind::Jalr => {
            let (link, other): (Handler, Handler) = (jalr::<LEN, LINK>, jalr::<LEN, LINK_OTHER>);
            [jalr::<LEN, 0>, jalr::<LEN, RETURN>, link, link, other, other]
        }
        Kind::Amo(_) => [amo::<OP>; VARIANTS],
        Kind::LoadReserved(_) => [load_reserved::<OP>; VARIANTS],
        Kind::StoreConditional(_) => [store_conditional::<OP>; VARIANTS],
        Kind::CompareSwap(_) => [compare_swap::<OP>; VARIANTS],
        Kind::CompareSwapPair => [compare_swap_pair; VARIANTS],
        Kind::Csr(_) => [csr::<OP>; VARIANTS],
        Kind::FenceI => [fence_i; VARIANTS],
        Kind::Ecall => [ecall; VARIANTS],
        Kind::Ebreak => [ebreak; VARIANTS],
    }
}

/// The kind of a row that exists.
pub(super) const fn kind(op: Op) -> Kind {
    ROWS[op as usize].kind
}

/// Whether a branch or jump does not go forward, and so has to look for attention.
pub(super) fn backward(insn: &Insn) -> usize {
    usize::from(insn.imm <= 0)
}

/// What a jump does with the address behind it.
pub(super) fn links(insn: &Insn) -> usize {
    match usize::from(insn.rd) {
        SINK => 0,
        RA => LINK,
        _ => LINK_OTHER,
    }
}

/// [`RETURN`] if a `jalr` is one.
pub(super) fn returns(insn: &Insn) -> usize {
    if usize::from(insn.rs1) == RA && links(insn) == 0 { RETURN } else { 0 }
}

/// The register of return addresses, by the calling convention.
pub(super) const RA: usize = 1;

/// Whether the second operand of a value row is its immediate.
pub(super) const fn immediate(op: Op) -> bool {
    matches!(
        ROWS[op as usize].format,
        Format::I
            | Format::Shift64
            | Format::Shift32
            | Format::Upper
            | Format::Round
            | Format::FloatImmediate
    )
}

/// Whether instructions of this row and length write the register that is their first source: all of C that compute something do,
/// but those that [`simplest`](super::fuse::simplest) has made an `addi` or a `lui`.
pub(super) const fn in_place(op: Op, len: usize) -> bool {
    len == 1 && matches!(kind(op), Kind::Value) && op != ADDI && op != LUI
}

/// Whether branches of this row and length compare with `x0`: those of C do.
pub(super) const fn with_zero(op: Op, len: usize) -> bool {
    len == 1 && matches!(kind(op), Kind::Branch)
}

/// Whether an instruction of this row reads its first or second source.
pub(super) const fn reads(op: Op, which: usize) -> bool {
    match kind(op) {
        Kind::Value if which == 0 => !matches!(ROWS[op as usize].format, Format::Upper),
        Kind::Value => !immediate(op) && !matches!(ROWS[op as usize].format, Format::Unary),
        Kind::Load(_) | Kind::Jalr => which == 0,
        Kind::Store(_) | Kind::Branch => true,
        _ => false,
    }
}

/// Whether an instruction of this row writes a register by [`straight_effect`].
pub(super) const fn has_result(op: Op) -> bool {
    matches!(kind(op), Kind::Value | Kind::Auipc | Kind::Load(_))
}

/// What the free register argument is given: nothing.
#[inline(always)]
pub(super) fn free() -> Free {
    MaybeUninit::uninit()
}

/// Calls the handler of a slot, as the last thing a handler does.
macro_rules! next {
    ($slot:expr, $x:expr, $size:expr, $memory:expr, $run:expr) => {{
        let slot: *const Slot = $slot;
        ((*slot).handler)(slot, $x, $size, $crate::engine::handler::free(), $memory, $run)
    }};
}
pub(super) use next;

/// Calls a cold function with a value in the free register.
macro_rules! leave {
    ($function:ident($slot:expr, $x:expr, $size:expr, $value:expr, $memory:expr, $run:expr)) => {
        $function($slot, $x, $size, std::mem::MaybeUninit::new($value), $memory, $run)
    };
}

pub(super) use leave;

/// The value of the register that a field of a slot names.
macro_rules! read {
    ($slot:expr, $x:expr, $field:ident) => {
        *$x.add((*$slot).$field as usize)
    };
}

pub(super) use read;

/// The address of a slot's instruction.
#[inline(always)]
pub(super) unsafe fn pc(slot: *const Slot, run: *const Run) -> u64 {
    // SAFETY: `run` is the run in progress.
    unsafe { (slot as u64).wrapping_sub((*run).slots as u64) / SCALE }
}

/// What an instruction does that only goes on to the next: its result, or the address that is outside the window. The
/// operands `a` and `b` are the registers `rs1` and `rs2`.
///
/// # Safety
/// As for [`access::load`]; `x` are the registers of the run's hart.
#[inline(always)]
pub(super) unsafe fn straight_effect<P: Place>(
    op: Op,
    slot: *const Slot,
    size: u64,
    memory: *mut u8,
    run: *mut Run,
    [a, b, imm]: [u64; 3],
) -> Result<u64, u64> {
    // SAFETY: addresses are checked against the window before each access.
    unsafe {
        match kind(op) {
            Kind::Value => Ok(isa::value(op, a, if immediate(op) { imm } else { b })),
            Kind::Auipc => Ok(pc(slot.add(P::SLOTS), run).wrapping_add(imm)),
            Kind::Load(width) => {
                let addr = a.wrapping_add(imm);
                if addr >= size {
                    return Err(addr);
                }
                Ok(access::load::<P>(width, slot, memory, addr))
            }
            Kind::Store(width) => {
                let addr = a.wrapping_add(imm);
                if addr >= size {
                    return Err(addr);
                }
                access::store::<P>(width, slot, memory, addr, b);
                Ok(0)
            }
            Kind::Fence => {
                access::fence(imm);
                Ok(0)
            }
            Kind::CacheZero | Kind::CacheManage if a >= size => Err(a),
            Kind::CacheZero => {
                access::zero_block(slot, memory, a);
                Ok(0)
            }
            // Permitted where a load is.
            Kind::CacheManage => {
                access::load::<P>(Width::U8, slot, memory, a);
                Ok(0)
            }
            Kind::Pause => {
                std::hint::spin_loop();
                Ok(0)
            }
            _ => Ok(0),
        }
    }
}

/// The values that an instruction of a row and length which reads two registers at most works on: `rs1`, `rs2`, immediate.
///
/// # Safety
/// As for [`straight_effect`].
#[inline(always)]
pub(super) unsafe fn sources(op: Op, len: usize, operands: Operands, x: *mut u64) -> [u64; 3] {
    // SAFETY: by contract.
    unsafe {
        let b = if with_zero(op, len) { 0 } else { *x.add(second(op, operands)) };
        [*x.add(operands.rs1()), b, operands.imm()]
    }
}

/// The register that the result goes to.
#[inline(always)]
pub(super) fn destination_of(op: Op, len: usize, operands: Operands) -> usize {
    if in_place(op, len) { operands.rs1() } else { operands.rd() }
}

/// The register `rs2`.
#[inline(always)]
pub(super) fn second(op: Op, operands: Operands) -> usize {
    if second_is_first(op) { operands.rd() } else { operands.rs2() }
}

/// Whether slots have `rs2` in the place of `rd`, so that these instructions too have all they need in three fields.
pub(super) const fn second_is_first(op: Op) -> bool {
    matches!(kind(op), Kind::Store(_) | Kind::Branch)
}

unsafe extern "sysv64" fn straight<const OP: Op, const LEN: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: see `Run::enter`; the next slot is prepared, because whoever translated this one prepared it.
    unsafe {
        let operands = Operands::all::<Here>(s, const { reads(OP, 0) });
        match straight_effect::<Here>(OP, s, size, m, run, sources(OP, LEN, operands, x)) {
            Ok(result) => {
                if const { has_result(OP) } {
                    *x.add(destination_of(OP, LEN, operands)) = result;
                }
                next!(s.add(LEN), x, size, m, run)
            }
            Err(addr) => leave!(window_fault(s, x, size, addr, m, run)),
        }
    }
}

unsafe extern "sysv64" fn float<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`.
    unsafe {
        let operands = Operands::with_rs1::<Here>(s);
        let [b, c] = operands.rs2_and_rs3().map(|register| *x.add(register));
        *x.add(operands.rd()) = isa::float(OP, *x.add(operands.rs1()), b, c, Rounding::Host);
        next!(s.add(2), x, size, m, run)
    }
}

/// To an integer as C does it.
unsafe extern "sysv64" fn truncate<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`.
    unsafe {
        read!(s, x, rd) = isa::float(OP, read!(s, x, rs1), 0, 0, Rounding::Rtz);
        next!(s.add(2), x, size, m, run)
    }
}

/// With a rounding mode of its own, which takes a change of MXCSR and so a place in memory.
unsafe extern "sysv64" fn float_outlined<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`.
    unsafe {
        let (a, b, c) = (read!(s, x, rs1), read!(s, x, rs2), read!(s, x, aux));
        read!(s, x, rd) = slow::float(OP, a, b, c, (*s).imm as u8);
        next!(s.add(2), x, size, m, run)
    }
}

/// The meaning of an `rm` field (unprivileged manual, "Floating-Point Control and Status Register").
#[inline(always)]
pub(super) fn rounding(rm: u8) -> Rounding {
    match rm {
        0 => Rounding::Rne,
        1 => Rounding::Rtz,
        2 => Rounding::Rdn,
        3 => Rounding::Rup,
        4 => Rounding::Rmm,
        _ => Rounding::Dynamic,
    }
}

unsafe extern "sysv64" fn branch<const OP: Op, const LEN: usize, const VARIANT: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`; the target is prepared for the same reason.
    unsafe {
        let operands = if const { with_zero(OP, LEN) } {
            Operands::single::<Here>(s)
        } else {
            Operands::with_rs1::<Here>(s)
        };
        let [a, b, _] = sources(OP, LEN, operands, x);
        if isa::branch(OP, a, b) {
            jump!(VARIANT, s, x, size, m, run)
        }
        next!(s.add(LEN), x, size, m, run)
    }
}

/// Goes to the target of a direct jump or branch; a backward one may find that the hart is wanted elsewhere.
macro_rules! jump {
    ($variant:expr, $slot:expr, $x:expr, $size:expr, $memory:expr, $run:expr) => {{
        use $crate::engine::handler::{BACKWARD, free, wanted};
        let target = $slot.byte_offset((*$slot).imm as isize);
        if $variant & BACKWARD != 0 && wanted($x) {
            return $crate::engine::exits::attention(target, $x, $size, free(), $memory, $run);
        }
        let handler = std::mem::transmute::<Handler, $crate::engine::handler::Taken>((*target).handler);
        return handler(target as usize, $x, $size, free(), $memory, $run);
    }};
}
pub(super) use jump;

/// A handler as a taken branch calls it. That it is another type keeps the compiler from joining this call with that of
/// the branch not taken, behind a computed slot: the processor predicts the two far better than the one.
pub(super) type Taken =
    unsafe extern "sysv64" fn(usize, *mut u64, u64, Free, *mut u8, *mut Run) -> *const Slot;

/// Whether somebody wants the hart to stop.
#[inline(always)]
pub(super) unsafe fn wanted(x: *mut u64) -> bool {
    // SAFETY: the registers are the first field of the hart, so that one pointer serves for both. A plain load is enough:
    // the loop comes back.
    unsafe { (*x.cast::<Hart>()).attention.load(std::sync::atomic::Ordering::Relaxed) != 0 }
}

/// Writes the address of the slot behind a jump.
macro_rules! write_link {
    ($variant:expr, $slot:expr, $behind:expr, $x:expr, $run:expr) => {{
        use $crate::engine::handler::{LINK, LINK_OTHER, RA, expect};
        if $variant & LINK != 0 {
            expect($x, $behind);
            *$x.add(RA) = pc($behind, $run);
        } else if $variant & LINK_OTHER != 0 {
            read!($slot, $x, rd) = pc($behind, $run);
        }
    }};
}
pub(super) use write_link;

unsafe extern "sysv64" fn jal<const LEN: usize, const VARIANT: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `branch`.
    unsafe {
        write_link!(VARIANT, s, s.add(LEN), x, run);
        jump!(VARIANT, s, x, size, m, run)
    }
}

unsafe extern "sysv64" fn jalr<const LEN: usize, const VARIANT: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: the target is checked by `go`.
    unsafe {
        if VARIANT & RETURN != 0 {
            let target = (*x.add(RA)).wrapping_add((*s).imm as i64 as u64) & !1;
            return go_back!(target, s, x, size, m, run);
        }
        let operands = Operands::with_rs1::<Here>(s);
        let target = (*x.add(operands.rs1())).wrapping_add(operands.imm()) & !1;
        write_link!(VARIANT, s, s.add(LEN), x, run);
        go!(target, s, x, size, m, run)
    }
}

/// Goes to an address that was computed: see [`targets`](super::targets).
macro_rules! go {
    ($target:expr, $slot:expr, $x:expr, $size:expr, $memory:expr, $run:expr) => {{
        use $crate::engine::handler::go_noted;
        use $crate::engine::targets::{of_jump, of_path, unexpected};
        let site: *const Slot = $slot;
        let mut slot = $crate::engine::handler::destination!($target, site, $x, $size, $memory, $run) as u64;
        let line = of_jump(site);
        go_noted!(0 line, slot, $x, $size, $memory, $run; 0 1 2 3);
        let line = of_path(site, $x);
        go_noted!(1 line, slot, $x, $size, $memory, $run; 0 1 2 3);
        leave!(unexpected(site, $x, $size, slot, $memory, $run))
    }};
}
pub(super) use go;

/// Goes to a slot if it is in one of these ways of a line, the first or the second. A way is read once: another hart may note another slot in it at any time.
/// Of two equal values the compiler goes on with the one that it has met first: that is the noted one, since the other is new each time.
macro_rules! go_noted {
    ($number:literal $line:ident, $slot:ident, $x:expr, $size:expr, $memory:expr, $run:expr; $($way:literal)*) => { $(
        let noted = $line.noted::<$way>();
        $slot = $crate::engine::handler::opaque($slot);
        if noted == $slot {
            let slot = noted as *const Slot;
            $crate::engine::targets::went($x, slot);
            $crate::engine::handler::go_guessed!(slot, $x, $size, $memory, $run; $crate::engine::targets::apart::<$number, $way>);
        }
    )* };
}
pub(super) use go_noted;

/// Goes to a slot that was guessed and is the right one, by a jump that `$apart` tells from others.
macro_rules! go_guessed {
    ($slot:ident, $x:expr, $size:expr, $memory:expr, $run:expr; $apart:expr) => {{
        use $crate::engine::handler::{Taken, arrive, free, wanted};
        if let Some(handler) = *$slot.cast::<Option<Handler>>()
            && !wanted($x)
        {
            let handler = std::mem::transmute::<Handler, Taken>(handler);
            return handler($apart($slot as u64) as usize, $x, $size, free(), $memory, $run);
        }
        return arrive($slot, $x, $size, free(), $memory, $run);
    }};
}
pub(super) use go_guessed;

/// The slot of an address that was computed.
macro_rules! destination {
    ($target:expr, $slot:expr, $x:expr, $size:expr, $memory:expr, $run:expr) => {{
        let target: u64 = $target;
        if target >= $size {
            return leave!(fetch_fault($slot, $x, $size, target, $memory, $run));
        }
        (*$run).slots.byte_add((target * $crate::engine::slot::SCALE) as usize) as *const Slot
    }};
}
pub(super) use destination;

/// Goes to an address that `ra` had. If it is where the last call came from, the slot need not wait for the register, which
/// has mostly just been loaded: what is waited for is the pointer that all later loads depend on.
macro_rules! go_back {
    ($target:expr, $slot:expr, $x:expr, $size:expr, $memory:expr, $run:expr) => {{
        use $crate::engine::handler::{arrive, expected};
        let expected = expected($x);
        let slot = $crate::engine::handler::destination!($target, $slot, $x, $size, $memory, $run);
        if expected == slot as u64 {
            let slot = $crate::engine::handler::opaque(expected) as *const Slot;
            $crate::engine::handler::go_guessed!(slot, $x, $size, $memory, $run; std::convert::identity);
        }
        leave!(arrive(slot, $x, $size, 0, $memory, $run))
    }};
}
pub(super) use go_back;

/// Notes where a call will come back to.
#[inline(always)]
pub(super) unsafe fn expect(x: *mut u64, slot: *const Slot) {
    // SAFETY: registers are the first field of the hart.
    unsafe {
        let returns = &raw mut (*x.cast::<Hart>()).returns;
        let count = (*returns).count.wrapping_add(1);
        (*returns).count = count;
        (*returns).slots[count as usize % RETURNS] = slot as u64;
    }
}

/// Takes what was noted last; any number if nothing was.
#[inline(always)]
pub(super) unsafe fn expected(x: *mut u64) -> u64 {
    // SAFETY: as above.
    unsafe {
        let returns = &raw mut (*x.cast::<Hart>()).returns;
        let count = (*returns).count;
        (*returns).count = count.wrapping_sub(1);
        (*returns).slots[count as usize % RETURNS]
    }
}

const RETURNS: usize = 16;

/// The same number; but the compiler does not know it.
#[inline(always)]
pub(super) fn opaque(mut value: u64) -> u64 {
    // SAFETY: nothing happens.
    unsafe { std::arch::asm!("/* {} */", inout(reg) value, options(pure, nomem, nostack, preserves_flags)) };
    value
}

/// Goes to a slot whose chunk may not be prepared.
#[inline(never)]
pub(super) unsafe extern "sysv64" fn arrive(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: callers give a slot in the array.
    unsafe {
        // A chunk that was never prepared reads as zero.
        let Some(handler) = *s.cast::<Option<Handler>>() else {
            return unprepared(s, x, size, free(), m, run);
        };
        if wanted(x) {
            return attention(s, x, size, free(), m, run);
        }
        handler(s, x, size, free(), m, run)
    }
}

/// Prepares the chunk of a slot, and goes there, if it is not left to [`cold`](super::cold). It has a frame of its own, which nobody shall have who takes it in.
#[cold]
#[inline(never)]
unsafe extern "sysv64" fn unprepared(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as above.
    unsafe { if slow::prepare(run, x, pc(s, run)) { next!(s, x, size, m, run) } else { s } }
}

/// The rl bit among an atomic access's operands.
const RELEASE: i32 = 1;

/// The address of an atomic access of so many bytes, if it may be made.
macro_rules! atomic_address {
    ($bytes:expr, $slot:expr, $x:expr, $size:expr, $memory:expr, $run:expr) => {{
        let addr = read!($slot, $x, rs1);
        if addr % $bytes != 0 {
            return leave!(misaligned($slot, $x, $size, addr, $memory, $run));
        }
        if addr >= $size {
            return leave!(window_fault($slot, $x, $size, addr, $memory, $run));
        }
        addr
    }};
}

const fn width(op: Op) -> Width {
    match kind(op) {
        Kind::Amo(width)
        | Kind::LoadReserved(width)
        | Kind::StoreConditional(width)
        | Kind::CompareSwap(width) => width,
        _ => Width::I64,
    }
}

unsafe extern "sysv64" fn amo<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`; the address is checked.
    unsafe {
        let addr = atomic_address!(width(OP).bytes(), s, x, size, m, run);
        read!(s, x, rd) = read_modify_write(OP, width(OP), s, m, addr, read!(s, x, rs2));
        next!(s.add(2), x, size, m, run)
    }
}

/// The memory's part of an AMO; answers the old value.
///
/// # Safety
/// As for [`access::compare_exchange`].
#[inline(always)]
pub(super) unsafe fn read_modify_write(
    op: Op,
    width: Width,
    s: *const Slot,
    m: *mut u8,
    addr: u64,
    b: u64,
) -> u64 {
    let b = match width.bytes() {
        1 => b as i8 as u64,
        2 => b as i16 as u64,
        4 => b as i32 as u64,
        _ => b,
    };
    // SAFETY: by contract.
    unsafe {
        let mut old = access::load::<Here>(width, s, m, addr);
        loop {
            let found = access::compare_exchange(width, s, m, addr, old, isa::amo(op, old, b));
            if found == old {
                return old;
            }
            old = found;
        }
    }
}

unsafe extern "sysv64" fn load_reserved<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `amo`.
    unsafe {
        let addr = atomic_address!(width(OP).bytes(), s, x, size, m, run);
        read!(s, x, rd) = reserve(width(OP), s, x.cast(), m, addr, (*s).imm);
        next!(s.add(2), x, size, m, run)
    }
}

/// Loads and reserves; `order` are the aq and rl bits.
///
/// # Safety
/// As for [`access::load`]; `hart` is the run's.
#[inline(always)]
pub(super) unsafe fn reserve(
    width: Width,
    s: *const Slot,
    hart: *mut Hart,
    m: *mut u8,
    addr: u64,
    order: i32,
) -> u64 {
    // An `sc` that follows may fail, or not be come to, and then orders nothing.
    if order & RELEASE != 0 {
        access::full_fence();
    }
    // SAFETY: by contract.
    unsafe {
        let value = access::load::<Here>(width, s, m, addr);
        (*hart).reservation = Some(Reservation { addr: GuestAddr(addr), width: width.bytes() as u8, value });
        value
    }
}

unsafe extern "sysv64" fn store_conditional<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `amo`.
    unsafe {
        let addr = atomic_address!(width(OP).bytes(), s, x, size, m, run);
        read!(s, x, rd) = conditional(width(OP), s, x.cast(), m, addr, read!(s, x, rs2));
        next!(s.add(2), x, size, m, run)
    }
}

/// Stores if the reservation holds, which it does while the value that was loaded is there; answers 0 if it did. The
/// reservation is gone either way.
///
/// # Safety
/// As for [`reserve`].
#[inline(always)]
pub(super) unsafe fn conditional(
    width: Width,
    s: *const Slot,
    hart: *mut Hart,
    m: *mut u8,
    addr: u64,
    value: u64,
) -> u64 {
    // SAFETY: by contract.
    unsafe {
        match (*hart).reservation {
            Some(held) if held.addr.0 == addr && u64::from(held.width) == width.bytes() => {
                let found = access::compare_exchange(width, s, m, addr, held.value, value);
                (*hart).reservation = None;
                u64::from(found != held.value)
            }
            _ => {
                (*hart).reservation = None;
                1
            }
        }
    }
}

unsafe extern "sysv64" fn compare_swap<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `amo`.
    unsafe {
        let addr = atomic_address!(width(OP).bytes(), s, x, size, m, run);
        let (old, new) = (read!(s, x, aux), read!(s, x, rs2));
        read!(s, x, rd) = access::compare_exchange(width(OP), s, m, addr, old, new);
        next!(s.add(2), x, size, m, run)
    }
}

unsafe extern "sysv64" fn compare_swap_pair(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `amo`.
    unsafe {
        let addr = atomic_address!(PAIR, s, x, size, m, run);
        swap_pair(s, x, m, addr, [(*s).rd, (*s).aux, (*s).rs2]);
        next!(s.add(2), x, size, m, run)
    }
}

/// Bytes that a pair of registers has.
pub(super) const PAIR: u64 = 16;

/// Compares and swaps with pairs of registers: the destination, the same as a source, and the other source.
///
/// # Safety
/// As for [`access::compare_exchange`]; `x` are the registers of the run's hart.
#[inline(always)]
pub(super) unsafe fn swap_pair(s: *const Slot, x: *mut u64, m: *mut u8, addr: u64, [rd, old, new]: [u8; 3]) {
    // SAFETY: by contract. Pairs begin with an even register, and the sink has room behind it.
    unsafe {
        // With x0 both halves are zero.
        let pair = |first: u8| [*x.add(first as usize), *x.add(first as usize + usize::from(first != 0))];
        let [low, high] = access::compare_exchange_pair(s, m, addr, pair(old), pair(new));
        *x.add(rd as usize) = low;
        *x.add(rd as usize + 1) = high;
    }
}

unsafe extern "sysv64" fn csr<const OP: Op>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`.
    unsafe { if slow::csr(OP, s, x, run) { next!(s.add(2), x, size, m, run) } else { s.add(2) } }
}

unsafe extern "sysv64" fn fence_i(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in `straight`.
    unsafe {
        slow::fence_i(run, x);
        next!(s.add(2), x, size, m, run)
    }
}
