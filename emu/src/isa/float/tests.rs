//! The rows of F, D, Zfh and Zfa against `rustc_apfloat`, over a grid of special values and over random ones, in every rounding
//! mode, static and dynamic, flags included.

use std::hint::black_box;

use proptest::prelude::*;
use rustc_apfloat::ieee::{Double as ApDouble, Half as ApHalf, Quad, Single as ApSingle};
use rustc_apfloat::{Float, FloatConvert, Round, Status, StatusAnd};

use super::status::flag;
use super::{Double, Half, Precision, Rounding, Single, load_fcsr, soft, store_fcsr};
use crate::isa::{Op, rv64d as d, rv64f as f, zfa, zfh as h, zfhmin};

/// A precision, its rows and its type in `rustc_apfloat`.
trait Tested: Precision {
    type Ap: Float + FloatConvert<Quad>;
    const OPS: Ops;
}

struct Ops {
    fused: [Op; 4],
    binary: [Op; 4],
    sqrt: Op,
    signs: [Op; 3],
    min_max: [Op; 2],
    compare: [Op; 3],
    class: Op,
    to_integer: [Op; 4],
    from_integer: [Op; 4],
    min_max_nan: [Op; 2],
    compare_quiet: [Op; 2],
    /// Never inexact, and inexact if so.
    round: [Op; 2],
    constant: Op,
}

impl Tested for Half {
    type Ap = ApHalf;
    const OPS: Ops = Ops {
        fused: [h::FMADD_H, h::FMSUB_H, h::FNMSUB_H, h::FNMADD_H],
        binary: [h::FADD_H, h::FSUB_H, h::FMUL_H, h::FDIV_H],
        sqrt: h::FSQRT_H,
        signs: [h::FSGNJ_H, h::FSGNJN_H, h::FSGNJX_H],
        min_max: [h::FMIN_H, h::FMAX_H],
        compare: [h::FEQ_H, h::FLT_H, h::FLE_H],
        class: h::FCLASS_H,
        to_integer: [h::FCVT_W_H, h::FCVT_WU_H, h::FCVT_L_H, h::FCVT_LU_H],
        from_integer: [h::FCVT_H_W, h::FCVT_H_WU, h::FCVT_H_L, h::FCVT_H_LU],
        min_max_nan: [zfa::FMINM_H, zfa::FMAXM_H],
        compare_quiet: [zfa::FLTQ_H, zfa::FLEQ_H],
        round: [zfa::FROUND_H, zfa::FROUNDNX_H],
        constant: zfa::FLI_H,
    };
}

impl Tested for Single {
    type Ap = ApSingle;
    const OPS: Ops = Ops {
        fused: [f::FMADD_S, f::FMSUB_S, f::FNMSUB_S, f::FNMADD_S],
        binary: [f::FADD_S, f::FSUB_S, f::FMUL_S, f::FDIV_S],
        sqrt: f::FSQRT_S,
        signs: [f::FSGNJ_S, f::FSGNJN_S, f::FSGNJX_S],
        min_max: [f::FMIN_S, f::FMAX_S],
        compare: [f::FEQ_S, f::FLT_S, f::FLE_S],
        class: f::FCLASS_S,
        to_integer: [f::FCVT_W_S, f::FCVT_WU_S, f::FCVT_L_S, f::FCVT_LU_S],
        from_integer: [f::FCVT_S_W, f::FCVT_S_WU, f::FCVT_S_L, f::FCVT_S_LU],
        min_max_nan: [zfa::FMINM_S, zfa::FMAXM_S],
        compare_quiet: [zfa::FLTQ_S, zfa::FLEQ_S],
        round: [zfa::FROUND_S, zfa::FROUNDNX_S],
        constant: zfa::FLI_S,
    };
}

