//! What the qemu-riscv64 that tests compare with can do: QEMU 7.2, and later ones.

use std::process::Command;

use tine::isa::Row;

/// qemu-riscv64 with a processor that has all of ours that it knows.
pub fn qemu() -> Command {
    let version = Command::new("qemu-riscv64").arg("-version").output().expect("qemu-riscv64 is needed");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let major = version.split("version ").nth(1).and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    // Version 9 no longer has this name in capitals.
    let zfh = if major.is_some_and(|major| major >= 9) { "zfh" } else { "Zfh" };
    let mut command = Command::new("qemu-riscv64");
    command
        .arg("-cpu")
        .arg(format!("rv64,zbkb=true,zbkc=true,zbkx=true,zknd=true,zkne=true,zknh=true,{zfh}=true"));
    command
}

/// Whether it executes the instructions of a row, and rightly.
pub fn has(row: &Row) -> bool {
    // Version 7.2 goes on to count in the high word if the low one is zero.
    row.name != "ctzw" && EXTENSIONS.contains(&row.extension)
}

#[rustfmt::skip]
const EXTENSIONS: [&str; 18] = [
    "I", "M", "A", "Zicsr", "Zifencei", "F", "D", "Zba", "Zbb", "Zbc", "Zbs", "Zbkb", "Zbkx", "Zknd", "Zkne", "Zknh",
    "Zfhmin", "Zfh",
];
