//! Each idiom's handler against the instrumented form.

use super::super::group::{self, AGAIN, Idiom, LOOP, REGISTER, Step, ZERO};
use super::super::handler::{BACKWARD, has_result, immediate, in_place, kind};
use super::{CODE, DATA, Machine, READ_ONLY, addi, ecall, encode, on_small_stack, parcels};
use crate::addr::GuestAddr;
use crate::engine::Exit;
use crate::hart::{F0, SINK};
use crate::isa::rv64i::{BNE, JALR};
use crate::isa::{Format, Insn, Kind, ROWS};

/// Where the groups begin; around them is nothing but illegal instructions, which end a run.
const START: u64 = CODE + 0x1000;
/// Where jumps go.
const FORWARD: i64 = 0x400;
const BACK: i64 = -0x400;
/// Turns of a loop that are waited for, in instructions.
const PATIENCE: usize = 2_000;
/// Programs for each idiom, and how many registers and numbers are tried for one.
const PROGRAMS: usize = 60;
const TRIES: usize = 4_000;

/// Numbers without a pattern, the same ones each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }

    /// What a register may hold: mostly something that a base register can.
    fn value(&mut self) -> u64 {
        match self.below(11) {
            0 => self.below(u64::MAX),
            1 => 0_u64.wrapping_sub(self.below(100)),
            2 | 5 | 6 | 7 => 8 * self.below(16),
            3 => READ_ONLY + 8 * self.below(64),
            4 => u64::MAX << self.below(64),
            _ => DATA + 0x400 + 8 * self.below(128),
        }
    }
}

/// An integer register, or one of those that floating-point accesses have.
fn register(random: &mut Random, is_float: bool) -> u8 {
    if is_float { (F0 as u64 + random.below(8)) as u8 } else { 5 + random.below(11) as u8 }
}

/// An instruction for a step, in a program that has others before it; whether another one uses its result.
fn instruction(random: &mut Random, step: &Step, before: &[Insn], at: i64, is_used: bool) -> Insn {
    let format = ROWS[usize::from(step.op)].format;
    let mut source = |which: usize, first: u8| match step.from[which] {
        from if (AGAIN..ZERO).contains(&from) && usize::from(from - AGAIN) / 2 == before.len() => first,
        ZERO => 0,
        REGISTER if which == 0 && matches!(kind(step.op), Kind::Jalr) && step.variant == group::RETURNS => 1,
        REGISTER => register(random, which == 1 && matches!(format, Format::FloatStore)),
        from if from >= AGAIN => {
            let earlier = &before[usize::from(from - AGAIN) / 2];
            [earlier.rs1, earlier.rs2][usize::from(from - AGAIN) % 2]
        }
        from => before[usize::from(from)].rd,
    };
    let is_in_place = in_place(step.op, step.len.into());
    let rs1 = match step.over {
        Some(over) if is_in_place => before[usize::from(over)].rd,
        _ => source(0, 0),
    };
    let rs2 = source(1, rs1);
    let variant = usize::from(step.variant);
    let imm = match kind(step.op) {
        Kind::Branch | Kind::Jal if step.variant == LOOP => -at,
        Kind::Branch | Kind::Jal if variant & BACKWARD != 0 => BACK - at,
        Kind::Branch | Kind::Jal => FORWARD - at,
        Kind::Value | Kind::Auipc if matches!(format, Format::Upper) => (random.below(64) as i64 - 32) << 12,
        Kind::Value if matches!(format, Format::Shift64) => random.below(64) as i64,
        Kind::Value if matches!(format, Format::Shift32) => random.below(32) as i64,
        Kind::Value if !immediate(step.op) => 0,
        _ => 8 * random.below(32) as i64 - 128,
    };
    // The addresses behind the program are aligned.
    let imm = match before.get(usize::from(step.from[0])) {
        Some(insn) if matches!(kind(insn.op), Kind::Auipc) && !matches!(kind(step.op), Kind::Branch) => {
            let pc: i64 = before[..usize::from(step.from[0])].iter().map(|insn| i64::from(insn.len)).sum();
            imm - pc % 8
        }
        _ => imm,
    };
    let rd = match (kind(step.op), step.over) {
        (_, Some(over)) => before[usize::from(over)].rd,
        (Kind::Jal | Kind::Jalr, _) if step.variant & 2 != 0 => 1,
        (Kind::Jalr, _) if step.variant == group::OTHER => register(random, false),
        _ if is_in_place => rs1,
        _ if !has_result(step.op) => SINK as u8,
        // What computes for nobody is translated as something else, and nobody can read what was written to `x0`.
        _ if !matches!(kind(step.op), Kind::Value) && !is_used && random.chance(20) => SINK as u8,
        _ => register(random, matches!(format, Format::FloatLoad)),
    };
    let uses_second = !matches!(kind(step.op), Kind::Load(_) | Kind::Jalr) && !immediate(step.op);
    let rs2 = if uses_second { rs2 } else { 0 };
    Insn { op: step.op, len: 2 * step.len, rd, rs1, rs2, rs3: 0, rm: 7, imm: imm as i32 }
}

