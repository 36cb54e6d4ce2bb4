//! Zihintntl, non-temporal locality hints (unprivileged manual, chapter "Zihintntl"): additions to `x0`, where it is off.

use super::Kind;

instructions! {
    extension "Zihintntl", after super::zihintpause::END;

    other {
        /// The next access is not worth a place in the innermost private cache.
        NTL_P1 "ntl.p1" "0000000 00010 00000 000 00000 0110011" Bare => Kind::Hint;
        /// The next access is not worth a place in any private cache.
        NTL_PALL "ntl.pall" "0000000 00011 00000 000 00000 0110011" Bare => Kind::Hint;
        /// The next access is not worth a place in the innermost shared cache.
        NTL_S1 "ntl.s1" "0000000 00100 00000 000 00000 0110011" Bare => Kind::Hint;
        /// The next access is not worth a place in any cache.
        NTL_ALL "ntl.all" "0000000 00101 00000 000 00000 0110011" Bare => Kind::Hint;
    }
}

compressed! {
    extension "Zihintntl";

    "c.ntl.p1" "100 1 00000 00010 10" Bare => NTL_P1;
    "c.ntl.pall" "100 1 00000 00011 10" Bare => NTL_PALL;
    "c.ntl.s1" "100 1 00000 00100 10" Bare => NTL_S1;
    "c.ntl.all" "100 1 00000 00101 10" Bare => NTL_ALL;
}
