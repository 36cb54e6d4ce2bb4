//! What a core has of the memory.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use super::format::{Bytes, PT_LOAD};
use crate::addr::GuestAddr;
use crate::memory::{Memory, PAGE, Prot};
use crate::pagemap::{Entry, Pagemap};
use crate::process::view::maps::{self, Line};

/// How much memory is looked at at a time.
const BLOCK: u64 = 512 * PAGE;

/// Which memory a core has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Choice {
    /// All that can be read.
    All,
    /// What the process's filter chooses (core(5), "Controlling which mappings are written to the core dump").
    Filter(u32),
}

/// The bits of the filter.
mod filter {
    pub const ANONYMOUS_PRIVATE: u32 = 1;
    pub const ANONYMOUS_SHARED: u32 = 2;
    pub const FILE_PRIVATE: u32 = 4;
    pub const FILE_SHARED: u32 = 8;
    pub const ELF_HEADERS: u32 = 16;
}

/// A part of the memory, and how many of its bytes are in the core, from its start.
#[derive(Debug)]
pub(super) struct Part {
    pub line: Line,
    pub in_file: u64,
}

/// The memory of this process, as far as it is in a core.
#[derive(Debug)]
pub(super) struct Selection {
    pub parts: Vec<Part>,
    /// What the guest wants in no core (`MADV_DONTDUMP`).
    unwanted: Vec<Range<u64>>,
    pages: Option<Pagemap>,
}

impl Selection {
    /// Selects.
    pub fn of(memory: &Memory, choice: Choice) -> Selection {
        let unwanted = match choice {
            Choice::All => Vec::new(),
            Choice::Filter(_) => maps::undumped(memory),
        };
        let mut selection = Selection { parts: Vec::new(), unwanted, pages: Pagemap::open().ok() };
        for line in maps::own(memory) {
            let in_file = selection.in_file(&line, memory, choice);
            selection.parts.push(Part { line, in_file });
        }
        selection
    }

    /// How much of a line is in the core (`vma_dump_size` of the kernel's coredump.c tells the rules).
    fn in_file(&self, line: &Line, memory: &Memory, choice: Choice) -> u64 {
        let whole = line.end - line.start;
        let bits = match choice {
            _ if line.prot == Prot::NONE => return 0,
            Choice::All => return whole,
            _ if line.name == VDSO => return whole,
            Choice::Filter(_)
                if self.unwanted.iter().any(|no| no.start <= line.start && line.end <= no.end) =>
            {
                return 0;
            }
            Choice::Filter(bits) => bits,
        };
        let is_nameless = line.is_anonymous() || line.name.starts_with("/memfd:");
        let is_chosen = match (line.shared, is_nameless) {
            (true, true) => bits & filter::ANONYMOUS_SHARED != 0,
            (true, false) => bits & filter::FILE_SHARED != 0,
            (false, true) => bits & filter::ANONYMOUS_PRIVATE != 0,
            (false, false) => {
                bits & filter::FILE_PRIVATE != 0
                    || bits & filter::ANONYMOUS_PRIVATE != 0 && self.is_written(memory, line)
            }
        };
        if is_chosen {
            return whole;
        }
        let mut magic = [0; 4];
        let has_header = bits & filter::ELF_HEADERS != 0
            && !line.shared
            && line.offset == 0
            && memory.peek(GuestAddr(line.start), &mut magic).is_ok()
            && magic == *b"\x7fELF";
        if has_header { PAGE.min(whole) } else { 0 }
    }

    /// Whether the process has a page of its own in a private mapping of a file.
    fn is_written(&self, memory: &Memory, line: &Line) -> bool {
        blocks(line.start..line.end).any(|block| {
            let entries = self.entries(memory, &block);
            entries.is_none_or(|entries| entries.into_iter().any(|entry| entry.is_written(false)))
        })
    }

    /// What the kernel knows of these pages, if it tells.
    fn entries(&self, memory: &Memory, addrs: &Range<u64>) -> Option<Vec<Entry>> {
        let mut entries = vec![Entry::default(); ((addrs.end - addrs.start) / PAGE) as usize];
        let host = memory.base() as u64 + addrs.start;
        self.pages.as_ref()?.read(host, &mut entries).ok()?;
        Some(entries)
    }

