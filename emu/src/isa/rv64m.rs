//! M, integer multiplication and division (unprivileged manual, chapter "M").

instructions! {
    extension "M", after super::rv64i::END;

    value (a, b) {
        /// Low 64 bits of the product.
        MUL "mul" "0000001 ..... ..... 000 ..... 0110011" R => a.wrapping_mul(b);
    }
}
