//! Zihintpause, pause hint (unprivileged manual, chapter "Zihintpause"): a fence that orders nothing, where it is off.

use super::Kind;

instructions! {
    extension "Zihintpause", after super::zicond::END;

    other {
        /// Rest for a moment: the hart spins.
        PAUSE "pause" "000000010000 00000 000 00000 0001111" Bare => Kind::Pause;
    }
}
