//! The constants that `fli` loads (unprivileged manual, chapter "Zfa", table of `rs1` values).

use super::Precision;

/// Exponents, and the quarters beyond 1 that a significand has, of the constants 2 to 29; the others are special.
const POWERS: [(i32, u64); 28] = [
    (-16, 0),
    (-15, 0),
    (-8, 0),
    (-7, 0),
    (-4, 0),
    (-3, 0),
    (-2, 0),
    (-2, 1),
    (-2, 2),
    (-2, 3),
    (-1, 0),
    (-1, 1),
    (-1, 2),
    (-1, 3),
    (0, 0),
    (0, 1),
    (0, 2),
    (0, 3),
    (1, 0),
    (1, 1),
    (1, 2),
    (2, 0),
    (3, 0),
    (4, 0),
    (7, 0),
    (8, 0),
    (15, 0),
    (16, 0),
];

/// The register that holds constant `index`, 0 to 31. What is too small to be normal is subnormal, and what is too great is
/// infinite.
#[inline(always)]
#[must_use]
pub fn constant<P: Precision>(index: u64) -> u64 {
    let hidden = P::DIGITS - 1;
    P::boxed(match index {
        0 => P::SIGN | (P::MAX_EXPONENT as u64) << hidden,
        1 => 1 << hidden,
        2..=29 => {
            let (exponent, quarters) = POWERS[index as usize - 2];
            match exponent + P::MAX_EXPONENT {
                biased if biased > 2 * P::MAX_EXPONENT => P::INFINITY,
                biased if biased > 0 => (biased as u64) << hidden | quarters << (hidden - 2),
                biased => 1 << (hidden as i32 - 1 + biased),
            }
        }
        30 => P::INFINITY,
        _ => P::NAN,
    })
}

/// As the assembler writes constant `index`.
pub(in crate::isa) fn spelled(index: i32) -> String {
    match index {
        0 => "-1.0".into(),
        1 => "min".into(),
        2..=29 => {
            let (exponent, quarters) = POWERS[index as usize - 2];
            format!("{:?}", 2f64.powi(exponent) * (1.0 + quarters as f64 / 4.0))
        }
        30 => "inf".into(),
        _ => "nan".into(),
    }
}
