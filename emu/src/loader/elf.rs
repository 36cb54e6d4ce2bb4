//! An ELF file's headers, distrusted: everything that the rest of the loader uses has been checked here.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;

use goblin::elf::header::{
    EI_CLASS, EI_DATA, ELFCLASS32, ELFCLASS64, ELFDATA2LSB, ELFMAG, EM_RISCV, ET_CORE, ET_DYN, ET_EXEC,
    ET_REL, header64, machine_to_str,
};
use goblin::elf::program_header::{
    PF_R, PF_W, PF_X, PT_GNU_STACK, PT_INTERP, PT_LOAD, PT_PHDR, program_header64,
};

use super::LoadError;
use crate::memory::{PAGE, Prot};

/// The kernel takes no more program headers than fit into 64 KiB.
const MAX_PHDRS: usize = 65536 / program_header64::SIZEOF_PHDR;
/// `PATH_MAX`.
const MAX_INTERP: u64 = 4096;

/// How the addresses in the file are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ET_EXEC`: as they are.
    Fixed,
    /// `ET_DYN`: from a base of the loader's choice.
    Relocatable,
}

/// A `PT_LOAD`: `file_len` bytes at `offset` go to `addr`, followed by zeroes up to `len`. Sums do not overflow, the file is long
/// enough, `addr` and `offset` are congruent modulo the page size, `len` is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where in memory, before the base is added.
    pub addr: u64,
    /// Length in memory.
    pub len: u64,
    /// Where in the file.
    pub offset: u64,
    /// Length in the file.
    pub file_len: u64,
    /// Protection.
    pub prot: Prot,
    /// Alignment, a power of two, at least a page.
    pub align: u64,
}

/// What an executable says about itself.
#[derive(Clone, Debug)]
pub struct Header {
    /// Fixed or not.
    pub kind: Kind,
    /// Entry point, before the base is added.
    pub entry: u64,
    /// The segments to load, ascending and disjoint; at least one.
    pub segments: Vec<Segment>,
    /// Where the program headers will be in memory, before the base is added.
    pub phdr: Option<u64>,
    /// How many program headers the file has.
    pub segments_in_file: u64,
    /// The dynamic linker.
    pub interp: Option<OsString>,
    /// Whether `PT_GNU_STACK` asks for an executable stack.
    pub executable_stack: bool,
}

/// Reads and checks the headers.
pub fn parse(file: &File) -> Result<Header, LoadError> {
    let file_len = file.metadata().map_err(LoadError::Read)?.len();
    let header = read_header(file)?;
    let kind = match header.e_type {
        ET_EXEC => Kind::Fixed,
        ET_DYN => Kind::Relocatable,
        ET_REL => return Err(LoadError::WrongType("it is an object file")),
        ET_CORE => return Err(LoadError::WrongType("it is a core dump")),
        _ => return Err(LoadError::WrongType("its type is unknown")),
    };
    let headers = read_program_headers(file, &header, file_len)?;
    let mut segments = Vec::new();
    let mut phdr = None;
    let mut interp = None;
    let mut executable_stack = false;
    for header in &headers {
        match header.p_type {
            PT_LOAD if header.p_memsz != 0 => segments.push(segment(header, file_len)?),
            PT_LOAD if header.p_filesz != 0 => {
                return Err(broken("a segment is longer in the file than in memory"));
            }
            PT_INTERP => interp = Some(read_interp(file, header, file_len)?),
            PT_PHDR => phdr = Some(header.p_vaddr),
            PT_GNU_STACK => executable_stack = header.p_flags & PF_X != 0,
            _ => {}
        }
    }
    check_order(&segments)?;
    let phdr = phdr.or_else(|| address_of(&segments, header.e_phoff));
    let entry = header.e_entry;
    if !segments.iter().any(|segment| (segment.addr..segment.addr + segment.len).contains(&entry)) {
        return Err(broken(&format!("its entry point {entry:#x} is in none of its segments")));
    }
    let segments_in_file = headers.len() as u64;
    Ok(Header { kind, entry, segments, phdr, segments_in_file, interp, executable_stack })
}

fn read_header(file: &File) -> Result<header64::Header, LoadError> {
    let mut bytes = [0; header64::SIZEOF_EHDR];
    let len = read_up_to(file, &mut bytes, 0)?;
    if bytes[..len.min(2)] == *b"#!" {
        return Err(LoadError::Script);
    }
    if len < ELFMAG.len() || bytes[..ELFMAG.len()] != *ELFMAG {
        return Err(LoadError::NotElf);
    }
    if len < bytes.len() {
        return Err(broken("it ends within its header"));
    }
    let machine = |text: &str| Err(LoadError::WrongMachine(text.to_owned()));
    match (bytes[EI_CLASS], bytes[EI_DATA]) {
        (ELFCLASS64, ELFDATA2LSB) => {}
        (ELFCLASS64, _) => return machine("it is not little-endian"),
        (ELFCLASS32, _) => return machine("it is a 32-bit program"),
        _ => return Err(broken("its class is neither 32-bit nor 64-bit")),
    }
    let header = header64::Header::parse(&bytes).map_err(|error| broken(&error.to_string()))?;
    match header.e_machine {
        EM_RISCV => Ok(header),
        other => machine(&format!("its machine is {} ({other})", machine_to_str(other))),
    }
}

