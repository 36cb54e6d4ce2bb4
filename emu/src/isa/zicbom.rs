//! Zicbom, cache-block management (unprivileged manual, chapter "CMO"). Memory is coherent, so nothing is to be done with a
//! block that may be accessed; one that may not is a failed store. `cbo.inval` does as `cbo.flush`, as it may.

use super::Kind;

instructions! {
    extension "Zicbom", after super::zawrs::END;

    other {
        /// Write a cache block back, or drop it.
        CBO_INVAL "cbo.inval" "000000000000 ..... 010 00000 0001111" Block => Kind::CacheManage;
        /// Write a cache block back.
        CBO_CLEAN "cbo.clean" "000000000001 ..... 010 00000 0001111" Block => Kind::CacheManage;
        /// Write a cache block back and drop it.
        CBO_FLUSH "cbo.flush" "000000000010 ..... 010 00000 0001111" Block => Kind::CacheManage;
    }
}
