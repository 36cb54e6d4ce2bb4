//! D, double-precision floating point (unprivileged manual, chapter "D").

use super::{Kind, Width};

instructions! {
    extension "D", after super::rv64f::END;

    other {
        /// Load double-precision value.
        FLD "fld" "............ ..... 011 ..... 0000111" FloatLoad => Kind::Load(Width::I64);
        /// Store double-precision value.
        FSD "fsd" "....... ..... ..... 011 ..... 0100111" FloatStore => Kind::Store(Width::I64);
    }
}
