//! The extensions: what they are called, what each requires, and the set of them that a processor has (`-cpu`).
//!
//! The decoder asks a set about every row that it finds, so that an instruction of an extension that is not in it is
//! illegal; what the guest is told (`AT_HWCAP`, riscv_hwprobe(2), /proc/cpuinfo) comes from the same set.

use std::fmt;
use std::sync::OnceLock;

use super::{COUNT, Op, ROWS, rv64c};

/// An extension, or a part of one that has a name.
#[derive(Clone, Copy, Debug)]
pub struct Extension {
    /// As the ISA string spells it.
    pub name: &'static str,
    /// What it cannot do without.
    pub requires: &'static [&'static str],
    /// Its bit in the answer to `RISCV_HWPROBE_KEY_IMA_EXT_0` (Documentation/arch/riscv/hwprobe.rst).
    pub probe: Option<u32>,
    /// Whether it is just what it requires, and so cannot be switched.
    pub part: bool,
    /// One line of documentation.
    pub doc: &'static str,
}

macro_rules! extensions {
    ($( $(#[doc = $doc:literal])? $name:literal $(needs $($required:literal)+)? $(, bit $bit:literal)? $(($part:ident))?; )*) => {
        /// Every extension there is, in the canonical order of the unprivileged manual ("ISA Extension Naming Conventions").
        pub static EXTENSIONS: &[Extension] = ALL;
        const ALL: &[Extension] = &[$( Extension {
            name: $name,
            requires: &[$($($required),+)?],
            probe: extensions!(@option $($bit)?),
            part: extensions!(@part $($part)?),
            doc: concat!($($doc)?).trim_ascii(),
        }, )*];
    };
    (@option) => { None };
    (@option $bit:literal) => { Some($bit) };
    (@part) => { false };
    (@part part) => { true };
}

extensions! {
    /// The base instruction set.
    "i";
    /// Multiplication and division.
    "m" needs "i";
    /// Atomic access.
    "a" needs "i";
    /// Single precision.
    "f" needs "zicsr";
    /// Double precision.
    "d" needs "f", bit 0;
    /// Compressed instructions.
    "c" needs "i", bit 1;
    /// Cache-block management.
    "zicbom" needs "i", bit 55;
    /// Cache-block prefetch.
    "zicbop" needs "i", bit 60;
    /// Cache-block zeroing.
    "zicboz" needs "i", bit 6;
    /// Counters.
    "zicntr" needs "zicsr", bit 50;
    /// Conditional zeroing.
    "zicond" needs "i", bit 35;
    /// Control and status registers.
    "zicsr" needs "i";
    /// Instruction-fetch fence.
    "zifencei" needs "i";
    /// Non-temporal locality hints.
    "zihintntl" needs "i", bit 29;
    /// Pause hint.
    "zihintpause" needs "i", bit 36;
    /// May-be-operations.
    "zimop" needs "i", bit 42;
    /// Atomic read-modify-write.
    "zaamo" needs "a", bit 56 (part);
    /// Atomic access to bytes and half-words.
    "zabha" needs "a", bit 58;
    /// Atomic compare-and-swap.
    "zacas" needs "a", bit 34;
    /// Load-reserved and store-conditional.
    "zalrsc" needs "a", bit 57 (part);
    /// Wait on a reservation set.
    "zawrs" needs "a", bit 48;
    /// Additional floating-point instructions.
    "zfa" needs "f", bit 32;
    /// Half precision.
    "zfh" needs "zfhmin", bit 27;
    /// Half precision: loads, stores, moves, conversions.
    "zfhmin" needs "f", bit 28;
    /// Compressed instructions without those of floating point.
    "zca" needs "c", bit 43 (part);
    /// Simple compressed instructions.
    "zcb" needs "c", bit 44;
    /// Compressed instructions of double precision.
    "zcd" needs "c" "d", bit 45 (part);
    /// Compressed may-be-operations.
    "zcmop" needs "c", bit 47;
    /// Address generation.
    "zba" needs "i", bit 3;
    /// Basic bit manipulation.
    "zbb" needs "i", bit 4;
    /// Carry-less multiplication.
    "zbc" needs "i", bit 7;
    /// Bit manipulation for cryptography.
    "zbkb" needs "i", bit 8;
    /// Carry-less multiplication for cryptography.
    "zbkc" needs "i", bit 9;
    /// Crossbar permutations.
    "zbkx" needs "i", bit 10;
    /// Single bits.
    "zbs" needs "i", bit 5;
    /// AES decryption.
    "zknd" needs "i", bit 11;
    /// AES encryption.
    "zkne" needs "i", bit 12;
    /// SHA-2.
    "zknh" needs "i", bit 13;
}

/// A processor that `-cpu` can name.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Its name, and others for it.
    pub names: &'static [&'static str],
    /// What it has, apart from what that requires.
    pub extensions: Extensions,
    /// One line of documentation.
    pub doc: &'static str,
}