impl Tested for Double {
    type Ap = ApDouble;
    const OPS: Ops = Ops {
        fused: [d::FMADD_D, d::FMSUB_D, d::FNMSUB_D, d::FNMADD_D],
        binary: [d::FADD_D, d::FSUB_D, d::FMUL_D, d::FDIV_D],
        sqrt: d::FSQRT_D,
        signs: [d::FSGNJ_D, d::FSGNJN_D, d::FSGNJX_D],
        min_max: [d::FMIN_D, d::FMAX_D],
        compare: [d::FEQ_D, d::FLT_D, d::FLE_D],
        class: d::FCLASS_D,
        to_integer: [d::FCVT_W_D, d::FCVT_WU_D, d::FCVT_L_D, d::FCVT_LU_D],
        from_integer: [d::FCVT_D_W, d::FCVT_D_WU, d::FCVT_D_L, d::FCVT_D_LU],
        min_max_nan: [zfa::FMINM_D, zfa::FMAXM_D],
        compare_quiet: [zfa::FLTQ_D, zfa::FLEQ_D],
        round: [zfa::FROUND_D, zfa::FROUNDNX_D],
        constant: zfa::FLI_D,
    };
}

/// Runs a row statically rounded, under a different dynamic mode, and dynamically rounded; both must agree.
fn run(op: Op, [a, b, c]: [u64; 3], mode: usize) -> (u64, u32) {
    let under = |frm: usize, rm| {
        let fcsr = (frm as u32) << 5;
        load_fcsr(fcsr);
        let result = crate::isa::float(black_box(op), black_box(a), black_box(b), black_box(c), rm);
        let after = store_fcsr(fcsr);
        assert_eq!(after & 0xe0, fcsr, "the rounding mode stays");
        (result, after & 0x1f)
    };
    let fixed = under((mode + 1) % 4, Rounding::MODES[mode]);
    if mode < 4 {
        assert_eq!(fixed, under(mode, Rounding::Dynamic), "{} {a:x} {b:x} {c:x}", name(op));
        if super::native(op) {
            assert_eq!(fixed, under(mode, Rounding::Host), "{} {a:x} {b:x} {c:x}", name(op));
        }
    }
    fixed
}

fn name(op: Op) -> &'static str {
    crate::isa::ROWS[op as usize].name
}

const ROUNDS: [Round; 5] = [
    Round::NearestTiesToEven,
    Round::TowardZero,
    Round::TowardNegative,
    Round::TowardPositive,
    Round::NearestTiesToAway,
];

fn flags(status: Status) -> u32 {
    let bit = |s, flag| if status.contains(s) { flag } else { 0 };
    bit(Status::INVALID_OP, flag::NV)
        | bit(Status::DIV_BY_ZERO, flag::DZ)
        | bit(Status::OVERFLOW, flag::OF)
        | bit(Status::UNDERFLOW, flag::UF)
        | bit(Status::INEXACT, flag::NX)
}

fn ap<P: Tested>(register: u64) -> P::Ap {
    P::Ap::from_bits(P::unboxed(register) as u128)
}

/// Expects a result of `rustc_apfloat`'s, whose rules for NaNs are others: those are given by the manual.
fn expect<P: Tested>(op: Op, args: [u64; 3], mode: usize, used: usize, model: StatusAnd<P::Ap>) {
    let (result, raised) = run(op, args, mode);
    let what = || format!("{} {args:x?} mode {mode} gave {result:x} {raised:x}", name(op));
    if model.value.is_nan() {
        assert_eq!(result, P::boxed(P::NAN), "{}", what());
        let inputs = &args[..used];
        let value = |n: usize| ap::<P>(args[n]);
        let signalling = inputs.iter().any(|a| P::is_signalling(P::unboxed(*a)));
        let any_nan = inputs.iter().any(|a| ap::<P>(*a).is_nan());
        let product = used == 3
            && (value(0).is_zero() && value(1).is_infinite() || value(0).is_infinite() && value(1).is_zero());
        let invalid = signalling || product || !any_nan;
        assert_eq!(raised, if invalid { flag::NV } else { 0 }, "{}", what());
        return;
    }
    let bits = model.value.to_bits() as u64;
    assert_eq!(result, P::boxed(bits), "{}", what());
    let ignored = doubtful::<P>(bits);
    assert_eq!(raised & !ignored, flags(model.status) & !ignored, "{}", what());
}

/// Flags that `rustc_apfloat` gets wrong for a result. Where rounding gives the least normal number it takes what was
/// rounded to a subnormal's precision for not tiny, and where it gives the greatest number it takes that for no overflow.
/// The test `tininess` and those against the host hold us to both.
fn doubtful<P: Precision>(bits: u64) -> u32 {
    match bits & !P::SIGN {
        magnitude if magnitude == 1 << (P::DIGITS - 1) => flag::UF,
        magnitude if magnitude == P::INFINITY - 1 => flag::OF,
        _ => 0,
    }
}

