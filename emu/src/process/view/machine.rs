//! `/proc/cpuinfo`, `/proc/version` and what /proc/sys says of the kernel: the machine that the guest is told of.

use std::fmt::Write;

use crate::isa::Extensions;
use crate::memory::SV39_BITS;
use crate::syscall::system;

/// `cpuinfo` (arch/riscv has it so): a hart for each of the host's processors.
pub(super) fn cpuinfo(host: &str, window: u64) -> String {
    let mmu = if window.ilog2() > SV39_BITS { "sv48" } else { "sv39" };
    let isa = Extensions::selected().isa_string();
    let mut out = String::new();
    for line in host.lines() {
        if let Some((name, number)) = line.split_once(':')
            && name.trim_end() == "processor"
        {
            let number = number.trim();
            let _ = write!(
                out,
                "processor\t: {number}\nhart\t\t: {number}\nisa\t\t: {isa}\nmmu\t\t: {mmu}\nuarch\t\t: tine\n\
                 mvendorid\t: 0x0\nmarchid\t\t: 0x0\nmimpid\t\t: 0x0\nhart isa\t: {isa}\n\n",
            );
        }
    }
    out
}

/// `version`, with the release of `-r`.
pub(super) fn version(host: &str) -> String {
    let Some(release) = system::pretended_release() else { return host.to_owned() };
    let mut words: Vec<&str> = host.split(' ').collect();
    // Linux version RELEASE (…
    if let Some(word) = words.get_mut(2) {
        *word = release;
    }
    words.join(" ")
}

/// `osrelease`, with the release of `-r`.
pub(super) fn osrelease(host: &str) -> String {
    system::pretended_release().map_or(host.to_owned(), |release| format!("{release}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hart_for_each_processor() {
        let host = "processor\t: 0\nmodel name\t: x\nflags\t\t: a\n\nprocessor\t: 5\nmodel name\t: x\n\n";
        let shown = cpuinfo(host, 1 << 38);
        assert_eq!(shown.matches("processor\t: ").count(), 2);
        assert!(shown.contains("processor\t: 5\nhart\t\t: 5\nisa\t\t: rv64imafdc"));
        assert!(shown.contains("\nmmu\t\t: sv39\n") && !shown.contains("model name"));
        assert!(cpuinfo(host, 1 << 40).contains("\nmmu\t\t: sv48\n"));
    }
}
