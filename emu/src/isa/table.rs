//! What a row of an instruction table is, and the macros that write the tables.

/// Number of an instruction: its index in [`super::ROWS`].
pub type Op = u16;

/// Where the operands of an instruction stand in its 32 bits (unprivileged manual, "Base Instruction Formats").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `rd, rs1, rs2`.
    R,
    /// `rd, rs1, imm`.
    I,
    /// `rd, rs1`.
    Unary,
    /// `rd, rs1, rnum`: the number of an AES round, 0 to 10.
    Round,
    /// `rd, rs1, shamt`, six bits.
    Shift64,
    /// `rd, rs1, shamt`, five bits.
    Shift32,
    /// `rd, imm(rs1)`: a load.
    Load,
    /// `rs2, imm(rs1)`.
    Store,
    /// `rs1, rs2, target`.
    Branch,
    /// `rd, imm` shifted left by 12.
    Upper,
    /// `rd, target`.
    Jump,
    /// `rd, rs2, (rs1)` with the aq and rl bits.
    Amo,
    /// `rd, rs2, (rs1)` with the aq and rl bits; `rd` is a source too.
    Cas,
    /// The same with pairs of registers, each named by its even one.
    CasPair,
    /// `rd, (rs1)` with the aq and rl bits.
    LoadReserved,
    /// `(rs1)`: a cache block.
    Block,
    /// `imm(rs1)`, the immediate a multiple of 32.
    Prefetch,
    /// `rd, rs1`; the number of the may-be-operation, 0 to 31, is part of its name.
    MopUnary,
    /// `rd, rs1, rs2`; the number, 0 to 7, is part of its name.
    MopBinary,
    /// `rd, csr, rs1`.
    Csr,
    /// `rd, csr, uimm`; the immediate is in `rs1`'s place.
    CsrImm,
    /// `pred, succ`; all fields beyond are ignored, as the manual asks of fences.
    Fence,
    /// No operands.
    Bare,
    /// `fd, constant`; its number, 0 to 31, is in `rs1`'s place.
    FloatImmediate,
    /// `fd, imm(rs1)`.
    FloatLoad,
    /// `fs2, imm(rs1)`.
    FloatStore,
    /// `fd, fs1, fs2`, rounding mode.
    FloatR,
    /// `fd, fs1, fs2`, without a rounding mode.
    FloatRNoRm,
    /// `fd, fs1`, rounding mode.
    FloatUnary,
    /// `fd, fs1, fs2, fs3`, rounding mode.
    FloatR4,
    /// `rd, fs1, fs2`: a comparison.
    FloatCompare,
    /// `rd, fs1`, rounding mode.
    FloatToInt,
    /// `rd, fs1`, without a rounding mode.
    FloatToIntNoRm,
    /// `fd, rs1`, rounding mode.
    IntToFloat,
    /// `fd, rs1`, without a rounding mode.
    IntToFloatNoRm,
}

/// Width of a memory access, and how a load fills the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Signed byte.
    I8,
    /// Signed half-word.
    I16,
    /// Signed word.
    I32,
    /// Double word.
    I64,
    /// Unsigned byte.
    U8,
    /// Unsigned half-word.
    U16,
    /// Unsigned word.
    U32,
    /// A half-precision value, NaN-boxed when loaded.
    F16,
    /// A single-precision value, NaN-boxed when loaded.
    F32,
}

impl Width {
    /// Bytes accessed.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Width::I8 | Width::U8 => 1,
            Width::I16 | Width::U16 | Width::F16 => 2,
            Width::I32 | Width::U32 | Width::F32 => 4,
            Width::I64 => 8,
        }
    }
}

/// What a CSR instruction does with the old value (unprivileged manual, "Zicsr").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsrAction {
    /// Replace it.
    Write,
    /// Set the bits given.
    Set,
    /// Clear the bits given.
    Clear,
}

