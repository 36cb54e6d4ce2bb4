//! Groups: several instructions in one handler.
//!
//! What a pair saves, a group saves more of: dispatches, and results that go from one instruction to a later one in a host register
//! instead of through memory. There are too many combinations to have them all, so a group is not made for every mode of its
//! instructions, as pairs are, but for one: an idiom, of which [`super::idioms`] has a list. An idiom tells for each operand
//! whether its handler reads the register, or knows that it is zero, the result of an instruction of the group, or what an instruction
//! of the group has read already; and which results are overwritten before anybody else could see them. A handler that reads the
//! register is right for every instruction; so one idiom serves many places, and a place has often the choice.
//!
//! The last branch of an idiom may go to its first instruction: then the handler is a loop of the host's, which looks at each turn
//! whether the hart is wanted, and whether it is still the handler of its slot.
#![allow(unsafe_code, reason = "groups are handlers")]

use super::exits::{attention, fetch_fault, illegal, window_fault};
use super::handler::{
    BACKWARD, LINK_OTHER, backward, free, go, go_back, has_result, immediate, in_place, jump, kind, leave,
    links, next, pc, read, reads, returns, second, straight_effect, wanted, with_zero, write_link,
};
use super::idioms::IDIOMS;
use super::run::Run;
use super::slot::{Free, Handler, Operands, Place, Slot};
use crate::isa::{self, Insn, Kind, Op};

/// Instructions in a group, at most.
pub(super) const MOST: usize = 14;
/// What handlers cost, about: for a dispatch, for an instruction, and what it is less for one that has a result from another, or an
/// operand without reading a register.
pub(super) const DISPATCH: u16 = 12;
pub(super) const STEP: u16 = 4;
pub(super) const FORWARDED: u16 = 4;
const KNOWN: u16 = 1;
/// With so many values in registers, none is left to take fields apart.
const KEPT: usize = 2;
/// What a loop costs less, in a block that it leaves.
const LOOPED: u16 = 10;

/// Where a step of an idiom has an operand from: one of these, or the number of the step whose result it is, or [`AGAIN`] and twice
/// the number of the step whose first source it is, plus 1 for the second source.
pub(super) type From = u8;
/// It was read already.
pub(super) const AGAIN: From = 0x40;
/// From its register.
pub(super) const REGISTER: From = 0xff;
/// It is `x0`.
pub(super) const ZERO: From = 0xfe;

/// One instruction of an idiom.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// Its row.
    pub op: Op,
    /// Its length in half-words.
    pub len: u8,
    /// First and second source.
    pub from: [From; 2],
    /// The step whose result it overwrites, before anybody else could see it.
    pub over: Option<u8>,
    /// [`BACKWARD`](super::handler::BACKWARD), [`LINK`](super::handler::LINK), [`RETURNS`], [`OTHER`], [`LOOP`].
    pub variant: u8,
}

impl Step {
    /// Whether it writes the register of its first source.
    const fn in_place(&self) -> bool {
        in_place(self.op, self.len as usize)
    }

    /// Whether it reads the register of its first source.
    const fn reads_first(&self) -> bool {
        reads(self.op, 0) && self.from[0] == REGISTER
    }
}

/// Of a `jalr`: it is a return.
pub(super) const RETURNS: u8 = 4;
/// Of a `jalr`: it writes a register that is not `ra`, as the stubs of shared libraries do.
pub(super) const OTHER: u8 = 16;
/// Of a branch: it goes back to the first step.
pub(super) const LOOP: u8 = 8;

/// Instructions whose handler is made as one.
pub(super) struct Idiom {
    steps: [Step; MOST],
    count: usize,
    /// The keys of the steps.
    keys: [u16; MOST],
    /// A bit for each step whose result is not written.
    dead: u16,
    cost: u16,
}