/// The processors there are, the default first.
pub static MODELS: &[Model] = &[
    Model { names: &["rv64", "max", "any"], extensions: Extensions::ALL, doc: "All that is here." },
    Model {
        names: &["rv64gc"],
        extensions: Extensions::of(&["m", "a", "d", "c", "zicntr", "zifencei"]),
        doc: "RV64GC and counters.",
    },
    Model {
        names: &["rva20u64"],
        extensions: Extensions::of(RVA20),
        doc: "The profile RVA20U64, its instructions that are mandatory.",
    },
    Model {
        names: &["rva22u64"],
        extensions: Extensions::of(RVA20).and(Extensions::of(RVA22)),
        doc: "The profile RVA22U64, its instructions that are mandatory.",
    },
];

const RVA20: &[&str] = &["m", "a", "d", "c", "zicntr"];
const RVA22: &[&str] = &["zihintpause", "zba", "zbb", "zbs", "zicbom", "zicbop", "zicboz", "zfhmin"];

/// A set of extensions, each with all that it requires. Its [`Display`](fmt::Display) is the `-cpu` value that selects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extensions(u64);

static SELECTED: OnceLock<Extensions> = OnceLock::new();

impl Extensions {
    /// Every extension.
    pub const ALL: Extensions = Extensions(u64::MAX >> (64 - ALL.len()));

    /// These, and all that they require.
    const fn of(names: &[&str]) -> Extensions {
        let mut set = Extensions(0);
        let mut n = 0;
        while n < names.len() {
            set = set.and(REQUIRED[index(names[n])]);
            n += 1;
        }
        set.with_parts()
    }

    const fn and(self, other: Extensions) -> Extensions {
        Extensions(self.0 | other.0).with_parts()
    }

    /// Adds the parts that have all they are made of, and takes the others away.
    const fn with_parts(self) -> Extensions {
        let (mut bits, mut n) = (self.0, 0);
        while n < ALL.len() {
            if ALL[n].part {
                let needed = REQUIRED[n].0 & !(1 << n);
                bits = bits & !(1 << n) | ((bits & needed == needed) as u64) << n;
            }
            n += 1;
        }
        Extensions(bits)
    }

    /// What the guest's processor has; everything unless [`Extensions::select`] came first.
    #[must_use]
    pub fn selected() -> Extensions {
        *SELECTED.get().unwrap_or(&Extensions::ALL)
    }

    /// Says what the guest's processor has. To be called once, before there is an engine.
    pub fn select(self) {
        let _ = SELECTED.set(self);
    }

