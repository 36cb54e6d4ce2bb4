//! Zimop, may-be-operations (unprivileged manual, chapter "Zimop"): encodings that write zero until an extension gives
//! them a meaning. Their number is scattered over the encoding.

instructions! {
    extension "Zimop", after super::zihintntl::END;

    value (a, b) {
        /// May-be-operation `n`, 0 to 31, with one source.
        MOP_R "mop.r.n" "1.00..0111.. ..... 100 ..... 1110011" MopUnary => 0;
        /// May-be-operation `n`, 0 to 7, with two sources.
        MOP_RR "mop.rr.n" "1.00..1 ..... ..... 100 ..... 1110011" MopBinary => 0;
    }
}