impl Idiom {
    /// Of so many steps; two are mostly a pair.
    pub(super) const fn new(list: &[Step]) -> Idiom {
        assert!(list.len() >= 2 && list.len() <= MOST, "an idiom has several steps");
        let (steps, keys) = ([list[0]; MOST], [0; MOST]);
        let mut idiom = Idiom { steps, count: list.len(), keys, dead: 0, cost: DISPATCH };
        let mut n = 0;
        while n < list.len() {
            let mut step = list[n];
            if with_zero(step.op, step.len as usize) {
                step.from[1] = ZERO;
            }
            let goes_on = matches!(kind(step.op), Kind::Value | Kind::Auipc);
            let last = n + 1 == list.len();
            match kind(step.op) {
                Kind::Value | Kind::Auipc | Kind::Load(_) | Kind::Store(_) => assert!(step.variant == 0),
                Kind::Branch => assert!(last || step.variant == 0, "only the last branch polls"),
                Kind::Jal | Kind::Jalr => assert!(last, "nothing comes behind a jump"),
                _ => panic!("groups have no such instruction"),
            }
            let mut forwarded = false;
            let mut which = 0;
            while which < 2 {
                match step.from[which] {
                    REGISTER => {}
                    ZERO => idiom.cost -= KNOWN,
                    from if from >= AGAIN => {
                        let [from, source] = again(from);
                        assert!(
                            from <= n && reads(list[from].op, source) && list[from].from[source] == REGISTER
                        );
                        idiom.cost -= KNOWN;
                    }
                    from => {
                        assert!(has_result(list[from as usize].op) && (from as usize) < n);
                        forwarded = true;
                    }
                }
                which += 1;
            }
            if let Some(over) = step.over {
                assert!(has_result(step.op) && has_result(list[over as usize].op) && goes_on);
                let mut between = over as usize + 1;
                while between < n {
                    let op = list[between].op;
                    assert!(matches!(kind(op), Kind::Value | Kind::Auipc), "a result could be seen");
                    between += 1;
                }
                idiom.dead |= 1 << over;
            }
            idiom.steps[n] = step;
            if step.variant == LOOP {
                idiom.cost -= LOOPED;
            }
            idiom.keys[n] =
                key(step.op, step.len, if step.variant == LOOP { BACKWARD as u8 } else { step.variant });
            idiom.cost += STEP - if forwarded { FORWARDED } else { 0 };
            n += 1;
        }
        idiom
    }

    /// Its steps.
    #[cfg(test)]
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps[..self.count]
    }

    /// Whether the handler does what these instructions do, of which there are as many and whose keys are the idiom's.
    pub(super) fn fits(&self, insns: &[Insn]) -> bool {
        self.steps.iter().zip(insns).enumerate().all(|(n, (step, insn))| {
            let writer = |register: u8| {
                insns[..n].iter().rposition(|earlier| earlier.rd == register && has_result(earlier.op))
            };
            let has = |from: From, register: u8| match from {
                ZERO => register == 0,
                REGISTER => writer(register).is_none_or(|writer| self.dead & 1 << writer == 0),
                from if from >= AGAIN => {
                    let [from, source] = again(from);
                    let earlier = &insns[from];
                    register == [earlier.rs1, earlier.rs2][source]
                        && writer(register).is_none_or(|writer| writer < from)
                }
                result => writer(register) == Some(result.into()),
            };
            (!reads(step.op, 0) || has(step.from[0], insn.rs1))
                && (!reads(step.op, 1) || has(step.from[1], insn.rs2))
                && step.over.is_none_or(|over| writer(insn.rd) == Some(over.into()))
                && (step.variant != LOOP || i64::from(insn.imm) == -2 * self.slots(n) as i64)
        })
    }

    /// Slots of the steps before step `n`, or of all.
    const fn slots(&self, n: usize) -> usize {
        let (mut slots, mut step) = (0, 0);
        while step < n && step < self.count {
            slots += self.steps[step].len as usize;
            step += 1;
        }
        slots
    }

    /// How many values that were there before a step are wanted after it.
    const fn kept(&self, n: usize) -> usize {
        let mut kept = 0;
        let mut value = 0;
        while value < 3 * MOST {
            // The result of a step, or what it has read.
            let (from, step) = if value < MOST {
                (value as From, value)
            } else {
                (AGAIN + (value - MOST) as From, (value - MOST) / 2)
            };
            let mut later = n + 1;
            while step < n && later < self.count {
                let [a, b] = self.steps[later].from;
                if a == from || b == from {
                    kept += 1;
                    break;
                }
                later += 1;
            }
            value += 1;
        }
        kept
    }

    /// Whether the fields of a step's slot are loaded together: if the handler needs more than one, and has registers left.
    const fn needs_many(&self, n: usize) -> bool {
        if self.kept(n) >= KEPT {
            return false;
        }
        let Step { op, from, .. } = self.steps[n];
        let imm = match kind(op) {
            Kind::Value => immediate(op),
            Kind::Branch => false,
            _ => true,
        };
        let a = self.steps[n].reads_first();
        let b = reads(op, 1) && from[1] == REGISTER;
        let rd = self.writes(n) && !(a && self.steps[n].in_place());
        a as u8 + b as u8 + imm as u8 + rd as u8 > 1
    }

    /// Whether a step's result is written to its register.
    const fn writes(&self, n: usize) -> bool {
        has_result(self.steps[n].op) && self.dead & 1 << n == 0
    }
}

/// The step and the source that [`AGAIN`] names.
const fn again(from: From) -> [usize; 2] {
    let which = (from - AGAIN) as usize;
    [which / 2, which % 2]
}

