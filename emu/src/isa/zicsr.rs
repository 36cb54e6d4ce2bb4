//! Zicsr, access to control and status registers (unprivileged manual, chapter "Zicsr"). Which of them exist: see
//! [`super::csr`].

use super::{CsrAction, Kind};

instructions! {
    extension "Zicsr", after super::rv64a::END;

    other {
        /// Read and replace a CSR.
        CSRRW "csrrw" "............ ..... 001 ..... 1110011" Csr => Kind::Csr(CsrAction::Write);
        /// Read a CSR and set bits in it.
        CSRRS "csrrs" "............ ..... 010 ..... 1110011" Csr => Kind::Csr(CsrAction::Set);
        /// Read a CSR and clear bits in it.
        CSRRC "csrrc" "............ ..... 011 ..... 1110011" Csr => Kind::Csr(CsrAction::Clear);
        /// Read and replace a CSR, by immediate.
        CSRRWI "csrrwi" "............ ..... 101 ..... 1110011" CsrImm => Kind::Csr(CsrAction::Write);
        /// Read a CSR and set bits in it, by immediate.
        CSRRSI "csrrsi" "............ ..... 110 ..... 1110011" CsrImm => Kind::Csr(CsrAction::Set);
        /// Read a CSR and clear bits in it, by immediate.
        CSRRCI "csrrci" "............ ..... 111 ..... 1110011" CsrImm => Kind::Csr(CsrAction::Clear);
    }
}