fn check_binary<P: Tested>(a: u64, b: u64) {
    let (x, y) = (ap::<P>(a), ap::<P>(b));
    for (mode, round) in ROUNDS.into_iter().enumerate() {
        let models = [x.add_r(y, round), x.sub_r(y, round), x.mul_r(y, round), x.div_r(y, round)];
        for (op, model) in P::OPS.binary.into_iter().zip(models) {
            expect::<P>(op, [a, b, 0], mode, 2, model);
        }
    }
}

fn check_fused<P: Tested>(args: [u64; 3]) {
    let [x, y, z] = args.map(ap::<P>);
    for (mode, round) in ROUNDS.into_iter().enumerate() {
        let models = [(x, z), (x, -z), (-x, z), (-x, -z)].map(|(x, z)| x.mul_add_r(y, z, round));
        for (op, model) in P::OPS.fused.into_iter().zip(models) {
            expect::<P>(op, args, mode, 3, model);
        }
    }
}

/// There is no square root in `rustc_apfloat`: the exact squares of the result and of its neighbours bracket the operand.
/// `Quad` holds them all.
fn check_sqrt<P: Tested>(a: u64) {
    let x = ap::<P>(a);
    for mode in 0..5 {
        let (result, raised) = run(P::OPS.sqrt, [a, 0, 0], mode);
        let bits = P::unboxed(result);
        let what = format!("sqrt {a:x} mode {mode} gave {result:x} {raised:x}");
        if x.is_nan() || x.is_negative() && !x.is_zero() {
            let invalid = !x.is_nan() || P::is_signalling(P::unboxed(a));
            assert_eq!((bits, raised), (P::NAN, if invalid { flag::NV } else { 0 }), "{what}");
            continue;
        }
        if x.is_zero() || x.is_infinite() {
            assert_eq!((bits, raised), (P::unboxed(a), 0), "{what}");
            continue;
        }
        let wide = |bits: u64| P::Ap::from_bits(bits as u128).convert(&mut false).value;
        let square = |root: Quad| root.mul_r(root, Round::TowardZero).value;
        let middle = |low, high| wide(low).add_r(wide(high), Round::TowardZero).value.scalbn(-1);
        let (below, here, above) = (wide(bits - 1), wide(bits), wide(bits + 1));
        let x: Quad = x.convert(&mut false).value;
        if square(here) == x {
            assert_eq!(raised, 0, "{what}");
            continue;
        }
        assert_eq!(raised, flag::NX, "{what}");
        let (low, high) = match mode {
            1 | 2 => (here, above),
            3 => (below, here),
            // A square root is never half-way between two numbers.
            _ => (middle(bits - 1, bits), middle(bits, bits + 1)),
        };
        assert!(square(low) < x && x < square(high), "{what}");
    }
}

fn check_quiet<P: Tested>(a: u64, b: u64) {
    let (x, y) = (ap::<P>(a), ap::<P>(b));
    let (p, q) = (P::unboxed(a), P::unboxed(b));
    let any_nan = x.is_nan() || y.is_nan();
    let signalling = P::is_signalling(p) || P::is_signalling(q);
    let invalid = |when| if when { flag::NV } else { 0 };
    let check = |op, bits: u64, raised: u32| {
        assert_eq!(run(op, [a, b, 0], 0), (bits, raised), "{} {a:x} {b:x}", name(op));
    };
    check(P::OPS.compare[0], (x == y) as u64, invalid(signalling));
    check(P::OPS.compare[1], (x < y) as u64, invalid(any_nan));
    check(P::OPS.compare[2], (x <= y) as u64, invalid(any_nan));
    check(P::OPS.compare_quiet[0], (x < y) as u64, invalid(signalling));
    check(P::OPS.compare_quiet[1], (x <= y) as u64, invalid(signalling));

    let (least, greatest) = match (x.is_nan(), y.is_nan()) {
        (true, true) => (P::NAN, P::NAN),
        (true, false) => (q, q),
        (false, true) => (p, p),
        _ if x == y && x.is_negative() => (p, q),
        _ if x >= y => (q, p),
        _ => (p, q),
    };
    check(P::OPS.min_max[0], P::boxed(least), invalid(signalling));
    check(P::OPS.min_max[1], P::boxed(greatest), invalid(signalling));
    let [least, greatest] = [least, greatest].map(|number| if any_nan { P::NAN } else { number });
    check(P::OPS.min_max_nan[0], P::boxed(least), invalid(signalling));
    check(P::OPS.min_max_nan[1], P::boxed(greatest), invalid(signalling));

    let (magnitude, sign) = (p & !P::SIGN, q & P::SIGN);
    check(P::OPS.signs[0], P::boxed(magnitude | sign), 0);
    check(P::OPS.signs[1], P::boxed(magnitude | sign ^ P::SIGN), 0);
    check(P::OPS.signs[2], P::boxed(p ^ sign), 0);
}