    /// Whether the extension of that name is there.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        position(name).is_some_and(|n| self.0 >> n & 1 != 0)
    }

    /// Switches an extension: on with all that it requires, off with all that requires it. `None` if there is none of that name
    /// that can be switched.
    #[must_use]
    pub fn switched(self, name: &str, on: bool) -> Option<Extensions> {
        let n = position(name).filter(|&n| n != 0 && !ALL[n].part)?;
        let dependents = REQUIRED.iter().enumerate().filter(|(_, required)| required.0 >> n & 1 != 0);
        Some(match on {
            true => self.and(REQUIRED[n]),
            false => dependents.fold(self, |set, (n, _)| Extensions(set.0 & !(1 << n))).with_parts(),
        })
    }

    /// The set that a `-cpu` value selects: a model, and `,NAME=on` or `,NAME=off` as often as one likes, or `+NAME` and
    /// `-NAME`.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn parse(value: &str) -> Result<Extensions, &'static str> {
        let mut parts = value.split(',');
        let name = parts.next().unwrap_or_default();
        let model = MODELS.iter().find(|model| model.names.contains(&name));
        let model = model.ok_or("there is no such model; '-cpu help' lists them")?;
        parts.try_fold(model.extensions, |set, part| {
            let (name, on) = match (part.split_at_checked(1), part.split_once('=')) {
                (Some(("+", name)), _) => (name, true),
                (Some(("-", name)), _) => (name, false),
                (_, Some((name, "on" | "true" | "yes" | "y"))) => (name, true),
                (_, Some((name, "off" | "false" | "no" | "n"))) => (name, false),
                _ => return Err("behind a model go NAME=on and NAME=off"),
            };
            set.switched(name, on).ok_or("there is no such extension to switch; '-cpu help' lists them")
        })
    }

    /// Whether the instructions of a row are legal.
    #[must_use]
    #[inline]
    pub(super) fn allow(self, op: Op) -> bool {
        NEEDED[usize::from(op)].iter().any(|needed| self.0 & needed.0 == needed.0)
    }

    /// The same for a row of compressed ones, its expansion included.
    #[must_use]
    pub(super) fn allow_compressed(self, row: &rv64c::Row) -> bool {
        self.0 & row.needed.0 == row.needed.0 && self.allow(row.op)
    }

    /// `AT_HWCAP`: a bit for each extension of one letter (arch/riscv/include/uapi/asm/hwcap.h).
    #[must_use]
    pub fn hwcap(self) -> u64 {
        let letters = self.names().filter(|name| name.len() == 1);
        letters.map(|name| 1 << (name.as_bytes()[0] - b'a')).sum()
    }

    /// The answer to `RISCV_HWPROBE_KEY_IMA_EXT_0`.
    #[must_use]
    pub fn probe(self) -> u64 {
        let there = EXTENSIONS.iter().filter(|extension| self.has(extension.name));
        there.filter_map(|extension| extension.probe).map(|bit| 1 << bit).sum()
    }

    /// The ISA string, as /proc/cpuinfo has it: `rv64imafdc_zicbom_…`.
    #[must_use]
    pub fn isa_string(self) -> String {
        let mut text = String::from("rv64");
        for name in self.names() {
            if name.len() > 1 {
                text.push('_');
            }
            text.push_str(name);
        }
        text
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        EXTENSIONS.iter().map(|extension| extension.name).filter(move |name| self.has(name))
    }
}

impl Default for Extensions {
    fn default() -> Self {
        Extensions::ALL
    }
}

impl fmt::Display for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MODELS[0].names[0])?;
        let missing = EXTENSIONS.iter().filter(|extension| !extension.part && !self.has(extension.name));
        missing.into_iter().try_for_each(|extension| write!(f, ",{}=off", extension.name))
    }
}

/// What `-cpu help` prints.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Models:\n");
    for Model { names, doc, .. } in MODELS {
        let also =
            if names.len() > 1 { format!(" (also: {})", names[1..].join(", ")) } else { String::new() };
        text.push_str(&format!("  {:12}{doc}{also}\n", names[0]));
    }
    text.push_str("\nExtensions, switched by ',NAME=on' or ',NAME=off' behind the model:\n");
    for Extension { name, doc, .. } in EXTENSIONS[1..].iter().filter(|extension| !extension.part) {
        text.push_str(&format!("  {name:12}{doc}\n"));
    }
    text
}

