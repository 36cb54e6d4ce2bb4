//! What children tell, and what their parent makes of it.

use super::super::exits::{undecoded, unseen};
use super::super::marks::{Marks, Visit};
use super::*;

/// A machine whose engine has forked before, and is its own child.
fn parent_and_child(parcels: &[u16]) -> Machine {
    let machine = Machine::of_process(parcels);
    machine.engine.expect_child(0);
    machine.engine.expect_child(1);
    machine.engine.is_child();
    machine
}

fn is_translated(machine: &Machine, pc: u64) -> bool {
    let others = [0, undecoded as *const () as usize, unseen as *const () as usize];
    !others.contains(&machine.engine.slots.handler(pc))
}

#[test]
fn what_a_child_has_come_to_is_translated_before_the_next_fork() {
    // A branch that is not taken, and code behind it.
    let code = [addi(5, 5, 1), encode(BEQ, 0, 0, 5, 8), addi(6, 6, 1), ecall()];
    let mut machine = parent_and_child(&parcels(&code));
    assert_eq!(machine.run(), SYSTEM_CALL);
    assert!(!is_translated(&machine, CODE));
    machine.engine.expect_child(2);
    assert!(is_translated(&machine, CODE) && is_translated(&machine, CODE + 8));
    machine.hart.pc = GuestAddr(CODE);
    assert_eq!((machine.run(), machine.hart.x(5), machine.hart.x(6)), (SYSTEM_CALL, 2, 2));
}

#[test]
fn what_one_child_alone_has_come_to_is_only_marked() {
    let mut machine = parent_and_child(&parcels(&[addi(5, 5, 1), ecall()]));
    // Told by a child that has marks of its own.
    machine.engine.offspring.tell(CODE);
    machine.engine.expect_child(2);
    assert!(!is_translated(&machine, CODE) && machine.engine.marks.is_set(CODE));
    // The same in a chunk that has slots.
    machine.engine.prepare_locked(&mut machine.engine.code(), CODE + 0x1000);
    machine.write(CODE + 0x1000, &parcels(&[ecall()]));
    for is_known in [false, true] {
        machine.engine.offspring.tell(CODE + 0x1000);
        machine.engine.expect_child(3);
        assert_eq!(is_translated(&machine, CODE + 0x1000), is_known);
    }
    assert_eq!((machine.run(), machine.hart.x(5)), (SYSTEM_CALL, 1));
}

#[test]
fn nonsense_does_no_harm() {
    let mut machine = parent_and_child(&parcels(&[addi(5, 5, 1), ecall()]));
    for _ in 0..2 {
        // Where nothing is mapped, beyond the window, and more than there is room for.
        [HOLE, 1 << 60, CODE + 1].iter().for_each(|&pc| machine.engine.offspring.tell(pc));
        (0..10_000).for_each(|n| machine.engine.offspring.tell(DATA + 2 * n));
        machine.engine.expect_child(4);
    }
    assert_eq!((machine.run(), machine.hart.x(5)), (SYSTEM_CALL, 1));
}

#[test]
fn slots_are_given_back_once_and_breakpoints_stay() {
    let mut machine = Machine::of_process(&parcels(&[addi(5, 5, 1), encode(JAL, 0, 0, 0, -4)]));
    machine.engine.insert_breakpoint(GuestAddr(CODE + 4));
    machine.engine.prepare_locked(&mut machine.engine.code(), CODE + 0x8_0000);
    (0..40).for_each(|forks| machine.engine.expect_child(forks));
    assert_eq!(machine.engine.slots.handler(CODE + 0x8_0000), 0);
    assert_eq!((machine.run(), machine.hart.x(5)), (Exit::Breakpoint, 1));
}

#[test]
fn slots_are_kept_for_children_that_execute_programs() {
    let machine = Machine::of_process(&parcels(&[addi(5, 5, 1)]));
    machine.engine.prepare_locked(&mut machine.engine.code(), CODE + 0x8_0000);
    machine.engine.expect_child(0);
    machine.engine.expect_child(1);
    let page = machine.engine.offspring.page().unwrap();
    page.execute.store(1, Ordering::Relaxed);
    (2..40).for_each(|forks| machine.engine.expect_child(forks));
    assert_ne!(machine.engine.slots.handler(CODE + 0x8_0000), 0);
}