    /// Their program headers, for a file in which the first one begins at `at`; where that of each begins, and the end.
    pub fn headers(&self, mut head: Bytes, mut at: u64) -> (Bytes, Vec<u64>, u64) {
        let mut places = Vec::new();
        for Part { line, in_file } in &self.parts {
            let allows = |prot, bit| if line.prot.allows(prot) { bit } else { 0 };
            let flags = allows(Prot::READ, 4) | allows(Prot::WRITE, 2) | allows(Prot::EXEC, 1);
            let size = line.end - line.start;
            head = head.program_header([PT_LOAD, flags], [at, line.start, *in_file, size, PAGE]);
            places.push(at);
            at += in_file;
        }
        (head, places, at)
    }

    /// Writes what is not zero of a part to this place. Answers how many bytes that were.
    pub fn write(&self, part: &Part, at: u64, memory: &Memory, out: &mut Output<'_>) -> io::Result<u64> {
        let line = &part.line;
        // Private memory that no page is of is zero, and would only be made by a look at it.
        let may_be_untouched = line.is_anonymous() && !line.shared && line.name != VDSO;
        let mut block = vec![0; BLOCK as usize];
        let mut written = 0;
        for addrs in blocks(line.start..line.start + part.in_file) {
            let is_used = |entries: Vec<Entry>| entries.into_iter().any(Entry::is_used);
            if may_be_untouched && !self.entries(memory, &addrs).is_none_or(is_used) {
                continue;
            }
            for page in addrs.step_by(PAGE as usize) {
                if self.unwanted.iter().any(|no| no.contains(&page)) {
                    continue;
                }
                let bytes = &mut block[..PAGE as usize];
                // Behind the end of a file there is nothing.
                if memory.peek(GuestAddr(page), bytes).is_ok() && bytes.iter().any(|byte| *byte != 0) {
                    out.write(bytes, at + (page - line.start))?;
                    written += PAGE;
                }
            }
        }
        Ok(written)
    }
}

const VDSO: &str = "[vdso]";

/// Cuts memory into pieces.
fn blocks(addrs: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = addrs.end;
    addrs.step_by(BLOCK as usize).map(move |start| start..end.min(start + BLOCK))
}

/// A file that may have so many bytes written to it and no more.
pub(super) struct Output<'a> {
    file: &'a File,
    room: u64,
}

impl<'a> Output<'a> {
    /// For `file`.
    pub fn new(file: &'a File, room: u64) -> Output<'a> {
        Output { file, room }
    }

    /// Writes.
    ///
    /// # Errors
    /// `FileTooLarge` when there is no room for all of it: what there is room for has been written.
    pub fn write(&mut self, bytes: &[u8], at: u64) -> io::Result<()> {
        let len = self.room.min(bytes.len() as u64);
        self.file.write_all_at(&bytes[..len as usize], at)?;
        self.room -= len;
        if len < bytes.len() as u64 { Err(ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    }

    /// Nothing more follows: the file ends here.
    pub fn end(self, at: u64) -> io::Result<()> {
        self.file.set_len(at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use nix::sys::memfd::MFdFlags;

    use super::*;
    use crate::memfd;

    #[test]
    fn no_more_is_written_than_there_is_room_for() {
        let mut file = memfd::filled(c"core", MFdFlags::empty(), b"").unwrap();
        let mut out = Output::new(&file, 6);
        out.write(b"abcd", 2).unwrap();
        assert_eq!(out.write(b"efgh", 6).unwrap_err().kind(), ErrorKind::FileTooLarge);
        let mut found = Vec::new();
        file.read_to_end(&mut found).unwrap();
        assert_eq!(found, b"\0\0abcdef");
    }

    #[test]
    fn blocks_cover_the_memory() {
        let found: Vec<_> = blocks(PAGE..PAGE * 514).collect();
        assert_eq!(found, [PAGE..PAGE * 513, PAGE * 513..PAGE * 514]);
        assert_eq!(blocks(0..0).count(), 0);
    }
}
