//! Classic BPF as seccomp(2) uses it: a program over `struct seccomp_data` (Documentation/networking/filter.rst). What the
//! kernel refuses is refused here, so that a program which is run can neither loop nor reach outside.

use bytemuck::{Pod, Zeroable};

/// `struct sock_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Instruction {
    /// What it does.
    pub code: u16,
    /// How many instructions to skip if a comparison holds.
    pub jump_true: u8,
    /// How many if it does not.
    pub jump_false: u8,
    /// Its constant.
    pub constant: u32,
}

/// `struct seccomp_data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Data {
    /// The call's number.
    pub number: i32,
    /// `AUDIT_ARCH_*`.
    pub arch: u32,
    /// The pc after the `ecall`.
    pub instruction_pointer: u64,
    /// `a0`–`a5`.
    pub args: [u64; 6],
}

/// `BPF_MAXINSNS`.
pub const LONGEST: usize = 4096;
/// Cells of scratch memory (`BPF_MEMWORDS`).
const CELLS: usize = 16;

const DATA: u32 = size_of::<Data>() as u32;

// Classes, in the low three bits.
const LD: u16 = 0;
const LDX: u16 = 1;
const ST: u16 = 2;
const STX: u16 = 3;
const ALU: u16 = 4;
const JMP: u16 = 5;
const RET: u16 = 6;
const MISC: u16 = 7;
// Where an operand comes from: the constant, or X.
const X: u16 = 0x08;
// Modes of loads, beside the width of a word, which is 0.
const IMM: u16 = 0x00;
const ABS: u16 = 0x20;
const MEM: u16 = 0x60;
const LEN: u16 = 0x80;
// Arithmetic.
const ADD: u16 = 0x00;
const SUB: u16 = 0x10;
const MUL: u16 = 0x20;
const DIV: u16 = 0x30;
const OR: u16 = 0x40;
const AND: u16 = 0x50;
const LSH: u16 = 0x60;
const RSH: u16 = 0x70;
const NEG: u16 = 0x80;
const XOR: u16 = 0xa0;
// Jumps.
const JA: u16 = 0x00;
const JEQ: u16 = 0x10;
const JGT: u16 = 0x20;
const JGE: u16 = 0x30;
const JSET: u16 = 0x40;
// Returns of A, and moves between A and X.
const RET_A: u16 = RET | 0x10;
const TAX: u16 = MISC;
const TXA: u16 = MISC | 0x80;

/// A program that has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(Vec<Instruction>);

impl Program {
    /// Checks a program as the kernel does; `None` for one that it refuses.
    pub fn new(instructions: Vec<Instruction>) -> Option<Program> {
        let len = instructions.len();
        let returns = |last: &Instruction| matches!(last.code, RET | RET_A);
        let sound = (1..=LONGEST).contains(&len)
            && instructions.last().is_some_and(returns)
            && instructions.iter().enumerate().all(|(at, one)| is_sound(one, len - at - 1))
            && reads_what_is_written(&instructions);
        sound.then_some(Program(instructions))
    }

    /// Its instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.0
    }

    /// What it answers about a call.
    pub fn run(&self, data: &Data) -> u32 {
        let words: &[u32; DATA as usize / 4] = bytemuck::cast_ref(data);
        let (mut a, mut x, mut cells) = (0_u32, 0_u32, [0_u32; CELLS]);
        let mut rest = self.0.iter();
        while let Some(&Instruction { code, jump_true, jump_false, constant: k }) = rest.next() {
            let cell = k as usize % CELLS;
            let operand = if code & X != 0 { x } else { k };
            let mut skip = 0;
            match code & 7 {
                LD => a = load(code, k, words, &cells),
                LDX => x = load(code, k, words, &cells),
                ST => cells[cell] = a,
                STX => cells[cell] = x,
                ALU => match calculate(code & 0xf0, a, operand) {
                    Some(result) => a = result,
                    // A division by zero ends the program.
                    None => return 0,
                },
                JMP if code & 0xf0 == JA => skip = k as usize,
                JMP => {
                    skip = usize::from(if compare(code & 0xf0, a, operand) { jump_true } else { jump_false })
                }
                RET => return if code == RET_A { a } else { k },
                _ if code == TAX => x = a,
                _ => a = x,
            }
            if skip != 0 {
                rest.nth(skip - 1);
            }
        }
        // Not reached: the last instruction returns, and no jump passes it.
        0
    }
}

