//! Returns that match their calls and such that do not, and jumps to many places, on both forms of the engine and under `qemu-riscv64`.

#![allow(clippy::unwrap_used, reason = "a test")]

mod bare;
#[allow(dead_code, reason = "which extensions the peer has does not matter here")]
mod peer;

use std::path::Path;

use bare::Form;

#[test]
fn returns_and_jumps_go_where_registers_say() {
    let program = bare::build(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/returns.S"));
    assert_eq!(peer::qemu().arg(&program).status().unwrap().code(), Some(0), "under qemu");
    for form in [Form::Fast, Form::Steps] {
        assert_eq!(bare::run(&program, form).0, 0, "{form:?}");
    }
}
