//! `maps`, `smaps` and `smaps_rollup` (proc(5)): the guest's regions, and what the host knows of their pages.

use std::fmt::Write;
use std::ops::Range;

use crate::memory::mirror::Area;
use crate::memory::{Backing, Memory, Prot};

/// A line of `maps`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// First address.
    pub start: u64,
    /// The address behind the last one.
    pub end: u64,
    /// What the guest may do.
    pub prot: Prot,
    /// `MAP_SHARED`.
    pub shared: bool,
    /// Where in the file.
    pub offset: u64,
    /// Device and inode, as they are printed.
    pub file: String,
    /// The file's name, or `[heap]` and its like.
    pub name: String,
}

/// The lines of this process.
pub fn own(memory: &Memory) -> Vec<Line> {
    let regions = memory.regions();
    let line = |region: &crate::memory::Region| {
        let (offset, dev, inode, name) = match &region.backing {
            Backing::Anonymous(name) => (0, 0, 0, name.unwrap_or_default().to_owned()),
            Backing::File { file, offset } => {
                (*offset, file.dev, file.inode, file.path.display().to_string())
            }
        };
        let (major, minor) = (nix::sys::stat::major(dev), nix::sys::stat::minor(dev));
        Line {
            start: region.start.0,
            end: region.end(),
            prot: region.prot,
            shared: region.shared,
            offset,
            file: format!("{major:02x}:{minor:02x} {inode}"),
            name: name.replace('\n', "\\012"),
        }
    };
    regions.iter().map(line).collect()
}

/// What the guest wants in no core file (`MADV_DONTDUMP`): the host keeps it.
pub(crate) fn undumped(memory: &Memory) -> Vec<Range<u64>> {
    let text = std::fs::read_to_string("/proc/thread-self/smaps").unwrap_or_default();
    let unwanted = |mapping: &HostMapping| mapping.flags.split_ascii_whitespace().any(|flag| flag == "dd");
    let mappings = parse(&text, memory.base() as u64, memory.size());
    mappings.into_iter().filter(unwanted).map(|mapping| mapping.start..mapping.end).collect()
}

/// The lines of another process, without its files' names.
pub(super) fn other(areas: &[Area]) -> Vec<Line> {
    let line = |area: &Area| Line {
        start: area.start.0,
        end: area.end,
        prot: area.prot,
        shared: area.shared,
        offset: 0,
        file: if area.file { "00:00 ?" } else { NO_FILE }.to_owned(),
        name: area.name.unwrap_or_default().to_owned(),
    };
    areas.iter().map(line).collect()
}

/// What a line says that is no file's.
const NO_FILE: &str = "00:00 0";

/// Says of files what the host's map says now: they may have been renamed or removed since they were mapped. And of anonymous memory the name that
/// the guest gave it (`PR_SET_VMA`), which the host keeps: what has another name is a line of its own.
pub(super) fn with_names(lines: Vec<Line>, host: &[HostMapping]) -> Vec<Line> {
    let mut named = Vec::with_capacity(lines.len());
    for mut line in lines {
        if line.file == NO_FILE && line.name.is_empty() {
            split_by_name(line, host, &mut named);
            continue;
        }
        if line.file != NO_FILE
            && let Some(file) = host.iter().find(|file| file.start <= line.start && line.start < file.end)
        {
            line.offset = file.offset + (line.start - file.start);
            line.file.clone_from(&file.file);
            line.name.clone_from(&file.name);
        }
        named.push(line);
    }
    named
}

/// A line of anonymous memory, cut where its name changes.
fn split_by_name(line: Line, host: &[HostMapping], out: &mut Vec<Line>) {
    let mut rest = line;
    for mapping in host.iter().filter(|mapping| mapping.name.starts_with("[anon:")) {
        let (start, end) = (mapping.start.max(rest.start), mapping.end.min(rest.end));
        if start >= end {
            continue;
        }
        if rest.start < start {
            out.push(Line { end: start, ..rest.clone() });
        }
        out.push(Line { start, end, name: mapping.name.clone(), ..rest.clone() });
        rest.start = end;
    }
    if rest.start < rest.end {
        out.push(rest);
    }
}

/// `maps`.
pub fn text(lines: &[Line]) -> String {
    lines.iter().fold(String::new(), |mut text, line| {
        line.write(&mut text);
        text
    })
}

impl Line {
    fn write(&self, out: &mut String) {
        let allowed = |prot, letter| if self.prot.allows(prot) { letter } else { '-' };
        let head = format!(
            "{:08x}-{:08x} {}{}{}{} {:08x} {} ",
            self.start,
            self.end,
            allowed(Prot::READ, 'r'),
            allowed(Prot::WRITE, 'w'),
            allowed(Prot::EXEC, 'x'),
            if self.shared { 's' } else { 'p' },
            self.offset,
            self.file,
        );
        // Names stand in a column, as the kernel puts them.
        let name = &self.name;
        let _ = if name.is_empty() { writeln!(out, "{head}") } else { writeln!(out, "{head:<73}{name}") };
    }

