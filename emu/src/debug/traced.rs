//! What /proc tells a debugger of a thread that stands: the kernel does not know that the emulator holds it (proc(5), `State`).

/// The contents of `/proc/PID/…`, with the state of a tracee in `status` and `stat` of a thread that `stands`.
pub(super) fn shown(path: &str, contents: Vec<u8>, stands: impl Fn(i32) -> bool) -> Vec<u8> {
    let Some((folder, name)) = path.rsplit_once('/') else { return contents };
    let tid = folder.rsplit('/').next().and_then(|tid| tid.parse().ok());
    if !tid.is_some_and(stands) {
        return contents;
    }
    let state = match name {
        "status" => range(&contents, b"State:\t", b"\n").map(|range| (range, &b"t (tracing stop)"[..])),
        "stat" => range(&contents, b") ", b" ").map(|range| (range, &b"t"[..])),
        _ => None,
    };
    match state {
        Some((range, word)) => [&contents[..range.start], word, &contents[range.end..]].concat(),
        None => contents,
    }
}

/// What is between the last `before` and the next `after`.
fn range(contents: &[u8], before: &[u8], after: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = contents.windows(before.len()).rposition(|part| part == before)? + before.len();
    let len = contents[start..].windows(after.len()).position(|part| part == after)?;
    Some(start..start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_stands_is_shown_as_traced() {
        let shown =
            |path: &str, text: &str| String::from_utf8(shown(path, text.into(), |tid| tid == 7)).unwrap();
        let status = "Name:\ta\nState:\tS (sleeping)\nTgid:\t7\n";
        assert_eq!(shown("/proc/7/status", status), "Name:\ta\nState:\tt (tracing stop)\nTgid:\t7\n");
        assert_eq!(shown("/proc/8/task/7/status", status), shown("/proc/7/status", status));
        assert_eq!(shown("/proc/7/task/8/status", status), status);
        assert_eq!(shown("/proc/7/stat", "7 (a) b) S 1 2"), "7 (a) b) t 1 2");
        assert_eq!(shown("/proc/7/maps", status), status);
        assert_eq!(shown("/proc/7/stat", "nonsense"), "nonsense");
    }
}
