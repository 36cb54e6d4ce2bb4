//! Rounding modes (unprivileged manual, "Floating-Point Control and Status Register").

/// How an operation rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Whatever the host's MXCSR says now, for rows that are [`native`](super::native): the host's instruction and nothing
    /// that asks first. It is right for dynamic rounding while `frm` is one of the four modes that the host knows; see
    /// [`Rounding::of`] for the rest.
    Host,
    /// The same for all rows.
    Dynamic,
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

    /// What an instruction with that `rm` field does under this `fcsr`. `None` if either is reserved, which makes it an
    /// illegal one; the decoder has refused reserved `rm` fields.
    #[must_use]
    #[inline(always)]
    pub const fn of(rm: u8, fcsr: u32) -> Option<Rounding> {
        match (rm, fcsr >> 5 & 7) {
            (0..=4, _) => Some(Rounding::MODES[rm as usize]),
            (7, 0..=3) => Some(Rounding::Dynamic),
            (7, 4) => Some(Rounding::Rmm),
            _ => None,
        }
    }

    /// Whether it is what MXCSR says.
    #[inline(always)]
    pub(super) const fn is_dynamic(self) -> bool {
        matches!(self, Rounding::Host | Rounding::Dynamic)
    }
}
