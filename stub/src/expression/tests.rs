//! Expressions as gdb makes them, each operation, and bytes that make no sense.

use proptest::prelude::*;

use super::{Expression, Fault, Machine, Malformed};

/// 32 registers, each a hundred times its number, and a memory of 256 bytes at 0x1000, each the low byte of its address.
#[derive(Default)]
struct Toy {
    printed: Vec<u8>,
    variables: [u64; 4],
    collected: Vec<(u64, u64)>,
    collected_variables: Vec<u16>,
}

impl Machine for Toy {
    fn register(&mut self, number: u16) -> Option<u64> {
        (number < 32).then(|| u64::from(number) * 100)
    }
    fn read(&mut self, addr: u64, bytes: &mut [u8]) -> bool {
        for (at, byte) in (addr..).zip(bytes.iter_mut()) {
            if !(0x1000..0x1100).contains(&at) {
                return false;
            }
            *byte = at as u8;
        }
        true
    }
    fn print(&mut self, text: &[u8]) {
        self.printed.extend_from_slice(text);
    }
    fn variable(&mut self, number: u16) -> Option<u64> {
        self.variables.get(usize::from(number)).copied()
    }
    fn set_variable(&mut self, number: u16, value: u64) -> bool {
        self.variables.get_mut(usize::from(number)).map(|variable| *variable = value).is_some()
    }
    fn collect(&mut self, addr: u64, len: u64) -> bool {
        self.collected.push((addr, len));
        (0x1000..0x1100).contains(&addr)
    }
    fn collect_variable(&mut self, number: u16) {
        self.collected_variables.push(number);
    }
}

fn value(bytes: &[u8]) -> Result<u64, Fault> {
    Expression::decode(bytes).unwrap().evaluate(&mut Toy::default())
}

/// A constant of eight bytes, or two, and `end`.
fn binary(op: u8, a: u64, b: u64) -> Result<u64, Fault> {
    let mut bytes = vec![0x25];
    bytes.extend(a.to_be_bytes());
    bytes.push(0x25);
    bytes.extend(b.to_be_bytes());
    value(&[&bytes, [op, 0x27].as_slice()].concat())
}

#[test]
fn what_gdb_makes_of_a_condition() {
    // `i == 700` where i is in register 7: reg 7, ext 64, const16 700, equal, end.
    assert_eq!(value(&[0x26, 0, 7, 0x16, 64, 0x23, 2, 188, 0x13, 0x27]), Ok(1));
    assert_eq!(value(&[0x26, 0, 8, 0x16, 64, 0x23, 2, 188, 0x13, 0x27]), Ok(0));
}

#[test]
fn binary_operations() {
    let minus = |value: u64| value.wrapping_neg();
    assert_eq!(binary(0x02, u64::MAX, 3), Ok(2));
    assert_eq!(binary(0x03, 3, 5), Ok(minus(2)));
    assert_eq!(binary(0x04, minus(3), 5), Ok(minus(15)));
    assert_eq!(binary(0x05, minus(7), 2), Ok(minus(3)));
    assert_eq!(binary(0x05, i64::MIN as u64, minus(1)), Ok(i64::MIN as u64));
    assert_eq!(binary(0x06, minus(1), 2), Ok(u64::MAX / 2));
    assert_eq!(binary(0x07, minus(7), 4), Ok(minus(3)));
    assert_eq!(binary(0x08, 7, 4), Ok(3));
    for op in 0x05..=0x08 {
        assert_eq!(binary(op, 1, 0), Err(Fault::Division));
    }
    assert_eq!(binary(0x09, 1, 63), Ok(1 << 63));
    assert_eq!(binary(0x09, 1, 64), Ok(0));
    assert_eq!(binary(0x0a, minus(8), 1), Ok(minus(4)));
    assert_eq!(binary(0x0a, minus(8), 1 << 40), Ok(u64::MAX));
    assert_eq!(binary(0x0b, minus(8), 60), Ok(15));
    assert_eq!(binary(0x0f, 12, 10), Ok(8));
    assert_eq!(binary(0x10, 12, 10), Ok(14));
    assert_eq!(binary(0x11, 12, 10), Ok(6));
    assert_eq!((binary(0x13, 4, 4), binary(0x13, 4, 5)), (Ok(1), Ok(0)));
    assert_eq!((binary(0x14, minus(1), 0), binary(0x14, 0, minus(1))), (Ok(1), Ok(0)));
    assert_eq!((binary(0x15, minus(1), 0), binary(0x15, 0, minus(1))), (Ok(0), Ok(1)));
}

