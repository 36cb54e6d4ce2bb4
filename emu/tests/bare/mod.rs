//! Runs a program without a C library on the engine alone: its system calls are write and exit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use goblin::elf::{Elf, program_header::PT_LOAD};
use tine::addr::GuestAddr;
use tine::engine::{Engine, Exit, Unseen};
use tine::hart::Hart;
use tine::memory::{Mapping, Memory, Prot};
use tine::trap::Trap;

/// Which form of the engine runs the program.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// The fast one.
    Fast,
    /// The fast one from the second time on, as processes have it.
    #[allow(dead_code, reason = "not every test runs all forms")]
    Second,
    /// The instrumented one, one step after another.
    Steps,
}

/// Builds `source`; the program is named after it.
pub fn build(source: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join(source.file_stem().unwrap()).with_extension("elf");
    let compiler = std::env::var("TINE_CC").unwrap_or("riscv64-linux-gnu-gcc".into());
    let output = Command::new(compiler)
        .args(["-nostdlib", "-static", "-o"])
        .args([program.as_path(), source])
        .output()
        .expect("the riscv64 compiler is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// Runs `program` and answers its exit status and what it wrote.
pub fn run(program: &Path, form: Form) -> (u64, Vec<u8>) {
    let memory = Arc::new(Memory::reserve(32).unwrap());
    let unseen = if let Form::Second = form { Unseen::Execute } else { Unseen::Translate };
    let engine = Engine::new(memory.clone(), unseen).unwrap();
    let mut hart = Hart::new();
    hart.pc = load(&memory, program);
    let mut written = Vec::new();
    loop {
        let exit = match form {
            Form::Fast | Form::Second => engine.run(&mut hart),
            Form::Steps => engine.step(&mut hart),
        };
        match exit {
            Exit::Stepped => continue,
            Exit::Trap(Trap::SystemCall) => {}
            other => panic!("{other:?} at {}", hart.pc),
        }
        hart.pc = hart.pc.offset(4);
        match hart.x(17) {
            64 => {
                let mut bytes = vec![0; hart.x(12) as usize];
                memory.read(GuestAddr(hart.x(11)), &mut bytes).unwrap();
                written.extend(bytes);
                hart.set_x(10, hart.x(12));
            }
            93 => return (hart.x(10), written),
            number => panic!("system call {number}"),
        }
    }
}

/// Maps the program and a stack; answers the entry.
fn load(memory: &Memory, program: &Path) -> GuestAddr {
    let file = fs::read(program).unwrap();
    let elf = Elf::parse(&file).unwrap();
    for segment in elf.program_headers.iter().filter(|segment| segment.p_type == PT_LOAD) {
        let start = segment.p_vaddr & !0xfff;
        let len = (segment.p_vaddr + segment.p_memsz).next_multiple_of(0x1000) - start;
        let flags = segment.p_flags;
        let prot = Prot::from_bits((flags >> 2 & 1 | flags & 2 | flags << 2 & 4).into());
        memory.map(&Mapping::anonymous(len, Prot::READ_WRITE).at(GuestAddr(start))).unwrap();
        memory.write(GuestAddr(segment.p_vaddr), &file[segment.file_range()]).unwrap();
        memory.protect(GuestAddr(start), len, prot).unwrap();
    }
    GuestAddr(elf.entry)
}