    /// Whether there is no file behind it.
    pub fn is_anonymous(&self) -> bool {
        self.file == NO_FILE
    }

    /// Length in KiB.
    fn kib(&self) -> u64 {
        (self.end - self.start) >> 10
    }

    /// `VmFlags`: the protection is the guest's, the rest (`lo` for locked memory, and so on) what the host says.
    fn flags(&self, host: &[HostMapping]) -> String {
        let has = |prot: Prot, flag| if self.prot.0 & prot.0 != 0 { flag } else { "" };
        let there = host.iter().find(|mapping| mapping.start <= self.start && self.start < mapping.end);
        let flags = there.map_or("", |mapping| mapping.flags.as_str()).split_ascii_whitespace();
        let others = flags.filter(|flag| !PROTECTIONS.contains(flag)).map(|flag| format!("{flag} "));
        format!(
            "{}{}{}{}mr mw me {}",
            has(Prot::READ, "rd "),
            has(Prot::WRITE, "wr "),
            has(Prot::EXEC, "ex "),
            if self.shared { "sh " } else { "" },
            others.collect::<String>()
        )
    }
}

/// The first of `VmFlags`, in their order, and `nr`: the emulator has promised itself no memory where the guest may have been.
const PROTECTIONS: [&str; 8] = ["rd", "wr", "ex", "sh", "mr", "mw", "me", "nr"];

/// A mapping of the host's `maps` or `smaps` that lies in the window, its addresses moved to the guest's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostMapping {
    start: u64,
    end: u64,
    offset: u64,
    file: String,
    name: String,
    /// The lines `Name: number kB` of `smaps`.
    sizes: Vec<(String, u64)>,
    /// `VmFlags`.
    flags: String,
}

/// Reads the host's `maps` or `smaps`.
pub(super) fn parse(text: &str, base: u64, size: u64) -> Vec<HostMapping> {
    let mut found: Vec<HostMapping> = Vec::new();
    // Whether the lines that follow belong to a mapping that counts.
    let mut inside = false;
    for line in text.lines() {
        if let Some(mapping) = mapping(line) {
            inside = mapping.start >= base && mapping.end <= base + size;
            if inside {
                let (start, end) = (mapping.start - base, mapping.end - base);
                found.push(HostMapping { start, end, ..mapping });
            }
        } else if inside
            && let Some(last) = found.last_mut()
            && let Some((name, value)) = line.split_once(':')
        {
            if name == "VmFlags" {
                last.flags = value.trim().to_owned();
            } else if let Some(number) =
                value.strip_suffix(" kB").and_then(|number| number.trim().parse().ok())
            {
                last.sizes.push((name.to_owned(), number));
            }
        }
    }
    found
}

/// Which addresses the head line of a mapping is about, and the rest of it.
pub(crate) fn range(line: &str) -> Option<(Range<u64>, &str)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(start)?..number(end)?, rest))
}

/// The head line of a mapping.
fn mapping(line: &str) -> Option<HostMapping> {
    let (Range { start, end }, rest) = range(line)?;
    let mut fields = rest.splitn(5, ' ');
    let (_prot, offset, dev) = (fields.next()?, fields.next()?, fields.next()?);
    let (inode, name) = (fields.next()?, fields.next().unwrap_or_default());
    Some(HostMapping {
        start,
        end,
        offset: u64::from_str_radix(offset, 16).ok()?,
        file: format!("{dev} {inode}"),
        name: name.trim_start().to_owned(),
        sizes: Vec::new(),
        flags: String::new(),
    })
}

/// What `smaps` says of a line's own accord, in the place of the host's.
const OURS: [&str; 3] = ["Size", "KernelPageSize", "MMUPageSize"];

/// The sizes of each line, in the host's order: what the host knows of a mapping belongs to the regions in it by their lengths.
fn sizes(line: &Line, host: &[HostMapping]) -> Vec<(String, u64)> {
    let mut sizes: Vec<(String, u64)> = Vec::new();
    for mapping in host.iter().filter(|mapping| mapping.start < line.end && line.start < mapping.end) {
        let (whole, from) = (mapping.end - mapping.start, mapping.start.max(line.start) - mapping.start);
        let to = mapping.end.min(line.end) - mapping.start;
        for (name, number) in mapping.sizes.iter().filter(|(name, _)| !OURS.contains(&name.as_str())) {
            // Differences of what is below each border, so that the parts add up.
            let below = |border: u64| (u128::from(*number) * u128::from(border) / u128::from(whole)) as u64;
            let part = below(to) - below(from);
            match sizes.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += part,
                None => sizes.push((name.clone(), part)),
            }
        }
    }
    sizes
}

/// `smaps`, out of the host's.
pub(super) fn smaps(lines: &[Line], host: &[HostMapping]) -> String {
    let mut out = String::new();
    for line in lines {
        line.write(&mut out);
        let own = [("Size", line.kib()), ("KernelPageSize", 4), ("MMUPageSize", 4)];
        let own = own.map(|(name, number)| (name.to_owned(), number));
        for (name, number) in own.into_iter().chain(sizes(line, host)) {
            write_size(&name, number, &mut out);
        }
        let _ = writeln!(out, "THPeligible:           0\nVmFlags: {}", line.flags(host));
    }
    out
}