fn load(code: u16, k: u32, words: &[u32; DATA as usize / 4], cells: &[u32; CELLS]) -> u32 {
    match code & 0xe0 {
        ABS => words.get(k as usize / 4).copied().unwrap_or(0),
        MEM => cells[k as usize % CELLS],
        LEN => DATA,
        _ => k,
    }
}

fn calculate(operation: u16, a: u32, operand: u32) -> Option<u32> {
    Some(match operation {
        ADD => a.wrapping_add(operand),
        SUB => a.wrapping_sub(operand),
        MUL => a.wrapping_mul(operand),
        DIV => return a.checked_div(operand),
        OR => a | operand,
        AND => a & operand,
        LSH => a.wrapping_shl(operand),
        RSH => a.wrapping_shr(operand),
        NEG => a.wrapping_neg(),
        _ => a ^ operand,
    })
}

fn compare(operation: u16, a: u32, operand: u32) -> bool {
    match operation {
        JEQ => a == operand,
        JGT => a > operand,
        JGE => a >= operand,
        _ => a & operand != 0,
    }
}

/// Whether an instruction is one that seccomp knows, and its constant or its jumps are right with `behind` instructions behind it.
fn is_sound(instruction: &Instruction, behind: usize) -> bool {
    let Instruction { code, jump_true, jump_false, constant: k } = *instruction;
    const SHIFT_LEFT: u16 = ALU | LSH;
    const SHIFT_RIGHT: u16 = ALU | RSH;
    const DIVIDE: u16 = ALU | DIV;
    match code {
        // The data is read by whole words, at their places.
        _ if code == LD | ABS => k < DATA && k % 4 == 0,
        _ if code == LD | IMM || code == LDX | IMM || code == LD | LEN || code == LDX | LEN => true,
        _ if code == LD | MEM || code == LDX | MEM || code == ST || code == STX => k < CELLS as u32,
        RET | RET_A | TAX | TXA => true,
        DIVIDE => k != 0,
        SHIFT_LEFT | SHIFT_RIGHT => k < 32,
        _ if code & 7 == ALU => {
            let operation = code & 0xf0;
            let known = [ADD, SUB, MUL, DIV, OR, AND, LSH, RSH, XOR].contains(&operation);
            code & !0xff == 0 && (known || code == ALU | NEG)
        }
        _ if code == JMP | JA => (k as usize) < behind,
        _ if code & 7 == JMP => {
            let known = [JEQ, JGT, JGE, JSET].contains(&(code & 0xf0)) && code & !0xff == 0;
            known && usize::from(jump_true) < behind && usize::from(jump_false) < behind
        }
        _ => false,
    }
}