fn position(name: &str) -> Option<usize> {
    EXTENSIONS.iter().position(|extension| extension.name == name)
}

/// The place of an extension, whose name may begin with a capital as tables and manual have it.
pub(super) const fn index(name: &str) -> usize {
    let mut n = 0;
    while n < ALL.len() {
        if same(ALL[n].name.as_bytes(), name.as_bytes()) {
            return n;
        }
        n += 1;
    }
    panic!("a row belongs to an extension")
}

/// Whether two names differ by capitals at most.
const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n].eq_ignore_ascii_case(&b[n]) {
        n += 1;
    }
    n == a.len() && n == b.len()
}

/// Each extension with all that it requires.
static REQUIRED: [Extensions; ALL.len()] = {
    let mut sets = [Extensions(0); ALL.len()];
    // Some requirements come later in the list than who requires them; none is more than a few steps away.
    let mut round = 0;
    while round < 4 {
        let mut n = 0;
        while n < ALL.len() {
            let (mut bits, mut m) = (1 << n, 0);
            while m < ALL[n].requires.len() {
                let required = index(ALL[n].requires[m]);
                bits |= 1 << required | sets[required].0;
                m += 1;
            }
            sets[n] = Extensions(bits);
            n += 1;
        }
        round += 1;
    }
    sets
};

/// The extension of that name alone.
pub(super) const fn only(name: &str) -> Extensions {
    Extensions(1 << index(name))
}