/// `smaps_rollup`, out of the host's `smaps`.
pub(super) fn rollup(lines: &[Line], host: &[HostMapping]) -> String {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return String::new() };
    let mut out = String::new();
    let name = "[rollup]".to_owned();
    let (start, end, file) = (first.start, last.end, NO_FILE.to_owned());
    Line { start, end, prot: Prot::NONE, shared: false, offset: 0, file, name }.write(&mut out);
    let mut sums: Vec<(String, u64)> = Vec::new();
    for (name, number) in lines.iter().flat_map(|line| sizes(line, host)) {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += number,
            None => sums.push((name, number)),
        }
    }
    sums.iter().for_each(|(name, number)| write_size(name, *number, &mut out));
    out
}

fn write_size(name: &str, kib: u64, out: &mut String) {
    let _ = writeln!(out, "{:<16}{kib:>8} kB", format!("{name}:"));
}

/// How much memory is of which kind, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// All of it.
    pub all: u64,
    /// Private and writable, but not the stack.
    pub data: u64,
    /// The stack.
    pub stack: u64,
    /// Code: executable and from a file.
    pub code: u64,
}

impl Totals {
    /// Adds up.
    pub(super) fn of(lines: &[Line]) -> Totals {
        lines.iter().fold(Totals::default(), |mut totals, line| {
            let len = line.end - line.start;
            totals.all += len;
            if line.name == "[stack]" {
                totals.stack += len;
            } else if line.prot.allows(Prot::WRITE) && !line.shared {
                totals.data += len;
            } else if line.prot.allows(Prot::EXEC) {
                totals.code += len;
            }
            totals
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::GuestAddr;

    const SMAPS: &str = "\
7f0000000000-7f0000004000 r--p 00002000 fe:00 77                         /bin/a b
Size:                 16 kB
KernelPageSize:        4 kB
Rss:                  12 kB
Private_Clean:         4 kB
VmFlags: rd mr mw me lo sd
7f0000010000-7f0000012000 rw-s 00000000 00:01 9
Rss:                   8 kB
7fff00000000-7fff00001000 rw-p 00000000 00:00 0                          [stack]
Rss:                   4 kB
";
    const BASE: u64 = 0x7f00_0000_0000;

    fn area(start: u64, end: u64, prot: u8, file: bool, name: Option<&'static str>) -> Area {
        Area { start: GuestAddr(start), end, prot: Prot(prot), shared: file && prot == 3, name, file }
    }

    #[test]
    fn named_memory_is_a_line_of_its_own() {
        let host = parse(
            "7f0000001000-7f0000002000 rw-p 00000000 00:00 0    [anon:one]\n\
             7f0000002000-7f0000003000 rw-p 00000000 00:00 0    [anon:two]\n\
             7f0000003000-7f0000009000 rw-p 00000000 00:00 0\n",
            BASE,
            1 << 30,
        );
        let areas = [area(0x1000, 0x5000, 3, false, None), area(0x5000, 0x6000, 3, false, Some("[heap]"))];
        let lines = with_names(other(&areas), &host);
        let shown: Vec<_> = lines.iter().map(|line| (line.start, line.end, line.name.as_str())).collect();
        let wanted = [
            (0x1000, 0x2000, "[anon:one]"),
            (0x2000, 0x3000, "[anon:two]"),
            (0x3000, 0x5000, ""),
            (0x5000, 0x6000, "[heap]"),
        ];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn another_process_is_read() {
        let host = parse(SMAPS, BASE, 1 << 30);
        assert_eq!(host.len(), 2);
        let areas = [
            area(0, 0x1000, 1, true, None),
            area(0x1000, 0x4000, 5, true, None),
            area(0x1_0000, 0x1_2000, 3, true, None),
            area(0x2_0000, 0x2_1000, 3, false, Some("[heap]")),
        ];
        let lines = with_names(other(&areas), &host);
        assert_eq!(
            text(&lines),
            "\
00000000-00001000 r--p 00002000 fe:00 77                                 /bin/a b
00001000-00004000 r-xp 00003000 fe:00 77                                 /bin/a b
00010000-00012000 rw-s 00000000 00:01 9 \n\
00020000-00021000 rw-p 00000000 00:00 0                                  [heap]
"
        );
        let smaps = smaps(&lines, &host);
        assert!(smaps.contains("Size:                 12 kB\nKernelPageSize:        4 kB\nMMUPageSize:           4 kB\nRss:                   9 kB\nPrivate_Clean:         3 kB\n"), "{smaps}");
        assert!(smaps.contains("VmFlags: rd ex mr mw me lo sd \n"));
        let rollup = rollup(&lines, &host);
        assert!(rollup.starts_with("00000000-00021000 ---p 00000000 00:00 0                                  [rollup]\nRss:                  20 kB\n"), "{rollup}");
        let totals = Totals::of(&lines);
        assert_eq!((totals.all, totals.data, totals.code), (0x7000, 0x1000, 0x3000));
    }
}