#[test]
fn operations_on_one_value() {
    assert_eq!(value(&[0x22, 5, 0x0e, 0x27]), Ok(0));
    assert_eq!(value(&[0x22, 0, 0x0e, 0x27]), Ok(1));
    assert_eq!(value(&[0x22, 0, 0x12, 0x27]), Ok(u64::MAX));
    assert_eq!(value(&[0x22, 0x80, 0x16, 8, 0x27]), Ok(0xffff_ffff_ffff_ff80));
    assert_eq!(value(&[0x24, 1, 2, 3, 0xff, 0x2a, 8, 0x27]), Ok(0xff));
    assert_eq!(value(&[0x24, 1, 2, 3, 0xff, 0x2a, 64, 0x27]), Ok(0x0102_03ff));
    // Memory: 1, 2, 4 and 8 bytes at 0x1002.
    let at = |op| value(&[0x23, 0x10, 2, op, 0x27]);
    assert_eq!((at(0x17), at(0x18)), (Ok(2), Ok(0x302)));
    assert_eq!((at(0x19), at(0x1a)), (Ok(0x0504_0302), Ok(0x0908_0706_0504_0302)));
    assert_eq!(value(&[0x22, 2, 0x17, 0x27]), Err(Fault::Memory(2)));
}

#[test]
fn the_stack() {
    // 1 2 3 under each; what is on top, then the difference of the two below tells the order.
    let three = |ops: &[u8]| value(&[[0x22, 1, 0x22, 2, 0x22, 3].as_slice(), ops, &[0x27]].concat());
    assert_eq!(three(&[0x28, 0x02]), Ok(6));
    assert_eq!(three(&[0x29]), Ok(2));
    assert_eq!((three(&[0x2b]), three(&[0x2b, 0x29])), (Ok(2), Ok(3)));
    assert_eq!((three(&[0x32, 0]), three(&[0x32, 2])), (Ok(3), Ok(1)));
    assert_eq!((three(&[0x33]), three(&[0x33, 0x29]), three(&[0x33, 0x29, 0x29])), (Ok(2), Ok(1), Ok(3)));
    assert_eq!(three(&[0x32, 3]), Err(Fault::Empty));
    assert_eq!(value(&[0x29, 0x27]), Err(Fault::Empty));
    assert_eq!(value(&[0x27]), Ok(0));
    assert_eq!(value(&[0x22, 1, 0x28, 0x21, 0, 2]), Err(Fault::Full));
}

#[test]
fn jumps() {
    // if (n) 7 else 9
    let choose = |n| value(&[0x22, n, 0x20, 0, 8, 0x22, 9, 0x27, 0x22, 7, 0x27]);
    assert_eq!((choose(0), choose(1)), (Ok(9), Ok(7)));
    assert_eq!(value(&[0x21, 0, 0]), Err(Fault::Endless));
    assert_eq!(value(&[0x22, 1]), Err(Fault::NoEnd));
    assert_eq!(Expression::decode(&[0x21, 0, 1, 0x27]), Err(Malformed::Jump));
    assert_eq!(Expression::decode(&[0x21, 0, 9, 0x27]), Err(Malformed::Jump));
}

