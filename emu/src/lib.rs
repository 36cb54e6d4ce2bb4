//! tine: runs riscv64 Linux programs on x86-64 Linux.

pub mod addr;
pub mod errno;
pub mod hart;
pub mod isa;
pub mod trap;