/// A program that is an instance of the idiom.
fn program(random: &mut Random, idiom: &Idiom) -> Vec<(u64, Insn)> {
    for _ in 0..TRIES {
        let mut insns: Vec<Insn> = Vec::new();
        let mut at = 0;
        for (n, step) in idiom.steps().iter().enumerate() {
            let n = n as u8;
            let is_used = idiom.steps().iter().any(|later| later.from.contains(&n) || later.over == Some(n));
            insns.push(instruction(random, step, &insns, at, is_used));
            at += 2 * i64::from(step.len);
        }
        if idiom.fits(&insns) {
            let mut at = START;
            return insns
                .into_iter()
                .map(|insn| (at, insn, at += u64::from(insn.len)))
                .map(|(at, insn, ())| (at, insn))
                .collect();
        }
    }
    panic!(
        "no program found: {:?}",
        idiom.steps().iter().map(|step| ROWS[usize::from(step.op)].name).collect::<Vec<_>>()
    );
}

/// Executes a program's instructions one by one; none if that takes too long. Says whether the last one was executed.
fn expected(machine: &mut Machine, program: &[(u64, Insn)]) -> Option<(Exit, bool)> {
    let mut whole = false;
    for _ in 0..PATIENCE {
        let pc = machine.hart.pc.0;
        let Some((_, insn)) = program.iter().find(|(at, _)| *at == pc) else {
            return Some((machine.engine.run(&mut machine.hart), whole));
        };
        whole |= program.last().is_some_and(|(at, _)| *at == pc);
        if let Err(stop) = machine.engine.execute(&mut machine.hart, insn)
            && let Some(exit) = machine.engine.exit(&mut machine.hart, stop)
        {
            return Some((exit, whole));
        }
    }
    None
}

