//! Zicond, integer conditional operations (unprivileged manual, chapter "Zicond").

instructions! {
    extension "Zicond", after super::rv64d::END;

    value (a, b) {
        /// Zero if the condition is zero.
        CZERO_EQZ "czero.eqz" "0000111 ..... ..... 101 ..... 0110011" R => if b == 0 { 0 } else { a };
        /// Zero if the condition is not zero.
        CZERO_NEZ "czero.nez" "0000111 ..... ..... 111 ..... 0110011" R => if b == 0 { a } else { 0 };
    }
}