fn read_program_headers(
    file: &File,
    header: &header64::Header,
    file_len: u64,
) -> Result<Vec<program_header64::ProgramHeader>, LoadError> {
    let count = usize::from(header.e_phnum);
    if count == 0 {
        return Err(broken("it has no program headers"));
    }
    if usize::from(header.e_phentsize) != program_header64::SIZEOF_PHDR {
        return Err(broken(&format!("its program headers are {} bytes long, not 56", header.e_phentsize)));
    }
    if count > MAX_PHDRS {
        return Err(broken(&format!("it has {count} program headers")));
    }
    let len = count * program_header64::SIZEOF_PHDR;
    if header.e_phoff.checked_add(len as u64).is_none_or(|end| end > file_len) {
        return Err(broken("its program headers are beyond its end"));
    }
    let mut bytes = vec![0; len];
    file.read_exact_at(&mut bytes, header.e_phoff).map_err(read_error)?;
    Ok(program_header64::ProgramHeader::from_bytes(&bytes, count))
}

fn segment(header: &program_header64::ProgramHeader, file_len: u64) -> Result<Segment, LoadError> {
    let at = header.p_vaddr;
    let complain = |what: &str| Err(broken(&format!("the segment at {at:#x} {what}")));
    if header.p_filesz > header.p_memsz {
        return complain("is longer in the file than in memory");
    }
    if header.p_offset.checked_add(header.p_filesz).is_none_or(|end| end > file_len) {
        return complain("reaches beyond the end of the file");
    }
    if at.checked_add(header.p_memsz).and_then(|end| end.checked_add(PAGE)).is_none() {
        return complain("reaches beyond the end of memory");
    }
    if header.p_align > 1 && !header.p_align.is_power_of_two() {
        return complain(&format!("has the alignment {:#x}, which is not a power of two", header.p_align));
    }
    if header.p_filesz != 0 && !(header.p_offset ^ at).is_multiple_of(PAGE) {
        return complain("is at an offset in the file that does not match its address within a page");
    }
    let flag = |flag, prot| if header.p_flags & flag != 0 { prot } else { Prot::NONE };
    let prot = flag(PF_R, Prot::READ).with(flag(PF_W, Prot::WRITE)).with(flag(PF_X, Prot::EXEC));
    Ok(Segment {
        addr: at,
        len: header.p_memsz,
        offset: header.p_offset,
        file_len: header.p_filesz,
        prot,
        align: header.p_align.max(PAGE),
    })
}

/// The gABI wants loadable segments in ascending order; the size of the image is reckoned from the first and the last.
fn check_order(segments: &[Segment]) -> Result<(), LoadError> {
    if segments.is_empty() {
        return Err(broken("it has nothing to load"));
    }
    for pair in segments.windows(2) {
        if pair[1].addr < pair[0].addr + pair[0].len {
            let what =
                if pair[1].addr < pair[0].addr { "is out of order" } else { "overlaps the one before" };
            return Err(broken(&format!("the segment at {:#x} {what}", pair[1].addr)));
        }
    }
    Ok(())
}

fn read_interp(
    file: &File,
    header: &program_header64::ProgramHeader,
    file_len: u64,
) -> Result<OsString, LoadError> {
    let fits = header.p_offset.checked_add(header.p_filesz).is_some_and(|end| end <= file_len);
    if !fits || !(2..=MAX_INTERP).contains(&header.p_filesz) {
        return Err(broken("the name of its interpreter is not in the file"));
    }
    let mut name = vec![0; header.p_filesz as usize];
    file.read_exact_at(&mut name, header.p_offset).map_err(read_error)?;
    match name.iter().position(|&byte| byte == 0) {
        None | Some(0) => Err(broken("the name of its interpreter has no end")),
        Some(end) => {
            name.truncate(end);
            Ok(OsString::from_vec(name))
        }
    }
}

/// Where a place in the file comes to lie in memory.
fn address_of(segments: &[Segment], offset: u64) -> Option<u64> {
    let holds = |segment: &&Segment| (segment.offset..segment.offset + segment.file_len).contains(&offset);
    segments.iter().find(holds).map(|segment| segment.addr + (offset - segment.offset))
}

fn read_up_to(file: &File, buf: &mut [u8], offset: u64) -> Result<usize, LoadError> {
    let mut len = 0;
    while len < buf.len() {
        match file.read_at(&mut buf[len..], offset + len as u64) {
            Ok(0) => break,
            Ok(count) => len += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(LoadError::Read(error)),
        }
    }
    Ok(len)
}

fn read_error(error: io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => broken("it ends within its headers"),
        _ => LoadError::Read(error),
    }
}

fn broken(what: &str) -> LoadError {
    LoadError::Broken(what.to_owned())
}