fn check_unary<P: Tested>(a: u64) {
    check_sqrt::<P>(a);
    let x = ap::<P>(a);
    let class = match x.is_negative() {
        _ if P::is_signalling(P::unboxed(a)) => 8,
        _ if x.is_nan() => 9,
        true if x.is_infinite() => 0,
        true if x.is_zero() => 3,
        true if x.is_denormal() => 2,
        true => 1,
        false if x.is_infinite() => 7,
        false if x.is_zero() => 4,
        false if x.is_denormal() => 5,
        false => 6,
    };
    assert_eq!(run(P::OPS.class, [a, 0, 0], 0), (1 << class, 0), "class of {a:x}");

    for (mode, round) in ROUNDS.into_iter().enumerate() {
        for (n, op) in P::OPS.to_integer.into_iter().enumerate() {
            let (width, is_signed) = (if n < 2 { 32 } else { 64 }, n % 2 == 0);
            let mut exact = false;
            let (value, status) = if is_signed {
                let model = x.to_i128_r(width, round, &mut exact);
                (model.value as u64, model.status)
            } else {
                let model = x.to_u128_r(width, round, &mut exact);
                (model.value as u64, model.status)
            };
            let highest = u64::MAX >> (64 - width + is_signed as usize);
            let value = if x.is_nan() { highest } else { value };
            let extended = if width == 32 { value as i32 as u64 } else { value };
            assert_eq!(run(op, [a, 0, 0], mode), (extended, flags(status)), "{} {a:x} mode {mode}", name(op));
        }
    }
}

fn check_round<P: Tested>(a: u64) {
    let x = ap::<P>(a);
    for (mode, round) in ROUNDS.into_iter().enumerate() {
        let model = x.round_to_integral(round).value;
        let (bits, raised) = match x.is_nan() {
            true if P::is_signalling(P::unboxed(a)) => (P::NAN, flag::NV),
            true => (P::NAN, 0),
            false if model == x => (model.to_bits() as u64, 0),
            false => (model.to_bits() as u64, flag::NX),
        };
        let [never, inexact] = P::OPS.round;
        assert_eq!(run(inexact, [a, 0, 0], mode), (P::boxed(bits), raised), "froundnx {a:x} mode {mode}");
        assert_eq!(
            run(never, [a, 0, 0], mode),
            (P::boxed(bits), raised & flag::NV),
            "fround {a:x} mode {mode}"
        );
    }
}

/// With the remainder of Rust's, which is exact.
fn check_modulo(a: u64) {
    let x = f64::from_bits(a);
    let low = (x.trunc() % 4_294_967_296.0) as i64 as i32;
    let raised = match x.trunc() {
        whole if !(-2_147_483_648.0..2_147_483_648.0).contains(&whole) => flag::NV,
        whole if whole != x => flag::NX,
        _ => 0,
    };
    assert_eq!(run(zfa::FCVTMOD_W_D, [a, 0, 0], 1), (low as u64, raised), "fcvtmod {a:x}");
}

fn check_from_integer<P: Tested>(a: u64) {
    for (mode, round) in ROUNDS.into_iter().enumerate() {
        let values = [a as i32 as i128, a as u32 as i128, a as i64 as i128, a as i128];
        for (op, value) in P::OPS.from_integer.into_iter().zip(values) {
            let model = P::Ap::from_i128_r(value, round);
            let bits = model.value.to_bits() as u64;
            let (result, raised) = run(op, [a, 0, 0], mode);
            assert_eq!(result, P::boxed(bits), "{} {a:x} mode {mode}", name(op));
            let ignored = doubtful::<P>(bits);
            let expected = flags(model.status);
            assert_eq!(raised & !ignored, expected & !ignored, "{} {a:x} mode {mode}", name(op));
        }
    }
}

