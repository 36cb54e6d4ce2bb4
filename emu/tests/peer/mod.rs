//! What the qemu-riscv64 that tests compare with can do: that of QEMU 7.2.

use tine::isa::Row;

/// Its processor with all that it has of ours.
pub const CPU: &str = "rv64,zbkb=true,zbkc=true,zbkx=true,zknd=true,zkne=true,zknh=true";

/// Whether it executes the instructions of a row, and rightly.
pub fn has(row: &Row) -> bool {
    // `ctzw` of a low word of zeros goes on to count in the high one.
    row.name != "ctzw" && EXTENSIONS.contains(&row.extension)
}

const EXTENSIONS: [&str; 16] = [
    "I", "M", "A", "Zicsr", "Zifencei", "F", "D", "Zba", "Zbb", "Zbc", "Zbs", "Zbkb", "Zbkx", "Zknd", "Zkne",
    "Zknh",
];
