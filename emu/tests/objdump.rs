//! The decoder and the disassembler against binutils' objdump, which must be installed: `riscv64-linux-gnu-objdump`.
//! Legality, names and operands must be the same, but for the differences that [`known_difference`] lists. objdump shows
//! raw code as RV64GC, and other extensions if an object says that it has them.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use tine::addr::GuestAddr;
use tine::hart::SINK;
use tine::isa::{self, Extensions, Insn, Kind, ROWS, csr, rv64c, rv64i};

/// Every half-word that is not the beginning of a longer instruction.
#[test]
fn compressed() {
    let halves: Vec<u32> = (0..=0xffff).filter(|half| half & 3 != 3).collect();
    compare(&halves, &objdump("compressed", &halves, 2), 2, gc());
}

/// Every compressed instruction expands to what binutils' assembler compresses to it.
#[test]
fn expansions() {
    let expansions: Vec<Insn> = (0..=0xffff)
        .filter_map(|half| rv64c::expand(half, gc()).map(|(_, insn)| insn))
        .filter(|insn| !is_hint(insn))
        .collect();
    let mut source = String::from(".option norelax\n");
    for insn in &expansions {
        let text = isa::disassemble(insn, GuestAddr(0));
        // The assembler compresses jumps only by these names, and wants offsets to be from here.
        let text = match text.split_once(' ') {
            Some(("jal", _)) => format!("j .{:+}", insn.imm),
            Some(("beq" | "bne", _)) => {
                format!("{}.{:+}", text.split_at(text.rfind(',').unwrap() + 1).0, insn.imm)
            }
            Some(("jalr", _)) if insn.rd == 1 => format!("jalr {}", isa::register_name(insn.rs1)),
            Some(("jalr", _)) => format!("jr {}", isa::register_name(insn.rs1)),
            _ => text,
        };
        writeln!(source, "{text}").unwrap();
    }
    let halves = assemble("expansions", &source);
    assert_eq!(halves.len(), expansions.len() * 2, "some expansions cannot be compressed");
    for (insn, half) in expansions.iter().zip(halves.chunks_exact(2)) {
        let half = u16::from_le_bytes([half[0], half[1]]);
        assert_eq!(rv64c::expand(half, gc()).map(|(_, insn)| insn), Some(*insn), "{half:#06x}");
    }
}

/// Whether the instruction changes nothing, so that the assembler has other spellings for it.
fn is_hint(insn: &Insn) -> bool {
    let shift = [rv64i::SLLI, rv64i::SRLI, rv64i::SRAI].contains(&insn.op);
    let writes = matches!(ROWS[insn.op as usize].kind, Kind::Value);
    let same = insn.op == rv64i::ADDI && insn.rd == insn.rs1 && insn.imm == 0;
    writes && (insn.rd as usize == SINK || shift && insn.imm == 0 || same)
}

/// The machine code of some assembly.
fn assemble(name: &str, source: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let [text, object, binary] = ["s", "o", "bin"].map(|extension| path.with_extension(extension));
    std::fs::write(&text, source).unwrap();
    let run = |command: &mut Command| {
        let output =
            command.output().expect("the riscv64 binutils are needed (Debian: binutils-riscv64-linux-gnu)");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(Command::new("riscv64-linux-gnu-as").args(["-march=rv64gc", "-o"]).args([&object, &text]));
    run(Command::new("riscv64-linux-gnu-objcopy")
        .args(["-O", "binary", "-j", ".text"])
        .args([&object, &binary]));
    std::fs::read(binary).unwrap()
}

/// Each row's pattern with random operands, one in four with a bit turned over; and as many random words.
#[test]
fn words() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut words = Vec::new();
    for _ in 0..100 {
        for row in ROWS.iter().filter(|row| GC.contains(&row.extension)) {
            let word = random.next() & !row.mask | row.bits;
            let flip = if random.next().is_multiple_of(4) { 1 << (random.next() % 30 + 2) } else { 0 };
            words.extend([word ^ flip, random.next() | 3]);
        }
    }
    // Words that end in 11111 begin an instruction of more than 32 bits: objdump would swallow their neighbours.
    let (longer, words): (Vec<u32>, Vec<u32>) = words.into_iter().partition(|word| word & 31 == 31);
    assert!(longer.iter().all(|&word| isa::decode(word).is_none()));
    compare(&words, &objdump("words", &words, 4), 4, gc());
}

/// The extensions of RV64GC, as the tables name them.
const GC: [&str; 7] = ["I", "M", "A", "F", "D", "Zicsr", "Zifencei"];

fn gc() -> Extensions {
    Extensions::parse("rv64gc").unwrap()
}

/// Those beyond that binutils 2.40 knows.
const KNOWN: [&str; 17] = [
    "zicbom",
    "zicbop",
    "zicboz",
    "zihintpause",
    "zawrs",
    "zba",
    "zbb",
    "zbc",
    "zbkb",
    "zbkc",
    "zbkx",
    "zbs",
    "zknd",
    "zkne",
    "zknh",
    "zfh",
    "zfhmin",
];