/// A conversion between two precisions; one to a wider is exact.
fn check_convert<P: Tested, Q: Tested>(op: Op, a: u64)
where
    P::Ap: FloatConvert<Q::Ap>,
{
    for (mode, round) in ROUNDS.into_iter().enumerate() {
        let model: StatusAnd<Q::Ap> = ap::<P>(a).convert_r(round, &mut false);
        let (result, raised) = run(op, [a, 0, 0], mode);
        let what = format!("{} {a:x} mode {mode} gave {result:x} {raised:x}", name(op));
        if model.value.is_nan() {
            let invalid = if P::is_signalling(P::unboxed(a)) { flag::NV } else { 0 };
            assert_eq!((result, raised), (Q::boxed(Q::NAN), invalid), "{what}");
            continue;
        }
        let bits = model.value.to_bits() as u64;
        assert_eq!(result, Q::boxed(bits), "{what}");
        let ignored = if Q::WIDTH < P::WIDTH { doubtful::<Q>(bits) } else { 0 };
        let expected = if Q::WIDTH < P::WIDTH { flags(model.status) } else { 0 };
        assert_eq!(raised & !ignored, expected & !ignored, "{what}");
    }
}

fn check_narrow(a: u64) {
    check_convert::<Double, Single>(d::FCVT_S_D, a);
    check_convert::<Double, Half>(zfhmin::FCVT_H_D, a);
}

fn check_widen(a: u64) {
    check_convert::<Single, Double>(d::FCVT_D_S, a);
}

/// Registers that hold special values, of both signs.
fn specials<P: Tested>() -> Vec<u64> {
    let one = (P::MAX_EXPONENT as u64) << (P::DIGITS - 1);
    let least_normal = 1 << (P::DIGITS - 1);
    let power = |exponent: i32| ((P::MAX_EXPONENT + exponent) as u64) << (P::DIGITS - 1);
    let mut bits = vec![
        0,
        1,
        2,
        3,
        least_normal / 2,
        least_normal - 1,
        least_normal,
        least_normal + 1,
        2 * least_normal - 1,
        2 * least_normal,
        one - 1,
        one,
        one + 1,
        one + least_normal / 2,
        P::INFINITY - 1,
        P::INFINITY - least_normal,
        P::INFINITY,
        P::INFINITY | 1,
        P::NAN,
        P::NAN | 1,
    ];
    for exponent in [-2, -1, 1, 7, 8, 15, 16, 30, 31, 32, 33, 52, 53, 62, 63, 64, 65] {
        bits.extend([power(exponent) - 1, power(exponent), power(exponent) + 1]);
        bits.push(power(exponent) | (least_normal / 2));
        // The next integers and halves below and above.
        for place in [0, 1] {
            if let Some(unit) = 1u64.checked_shl((P::DIGITS as i32 - 1 - exponent - place).max(0) as u32) {
                bits.extend([power(exponent) + unit, power(exponent) - unit, power(exponent) - unit / 2]);
            }
        }
    }
    // The square roots of what limits the range, and half of the digits.
    bits.extend([power(P::MAX_EXPONENT / 2), power(-P::MAX_EXPONENT / 2), power(-P::MAX_EXPONENT / 2) + 1]);
    bits.extend([one | (1 << (P::DIGITS / 2)) | 1, power(1 - P::DIGITS as i32), power(-(P::DIGITS as i32))]);
    bits.sort_unstable();
    bits.dedup();
    let mut registers: Vec<u64> = bits.iter().flat_map(|b| [P::boxed(*b), P::boxed(b | P::SIGN)]).collect();
    if P::BOX != 0 {
        registers.extend([one, 0xffff_fffe << 32 | one, 0]);
    }
    registers
}