/// Whether no way through the program reads a cell before it is written. Jumps go forward only, so one pass sees every way.
fn reads_what_is_written(instructions: &[Instruction]) -> bool {
    const ALL: u16 = u16::MAX;
    // For each instruction the cells that are written on every way to it by a jump.
    let mut by_jump = vec![ALL; instructions.len()];
    let mut written = 0_u16;
    for (at, one) in instructions.iter().enumerate() {
        written &= by_jump[at];
        let mut land = |skip: usize| {
            if let Some(target) = by_jump.get_mut(at + 1 + skip) {
                *target &= written;
            }
        };
        match one.code {
            ST | STX => written |= 1 << (one.constant % CELLS as u32),
            code if (code == LD | MEM || code == LDX | MEM) && written >> (one.constant % 16) & 1 == 0 => {
                return false;
            }
            code if code == JMP | JA => {
                land(one.constant as usize);
                written = ALL;
            }
            code if code & 7 == JMP => {
                land(usize::from(one.jump_true));
                land(usize::from(one.jump_false));
                written = ALL;
            }
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn op(code: u16, jump_true: u8, jump_false: u8, constant: u32) -> Instruction {
        Instruction { code, jump_true, jump_false, constant }
    }

    fn data(number: i32) -> Data {
        Data {
            number,
            arch: 7,
            instruction_pointer: 0x1_0000_0002,
            args: [0x1111_2222_3333_4444, 0, 0, 0, 0, 5],
        }
    }

    #[test]
    fn programs_are_run() {
        let program = [op(LD | ABS, 0, 0, 0), op(JMP | JEQ, 0, 1, 64), op(RET, 0, 0, 1), op(RET, 0, 0, 2)];
        let program = Program::new(program.to_vec()).unwrap();
        assert_eq!((program.run(&data(64)), program.run(&data(63))), (1, 2));
        let arithmetic = |code, a, k| {
            Program::new(vec![op(LD, 0, 0, a), op(ALU | code, 0, 0, k), op(RET_A, 0, 0, 0)])
                .map(|p| p.run(&data(0)))
        };
        assert_eq!(arithmetic(SUB, 1, 2), Some(u32::MAX));
        assert_eq!(arithmetic(DIV, 7, 2), Some(3));
        assert_eq!(arithmetic(DIV, 7, 0), None);
        assert_eq!(arithmetic(LSH, 1, 31), Some(1 << 31));
        assert_eq!(arithmetic(LSH, 1, 32), None);
        assert_eq!(arithmetic(NEG, 1, 0), Some(u32::MAX));
        assert_eq!(arithmetic(0x90, 7, 2), None, "no modulo in seccomp");
        let words =
            |k| Program::new(vec![op(LD | ABS, 0, 0, k), op(RET_A, 0, 0, 0)]).map(|p| p.run(&data(9)));
        assert_eq!([words(0), words(4), words(8), words(12)], [Some(9), Some(7), Some(2), Some(1)]);
        assert_eq!(
            [words(16), words(20), words(56), words(60)],
            [Some(0x3333_4444), Some(0x1111_2222), Some(5), Some(0)]
        );
        assert_eq!([words(64), words(2)], [None, None]);
        let by_zero = vec![op(LD, 0, 0, 1), op(ALU | DIV | X, 0, 0, 0), op(RET, 0, 0, 5)];
        assert_eq!(Program::new(by_zero).unwrap().run(&data(0)), 0);
    }

    #[test]
    fn what_the_kernel_refuses_is_refused() {
        let refused = |program: &[Instruction]| Program::new(program.to_vec()).is_none();
        let end = op(RET, 0, 0, 0);
        assert!(refused(&[]));
        assert!(refused(&[op(LD, 0, 0, 0)]), "does not return");
        assert!(refused(&[op(JMP, 0, 0, 1), end]), "jumps behind the end");
        assert!(!refused(&[op(JMP, 0, 0, 0), end]));
        assert!(refused(&[op(JMP | JEQ, 1, 0, 0), end]));
        assert!(refused(&[op(LD | MEM, 0, 0, 0), end]), "reads before it writes");
        assert!(!refused(&[op(ST, 0, 0, 3), op(LD | MEM, 0, 0, 3), end]));
        assert!(refused(&[op(ST, 0, 0, 16), end]));
        // One of two ways writes.
        assert!(refused(&[op(JMP | JEQ, 0, 1, 0), op(ST, 0, 0, 1), op(LD | MEM, 0, 0, 1), end]));
        assert!(refused(&[op(0x28, 0, 0, 0), end]), "half words");
        assert!(refused(&[op(0x1000, 0, 0, 0), end]));
        assert!(refused(&vec![end; LONGEST + 1]));
        assert!(!refused(&vec![end; LONGEST]));
    }

    proptest! {
        #[test]
        fn any_program_ends(code in prop::collection::vec((0_u16..0x100, 0_u8..4, 0_u8..4, 0_u32..70), 1..40), number: i32) {
            let mut program: Vec<_> = code.into_iter().map(|(code, t, f, k)| op(code, t, f, k)).collect();
            program.push(op(RET, 0, 0, 1));
            if let Some(program) = Program::new(program) {
                program.run(&data(number));
            }
        }
    }
}
