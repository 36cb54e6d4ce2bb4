//! `stat`, `statm`, `status` and `limits` (proc(5)): the host's, with what is the guest's in the place of the emulator's.

use std::fmt::Write;

use super::maps::Totals;
use super::record::Facts;
use crate::memory::PAGE;
use crate::signal::Kept;

/// The host's `stat` or `status` of a thread that the debugger has stopped. To the host's kernel it waits for something.
pub(super) fn stopped_by_tracer(host: &str) -> String {
    match host.rfind(") ") {
        Some(close) if !host.starts_with("Name:") => {
            let (head, rest) = host.split_at(close + 2);
            format!("{head}t{}", rest.get(1..).unwrap_or_default())
        }
        _ => {
            let line =
                |line| if str::starts_with(line, "State:") { "State:\tt (tracing stop)" } else { line };
            host.lines().flat_map(|text| [line(text), "\n"]).collect()
        }
    }
}

/// `stat`: fields are counted from 1, as proc(5) does.
pub(super) fn stat(host: &str, facts: &Facts, totals: &Totals) -> String {
    // The name in the second field may hold anything.
    let Some(close) = host.rfind(')') else { return host.to_owned() };
    let (head, rest) = host.split_at(close + 1);
    // Those who may not have addresses get no place of the stack, and other fixed numbers.
    let allowed = rest.split_ascii_whitespace().nth(28 - 3) != Some("0");
    let low = |signals: u64| signals & 0x7fff_ffff;
    // Forked, and no program executed since (`PF_FORKNOEXEC`).
    const FORKED: u64 = 0x40;
    let has_executed = facts.executed != 0 && host.starts_with(&format!("{} ", facts.executed));
    let mut out = head.to_owned();
    for (field, text) in (3..).zip(rest.split_ascii_whitespace()) {
        let number = || text.parse::<u64>().unwrap_or_default();
        let address = |addr: u64| if allowed { addr } else { number() };
        let ours = match field {
            9 if has_executed => number() & !FORKED,
            20 => number().saturating_sub(u64::from(facts.hidden_task != 0)),
            23 => totals.all,
            24 => number().min(totals.all / PAGE),
            26 => address(facts.code[0]),
            27 => address(facts.code[1]),
            28 => address(facts.stack),
            33 => low(facts.ignored),
            34 => low(facts.caught),
            45 => address(facts.code[1]),
            46 | 47 => address(facts.brk),
            48 => address(facts.args[0]),
            49 => address(facts.args[1]),
            50 => address(facts.env[0]),
            51 => address(facts.env[1]),
            _ => {
                let _ = write!(out, " {text}");
                continue;
            }
        };
        let _ = write!(out, " {ours}");
    }
    out.push('\n');
    out
}

/// `statm`: seven numbers of pages.
pub(super) fn statm(host: &str, facts: &Facts, totals: &Totals) -> String {
    let host: Vec<u64> = host.split_ascii_whitespace().filter_map(|number| number.parse().ok()).collect();
    let all = totals.all / PAGE;
    let resident = host.get(1).copied().unwrap_or_default().min(all);
    let shared = host.get(2).copied().unwrap_or_default().min(resident);
    let code = (facts.code[1].saturating_sub(facts.code[0])).div_ceil(PAGE);
    format!("{all} {resident} {shared} {code} 0 {} 0\n", (totals.data + totals.stack) / PAGE)
}

/// `status`: lines `Name:\tvalue`. `kept` is of the thread that it tells of, if that is the reader.
pub(super) fn status(host: &str, facts: &Facts, totals: &Totals, kept: Kept) -> String {
    let code = facts.code[1].saturating_sub(facts.code[0]);
    let mut out = String::new();
    for line in host.lines() {
        let Some((name, value)) = line.split_once(":\t") else {
            let _ = writeln!(out, "{line}");
            continue;
        };
        let kib = |bytes: u64| format!("{:>8} kB", bytes >> 10);
        let and = |more: u64| format!("{:016x}", u64::from_str_radix(value, 16).unwrap_or_default() | more);
        let at_most = |most: u64| {
            let number = value.trim_end_matches(" kB").trim().parse::<u64>().unwrap_or_default();
            kib((number << 10).min(most))
        };
        let ours = match name {
            // What only the host's processor has.
            "x86_Thread_features" | "x86_Thread_features_locked" | "untag_mask" => continue,
            "VmPeak" | "VmSize" => kib(totals.all),
            "VmHWM" | "VmRSS" | "RssAnon" | "RssFile" => at_most(totals.all),
            "VmData" => kib(totals.data),
            "VmStk" => kib(totals.stack),
            "VmExe" => kib(code.next_multiple_of(PAGE)),
            "VmLib" => kib(totals.code.saturating_sub(code.next_multiple_of(PAGE))),
            "Threads" => {
                let threads = value.parse::<u64>().unwrap_or_default();
                threads.saturating_sub(u64::from(facts.hidden_task != 0)).to_string()
            }
            "Seccomp" => facts.seccomp[0].to_string(),
            "Seccomp_filters" => facts.seccomp[1].to_string(),
            "TracerPid" if facts.tracer != 0 => facts.tracer.to_string(),
            "SigPnd" => and(kept.pending),
            "ShdPnd" => and(kept.shared),
            "SigBlk" => and(kept.blocked),
            "SigIgn" => format!("{:016x}", facts.ignored),
            "SigCgt" => format!("{:016x}", facts.caught),
            _ => value.to_owned(),
        };
        let _ = writeln!(out, "{name}:\t{ours}");
    }
    out
}