/// Few enough for all triples of them.
fn few<P: Tested>() -> Vec<u64> {
    let one = (P::MAX_EXPONENT as u64) << (P::DIGITS - 1);
    let least_normal = 1u64 << (P::DIGITS - 1);
    let bits = [
        0,
        1,
        least_normal - 1,
        least_normal,
        least_normal + 1,
        one - 1,
        one,
        one + 1,
        one + least_normal / 2,
        one - least_normal,
        one / 2 + least_normal / 2 - least_normal / 4,
        P::INFINITY - 1,
        P::INFINITY,
        P::INFINITY | 1,
        P::NAN | 1,
    ];
    bits.into_iter().flat_map(|b| [P::boxed(b), P::boxed(b | P::SIGN)]).collect()
}

fn grid<P: Tested>() {
    let all = specials::<P>();
    for a in &all {
        check_unary::<P>(*a);
        check_round::<P>(*a);
        for b in &all {
            check_binary::<P>(*a, *b);
            check_quiet::<P>(*a, *b);
        }
    }
    let few = few::<P>();
    for a in &few {
        for b in &few {
            for c in &few {
                check_fused::<P>([*a, *b, *c]);
            }
        }
    }
}

#[test]
fn special_singles() {
    grid::<Single>();
    specials::<Single>().into_iter().for_each(check_widen);
    specials::<Single>().into_iter().for_each(|a| check_convert::<Single, Half>(zfhmin::FCVT_H_S, a));
}

#[test]
fn special_halves() {
    grid::<Half>();
}

/// There are few enough for one operand to be any.
#[test]
fn all_halves() {
    for a in (0..=0xffff).map(Half::boxed) {
        check_unary::<Half>(a);
        check_round::<Half>(a);
        check_convert::<Half, Single>(zfhmin::FCVT_S_H, a);
        check_convert::<Half, Double>(zfhmin::FCVT_D_H, a);
        check_quiet::<Half>(a, a.rotate_left(5) | !0xffff);
        // Singles and doubles near it.
        let [single, double] = [zfhmin::FCVT_S_H, zfhmin::FCVT_D_H].map(|op| run(op, [a, 0, 0], 0).0);
        for offset in [-1, 1, 1 << 12, (1 << 12) + 1] {
            check_convert::<Single, Half>(
                zfhmin::FCVT_H_S,
                Single::boxed(single.wrapping_add_signed(offset)),
            );
            check_convert::<Double, Half>(zfhmin::FCVT_H_D, double.wrapping_add_signed(offset << 29));
        }
    }
}

/// Zfa's table, as decimal numbers.
#[test]
fn constants() {
    fn check<P: Tested>() {
        let decimals = [
            "0.0000152587890625",
            "0.000030517578125",
            "0.00390625",
            "0.0078125",
            "0.0625",
            "0.125",
            "0.25",
            "0.3125",
            "0.375",
            "0.4375",
            "0.5",
            "0.625",
            "0.75",
            "0.875",
            "1",
            "1.25",
            "1.5",
            "1.75",
            "2",
            "2.5",
            "3",
            "4",
            "8",
            "16",
            "128",
            "256",
            "32768",
            "65536",
        ];
        let number = |text: &str| text.parse::<P::Ap>().ok().unwrap().to_bits() as u64;
        let mut expected = vec![number("-1"), P::Ap::smallest_normalized().to_bits() as u64];
        expected.extend(decimals.map(number));
        expected.extend([P::INFINITY, P::NAN]);
        for (index, bits) in expected.into_iter().enumerate() {
            assert_eq!(crate::isa::value(P::OPS.constant, 0, index as u64), P::boxed(bits), "{index}");
        }
    }
    check::<Half>();
    check::<Single>();
    check::<Double>();
}

#[test]
fn words_modulo() {
    for exponent in 0..200 {
        for fraction in [0, 1, !0, 1 << 51, 0x8_0000_8000_0001, 0x1_2345_6789_abcd] {
            let bits = (1000 + exponent) << 52 | fraction & !(!0 << 52);
            check_modulo(bits);
            check_modulo(bits | 1 << 63);
        }
    }
    specials::<Double>().into_iter().for_each(check_modulo);
}

#[test]
fn special_doubles() {
    grid::<Double>();
    specials::<Double>().into_iter().for_each(check_narrow);
    // Doubles around the limits of singles.
    for a in specials::<Single>() {
        let wide = run(d::FCVT_D_S, [a, 0, 0], 0).0;
        for offset in [-(1 << 29), -(1 << 28), -1, 0, 1, 1 << 28, (1 << 28) + 1, 1 << 29] {
            check_narrow(wide.wrapping_add_signed(offset));
        }
    }
}