/// What each row needs: one set or the other.
static NEEDED: [[Extensions; 2]; COUNT] = {
    let mut needed = [[Extensions(0); 2]; COUNT];
    let mut op = 0;
    while op < COUNT {
        let with = match ROWS[op].with {
            Some(name) => only(name).0,
            None => 0,
        };
        let either = only(ROWS[op].extension);
        let or = match ROWS[op].or {
            Some(name) => only(name),
            None => either,
        };
        needed[op] = [Extensions(either.0 | with), Extensions(or.0 | with)];
        op += 1;
    }
    needed
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::{decode, zbb, zkne};

    fn parse(value: &str) -> Extensions {
        Extensions::parse(value).unwrap_or_else(|error| panic!("{value}: {error}"))
    }

    /// Base, then extensions of one letter, then those with Zi, Za, Zf, Zc, Zb and Zk, each by the alphabet.
    #[test]
    fn the_order_is_canonical() {
        let rank = |name: &str| match name.strip_prefix('z') {
            None => "imafdqlcbkjtpvh".find(name).unwrap(),
            Some(rest) => 100 + "imafdqlcbkjtpvh".find(&rest[..1]).unwrap(),
        };
        let keys: Vec<_> =
            EXTENSIONS.iter().map(|extension| (rank(extension.name), extension.name)).collect();
        assert!(keys.is_sorted_by(|a, b| a.0 < b.0 || a.0 == b.0 && a.1 < b.1), "{keys:?}");
    }

    #[test]
    fn bits_are_used_once() {
        let mut bits: Vec<u32> = EXTENSIONS.iter().filter_map(|extension| extension.probe).collect();
        bits.sort_unstable();
        assert!(bits.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn models() {
        assert_eq!(parse("rv64gc").isa_string(), "rv64imafdc_zicntr_zicsr_zifencei_zaamo_zalrsc_zca_zcd");
        assert_eq!(parse("rva20u64").isa_string(), parse("rv64gc").isa_string().replace("_zifencei", ""));
        assert!(
            parse("rva22u64")
                .isa_string()
                .starts_with("rv64imafdc_zicbom_zicbop_zicboz_zicntr_zicsr_zihintpause_")
        );
        assert_eq!(parse("max"), Extensions::ALL);
        assert_eq!(parse("rv64gc").hwcap(), 0x112d);
        assert_eq!(parse("rv64gc").probe(), 3 | 1 << 43 | 1 << 45 | 1 << 50 | 1 << 56 | 1 << 57);
        assert_eq!(Extensions::ALL.hwcap(), 0x112d);
    }

    #[test]
    fn switches() {
        assert!(!parse("rv64,zbb=off").has("zbb"));
        assert!(!parse("rv64,-zbb,+zba").has("zbb"));
        assert_eq!(parse("rv64gc,zbb=true").isa_string(), parse("rv64gc").isa_string() + "_zbb");
        // Off with what needs it, on with what it needs.
        let integer = parse("rv64,f=off");
        assert!(["f", "d", "zcd"].iter().all(|name| !integer.has(name)) && integer.has("zca"));
        assert_eq!(parse("rv64gc,f=off,d=on"), parse("rv64gc"));
        assert_eq!(parse("rv64,c=off").hwcap(), 0x1129);
        for wrong in [
            "",
            "z80",
            "rv64,",
            "rv64,zbb",
            "rv64,zbb=1",
            "rv64,v=on",
            "rv64,i=off",
            "rv64,zca=off",
            "rv64,é=on",
            "RV64",
        ] {
            assert!(Extensions::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_set_is_spelt_as_it_is_read() {
        for value in ["rv64", "rv64gc", "rva22u64", "rv64,c=off", "rv64gc,m=no,zbb=yes"] {
            assert_eq!(parse(&parse(value).to_string()), parse(value), "{value}");
        }
    }

    #[test]
    fn rows_that_two_extensions_have() {
        let legal = |value, op| parse(value).allow(op);
        assert!(
            legal("rv64gc,zbkb=on", zbb::ROL)
                && legal("rv64gc,zbb=on", zbb::ROL)
                && !legal("rv64gc", zbb::ROL)
        );
        assert!(!legal("rv64gc,zbkb=on", zbb::CLZ));
        assert!(legal("rv64gc,zknd=on", zkne::AES64KS2) && !legal("rv64gc,zknd=on", zkne::AES64ES));
    }

    /// What is off is illegal, under its compressed names too; a hint is what it was before it was one.
    #[test]
    fn what_is_off_is_illegal() {
        let (clz, c_lbu, c_mul, c_add, c_fld, pause) =
            (0x6005_1513, 0x8108, 0x9d4d, 0x952e, 0x2108, 0x0100_000f);
        let all = [clz, c_lbu, c_mul, c_add, c_fld, pause];
        let legal = |value| all.map(|bits| parse(value).decode(bits).is_some());
        assert_eq!(legal("rv64"), [true; 6]);
        assert_eq!(legal("rv64,zbb=off"), [false, true, true, true, true, true]);
        assert_eq!(legal("rv64,zcb=off"), [true, false, false, true, true, true]);
        assert_eq!(legal("rv64,m=off"), [true, true, false, true, true, true]);
        assert_eq!(legal("rv64,c=off"), [true, false, false, false, false, true]);
        assert_eq!(legal("rv64,d=off"), [true, true, true, true, false, true]);
        assert_eq!(legal("rv64gc"), [false, false, false, true, true, true]);
        assert_ne!(decode(pause), parse("rv64,zihintpause=off").decode(pause));
    }

    #[test]
    fn every_extension_has_rows_or_shares_some() {
        for extension in EXTENSIONS
            .iter()
            .filter(|extension| !extension.part && !["c", "zicntr"].contains(&extension.name))
        {
            let is_it = |name: &str| name.eq_ignore_ascii_case(extension.name);
            let rows = ROWS.iter().any(|row| is_it(row.extension) || row.or.is_some_and(is_it));
            let compressed = rv64c::COMPRESSED.iter().any(|row| is_it(row.extension));
            assert!(rows || compressed, "{}", extension.name);
        }
    }
}