#[test]
fn every_idiom_does_what_its_instructions_do() {
    let mut random = Random(1);
    let (mut fast, mut slow) = (Machine::new(&[]), Machine::new(&[]));
    // What `auipc` leads to: addresses. They end a run as well.
    let addresses: Vec<u8> =
        (0..0x4000).flat_map(|_| (DATA + 0x400 + 8 * random.below(128)).to_le_bytes()).collect();
    for machine in [&fast, &slow] {
        machine.memory.write(GuestAddr(START + 0x1000), &addresses).unwrap();
    }
    for (n, idiom) in group::listed().enumerate() {
        let names: Vec<_> = idiom.steps().iter().map(|step| ROWS[usize::from(step.op)].name).collect();
        let mut done = 0;
        let mut wholes = 0;
        for _ in 0..400 * PROGRAMS {
            let program = program(&mut random, idiom);
            for machine in [&mut fast, &mut slow] {
                machine.hart = crate::hart::Hart::new();
                machine.hart.pc = GuestAddr(START);
                // What other programs had there, and what they have stored where it is jumped to.
                machine.memory.write(GuestAddr(START - 0x1000), &[0; 0x2000]).unwrap();
                machine.engine.invalidate(GuestAddr(START - 0x1000), 0x3000);
            }
            for register in 1..64 {
                let value = random.value();
                (fast.hart.regs[register], slow.hart.regs[register]) = (value, value);
            }
            if let Some((_, last)) =
                program.last().filter(|(_, insn)| matches!(kind(insn.op), Kind::Jalr) && insn.rs1 != 0)
            {
                let target = (START as i64 + FORWARD) as u64;
                let register = usize::from(last.rs1);
                (fast.hart.regs[register], slow.hart.regs[register]) = (target, target);
            }
            let data: Vec<u8> = (0..0x400).flat_map(|_| random.value().to_le_bytes()).collect();
            for machine in [&fast, &slow] {
                machine.memory.write(GuestAddr(DATA), &data).unwrap();
            }
            let Some((exit, whole)) = expected(&mut slow, &program) else {
                // It may have stored something behind the program as well.
                let mut all = vec![0; 0x2_1000];
                slow.memory.read(GuestAddr(START), &mut all).unwrap();
                fast.memory.write(GuestAddr(START), &all).unwrap();
                continue;
            };
            let end = program.last().map_or(START, |(at, insn)| at + u64::from(insn.len));
            wholes += usize::from(whole);
            let block: Vec<_> = program.iter().map(|&(at, insn)| (at, Some(insn))).collect();
            fast.engine.place_block(&mut fast.engine.code(), &block, end);
            // Another idiom may be as good for it.
            fast.engine.slots.set_handler(START, group::handler_of(n));
            let context = || format!("idiom {n}, {names:?}: {program:x?}");
            assert_eq!(fast.run(), exit, "{}", context());
            assert_eq!(fast.hart.pc, slow.hart.pc, "{}", context());
            (fast.hart.regs[SINK], slow.hart.regs[SINK]) = (0, 0);
            assert_eq!(fast.hart.regs, slow.hart.regs, "{}", context());
            assert!(fast.data() == slow.data(), "{}", context());
            done += 1;
            if done >= PROGRAMS && wholes > 0 {
                break;
            }
        }
        assert!(done >= PROGRAMS / 2, "idiom {n}, {names:?}: only {done} programs came to an end");
        assert!(wholes > 0, "idiom {n}, {names:?}: no program came to its last instruction");
    }
}

#[test]
fn a_loop_sees_a_breakpoint_that_is_set_while_it_turns() {
    // A loop that never ends, as one handler.
    let mut machine = Machine::new(&parcels(&[addi(5, 5, 0), encode(BNE, 0, 5, 0, -4), ecall()]));
    machine.hart.set_x(5, 1);
    let engine = machine.engine.clone();
    let thread = std::thread::spawn(move || (machine.run(), machine.hart.pc.0));
    while !group::is_group(engine.slots.handler(CODE)) {
        std::thread::yield_now();
    }
    std::thread::sleep(std::time::Duration::from_millis(20));
    engine.insert_breakpoint(GuestAddr(CODE + 4));
    assert_eq!(thread.join().unwrap(), (Exit::Breakpoint, CODE + 4));
}

#[test]
fn loops_of_groups_need_no_stack() {
    on_small_stack(|| {
        let back = [addi(5, 5, -1), encode(BNE, 0, 5, 0, -4), encode(JALR, 0, 1, 0, 0)];
        let mut machine = Machine::new(&parcels(&back));
        machine.hart.set_x(1, CODE + 0x100);
        machine.hart.set_x(5, 100_000);
        machine.write(CODE + 0x100, &parcels(&[ecall()]));
        assert_eq!((machine.run(), machine.hart.pc.0), (super::SYSTEM_CALL, CODE + 0x100));
    });
}