/// What sort of meaning a row has; the engine has one shape of handler for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `rd = value(op, a, b)`: a is rs1; b is rs2, or the immediate where the format has one.
    Value,
    /// `rd = float(op, a, b, c, rm)`: the operands are raw register contents of either file.
    Float,
    /// `rd = [rs1 + imm]`.
    Load(Width),
    /// `[rs1 + imm] = rs2`.
    Store(Width),
    /// `if branch(op, rs1, rs2) pc += imm`.
    Branch,
    /// `rd = pc + imm`.
    Auipc,
    /// `rd = pc + len; pc += imm`.
    Jal,
    /// `rd = pc + len; pc = (rs1 + imm) & !1`.
    Jalr,
    /// `rd = [rs1]; [rs1] = amo(op, rd, rs2)`, atomically; a signed width.
    Amo(Width),
    /// `lr`.
    LoadReserved(Width),
    /// `sc`.
    StoreConditional(Width),
    /// `old = [rs1]; if old == rd { [rs1] = rs2 }; rd = old`, atomically.
    CompareSwap(Width),
    /// The same over 16 bytes and pairs of registers.
    CompareSwapPair,
    /// Zeroes the cache block that has the address `rs1`.
    CacheZero,
    /// Writes a cache block back, or drops it: nothing is to be done, but the address is checked.
    CacheManage,
    /// Waits a moment.
    Pause,
    /// Nothing.
    Hint,
    /// CSR read and write.
    Csr(CsrAction),
    /// `fence`.
    Fence,
    /// `fence.i`.
    FenceI,
    /// `ecall`.
    Ecall,
    /// `ebreak`.
    Ebreak,
}

/// One instruction as its table has it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// As the assembler spells it.
    pub name: &'static str,
    /// The extension it belongs to.
    pub extension: &'static str,
    /// Another extension that has it too.
    pub or: Option<&'static str>,
    /// An extension that must be there besides.
    pub with: Option<&'static str>,
    /// The pattern, most significant bit first, `.` for an operand bit, blanks for the eye.
    pub pattern: &'static str,
    /// Bits that the pattern fixes.
    pub mask: u32,
    /// What they must be.
    pub bits: u32,
    /// Its operands.
    pub format: Format,
    /// Its meaning's shape.
    pub kind: Kind,
    /// One line of documentation.
    pub doc: &'static str,
}

/// A decoded instruction. Registers are indices into [`crate::hart::Hart::regs`]: an `x0` destination is already
/// [`crate::hart::SINK`], floating-point registers already have [`crate::hart::F0`] added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Insn {
    /// Which row.
    pub op: Op,
    /// Length in bytes: 2 or 4.
    pub len: u8,
    /// Destination; the sink where there is none.
    pub rd: u8,
    /// First source; the number itself for `CsrImm`.
    pub rs1: u8,
    /// Second source.
    pub rs2: u8,
    /// Third source: of a fused multiply-add, or the number of `rd` (`x0` as 0) for compare-and-swap.
    pub rs3: u8,
    /// The `rm` field (0–7), or 7 (dynamic) where the format has none.
    pub rm: u8,
    /// The immediate, sign-extended; the CSR number; the shift amount; the number of a round or of a may-be-operation; the
    /// aq and rl bits of an atomic access (bits 1 and 0), which are no offset; `pred` and `succ` of a fence (bits 7:4 and
    /// 3:0); 0 where there is none.
    pub imm: i32,
}

/// The mask and the bits of a pattern of `width` bits.
pub(super) const fn parse(pattern: &str, width: u32) -> (u32, u32) {
    let bytes = pattern.as_bytes();
    let (mut mask, mut bits, mut count, mut i) = (0u32, 0u32, 0, 0);
    while i < bytes.len() {
        let (fixed, set) = match bytes[i] {
            b'0' => (1, 0),
            b'1' => (1, 1),
            b'.' => (0, 0),
            b' ' => {
                i += 1;
                continue;
            }
            _ => panic!("a pattern is made of 0, 1, . and blanks"),
        };
        mask = mask << 1 | fixed;
        bits = bits << 1 | set;
        count += 1;
        i += 1;
    }
    assert!(count == width, "a pattern has as many bits as its instruction");
    (mask, bits)
}

