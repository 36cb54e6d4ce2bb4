//! What `-cpu` switches: a guest compares what it is told with what it can execute.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::Command;

use tine::isa::{EXTENSIONS, Extensions};

#[test]
fn what_is_told_is_what_runs() {
    let program = build();
    let mut processors: Vec<String> =
        ["rv64", "max", "rv64gc", "rva20u64", "rva22u64", "rv64gc,zbb=on,+zfh,zacas=true"]
            .map(String::from)
            .into();
    // The C library's code is of RV64GC.
    let base = ["i", "m", "a", "f", "d", "c", "zicsr"];
    let others = EXTENSIONS.iter().filter(|extension| !extension.part && !base.contains(&extension.name));
    processors.extend(others.map(|extension| format!("rv64,{}=off", extension.name)));
    for cpu in processors {
        let output = Command::new(env!("CARGO_BIN_EXE_tine"))
            .args(["-cpu", &cpu])
            .args([program.as_os_str(), "print".as_ref()])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected = Extensions::parse(&cpu).unwrap().probe();
        assert_eq!((output.status.code(), text), (Some(0), format!("{expected:#x}\n")), "{cpu}");
    }
}

fn build() -> std::path::PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/isa/probe.c");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("probe");
    let compiler = std::env::var("TINE_CC").unwrap_or("riscv64-linux-gnu-gcc".into());
    let output = Command::new(compiler)
        .args(["-O1", "-std=gnu17", "-static", "-o"])
        .args([&program, &source])
        .output()
        .expect("the riscv64 compiler is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}