#[test]
fn a_child_that_executes_a_program_tells_of_what_both_have() {
    let machine = parent_and_child(&parcels(&[addi(5, 5, 1)]));
    let offspring = &machine.engine.offspring;
    // How many of these are told.
    let told = |places: &[u64]| {
        let count = || offspring.page().map_or(0, |page| page.told.load(Ordering::Relaxed));
        let before = count();
        places.iter().for_each(|&pc| offspring.tell(pc));
        count() - before
    };
    assert_eq!(told(&[CODE, DATA]), 2);
    offspring.execute(&[CODE..CODE + 0x100, DATA..DATA + 0x100]);
    assert_eq!(told(&[CODE - 2, CODE, CODE + 0xfe, CODE + 0x100, DATA, DATA + 0x100]), 3);
    // Another one: what was not the parent's is not now.
    offspring.execute(&[CODE..CODE + 0x80, HOLE..HOLE + 0x100, DATA..DATA + 0x200]);
    assert_eq!(told(&[CODE, CODE + 0x80, HOLE, DATA]), 1);
    // Its own children's are told to itself.
    machine.engine.expect_child(2);
    assert_eq!(told(&[CODE]), 0);
}

#[test]
fn marks_are_two_bits_for_each_half_word() {
    let marks = Marks::new(12345);
    let places = [CODE, CODE + 2, CODE + 126, CODE + 128, CODE + 510];
    let all = |wanted: bool| places.iter().all(|&pc| marks.set(pc, Visit::Executed) == wanted);
    assert!(all(true) && !places.iter().any(|&pc| marks.is_set(pc)));
    assert!(all(true) && places.iter().all(|&pc| marks.is_set(pc)));
    assert!(all(false) && !marks.is_set(CODE + 4));
    // What a child has told counts as twice, and is enough where it was executed once.
    assert!(marks.set(CODE + 4, Visit::Told) && marks.is_set(CODE + 4));
    assert!(marks.set(CODE + 6, Visit::Executed) && !marks.set(CODE + 6, Visit::Told));
    marks.begin_program(true);
    assert!(places.iter().all(|&pc| marks.is_set(pc)));
    marks.begin_program(false);
    assert!(!places.iter().any(|&pc| marks.is_set(pc)));
}

#[test]
fn a_child_counts_what_it_comes_to_and_goes_on_with_bits_when_that_is_much() {
    let marks = Marks::new(0x1234_5678);
    marks.set(CODE, Visit::Executed);
    marks.set(CODE, Visit::Executed);
    marks.is_child();
    // What the parent has come to is as new.
    let often: Vec<_> = (0..5).map(|_| (marks.is_set(CODE), marks.set(CODE, Visit::Executed))).collect();
    assert_eq!(often, [(false, true), (false, true), (false, true), (true, false), (true, false)]);
    assert!(marks.set(CODE + 2, Visit::Told) && !marks.set(CODE + 2, Visit::Executed));
    assert!(marks.set(CODE + 4, Visit::Executed) && !marks.set(CODE + 4, Visit::Told));
    // Its own child has all that too.
    marks.is_child();
    assert!(marks.is_set(CODE + 2));
    for n in 0..1000 {
        assert!(marks.set(DATA + 2 * n, Visit::Executed), "{n}");
    }
    assert!(marks.is_set(CODE) && !marks.is_set(CODE + 2));
    // Another child begins anew.
    marks.is_child();
    assert!(!marks.is_set(CODE) && !marks.is_set(CODE + 2) && marks.set(DATA, Visit::Executed));
}

#[test]
fn a_child_translates_what_it_comes_to_for_the_fourth_time() {
    // In a chunk without slots, and in one that has some.
    for prepared in [false, true] {
        let mut machine = parent_and_child(&parcels(&[addi(5, 5, 1), ecall()]));
        if prepared {
            machine.engine.prepare_locked(&mut machine.engine.code(), CODE);
        }
        for times in 1..=5 {
            machine.hart.pc = GuestAddr(CODE);
            assert_eq!((machine.run(), machine.hart.x(5)), (SYSTEM_CALL, times));
            assert_eq!(is_translated(&machine, CODE), times > 3, "{times}");
        }
    }
}
