//! Mapping the segments of an executable from its file.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use super::LoadError;
use super::elf::{Header, Segment};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{FileId, Mapping, Memory, PAGE, PLACEMENT_FLOOR, Prot, Version, flags};

/// Where the segments came to lie.
pub(super) struct Mapped {
    /// The first page behind them.
    pub(super) end: GuestAddr,
    /// From the first byte to the end of the last executable segment.
    pub(super) code: (GuestAddr, GuestAddr),
}

/// The base of a position-independent program. Always the same: addresses that stay from run to run are worth more to who
/// debugs than randomness to who is emulated.
pub(super) fn bias(memory: &Memory, header: &Header) -> Result<u64, LoadError> {
    let align = header.segments.iter().map(|segment| segment.align).max().unwrap_or(PAGE);
    let first = header.segments.first().map_or(0, |segment| segment.addr & !(PAGE - 1));
    if align > memory.size() / 4 {
        return Err(LoadError::TooLarge(format!("its alignment is {align:#x}")));
    }
    let base = memory.pie_base().0 & !(align - 1);
    Ok(base.wrapping_sub(first & !(align - 1)))
}

/// The base of a position-independent file that goes where mappings go.
pub(super) fn place(memory: &Memory, header: &Header) -> Result<u64, LoadError> {
    let align = header.segments.iter().map(|segment| segment.align).max().unwrap_or(PAGE);
    let first = header.segments.first().map_or(0, |segment| segment.addr & !(PAGE - 1));
    let end = header.segments.last().map_or(first, |segment| segment.addr + segment.len);
    // Room enough to be aligned in.
    let len = (end - first).checked_add(align - PAGE).filter(|&len| len <= memory.size());
    let len = len.ok_or_else(|| LoadError::TooLarge(format!("it is {:#x} bytes long", end - first)))?;
    let room = memory.map(&Mapping::anonymous(len, Prot::NONE)).map_err(LoadError::map("its segments"))?;
    memory.unmap(room, len).map_err(LoadError::map("its segments"))?;
    let start = (room.0 + (align - PAGE)) & !(align - 1);
    Ok(start.wrapping_sub(first & !(align - 1)))
}

/// Maps all segments at their addresses plus `bias`, of a file that has this name if it has one.
pub(super) fn map(
    memory: &Memory,
    file: &File,
    path: Option<&Path>,
    header: &Header,
    bias: u64,
) -> Result<Mapped, LoadError> {
    let id = path.and_then(|path| identity(file, path));
    let mut end = 0;
    let mut code_end = 0;
    for segment in &header.segments {
        let segment = Segment { addr: segment.addr.wrapping_add(bias), ..*segment };
        check_fit(memory, &segment)?;
        map_one(memory, file, id.as_ref(), &segment)?;
        end = end.max((segment.addr + segment.len).next_multiple_of(PAGE));
        if segment.prot.allows(Prot::EXEC) {
            code_end = segment.addr + segment.len;
        }
    }
    let start = header.segments.first().map_or(0, |segment| segment.addr.wrapping_add(bias));
    Ok(Mapped { end: GuestAddr(end), code: (GuestAddr(start), GuestAddr(code_end)) })
}

fn check_fit(memory: &Memory, segment: &Segment) -> Result<(), LoadError> {
    let end = segment.addr.checked_add(segment.len);
    if end.is_none_or(|end| end > memory.mapping_base().0) {
        let Segment { addr, len, .. } = segment;
        return Err(LoadError::TooLarge(format!("a segment of {len:#x} bytes at {addr:#x} is too high")));
    }
    if segment.addr < PLACEMENT_FLOOR {
        return Err(LoadError::TooLarge(format!("a segment at {:#x} is too low", segment.addr)));
    }
    Ok(())
}

/// What the map is to say of the file. Asking /proc for the name, as for any other mapping, has the host make entries of it.
fn identity(file: &File, path: &Path) -> Option<Arc<FileId>> {
    let metadata = file.metadata().ok()?;
    let (dev, inode, version) = (metadata.dev(), metadata.ino(), Version::of(file, &metadata));
    Some(Arc::new(FileId { path: path.to_path_buf(), dev, inode, version }))
}

/// The file's pages, then zeroes: those that share the file's last page are written, the others are fresh pages.
fn map_one(
    memory: &Memory,
    file: &File,
    id: Option<&Arc<FileId>>,
    segment: &Segment,
) -> Result<(), LoadError> {
    let start = segment.addr & !(PAGE - 1);
    let file_end = segment.addr + segment.file_len;
    let file_pages_end = if segment.file_len == 0 { start } else { file_end.next_multiple_of(PAGE) };
    let end = (segment.addr + segment.len).next_multiple_of(PAGE);
    if file_pages_end > start {
        let request = Mapping {
            addr: GuestAddr(start),
            len: file_pages_end - start,
            prot: segment.prot,
            flags: flags::PRIVATE | flags::FIXED,
            fd: file.as_raw_fd(),
            offset: segment.offset - (segment.addr - start),
            name: None,
        };
        memory.map_known(&request, id).map_err(LoadError::map("a segment"))?;
    }
    if end > file_pages_end {
        let zeroes = Mapping::anonymous(end - file_pages_end, segment.prot).at(GuestAddr(file_pages_end));
        memory.map(&zeroes).map_err(LoadError::map("zeroed memory"))?;
    }
    if segment.len > segment.file_len && file_pages_end > file_end {
        clear(memory, segment, file_end, file_pages_end).map_err(LoadError::map("zeroed memory"))?;
    }
    Ok(())
}

/// Not on the stack: its pages would be touched for this alone.
static ZEROES: [u8; PAGE as usize] = [0; PAGE as usize];

/// Zeroes the rest of the file's last page. A read-only page is opened for it: nobody catches faults yet.
fn clear(memory: &Memory, segment: &Segment, from: u64, to: u64) -> Result<(), Errno> {
    let page = GuestAddr(from & !(PAGE - 1));
    let closed = !segment.prot.allows(Prot::WRITE);
    if closed {
        memory.protect(page, PAGE, Prot::READ_WRITE)?;
    }
    memory.write(GuestAddr(from), &ZEROES[..(to - from) as usize])?;
    if closed {
        memory.protect(page, PAGE, segment.prot)?;
    }
    Ok(())
}
