//! Signal numbers: Linux's inside, gdb's on the wire (gdb's `include/gdb/signals.def`).

/// Linux's generic number (asm-generic/signal.h) and gdb's, for signals 1 to 31.
const TABLE: [(i32, u8); 31] = [
    (1, 1),    // SIGHUP
    (2, 2),    // SIGINT
    (3, 3),    // SIGQUIT
    (4, 4),    // SIGILL
    (5, 5),    // SIGTRAP
    (6, 6),    // SIGABRT
    (7, 10),   // SIGBUS
    (8, 8),    // SIGFPE
    (9, 9),    // SIGKILL
    (10, 30),  // SIGUSR1
    (11, 11),  // SIGSEGV
    (12, 31),  // SIGUSR2
    (13, 13),  // SIGPIPE
    (14, 14),  // SIGALRM
    (15, 15),  // SIGTERM
    (16, 143), // SIGSTKFLT has no number of its own: "unknown"
    (17, 20),  // SIGCHLD
    (18, 19),  // SIGCONT
    (19, 17),  // SIGSTOP
    (20, 18),  // SIGTSTP
    (21, 21),  // SIGTTIN
    (22, 22),  // SIGTTOU
    (23, 16),  // SIGURG
    (24, 24),  // SIGXCPU
    (25, 25),  // SIGXFSZ
    (26, 26),  // SIGVTALRM
    (27, 27),  // SIGPROF
    (28, 28),  // SIGWINCH
    (29, 23),  // SIGIO
    (30, 32),  // SIGPWR
    (31, 12),  // SIGSYS
];

/// gdb's number for "a signal that has no number".
const UNKNOWN: u8 = 143;

/// gdb's number of a Linux signal. Real-time signal 32 has number 77, 33 to 63 have 45 to 75, 64 has 78.
pub fn to_gdb(linux: i32) -> u8 {
    match linux {
        0 => 0,
        32 => 77,
        33..=63 => (linux + 12) as u8,
        64 => 78,
        _ => TABLE.iter().find(|(number, _)| *number == linux).map_or(UNKNOWN, |(_, gdb)| *gdb),
    }
}

/// The Linux signal of gdb's number.
pub fn from_gdb(gdb: u8) -> Option<i32> {
    match gdb {
        UNKNOWN => None,
        77 => Some(32),
        45..=75 => Some(i32::from(gdb) - 12),
        78 => Some(64),
        _ => TABLE.iter().find(|(_, number)| *number == gdb).map(|(linux, _)| *linux),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_comes_back() {
        for linux in (1..=64).filter(|linux| *linux != 16) {
            assert_eq!(from_gdb(to_gdb(linux)), Some(linux));
        }
        assert_eq!(to_gdb(16), UNKNOWN);
        assert_eq!(from_gdb(0), None);
    }
}
