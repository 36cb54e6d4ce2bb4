//! Floating-point arithmetic (unprivileged manual, chapters "F" and "D").

/// A rounding mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Whatever the host's MXCSR says now: the engine keeps it equal to `frm`, and takes its slow path when `frm` is RMM.
    Host,
}