#[test]
fn special_integers() {
    for bit in 0..64 {
        for offset in -3..=3i64 {
            for value in [1u64 << bit, u64::MAX << bit, (1 << bit) + (1 << (bit / 2))] {
                let value = value.wrapping_add_signed(offset);
                check_from_integer::<Half>(value);
                check_from_integer::<Single>(value);
                check_from_integer::<Double>(value);
            }
        }
    }
}

/// Tininess is detected after rounding, as if the exponent had no bounds: what is rounded up to the least normal number
/// underflows only if it would not get there with all its digits.
#[test]
fn tininess() {
    // The greatest subnormal number and a bit less than half a unit: 2^-126 * (1 - 2^-24 + 2^-50), and so on.
    let scale = 0x3f80_0000 - (126 << 23);
    let product = |a: u64, mode| run(f::FMUL_S, [Single::boxed(a), Single::boxed(scale), 0], mode);
    let (below_one, least_normal) = (0x3f7f_ffff, Single::boxed(1 << 23));
    // (1 - 2^-24) * 2^-126 has as many digits as a normal number: it stays where it is, tiny, and is rounded after that.
    assert_eq!(product(below_one, 0), (least_normal, flag::UF | flag::NX));
    assert_eq!(product(below_one, 3), (least_normal, flag::UF | flag::NX));
    assert_eq!(product(below_one, 4), (least_normal, flag::UF | flag::NX));
    // (1 - 2^-25) * 2^-126 goes up to it with all digits too: not tiny.
    let narrow = |a: u64, mode| run(d::FCVT_S_D, [a, 0, 0], mode);
    let almost = ((1023 - 126) << 52) - (1 << 28);
    assert_eq!(narrow(almost, 0), (least_normal, flag::NX));
    assert_eq!(narrow(almost, 3), (least_normal, flag::NX));
    assert_eq!(narrow(almost, 4), (least_normal, flag::NX));
    assert_eq!(narrow(almost, 1), (Single::boxed((1 << 23) - 1), flag::UF | flag::NX));
    // A little less stays tiny to nearest, and does not upwards.
    assert_eq!(narrow(almost - 1, 0), (least_normal, flag::UF | flag::NX));
    assert_eq!(narrow(almost - 1, 4), (least_normal, flag::UF | flag::NX));
    assert_eq!(narrow(almost - 1, 3), (least_normal, flag::NX));
}

/// Each of `soft`'s operations against the host's, which is the measure for tininess: `rustc_apfloat` is none for that.
fn soft_agrees<P: Tested>([a, b, c]: [u64; 3]) {
    for (mode, rm) in Rounding::MODES.into_iter().enumerate().take(4) {
        let same = |op: Op, (bits, raised): (u64, u32)| {
            assert_eq!(
                run(op, [a, b, c], mode),
                (P::boxed(bits), raised),
                "{} {a:x} {b:x} {c:x} {rm:?}",
                name(op)
            );
        };
        let [a, b, c] = [a, b, c].map(P::unboxed);
        same(P::OPS.binary[0], soft::add::<P>(a, b, rm));
        same(P::OPS.binary[1], soft::sub::<P>(a, b, rm));
        same(P::OPS.binary[2], soft::mul::<P>(a, b, rm));
        same(P::OPS.binary[3], soft::div::<P>(a, b, rm));
        same(P::OPS.sqrt, soft::sqrt::<P>(a, rm));
        same(P::OPS.fused[0], soft::fused::<P>(a, b, c, rm));
        if P::WIDTH == 64 {
            let (bits, raised) = soft::convert::<Double, Single>(a, rm);
            assert_eq!(
                run(d::FCVT_S_D, [a, 0, 0], mode),
                (Single::boxed(bits), raised),
                "narrow {a:x} {rm:?}"
            );
        }
    }
}

#[test]
fn by_hand_as_by_host() {
    let (singles, doubles) = (specials::<Single>(), specials::<Double>());
    for n in 0..20_000 {
        let pick = |from: &[u64], m: usize| from[n * m % from.len()];
        soft_agrees::<Single>([3, 7, 11].map(|m| pick(&singles, m)));
        soft_agrees::<Double>([3, 7, 11].map(|m| pick(&doubles, m)));
    }
}

