//! Folders of /proc without what is the emulator's own.

use super::{File, Guest, Place};

/// Takes the emulator's own descriptors and threads out of `entries`, as getdents64(2) gives them; says how many bytes are left.
pub fn without_ours(place: &Place, entries: &mut [u8]) -> usize {
    let Ok(Some(guest)) = Guest::of(place, None) else { return entries.len() };
    keep(entries, |name| {
        let number = std::str::from_utf8(name).ok().and_then(|name| name.parse::<i32>().ok());
        match (place.file, number) {
            (File::Descriptors, Some(fd)) => !guest.hides_descriptor(fd),
            (File::Tasks, Some(tid)) => !guest.hides_task(&Place { task: Some(tid), ..*place }),
            _ => true,
        }
    })
}

/// Keeps the entries whose name is `wanted`. An entry is inode, offset, its own length, type, name, NUL, padding.
fn keep(entries: &mut [u8], wanted: impl Fn(&[u8]) -> bool) -> usize {
    const LEN: usize = 16;
    const NAME: usize = 19;
    let (mut from, mut to) = (0, 0);
    while let Some(&[low, high]) = entries.get(from + LEN..from + LEN + 2) {
        let len = usize::from(u16::from_ne_bytes([low, high])).max(NAME);
        let Some(name) = entries.get(from + NAME..from + len) else { break };
        if wanted(name.split(|&byte| byte == 0).next().unwrap_or_default()) {
            entries.copy_within(from..from + len, to);
            to += len;
        }
        from += len;
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_taken_out() {
        let entry = |name: &str| {
            let mut bytes = vec![0_u8; 24_usize.max((20 + name.len()).next_multiple_of(8))];
            let len = bytes.len() as u16;
            bytes[16..18].copy_from_slice(&len.to_ne_bytes());
            bytes[19..19 + name.len()].copy_from_slice(name.as_bytes());
            bytes
        };
        let all = [".", "..", "3", "a long name of a file", "4"];
        let mut entries: Vec<u8> = all.iter().flat_map(|name| entry(name)).collect();
        let left = keep(&mut entries, |name| name != b"3" && name != b"4");
        let wanted: Vec<u8> =
            [".", "..", "a long name of a file"].iter().flat_map(|name| entry(name)).collect();
        assert_eq!(&entries[..left], wanted);
        assert_eq!(keep(&mut entries[..left], |_| false), 0);
        assert_eq!(keep(&mut [0; 30], |_| true), 19);
        assert_eq!(keep(&mut [], |_| true), 0);
    }
}