/// Writes one extension's table: constants for its ops, `ROWS`, and the functions `value`, `branch`, `amo` and `float` that hold
/// the meanings of its rows. `or "Zx"` behind a row's format says that another extension has the row as well, `with "Zx"`
/// that it needs another one besides.
macro_rules! instructions {
    (
        extension $ext:literal, after $base:expr;
        $( value ($va:ident, $vb:ident) { $( #[doc = $vdoc:literal] $v:ident $vname:literal $vpat:literal $vfmt:ident $(or $vor:literal)? $(with $vwith:literal)? => $vexpr:expr; )* } )?
        $( float ($fa:ident, $fb:ident, $fc:ident, $frm:ident) { $( #[doc = $fdoc:literal] $f:ident $fname:literal $fpat:literal $ffmt:ident $(or $foror:literal)? $(with $fwith:literal)? => $fexpr:expr; )* } )?
        $( branch ($ba:ident, $bb:ident) { $( #[doc = $bdoc:literal] $b:ident $bname:literal $bpat:literal => $bexpr:expr; )* } )?
        $( amo ($aold:ident, $ab:ident) { $( #[doc = $adoc:literal] $a:ident $aname:literal $apat:literal $awidth:ident $(or $aor:literal)? $(with $awith:literal)? => $aexpr:expr; )* } )?
        $( other { $( #[doc = $odoc:literal] $o:ident $oname:literal $opat:literal $ofmt:ident $(or $oor:literal)? $(with $owith:literal)? => $okind:expr; )* } )?
    ) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants are the rows' constants")]
        #[repr(u16)]
        enum Index { $($($v,)*)? $($($f,)*)? $($($b,)*)? $($($a,)*)? $($($o,)*)? Count }

        /// The first op after this extension's.
        pub const END: $crate::isa::Op = $base + Index::Count as $crate::isa::Op;
        $($( #[doc = $vdoc] pub const $v: $crate::isa::Op = $base + Index::$v as $crate::isa::Op; )*)?
        $($( #[doc = $fdoc] pub const $f: $crate::isa::Op = $base + Index::$f as $crate::isa::Op; )*)?
        $($( #[doc = $bdoc] pub const $b: $crate::isa::Op = $base + Index::$b as $crate::isa::Op; )*)?
        $($( #[doc = $adoc] pub const $a: $crate::isa::Op = $base + Index::$a as $crate::isa::Op; )*)?
        $($( #[doc = $odoc] pub const $o: $crate::isa::Op = $base + Index::$o as $crate::isa::Op; )*)?

        /// This extension's rows, in the order of their ops.
        pub const ROWS: &[$crate::isa::Row] = &[
            $($( instructions!(@row $ext [$($vor)?] [$($vwith)?] $vname $vpat $vfmt ($crate::isa::Kind::Value) $vdoc), )*)?
            $($( instructions!(@row $ext [$($foror)?] [$($fwith)?] $fname $fpat $ffmt ($crate::isa::Kind::Float) $fdoc), )*)?
            $($( instructions!(@row $ext [] [] $bname $bpat Branch ($crate::isa::Kind::Branch) $bdoc), )*)?
            $($( instructions!(@row $ext [$($aor)?] [$($awith)?] $aname $apat Amo ($crate::isa::Kind::Amo($crate::isa::Width::$awidth)) $adoc), )*)?
            $($( instructions!(@row $ext [$($oor)?] [$($owith)?] $oname $opat $ofmt ($okind) $odoc), )*)?
        ];

        /// The result of a [`Kind::Value`](crate::isa::Kind::Value) row.
        #[allow(unused_variables, reason = "some rows use one operand only")]
        #[inline(always)]
        pub fn value(op: $crate::isa::Op, a: u64, b: u64) -> u64 {
            match op {
                $($( $v => { let ($va, $vb) = (a, b); $vexpr } )*)?
                _ => unreachable!("op {op} is no value row of {}", $ext),
            }
        }

        /// The result of a [`Kind::Float`](crate::isa::Kind::Float) row.
        #[allow(unused_variables, reason = "some rows use one operand only")]
        #[inline(always)]
        pub fn float(op: $crate::isa::Op, a: u64, b: u64, c: u64, rm: $crate::isa::float::Rounding) -> u64 {
            match op {
                $($( $f => { let ($fa, $fb, $fc, $frm) = (a, b, c, rm); $fexpr } )*)?
                _ => unreachable!("op {op} is no float row of {}", $ext),
            }
        }

        /// Whether a [`Kind::Branch`](crate::isa::Kind::Branch) row is taken.
        #[allow(unused_variables, reason = "extensions without branches")]
        #[inline(always)]
        pub fn branch(op: $crate::isa::Op, a: u64, b: u64) -> bool {
            match op {
                $($( $b => { let ($ba, $bb) = (a, b); $bexpr } )*)?
                _ => unreachable!("op {op} is no branch row of {}", $ext),
            }
        }

        /// What a [`Kind::Amo`](crate::isa::Kind::Amo) row stores; both operands are sign-extended from its width.
        #[allow(unused_variables, reason = "extensions without AMOs")]
        #[inline(always)]
        pub fn amo(op: $crate::isa::Op, old: u64, b: u64) -> u64 {
            match op {
                $($( $a => { let ($aold, $ab) = (old, b); $aexpr } )*)?
                _ => unreachable!("op {op} is no amo row of {}", $ext),
            }
        }
    };
    (@row $ext:literal [$($or:literal)?] [$($with:literal)?] $name:literal $pat:literal $fmt:ident ($kind:expr) $doc:literal) => {{
        const PARSED: (u32, u32) = $crate::isa::table::parse($pat, 32);
        $crate::isa::Row {
            name: $name,
            extension: $ext,
            or: instructions!(@option $($or)?),
            with: instructions!(@option $($with)?),
            pattern: $pat,
            mask: PARSED.0,
            bits: PARSED.1,
            format: $crate::isa::Format::$fmt,
            kind: $kind,
            doc: $doc.trim_ascii(),
        }
    }};
    (@option) => { None };
    (@option $value:literal) => { Some($value) };
}

/// Joins the extensions' tables, in the order of their ops.
macro_rules! join {
    ($($ext:ident),+) => {
        /// How many instructions there are.
        pub const COUNT: usize = 0 $( + $ext::ROWS.len() )+;

        /// Every instruction, indexed by [`Op`].
        pub static ROWS: [Row; COUNT] = {
            let mut rows = [rv64i::ROWS[0]; COUNT];
            let mut n = 0;
            $(
                let mut i = 0;
                while i < $ext::ROWS.len() {
                    rows[n] = $ext::ROWS[i];
                    n += 1;
                    i += 1;
                }
                assert!(n == $ext::END as usize, "the extensions are not in the order of their ops");
            )+
            rows
        };

        join!(@join "The result of a [`Kind::Value`] row." value (op: Op, a: u64, b: u64) (op, a, b) u64; $($ext),+);
        join!(@join "The result of a [`Kind::Float`] row." float (op: Op, a: u64, b: u64, c: u64, rm: float::Rounding) (op, a, b, c, rm) u64; $($ext),+);
        join!(@join "Whether a [`Kind::Branch`] row is taken." branch (op: Op, a: u64, b: u64) (op, a, b) bool; $($ext),+);
        join!(@join "What a [`Kind::Amo`] row stores." amo (op: Op, old: u64, b: u64) (op, old, b) u64; $($ext),+);
    };
    (@join $doc:literal $name:ident ($op:ident: $opty:ty, $($params:tt)*) $args:tt $out:ty; $($ext:ident),+) => {
        #[doc = $doc]
        #[inline(always)]
        pub fn $name($op: $opty, $($params)*) -> $out {
            $( if $op < $ext::END { return $ext::$name $args; } )+
            unreachable!("op {} is in no table", $op)
        }
    };
}