#[test]
fn moves() {
    assert_eq!(run(f::FMV_X_W, [0x1234_5678_8765_4321, 0, 0], 0), (0xffff_ffff_8765_4321, 0));
    assert_eq!(run(f::FMV_W_X, [0x1234_5678_7f80_0001, 0, 0], 0), (0xffff_ffff_7f80_0001, 0));
    assert_eq!(run(d::FMV_X_D, [0x7ff0_0000_0000_0001, 0, 0], 0), (0x7ff0_0000_0000_0001, 0));
    assert_eq!(run(d::FMV_D_X, [0x7ff0_0000_0000_0001, 0, 0], 0), (0x7ff0_0000_0000_0001, 0));
}

#[test]
fn control_and_status() {
    use super::{access_csr, current_fcsr};
    use crate::isa::{CsrAction, csr};
    for value in 0..256u32 {
        load_fcsr(value);
        let (now, after) = (current_fcsr(value), store_fcsr(value));
        assert_eq!((now, after), (value, value));
    }
    let mut fcsr = 0x65;
    load_fcsr(fcsr);
    let old = [
        access_csr(&mut fcsr, csr::FFLAGS, CsrAction::Set, 0x1a),
        access_csr(&mut fcsr, csr::FRM, CsrAction::Write, 0xff),
        access_csr(&mut fcsr, csr::FCSR, CsrAction::Clear, 0x21),
        access_csr(&mut fcsr, csr::CYCLE, CsrAction::Set, 0),
    ];
    assert_eq!(store_fcsr(fcsr), 0xde);
    assert_eq!(old, [Some(5), Some(3), Some(0xff), None]);
}

/// Random registers of a precision: with all exponents, or with near ones, so that operands meet.
fn registers<P: Tested>() -> impl Strategy<Value = [u64; 3]> {
    let near = (0..P::MAX_EXPONENT as u64 * 2 - 4, any::<[u64; 3]>()).prop_map(|(field, random)| {
        random.map(|r| {
            let fraction = r & ((1 << (P::DIGITS - 1)) - 1);
            // Long runs of equal bits make the hard cases.
            let fraction = if r >> 62 == 0 { fraction & fraction >> 20 } else { fraction };
            P::boxed(
                fraction
                    | (field + (r >> 58 & 3)) << (P::DIGITS - 1)
                    | if r >> 57 & 1 != 0 { P::SIGN } else { 0 },
            )
        })
    });
    let low = !P::BOX;
    prop_oneof![any::<[u64; 3]>().prop_map(move |r| r.map(|r| P::boxed(r & low))), near]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn random_singles(args in registers::<Single>()) {
        check_unary::<Single>(args[0]);
        check_binary::<Single>(args[0], args[1]);
        check_quiet::<Single>(args[0], args[1]);
        check_fused::<Single>(args);
        check_widen(args[0]);
        check_round::<Single>(args[0]);
        check_convert::<Single, Half>(zfhmin::FCVT_H_S, args[0]);
        soft_agrees::<Single>(args);
    }

    #[test]
    fn random_halves(args in registers::<Half>()) {
        check_binary::<Half>(args[0], args[1]);
        check_quiet::<Half>(args[0], args[1]);
        check_fused::<Half>(args);
    }

    #[test]
    fn random_doubles(args in registers::<Double>()) {
        check_unary::<Double>(args[0]);
        check_binary::<Double>(args[0], args[1]);
        check_quiet::<Double>(args[0], args[1]);
        check_fused::<Double>(args);
        check_narrow(args[0]);
        check_narrow(run(d::FCVT_D_S, args, 0).0 ^ args[1] >> 36);
        check_round::<Double>(args[0]);
        check_modulo(args[0]);
        soft_agrees::<Double>(args);
    }

    #[test]
    fn random_integers(value: u64, shift in 0..64u32) {
        check_from_integer::<Single>(value >> shift);
        check_from_integer::<Double>(value >> shift);
        check_from_integer::<Single>((value as i64 >> shift) as u64);
        check_from_integer::<Double>((value as i64 >> shift) as u64);
    }
}
