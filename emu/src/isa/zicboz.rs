//! Zicboz, cache-block zeroing (unprivileged manual, chapter "CMO").

use super::Kind;

/// Bytes in a cache block, for all three extensions of this chapter.
pub const BLOCK: u64 = 64;

instructions! {
    extension "Zicboz", after super::zicbop::END;

    other {
        /// Zero the cache block that has the address.
        CBO_ZERO "cbo.zero" "000000000100 ..... 010 00000 0001111" Block => Kind::CacheZero;
    }
}
