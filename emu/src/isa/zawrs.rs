//! Zawrs, wait on a reservation set (unprivileged manual, chapter "Zawrs"). A wait may end for any reason; here it always
//! ends after a moment.

use super::Kind;

instructions! {
    extension "Zawrs", after super::zimop::END;

    other {
        /// Wait until the reservation may be lost.
        WRS_NTO "wrs.nto" "000000001101 00000 000 00000 1110011" Bare => Kind::Pause;
        /// Wait until the reservation may be lost, or a short time.
        WRS_STO "wrs.sto" "000000011101 00000 000 00000 1110011" Bare => Kind::Pause;
    }
}