/// As [`words`], with the rows of those; bits are turned over outside the opcode.
#[test]
fn extension_words() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let known = |name: &str| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut source = format!(".attribute arch, \"rv64imafdc_{}\"\n", KNOWN.join("_"));
    let mut words = Vec::new();
    for _ in 0..100 {
        for row in ROWS.iter().filter(|row| known(row.extension)) {
            let flip = if random.next().is_multiple_of(4) { 1 << (random.next() % 25 + 7) } else { 0 };
            words.push((random.next() & !row.mask | row.bits) ^ flip);
        }
    }
    words.iter().for_each(|word| writeln!(source, ".insn 4, {word:#x}").unwrap());
    let extensions = Extensions::parse(&format!("rv64gc,+{}", KNOWN.join(",+"))).unwrap();
    assemble("extension_words", &source);
    let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join("extension_words.o");
    compare(
        &words,
        &listing(Command::new("riscv64-linux-gnu-objdump").args(["-d", "-z"]).arg(object)),
        4,
        extensions,
    );
}

/// Why tine's answer may differ from objdump's, if there is a reason.
fn known_difference(bits: u32, ours: &str, theirs: &str) -> Option<&'static str> {
    let illegal = ours == ILLEGAL;
    let name = theirs.split(' ').next().unwrap_or_default();
    let (opcode, funct3) = (bits & 0x7f, bits >> 12 & 7);
    match name {
        // Shifts by zero are HINTs with names of their own in binutils; the manual has none for them.
        "c.slli64" | "c.srli64" | "c.srai64" => Some("a shift by zero"),
        "c.addi" if ours.starts_with("c.nop") => Some("the manual calls addition to x0 c.nop"),
        "c.addi16sp" if illegal && bits == 0x6101 => Some("reserved by the manual: the immediate is 0"),
        "c.unimp" if illegal => Some("binutils' name for the illegal instruction"),
        _ if bits & 3 != 3 => None,
        // The manual: "base implementations shall ignore these fields". binutils wants them to be zero.
        _ if opcode == 0b000_1111 && funct3 <= 1 && theirs == ILLEGAL => {
            Some("a fence with fields that are ignored")
        }
        "fence.tso" if ours == "fence rw,rw" => Some("fence.tso, which may be done as the stronger fence"),
        // objdump shows what any privilege level has; a user-mode program has few CSRs.
        _ if opcode == 0b111_0011
            && funct3 & 3 != 0
            && illegal
            && csr::find((bits >> 20) as u16).is_none() =>
        {
            Some("a CSR that user mode has not")
        }
        _ if opcode == 0b111_0011 && funct3 & 3 != 0 && illegal && bits >> 30 == 3 => {
            Some("a write to a read-only CSR")
        }
        "aes64ks1i" if illegal && bits >> 20 & 15 > 10 => Some("a reserved round"),
        "uret" | "sret" | "mret" | "dret" | "wfi" | "sfence.vma" if illegal => {
            Some("a privileged instruction")
        }
        // Conversions that are always exact have a rounding mode all the same; binutils 2.40 knows no other than rne.
        _ if ["fcvt.d.s", "fcvt.d.w", "fcvt.d.wu", "fcvt.s.h", "fcvt.d.h"]
            .contains(&ours.split(' ').next().unwrap_or_default())
            && (theirs == ILLEGAL || ours.strip_suffix(",rne") == Some(theirs)) =>
        {
            Some("an exact conversion with a rounding mode")
        }
        // Rounding modes 5 and 6 are reserved; objdump shows them.
        _ if illegal && theirs.ends_with(",unknown") && opcode != 0b000_1111 => {
            Some("a reserved rounding mode")
        }
        _ => None,
    }
}

const ILLEGAL: &str = "illegal";

/// Compares answers for instructions of `length` bytes each, and shows the first that differ without a known reason.
fn compare(instructions: &[u32], theirs: &[String], length: usize, extensions: Extensions) {
    assert_eq!(theirs.len(), instructions.len(), "objdump sees other instructions than it was given");
    let mut differences = String::new();
    let mut count = 0;
    for (n, (&bits, theirs)) in instructions.iter().zip(theirs).enumerate() {
        let pc = GuestAddr((n * length) as u64);
        let ours = extensions.disassemble(bits, pc).unwrap_or(ILLEGAL.into());
        if ours != *theirs && known_difference(bits, &ours, theirs).is_none() {
            count += 1;
            if count <= 40 {
                writeln!(differences, "{bits:0width$x}: {ours:30} objdump: {theirs}", width = length * 2)
                    .unwrap();
            }
        }
    }
    assert!(count == 0, "{count} of {} differ:\n{differences}", instructions.len());
}

/// What objdump makes of the instructions, one string each: name, a blank, operands.
fn objdump(name: &str, instructions: &[u32], length: usize) -> Vec<String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("bin");
    let bytes: Vec<u8> =
        instructions.iter().flat_map(|bits| bits.to_le_bytes().into_iter().take(length)).collect();
    std::fs::write(&path, bytes).unwrap();
    let raw = ["-D", "-z", "-b", "binary", "-m", "riscv:rv64"];
    listing(Command::new("riscv64-linux-gnu-objdump").args(raw).arg(&path))
}

/// What a run of objdump lists.
fn listing(objdump: &mut Command) -> Vec<String> {
    let output = objdump
        .args(["-M", "no-aliases"])
        .output()
        .expect("riscv64-linux-gnu-objdump is needed (Debian: binutils-riscv64-linux-gnu)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A line: "   4:\t00a50533          \tadd\ta0,a0,a0", and perhaps " # 0x40" after it.
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let mut columns = line.split('\t').skip(1);
            columns.next()?;
            let name = columns.next()?;
            if name.starts_with('.') {
                return Some(ILLEGAL.into());
            }
            let operands = columns.next().map(|operands| operands.split(" #").next().unwrap_or(operands));
            Some(operands.map_or(name.into(), |operands| format!("{name} {operands}")))
        })
        .collect()
}

/// Numbers that are the same in every run (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }
}