/// What must be the same of an instruction and a step, packed.
const fn key(op: Op, len: u8, variant: u8) -> u16 {
    op | (len as u16) << 9 | (variant as u16) << 11
}

/// The key of an instruction, if a group can have it.
pub(super) fn key_of(insn: &Insn) -> Option<u16> {
    let variant = match kind(insn.op) {
        Kind::Value | Kind::Auipc | Kind::Load(_) | Kind::Store(_) => 0,
        Kind::Branch => backward(insn),
        Kind::Jal if links(insn) != LINK_OTHER => backward(insn) | links(insn),
        Kind::Jalr if returns(insn) != 0 => RETURNS.into(),
        Kind::Jalr if links(insn) == LINK_OTHER => OTHER.into(),
        Kind::Jalr => links(insn),
        _ => return None,
    };
    Some(key(insn.op, insn.len / 2, variant as u8))
}

/// A group that fits.
pub(super) struct Found {
    number: u16,
    /// What it takes from its first instruction to the end.
    pub cost: u16,
}

impl Found {
    /// Its handler.
    pub fn handler(&self) -> Handler {
        HANDLERS[usize::from(self.number) / 16][usize::from(self.number) % 16]
    }
}

/// The best group for at most [`MOST`] instructions that follow one another, with their keys, if `behind` tells what it takes behind so many.
pub(super) fn best(insns: &[Insn], keys: &[u16], behind: &[u16]) -> Option<Found> {
    // Of the keys up to each.
    let mut marks = [0; MOST + 1];
    for (n, key) in keys.iter().enumerate() {
        marks[n + 1] = marked(marks[n], *key);
    }
    let mut best: Option<Found> = None;
    for count in 2..=keys.len().min(3) {
        let mut number = INDEX.first[bucket(keys, count)];
        while let Some(link) = INDEX.links.get(usize::from(number)) {
            let count = usize::from(link.count);
            if count <= keys.len() && marks[count] == link.mark {
                let idiom = &IDIOMS[usize::from(number)];
                let cost = idiom.cost + behind[count];
                if best.as_ref().is_none_or(|best| cost < best.cost)
                    && keys[..count] == idiom.keys[..count]
                    && idiom.fits(&insns[..count])
                {
                    best = Some(Found { number, cost });
                }
            }
            number = link.next;
        }
    }
    best
}

/// The idioms by their first three keys, or two if they have no more: the first of each bucket, or [`NONE`].
struct Index {
    first: [u16; BUCKETS],
    links: [Link; IDIOMS.len()],
}

/// What is looked at of an idiom before the idiom itself, which is larger, and mostly in no cache when a program starts.
#[derive(Clone, Copy)]
struct Link {
    /// The next one in the bucket, or [`NONE`].
    next: u16,
    /// Of all its keys.
    mark: u16,
    /// How many these are.
    count: u16,
}

const NONE: u16 = u16::MAX;
const BUCKETS: usize = 4096;
static INDEX: Index = index();

/// The bucket of idioms that begin with the first so many of these keys, two or three.
const fn bucket(keys: &[u16], count: usize) -> usize {
    let third = if count > 2 { keys[2] as usize } else { 0 };
    ((keys[0] as usize * 37 + keys[1] as usize) * 37 + third) % BUCKETS
}

/// The mark of keys, of which `mark` is that of all but the last.
const fn marked(mark: u16, key: u16) -> u16 {
    mark.wrapping_mul(0x9e3d).rotate_left(5) ^ key
}

const fn index() -> Index {
    let mut index =
        Index { first: [NONE; BUCKETS], links: [Link { next: NONE, mark: 0, count: 0 }; IDIOMS.len()] };
    // From the last on, so that each bucket has them in the order of the list.
    let mut n = IDIOMS.len();
    while n > 0 {
        n -= 1;
        let idiom = &IDIOMS[n];
        let bucket = bucket(&idiom.keys, idiom.count);
        let (mut mark, mut key) = (0, 0);
        while key < idiom.count {
            mark = marked(mark, idiom.keys[key]);
            key += 1;
        }
        index.links[n] = Link { next: index.first[bucket], mark, count: idiom.count as u16 };
        index.first[bucket] = n as u16;
    }
    index
}

/// The handler of each idiom, and of numbers that have none.
static HANDLERS: [[Handler; 16]; 80] = {
    macro_rules! all {
        ($($n:literal)*) => { [$( all!(@part $n; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15), )*] };
        (@part $n:literal; $($m:literal)*) => { [$( handler::<{ $n * 16 + $m }>(), )*] };
    }
    assert!(IDIOMS.len() <= 1280, "more idioms than handlers");
    all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39
         40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79)
};

const fn handler<const N: usize>() -> Handler {
    if N < IDIOMS.len() { group::<N> } else { illegal }
}

