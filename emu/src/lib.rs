//! tine: runs riscv64 Linux programs on x86-64 Linux.

pub mod addr;
pub mod allocator;
pub mod binfmt;
mod corefile;
pub mod debug;
pub mod engine;
pub mod errno;
pub mod hart;
mod image;
pub mod isa;
pub mod loader;
pub mod log;
mod memfd;
pub mod memory;
pub mod options;
mod pagemap;
pub mod process;
pub mod seccomp;
pub mod signal;
mod stack;
pub mod strace;
pub mod syscall;
pub mod sysroot;
pub mod task;
pub mod trap;