#[test]
fn what_is_not_there() {
    assert_eq!(Expression::decode(&[0x31]), Err(Malformed::Unknown(0x31)));
    assert_eq!(Expression::decode(&[0x25, 1]), Err(Malformed::CutOff));
    assert_eq!(value(&[0x26, 0, 99, 0x27]), Err(Fault::Register(99)));
    assert_eq!(value(&[0x2c, 0, 99, 0x27]), Err(Fault::Variable(99)));
    assert_eq!(value(&[0x01, 0x27]), Err(Fault::Float));
}

#[test]
fn tracing() {
    let mut toy = Toy::default();
    let ops = [
        0x22, 7, 0x2d, 0, 1, 0x2e, 0, 1, 0x29, // $v1 = 7, collect it
        0x23, 0x10, 4, 0x22, 8, 0x0c, // trace 8 at 0x1004
        0x23, 0x10, 8, 0x0d, 3, 0x30, 1, 0, // trace_quick 3, trace16 256, the address stays
        0x22, 5, 0x2f, // tracenz, at most 5
        0x2c, 0, 1, 0x27,
    ];
    assert_eq!(Expression::decode(&ops).unwrap().evaluate(&mut toy), Err(Fault::Memory(0x1100)));
    assert_eq!(toy.collected, [(0x1004, 8), (0x1008, 3), (0x1008, 256)]);
    assert_eq!((toy.variables[1], toy.collected_variables), (7, vec![1]));
}

/// What a format makes of arguments, the first first.
fn printed(format: &str, arguments: &[u64]) -> String {
    let mut bytes = Vec::new();
    for argument in arguments.iter().rev() {
        bytes.push(0x25);
        bytes.extend(argument.to_be_bytes());
    }
    bytes.extend([0x22, 0, 0x22, 0, 0x34, arguments.len() as u8]);
    bytes.extend((format.len() as u16 + 1).to_be_bytes());
    bytes.extend(format.as_bytes());
    bytes.extend([0, 0x27]);
    let mut toy = Toy::default();
    assert_eq!(Expression::decode(&bytes).unwrap().evaluate(&mut toy), Ok(0));
    String::from_utf8(toy.printed).unwrap()
}

#[test]
fn formats_are_those_of_c() {
    assert_eq!(printed(r"i=%d\tj=%ld\n", &[u64::MAX, 5]), "i=-1\tj=5\n");
    assert_eq!(printed("%5d|%-5d|%05d|%+d|% d", &[7, 7, 7, 7, 7]), "    7|7    |00007|+7| 7");
    assert_eq!(printed("%x %#X %o %u %lu", &[255, 255, 8, u64::MAX, u64::MAX]), {
        "ff 0XFF 10 4294967295 18446744073709551615"
    });
    assert_eq!(printed("%hhd %hd %.3d %5.2x", &[0x1ff, 0x1_8000, 7, 7]), "-1 -32768 007    07");
    assert_eq!(printed("%c%c 100%% %p", &[65, 66, 0x1000]), "AB 100% 0x1000");
    assert_eq!(printed(r#"\"%s\" \101\\"#, &[0x1000]), r#""" A\"#);
    assert_eq!(printed("%5s", &[0]), "(null)");
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        if let Ok(expression) = Expression::decode(&bytes) {
            let _ = expression.evaluate(&mut Toy::default());
        }
    }

    #[test]
    fn any_operations_are_survived(ops in proptest::collection::vec(1_u8..0x35, 0..40), operands: [u8; 8]) {
        let mut bytes = Vec::new();
        for op in ops {
            bytes.push(op);
            bytes.extend_from_slice(&operands[..usize::from(op % 8)]);
        }
        if let Ok(expression) = Expression::decode(&bytes) {
            let _ = expression.evaluate(&mut Toy::default());
        }
    }

    #[test]
    fn any_format_is_survived(format in "[%a-z0-9.# +*\\\\-]{0,20}", values: [u64; 3]) {
        if let Some(format) = super::Format::parse(format.as_bytes()) {
            let _ = format.fill(values.into_iter(), |_| Ok(Vec::new()));
        }
    }
}
