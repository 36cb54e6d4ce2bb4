//! Code that is what it was: pages of a program's file that nobody has written, and the same pages of the same version of that file when a
//! program is loaded again.

use std::fs::{File, Metadata};
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::region::{Backing, FileId, Region};
use super::{Memory, PAGE, Prot};
use crate::pagemap::{Entry, Pagemap};

/// A file's contents as its times tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// The times of a file that has just been changed may be those of its next change too: their clock stands still for so long.
const SETTLED: Duration = Duration::from_secs(2);

/// Where a change is seen in a file's times: ext4 and its ancestors, XFS, Btrfs, F2FS, tmpfs, overlays, and what cannot be written.
const WITH_TIMES: [i64; 8] =
    [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x0102_1994, 0x794c_7630, 0x7371_7368, 0xe0f5_e1e2];

impl Version {
    /// That of an open file; `None` where times do not tell, or if it has been changed so lately that it may be changed again without a trace.
    pub fn of(file: &File, metadata: &Metadata) -> Option<Version> {
        let file_system = nix::sys::statfs::fstatfs(file).ok()?.filesystem_type();
        if !WITH_TIMES.contains(&file_system.0) {
            return None;
        }
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        let since = Duration::new(u64::try_from(changed.0).ok()?, u32::try_from(changed.1).ok()?);
        let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + since).ok()?;
        let modified = (metadata.mtime(), metadata.mtime_nsec());
        (age > SETTLED).then_some(Version { size: metadata.size(), modified, changed })
    }
}

/// Pages of a file, at their place in memory.
#[derive(Debug)]
pub struct Unchanged {
    range: Range<u64>,
    file: Arc<FileId>,
    /// The address where the file's first byte would be.
    origin: u64,
}

impl Memory {
    /// The code that comes from files as they are.
    pub(crate) fn unchanged_code(&self) -> Vec<Unchanged> {
        let code = self.code_of_files();
        if code.is_empty() {
            return code;
        }
        let Ok(pages) = Pagemap::open() else { return Vec::new() };
        code.into_iter().filter(|code| self.is_unwritten(&pages, &code.range)).collect()
    }

    /// Where the memory, which has been filled anew, has the same code at the same addresses, and whether it has no other.
    pub(crate) fn same_code(&self, before: &[Unchanged]) -> (Vec<Range<u64>>, bool) {
        let identity = |file: &FileId| (file.dev, file.inode, file.version);
        let same = |now: &Unchanged| {
            let is_same =
                |was: &&Unchanged| identity(&was.file) == identity(&now.file) && was.origin == now.origin;
            let was = before.iter().find(is_same)?;
            let range = was.range.start.max(now.range.start)..was.range.end.min(now.range.end);
            (!range.is_empty()).then_some(range)
        };
        let code = self.code_of_files();
        let ranges: Vec<_> = code.iter().filter_map(same).collect();
        let is_all = ranges.len() == code.len();
        (ranges, is_all)
    }

    fn code_of_files(&self) -> Vec<Unchanged> {
        let is_code = |region: &&Region| {
            region.prot.allows(Prot::EXEC) && !region.prot.allows(Prot::WRITE) && !region.shared
        };
        let of_file = |region: &Region| match &region.backing {
            Backing::File { file, offset } if file.version.is_some() => {
                let origin = region.start.0.wrapping_sub(*offset);
                Some(Unchanged { range: region.start.0..region.end(), file: file.clone(), origin })
            }
            _ => None,
        };
        self.lock().regions.iter().filter(is_code).filter_map(of_file).collect()
    }

    /// Whether every page of a private mapping is the file's still.
    fn is_unwritten(&self, pages: &Pagemap, range: &Range<u64>) -> bool {
        let mut entries = vec![Entry::default(); ((range.end - range.start) / PAGE) as usize];
        let is_known = pages.read(self.base() as u64 + range.start, &mut entries).is_ok();
        is_known && !entries.iter().any(|entry| entry.is_written(false))
    }
}
