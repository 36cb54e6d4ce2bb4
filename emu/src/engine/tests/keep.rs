//! Code that stays when everything around it goes.

use std::slice::from_ref;

use super::super::exits::{undecoded, unseen};
use super::*;

/// A jump over two pages, and what it leads to.
fn program(step: i32) -> Vec<(u64, Vec<u32>)> {
    vec![
        (CODE, vec![addi(6, 6, 1), encode(JAL, 0, 0, 0, 0x2ffc)]),
        (CODE + 0x3000, vec![addi(5, 5, step), ecall()]),
        (CODE + 0x8_0000, vec![addi(7, 7, 1), ecall()]),
    ]
}

fn write(machine: &mut Machine, program: &[(u64, Vec<u32>)]) {
    program.iter().for_each(|(at, words)| machine.write(*at, &parcels(words)));
}

fn run_from(machine: &mut Machine, pc: u64) {
    machine.hart.pc = GuestAddr(pc);
    assert_eq!(machine.run(), SYSTEM_CALL);
}

#[test]
fn what_is_kept_is_not_decoded_anew_and_the_rest_is() {
    let mut machine = Machine::new(&[]);
    write(&mut machine, &program(1));
    run_from(&mut machine, CODE);
    run_from(&mut machine, CODE + 0x8_0000);
    let decoded = machine.engine.slots.handler(CODE);
    assert!(![undecoded as *const () as usize, unseen as *const () as usize].contains(&decoded));

    machine.engine.hold();
    machine.engine.invalidate(GuestAddr(0), 1 << 32);
    machine.engine.keep_only(from_ref(&(CODE..CODE + 0x1000)), false);
    assert_eq!(machine.engine.slots.handler(CODE), decoded);
    // A far jump leads here.
    assert_eq!(machine.engine.slots.handler(CODE + 0x3000), unseen as *const () as usize);
    assert_eq!(machine.engine.slots.handler(CODE + 0x8_0000), 0);

    write(&mut machine, &program(2));
    let (five, seven) = (machine.hart.x(5), machine.hart.x(7));
    run_from(&mut machine, CODE);
    run_from(&mut machine, CODE + 0x8_0000);
    assert_eq!((machine.hart.x(5), machine.hart.x(7)), (five + 2, seven + 1));

    // Nobody holds now.
    machine.engine.invalidate(GuestAddr(CODE), 4);
    assert_eq!(machine.engine.slots.handler(CODE), undecoded as *const () as usize);
}

#[test]
fn the_end_of_what_is_kept_is_decoded_anew() {
    let mut machine = Machine::new(&[]);
    let end = CODE + 0x1000;
    let straight = |step| vec![addi(5, 5, step); 64];
    machine.write(end - 128, &parcels(&straight(1)));
    machine.write(end + 128, &parcels(&[ecall()]));
    run_from(&mut machine, end - 128);
    assert_eq!(machine.hart.x(5), 64);
    machine.engine.hold();
    machine.engine.keep_only(from_ref(&(CODE..end)), false);
    // What follows the end is another file's.
    machine.write(end, &parcels(&straight(3)[..32]));
    run_from(&mut machine, end - 128);
    assert_eq!(machine.hart.x(5), 64 + 32 + 3 * 32);
}
