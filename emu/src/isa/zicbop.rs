//! Zicbop, cache-block prefetch (unprivileged manual, chapter "CMO"): HINTs, which never trap; `ori` to `x0`, where it is off.

use super::Kind;

instructions! {
    extension "Zicbop", after super::zicbom::END;

    other {
        /// A fetch from there is likely.
        PREFETCH_I "prefetch.i" "....... 00000 ..... 110 00000 0010011" Prefetch => Kind::Hint;
        /// A load from there is likely.
        PREFETCH_R "prefetch.r" "....... 00001 ..... 110 00000 0010011" Prefetch => Kind::Hint;
        /// A store to there is likely.
        PREFETCH_W "prefetch.w" "....... 00011 ..... 110 00000 0010011" Prefetch => Kind::Hint;
    }
}
