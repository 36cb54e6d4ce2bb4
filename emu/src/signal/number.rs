//! Signals by number: their names, and what they do to a process that has said nothing (signal(7)). The numbers are
//! those of asm-generic, which riscv64 and x86-64 share.

/// What a signal does by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// Ends the process.
    Terminate,
    /// Ends the process; Linux would dump core.
    Core,
    /// Nothing.
    Ignore,
    /// Stops the process.
    Stop,
    /// Continues the process; that much happens when it is sent, whatever the action.
    Continue,
}

macro_rules! signals {
    ($($name:ident = $number:literal $default:ident,)*) => {
        $(#[doc = concat!("Signal ", $number, ".")] pub const $name: i32 = $number;)*

        /// The name of a signal; the real-time ones are written as distances from `SIGRTMIN` (34 for the C library,
        /// 32 for the kernel, which is meant here).
        pub fn name(signal: i32) -> String {
            match signal {
                $($number => stringify!($name).to_owned(),)*
                32 => "SIGRT_0".to_owned(),
                33..=64 => format!("SIGRT_{}", signal - 32),
                _ => format!("signal {signal}"),
            }
        }

        /// What `signal` does by default.
        pub const fn default(signal: i32) -> Default {
            match signal {
                $($number => Default::$default,)*
                _ => Default::Terminate,
            }
        }
    };
}

signals! {
    SIGHUP = 1 Terminate,
    SIGINT = 2 Terminate,
    SIGQUIT = 3 Core,
    SIGILL = 4 Core,
    SIGTRAP = 5 Core,
    SIGABRT = 6 Core,
    SIGBUS = 7 Core,
    SIGFPE = 8 Core,
    SIGKILL = 9 Terminate,
    SIGUSR1 = 10 Terminate,
    SIGSEGV = 11 Core,
    SIGUSR2 = 12 Terminate,
    SIGPIPE = 13 Terminate,
    SIGALRM = 14 Terminate,
    SIGTERM = 15 Terminate,
    SIGSTKFLT = 16 Terminate,
    SIGCHLD = 17 Ignore,
    SIGCONT = 18 Continue,
    SIGSTOP = 19 Stop,
    SIGTSTP = 20 Stop,
    SIGTTIN = 21 Stop,
    SIGTTOU = 22 Stop,
    SIGURG = 23 Ignore,
    SIGXCPU = 24 Core,
    SIGXFSZ = 25 Core,
    SIGVTALRM = 26 Terminate,
    SIGPROF = 27 Terminate,
    SIGWINCH = 28 Ignore,
    SIGIO = 29 Terminate,
    SIGPWR = 30 Terminate,
    SIGSYS = 31 Core,
}

/// Whether there is such a signal.
pub const fn exists(signal: i32) -> bool {
    signal >= 1 && signal <= 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_hosts() {
        for number in 1..=31 {
            let host = nix::sys::signal::Signal::try_from(number).unwrap();
            assert_eq!(name(number), host.as_str());
        }
        assert_eq!(name(64), "SIGRT_32");
    }
}
