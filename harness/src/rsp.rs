//! Reads gdb's `remotelogfile` and says in words what the packets mean: for `--trace`, and around a failure.

use std::fmt::Write;

/// One packet, in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// From gdb to the stub.
    pub sent: bool,
    /// What is between `$` and `#`, as the log writes it; `\x03` for the interrupt byte.
    pub payload: String,
}

/// What requests mean: the longest beginning that fits tells. ("Packets" in gdb's manual, appendix E.)
const REQUESTS: [(&str, &str); 67] = [
    ("\\x03", "interrupt"),
    ("!", "use extended mode"),
    ("?", "why are you stopped?"),
    ("D", "detach"),
    ("D;", "detach process"),
    ("G", "write all registers"),
    ("g", "read all registers"),
    ("Hc", "choose a thread to step or continue"),
    ("Hg", "choose a thread for the next requests"),
    ("k", "kill"),
    ("m", "read memory"),
    ("x", "read memory, binary answer"),
    ("M", "write memory"),
    ("X", "write memory, binary"),
    ("P", "write register"),
    ("p", "read register"),
    ("QCatchSyscalls:", "catch system calls"),
    ("QNonStop:", "non-stop mode"),
    ("QPassSignals:", "signals that need no stop"),
    ("QProgramSignals:", "signals that the program may have"),
    ("QStartNoAckMode", "no acknowledgements from now on"),
    ("QThreadEvents:", "report thread starts and ends"),
    ("qAttached", "was it attached to or started?"),
    ("qC", "which thread is current?"),
    ("qL", "old list of threads"),
    ("qOffsets", "where is it loaded?"),
    ("qRcmd,", "monitor command"),
    ("qSupported", "what I can, what can you?"),
    ("qSymbol", "symbols can be looked up"),
    ("qThreadExtraInfo", "describe a thread"),
    ("qTStatus", "is a trace running?"),
    ("qXfer:auxv:", "read the auxiliary vector"),
    ("qXfer:exec-file:", "which program is it?"),
    ("qXfer:features:", "read the target description"),
    ("qXfer:siginfo:", "read $_siginfo"),
    ("qXfer:threads:", "read the list of threads"),
    ("qfThreadInfo", "list threads"),
    ("qsThreadInfo", "list more threads"),
    ("T", "is the thread alive?"),
    ("vCont;", "resume"),
    ("vCont?", "which ways to resume?"),
    ("QTBuffer:", "set the trace buffer"),
    ("QTDP:", "define a tracepoint"),
    ("QTDPsrc:", "a tracepoint's source"),
    ("QTDV:", "define a trace state variable"),
    ("QTDisable:", "disable a tracepoint"),
    ("QTDisconnected:", "trace without a debugger?"),
    ("QTEnable:", "enable a tracepoint"),
    ("QTFrame:", "select a trace frame"),
    ("QTNotes:", "notes on the trace"),
    ("QTStart", "start to trace"),
    ("QTStop", "stop tracing"),
    ("QTinit", "forget all tracepoints"),
    ("QTro:", "constant memory, not to be collected"),
    ("qTBuffer:", "read the trace buffer"),
    ("qTP:", "how often has a tracepoint collected?"),
    ("qTV:", "value of a trace state variable"),
    ("qTf", "list tracepoints or variables"),
    ("qTs", "next of the list"),
    ("qXfer:traceframe-info:", "what a trace frame has"),
    ("vFile:", "file"),
    ("vKill;", "kill process"),
    ("vMustReplyEmpty", "anything unknown gets the empty reply"),
    ("Z0,", "insert breakpoint"),
    ("z0,", "remove breakpoint"),
    ("Z", "insert hardware breakpoint or watchpoint"),
    ("z", "remove hardware breakpoint or watchpoint"),
];

/// Stop replies by their beginning.
const STOPS: [(&str, &str); 6] = [
    ("T", "stopped"),
    ("S", "stopped by signal"),
    ("W", "exited"),
    ("X", "killed by signal"),
    ("w", "thread exited"),
    ("N", "nothing is left to resume"),
];

/// What a `T` reply may carry.
const STOP_REASONS: [(&str, &str); 10] = [
    ("fork:", "fork, child"),
    ("vfork:", "vfork, child"),
    ("vforkdone:", "vfork done"),
    ("exec:", "exec"),
    ("swbreak:", "breakpoint"),
    ("hwbreak:", "hardware breakpoint"),
    ("watch:", "watchpoint"),
    ("syscall_entry:", "entry of system call"),
    ("syscall_return:", "return of system call"),
    ("create:", "new thread"),
];

/// The packets of a log. Lines that are none (gdb's own commands) are left out.
pub fn packets(log: &str) -> Vec<Packet> {
    let mut packets = Vec::new();
    for line in log.lines() {
        let (sent, mut rest) = match (line.strip_prefix("w "), line.strip_prefix("r ")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => continue,
        };
        while let Some(first) = rest.find(['$', '\\']) {
            rest = &rest[first..];
            if let Some(after) = rest.strip_prefix("\\x03") {
                packets.push(Packet { sent, payload: "\\x03".to_owned() });
                rest = after;
            } else if let (true, Some(end)) = (rest.starts_with('$'), rest.find('#')) {
                packets.push(Packet { sent, payload: rest[1..end].to_owned() });
                rest = &rest[end..];
            } else {
                rest = &rest[1..];
            }
        }
    }
    packets
}

