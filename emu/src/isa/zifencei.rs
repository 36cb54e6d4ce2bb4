//! Zifencei, instruction-fetch fence (unprivileged manual, chapter "Zifencei").

use super::Kind;

instructions! {
    extension "Zifencei", after super::zicsr::END;

    other {
        /// Make this hart's stores visible to its own instruction fetches; all fields beyond are ignored.
        FENCE_I "fence.i" "............ ..... 001 ..... 0001111" Bare => Kind::FenceI;
    }
}
