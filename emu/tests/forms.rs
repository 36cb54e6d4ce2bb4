//! Both forms of the engine pass the checks of `guests/isa`: those without a C library, on the engine alone.

#![allow(clippy::unwrap_used, reason = "a test")]

mod bare;

use std::path::Path;

use bare::Form;

#[test]
fn checks_pass_in_both_forms() {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/isa");
    for entry in std::fs::read_dir(guests).unwrap() {
        let source = entry.unwrap().path();
        if source.extension().is_none_or(|extension| extension != "S") {
            continue;
        }
        let program = bare::build(&source);
        for form in [Form::Fast, Form::Second, Form::Steps] {
            let (status, _) = bare::run(&program, form);
            assert_eq!(status, 0, "{}, {form:?}: the check of that number failed", source.display());
        }
    }
}
