#![allow(clippy::unwrap_used, reason = "test")]

use std::process::Command;

use goblin::elf::Elf;

use super::*;

#[test]
fn the_trampoline_is_what_debuggers_look_for() {
    let at = vdso::RT_SIGRETURN as usize;
    assert_eq!(vdso::IMAGE[at..at + 8], [0x93, 0x08, 0xb0, 0x08, 0x73, 0, 0, 0]);
    let elf = Elf::parse(vdso::IMAGE).unwrap();
    let find =
        |name: &str| elf.dynsyms.iter().find(|symbol| elf.dynstrtab.get_at(symbol.st_name) == Some(name));
    assert_eq!(find("__vdso_rt_sigreturn").unwrap().st_value, vdso::RT_SIGRETURN);
    for name in ["clock_gettime", "clock_getres", "gettimeofday", "getcpu", "flush_icache", "riscv_hwprobe"] {
        assert!(find(&format!("__vdso_{name}")).is_some(), "{name}");
    }
    assert!(
        elf.program_headers
            .iter()
            .any(|header| header.p_type == goblin::elf::program_header::PT_GNU_EH_FRAME)
    );
}

/// Builds the vDSO again, where the cross compiler is installed; another version of it may lay out the tables differently, so only the code is
/// compared then.
#[test]
fn the_image_is_built_from_its_source() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/loader/vdso");
    let out = std::env::temp_dir().join(format!("tine-vdso-{}.so", std::process::id()));
    let command = include_str!("vdso.rs")
        .lines()
        .find_map(|line| line.strip_prefix("//! riscv64-linux-gnu-gcc "))
        .unwrap();
    let args = command.strip_suffix(" -o vdso.so").unwrap().split(' ');
    let built =
        Command::new("riscv64-linux-gnu-gcc").args(args).arg("-o").arg(&out).current_dir(folder).status();
    if built.is_err() {
        eprintln!("riscv64-linux-gnu-gcc is not installed: not compared");
        return;
    }
    assert!(built.unwrap().success());
    let image = std::fs::read(&out).unwrap();
    std::fs::remove_file(&out).unwrap();
    let code = vdso::RT_SIGRETURN as usize..vdso::RT_SIGRETURN as usize + 0x70;
    assert_eq!(image[code.clone()], vdso::IMAGE[code]);
    if version_of_the_compiler().starts_with("12.") {
        assert!(image == vdso::IMAGE, "vdso.so is not what its source gives");
    }
}

fn version_of_the_compiler() -> String {
    let output = Command::new("riscv64-linux-gnu-gcc").arg("-dumpfullversion").output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words on the stack at entry, and the vector among them, are as the kernel lays them out.
#[test]
fn the_stack_holds_count_pointers_and_vector() {
    let memory = Memory::reserve(crate::memory::SV39_BITS).unwrap();
    let strings =
        |list: &[&str]| -> Vec<CString> { list.iter().map(|text| CString::new(*text).unwrap()).collect() };
    let (argv, envp) = (strings(&["prog", "", "two words"]), strings(&["A=1", "B="]));
    let request = Request { called: OsStr::new("./prog"), argv: &argv, envp: &envp, stack: 1 << 20 };
    let vector = auxv::Vector {
        phdr: GuestAddr(0x1_0040),
        phnum: 3,
        base: GuestAddr(0),
        entry: GuestAddr(0x1_0100),
        vdso: GuestAddr(0x3f_0000),
    };
    let stack = stack::build(&memory, &request, &vector, false).unwrap();
    let word = |index: u64| memory.get::<u64>(stack.sp.offset(8 * index)).unwrap();
    let text = |addr: u64| String::from_utf8(memory.read_cstr(GuestAddr(addr), 100).unwrap()).unwrap();
    assert_eq!(word(0), 3);
    assert_eq!([text(word(1)), text(word(2)), text(word(3))], ["prog", "", "two words"]);
    assert_eq!([word(4), word(7)], [0, 0]);
    assert_eq!([text(word(5)), text(word(6))], ["A=1", "B="]);
    let entries: Vec<(u64, u64)> =
        (0..).map(|n| (word(8 + 2 * n), word(9 + 2 * n))).take_while(|e| e.0 != 0).collect();
    let get = |key| entries.iter().find(|entry| entry.0 == key).unwrap().1;
    assert_eq!(get(libc::AT_HWCAP), 0x112d);
    assert_eq!(get(libc::AT_ENTRY), 0x1_0100);
    assert_eq!(text(get(libc::AT_EXECFN)), "./prog");
    assert_ne!(memory.get::<[u8; 16]>(GuestAddr(get(libc::AT_RANDOM))).unwrap(), [0; 16]);
    assert_eq!(stack.auxv.len(), 16 * (entries.len() + 1));
    let args = memory_text(&memory, stack.args);
    assert_eq!(args, b"prog\0\0two words\0");
    assert_eq!(memory_text(&memory, stack.env), b"A=1\0B=\0");
    assert_eq!(memory.get::<u64>(GuestAddr(memory.stack_top().0 - 8)), Ok(0));
}

fn memory_text(memory: &Memory, (start, end): (GuestAddr, GuestAddr)) -> Vec<u8> {
    let mut bytes = vec![0; (end.0 - start.0) as usize];
    memory.read(start, &mut bytes).unwrap();
    bytes
}

#[test]
fn strings_that_leave_no_stack_are_refused() {
    let memory = Memory::reserve(crate::memory::SV39_BITS).unwrap();
    let argv = vec![CString::new(vec![b'x'; 200_000]).unwrap()];
    let request = Request { called: OsStr::new("p"), argv: &argv, envp: &[], stack: 1 << 17 };
    let zero = GuestAddr(0);
    let vector = auxv::Vector { phdr: zero, phnum: 0, base: zero, entry: zero, vdso: zero };
    assert!(matches!(stack::build(&memory, &request, &vector, false), Err(LoadError::ArgumentsTooLong)));
}
