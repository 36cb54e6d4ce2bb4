//! Rounding modes (unprivileged manual, "Floating-Point Control and Status Register").

/// How an operation rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Whatever the host's MXCSR says now. It is right for dynamic rounding while `frm` is one of the four modes that the
    /// host knows; see [`Rounding::dynamic`] for the rest.
    Host,
    /// To nearest, ties to even.
    Rne,
    /// Towards zero.
    Rtz,
    /// Down, towards negative infinity.
    Rdn,
    /// Up, towards positive infinity.
    Rup,
    /// To nearest, ties away from zero.
    Rmm,
}

impl Rounding {
    /// The five modes, indexed by their encodings in `rm` and `frm`.
    pub const MODES: [Rounding; 5] =
        [Rounding::Rne, Rounding::Rtz, Rounding::Rdn, Rounding::Rup, Rounding::Rmm];

    /// What an instruction with that `rm` field does. Dynamic rounding is [`Rounding::Host`]. `None` for the two reserved
    /// values, which the decoder refuses.
    #[must_use]
    #[inline(always)]
    pub const fn of_rm(rm: u8) -> Option<Rounding> {
        match rm {
            0..=4 => Some(Rounding::MODES[rm as usize]),
            7 => Some(Rounding::Host),
            _ => None,
        }
    }

    /// What an instruction with dynamic rounding does under this `fcsr`: [`Rounding::Host`] for the modes that MXCSR can
    /// express, [`Rounding::Rmm`], or `None` if `frm` is reserved, which makes the instruction an illegal one.
    #[must_use]
    #[inline(always)]
    pub const fn dynamic(fcsr: u32) -> Option<Rounding> {
        match fcsr >> 5 & 7 {
            0..=3 => Some(Rounding::Host),
            4 => Some(Rounding::Rmm),
            _ => None,
        }
    }
}