#[allow(unused_assignments, reason = "nobody reads the result of an idiom's last step")]
unsafe extern "sysv64" fn group<const N: usize>(
    s: *const Slot,
    x: *mut u64,
    size: u64,
    _: Free,
    m: *mut u8,
    run: *mut Run,
) -> *const Slot {
    // SAFETY: as in the handlers of pairs; the slots of all steps have their fields.
    unsafe {
        loop {
            let mut results = [0; MOST];
            let mut read = [[0; 2]; MOST];
            macro_rules! steps { ($($n:literal)*) => { $(
                if const { $n < idiom::<N>().count } {
                    let step = const { idiom::<N>().steps[$n] };
                    let many = const { idiom::<N>().needs_many($n) };
                    let operands = if many {
                        Operands::all::<At<N, $n>>(s, const { idiom::<N>().steps[$n].reads_first() })
                    } else {
                        Operands::single::<At<N, $n>>(s)
                    };
                    let a = match step.from[0] {
                        REGISTER => *x.add(operands.rs1()),
                        from => known(from, &results, &read),
                    };
                    read[$n][0] = a;
                    let b = match step.from[1] {
                        REGISTER => *x.add(second(step.op, operands)),
                        from => known(from, &results, &read),
                    };
                    read[$n][1] = b;
                    let imm = operands.imm();
                    let variant = usize::from(step.variant);
                    let here = s.add(At::<N, $n>::SLOTS);
                    let behind = here.add(usize::from(step.len));
                    match kind(step.op) {
                        Kind::Branch if step.variant == LOOP => {
                            if isa::branch(step.op, a, b) {
                                if wanted(x) {
                                    return attention(s, x, size, free(), m, run);
                                }
                                // Somebody may have put a breakpoint there.
                                if (&raw const (*s).handler).read_volatile() as usize == group::<N> as *const () as usize {
                                    continue;
                                }
                                return next!(s, x, size, m, run);
                            }
                        }
                        Kind::Branch => {
                            if isa::branch(step.op, a, b) {
                                jump!(variant, here, x, size, m, run)
                            }
                        }
                        Kind::Jal => {
                            write_link!(variant, here, behind, x, run);
                            jump!(variant, here, x, size, m, run)
                        }
                        Kind::Jalr if step.variant == RETURNS => {
                            return go_back!(a.wrapping_add(imm) & !1, here, x, size, m, run);
                        }
                        Kind::Jalr => {
                            let variant = if step.variant == OTHER { LINK_OTHER } else { variant };
                            write_link!(variant, here, behind, x, run);
                            return go!(a.wrapping_add(imm) & !1, here, x, size, m, run);
                        }
                        _ => match straight_effect::<At<N, $n>>(step.op, s, size, m, run, [a, b, imm]) {
                            Ok(result) => {
                                results[$n] = result;
                                if const { idiom::<N>().writes($n) } {
                                    let in_place = const {
                                        idiom::<N>().steps[$n].in_place() && idiom::<N>().steps[$n].reads_first()
                                    };
                                    *x.add(if in_place { operands.rs1() } else { operands.rd() }) = result;
                                }
                            }
                            Err(addr) => return leave!(window_fault(here, x, size, addr, m, run)),
                        },
                    }
                }
            )* } }
            steps!(0 1 2 3 4 5 6 7 8 9 10 11 12 13);
            return next!(s.add(const { idiom::<N>().slots(MOST) }), x, size, m, run);
        }
    }
}

/// An operand that is not read from its register.
#[inline(always)]
fn known(from: From, results: &[u64; MOST], read: &[[u64; 2]; MOST]) -> u64 {
    match from {
        ZERO => 0,
        from if from >= AGAIN => {
            let [step, source] = again(from);
            read[step][source]
        }
        from => results[usize::from(from)],
    }
}

/// Where the step `K` of idiom `N` has its slot.
struct At<const N: usize, const K: usize>;

impl<const N: usize, const K: usize> Place for At<N, K> {
    const SLOTS: usize = idiom::<N>().slots(K);
}

/// An idiom that exists.
const fn idiom<const N: usize>() -> &'static Idiom {
    &IDIOMS[N]
}

/// All idioms.
#[cfg(test)]
pub(super) fn listed() -> impl Iterator<Item = &'static Idiom> {
    IDIOMS.iter()
}

/// The handler of an idiom.
#[cfg(test)]
pub(super) fn handler_of(n: usize) -> Handler {
    HANDLERS[n / 16][n % 16]
}

/// Whether a handler is that of an idiom.
#[cfg(test)]
pub(super) fn is_group(handler: usize) -> bool {
    (0..IDIOMS.len()).any(|n| handler_of(n) as usize == handler)
}