/// The limits that are the guest's own, in the order of [`Facts::limits`].
const LIMITS: [&str; 3] = ["Max data size", "Max stack size", "Max address space"];

/// `limits`: a table with columns of fixed width.
pub(super) fn limits(host: &str, facts: &Facts) -> String {
    let mut out = String::new();
    for line in host.lines() {
        match LIMITS.iter().position(|name| line.starts_with(name)) {
            None => {
                let _ = writeln!(out, "{line}");
            }
            Some(place) => {
                let shown = |limit: u64| match limit {
                    u64::MAX => "unlimited".to_owned(),
                    bytes => bytes.to_string(),
                };
                let (soft, hard) = (shown(facts.limits[2 * place]), shown(facts.limits[2 * place + 1]));
                let _ = writeln!(out, "{:<25} {soft:<20} {hard:<20} {:<10}", LIMITS[place], "bytes");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    fn facts() -> Facts {
        let mut facts = Facts::zeroed();
        facts.code = [0x1_0000, 0x1_2345];
        facts.stack = 0x3f_ffff_e000;
        facts.brk = 0x2_0000;
        facts.args = [1, 2];
        facts.env = [2, 3];
        facts.caught = 1 << 9 | 1 << 40;
        facts.ignored = 1 << 12;
        facts.executed = 77;
        facts.limits = [u64::MAX, u64::MAX, 8 << 20, u64::MAX, 5, 6];
        facts
    }

    const TOTALS: Totals = Totals { all: 0x40_0000, data: 0x1_0000, stack: 0x20_0000, code: 0x2000 };

    #[test]
    fn stat_has_every_field() {
        let host: Vec<String> = (3..=52).map(|field| (field * 1000).to_string()).collect();
        let text = stat(&format!("77 (a) b) {}\n", host.join(" ")), &facts(), &TOTALS);
        let fields: Vec<&str> = text.strip_prefix("77 (a) b) ").unwrap().trim_end().split(' ').collect();
        let field = |number: usize| fields[number - 3].parse::<u64>().unwrap();
        assert_eq!(fields.len(), 50);
        assert_eq!((field(3), field(22), field(25), field(52)), (3000, 22000, 25000, 52000));
        let flags = |pid| stat(&format!("{pid} (x) R 1 1 1 0 -1 4194368\n"), &facts(), &TOTALS);
        assert_eq!(
            (flags(77).as_str(), flags(78).as_str()),
            ("77 (x) R 1 1 1 0 -1 4194304\n", "78 (x) R 1 1 1 0 -1 4194368\n")
        );
        assert_eq!((field(20), field(23), field(24)), (20000, TOTALS.all, 1024));
        assert_eq!((field(26), field(27), field(28)), (0x1_0000, 0x1_2345, 0x3f_ffff_e000));
        assert_eq!((field(33), field(34)), (1 << 12, 1 << 9));
        assert_eq!((field(47), field(48), field(51)), (0x2_0000, 1, 3));
        assert!(text.ends_with('\n'));
    }

    #[test]
    fn a_thread_that_stands_for_the_debugger_is_in_a_tracing_stop() {
        assert_eq!(stopped_by_tracer("7 (a) b) S 1 2\n"), "7 (a) b) t 1 2\n");
        assert_eq!(
            stopped_by_tracer("Name:\tx) y\nState:\tS (sleeping)\nTgid:\t7\n"),
            "Name:\tx) y\nState:\tt (tracing stop)\nTgid:\t7\n"
        );
    }

    #[test]
    fn who_may_not_have_addresses_gets_none() {
        let text = stat(&format!("1 (x) R{}\n", " 0".repeat(50)), &facts(), &TOTALS);
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        assert!([26, 27, 28, 45, 47, 48, 51].iter().all(|&field| fields[field - 1] == "0"), "{text}");
        assert_eq!(fields[22], TOTALS.all.to_string());
    }

    #[test]
    fn the_others() {
        assert_eq!(statm("9000 300 200 5 0 123 0\n", &facts(), &TOTALS), "1024 300 200 3 0 528 0\n");
        let host = "Name:\tx\nGroups:\t \nVmSize:\t  900000 kB\nVmRSS:\t   90000 kB\nThreads:\t2\nTracerPid:\t0\n\
                    SigPnd:\t0\nShdPnd:\t01\nSigBlk:\t8000000000000000\nSigCgt:\t00\n\
                    Seccomp:\t0\nSeccomp_filters:\t0\nx86_Thread_features:\t\nCpus_allowed:\t3\n";
        let mut facts = facts();
        (facts.hidden_task, facts.tracer) = (7, 8);
        facts.seccomp = [2, 5];
        assert_eq!(
            status(host, &facts, &TOTALS, Kept { blocked: 0x440, pending: 0x400, shared: 0x40 }),
            "Name:\tx\nGroups:\t \nVmSize:\t    4096 kB\nVmRSS:\t    4096 kB\nThreads:\t1\nTracerPid:\t8\n\
             SigPnd:\t0000000000000400\nShdPnd:\t0000000000000041\nSigBlk:\t8000000000000440\nSigCgt:\t0000010000000200\nSeccomp:\t2\nSeccomp_filters:\t5\nCpus_allowed:\t3\n"
        );
        let host = std::fs::read_to_string("/proc/self/limits").unwrap();
        let shown = limits(&host, &facts);
        assert_eq!(shown.lines().count(), host.lines().count());
        assert!(
            shown.contains(
                "\nMax stack size            8388608              unlimited            bytes     \n"
            )
        );
        assert!(
            shown.contains(
                "\nMax address space         5                    6                    bytes     \n"
            )
        );
    }
}
