//! Zcmop, compressed may-be-operations (unprivileged manual, chapter "Zcmop"): they do nothing until an extension gives them a
//! meaning.

use super::rv64i;

compressed! {
    extension "Zcmop";

    "c.mop.1" "011 0 00001 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.3" "011 0 00011 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.5" "011 0 00101 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.7" "011 0 00111 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.9" "011 0 01001 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.11" "011 0 01011 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.13" "011 0 01101 00000 01" NoOperands => rv64i::ADDI;
    "c.mop.15" "011 0 01111 00000 01" NoOperands => rv64i::ADDI;
}