/// The last packets of a log, a line each, with their meaning.
pub fn explain(log: &str, last: usize) -> String {
    let packets = packets(log);
    let mut text = String::new();
    let mut resumed = false;
    let first = packets.len().saturating_sub(last);
    for (number, packet) in packets.iter().enumerate() {
        let meaning = if packet.sent { request(&packet.payload) } else { reply(&packet.payload, resumed) };
        // An interrupt changes nothing in what the answer is to: the resumption before it.
        if packet.sent && packet.payload != "\\x03" {
            resumed = ["vCont;", "?", "c", "s"].iter().any(|start| packet.payload.starts_with(start));
        }
        if number >= first {
            let arrow = if packet.sent { "gdb →" } else { "    ←" };
            let _ = writeln!(text, "{arrow} {:<50} {meaning}", shorten(&packet.payload));
        }
    }
    text
}

fn request(payload: &str) -> String {
    let fits = |row: &&(&str, &str)| payload.starts_with(row.0);
    let row = REQUESTS.iter().filter(fits).max_by_key(|row| row.0.len());
    let Some((start, meaning)) = row else { return "(unknown)".to_owned() };
    match *start {
        "vCont;" => payload[start.len()..].split(';').map(action).collect::<Vec<_>>().join(", "),
        "qRcmd," => format!("{meaning}: {}", unhex(&payload[start.len()..])),
        "vFile:" => file_request(&payload[start.len()..]),
        _ => (*meaning).to_owned(),
    }
}

/// `c:p10.-1` → `continue all threads of p10`.
fn action(text: &str) -> String {
    let (action, thread) = text.split_once(':').unwrap_or((text, "all others"));
    let verb = match action.as_bytes().first() {
        Some(b'c') => "continue",
        Some(b'C') => "continue with a signal",
        Some(b's') => "step",
        Some(b'S') => "step with a signal",
        Some(b't') => "stop",
        Some(b'r') => "step within a range",
        _ => "(unknown action)",
    };
    match thread.split_once('.') {
        Some((process, "-1")) => format!("{verb} all threads of {process}"),
        _ => format!("{verb} {thread}"),
    }
}

fn file_request(text: &str) -> String {
    let (operation, arguments) = text.split_once(':').unwrap_or((text, ""));
    match operation {
        "open" | "readlink" | "unlink" | "stat" => {
            format!("file {operation} {}", unhex(arguments.split(',').next().unwrap_or("")))
        }
        _ => format!("file {operation}"),
    }
}

fn reply(payload: &str, to_resume: bool) -> String {
    if payload.is_empty() {
        return "not supported".to_owned();
    }
    if payload.len() == 3 && payload.starts_with('E') {
        return "error".to_owned();
    }
    if let (true, Some((start, meaning))) = (to_resume, STOPS.iter().find(|row| payload.starts_with(row.0))) {
        // A T reply has the signal's two digits and then pairs.
        let pairs = if *start == "T" { payload.get(3..).unwrap_or_default() } else { "" };
        let reason = pairs.split(';').find_map(|pair| {
            STOP_REASONS.iter().find_map(|(key, reason)| Some((pair.strip_prefix(key)?, reason)))
        });
        return match reason {
            Some((value, reason)) => format!("{meaning}: {reason} {value}"),
            None => format!("{meaning} ({})", payload.get(1..3).unwrap_or_default()),
        };
    }
    String::new()
}

fn unhex(text: &str) -> String {
    let bytes: Option<Vec<u8>> = (0..text.len() / 2)
        .map(|i| text.get(2 * i..2 * i + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes.map_or_else(|| "(not hex)".to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn shorten(payload: &str) -> String {
    const LIMIT: usize = 100;
    if payload.chars().count() <= LIMIT {
        return payload.to_owned();
    }
    let start: String = payload.chars().take(LIMIT - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "w $vCont;c:p10.-1#52\nr $T05fork:p11.11;thread:p10.10;#00$OK#9a\nc detach\nw $Hgp11.11#00\nr $OK#9a\n\
                       w $vFile:open:2f70,0,0#00\nr $#00\nw $vCont;c:p11.-1#00\nw \\x03\nr $T0506:0102;swbreak:;#00\n\
                       w $?#3f\nr $W2a;process:b#00\n";

    #[test]
    fn packets_are_found() {
        let payloads: Vec<_> = packets(LOG).into_iter().map(|packet| packet.payload).collect();
        assert_eq!(payloads[..4], ["vCont;c:p10.-1", "T05fork:p11.11;thread:p10.10;", "OK", "Hgp11.11"]);
    }

    #[test]
    fn packets_are_explained() {
        let text = explain(LOG, 100);
        for part in [
            "continue all threads of p10",
            "stopped: fork, child p11.11",
            "choose a thread for the next requests",
            "file open /p",
            "not supported",
            "interrupt",
            "stopped: breakpoint",
            "exited (2a)",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert_eq!(explain(LOG, 1).lines().count(), 1);
    }

    #[test]
    fn rows_do_not_repeat() {
        for (i, row) in REQUESTS.iter().enumerate() {
            assert!(REQUESTS[i + 1..].iter().all(|other| other.0 != row.0), "{}", row.0);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_log_is_read(log in "([wr] [$#\\\\x03TfWorkvCnt;:.,é0-9]{0,30}\n){0,8}") {
            let _ = explain(&log, 5);
        }
    }
}
