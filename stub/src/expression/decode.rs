//! From bytes to operations.

use super::{Binary, Expression, Format, Malformed, Op};

/// Takes operands off the front of what is left; numbers have their high byte first.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or(Malformed::CutOff)?;
        self.at += len;
        Ok(taken)
    }

    fn number(&mut self, len: usize) -> Result<u64, Malformed> {
        Ok(self.take(len)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        Ok(self.number(1)? as u8)
    }

    fn short(&mut self) -> Result<u16, Malformed> {
        Ok(self.number(2)? as u16)
    }
}

/// See [`Expression::decode`].
pub(super) fn expression(bytes: &[u8]) -> Result<Expression, Malformed> {
    let mut reader = Reader { bytes, at: 0 };
    let (mut ops, mut starts, mut formats) = (Vec::new(), Vec::new(), Vec::new());
    while reader.at < bytes.len() {
        starts.push(reader.at);
        ops.push(operation(&mut reader, &mut formats)?);
    }
    for op in &mut ops {
        if let Op::Goto(target) | Op::IfGoto(target) = op {
            let place = starts.binary_search(&usize::from(*target)).map_err(|_| Malformed::Jump)?;
            *target = u16::try_from(place).map_err(|_| Malformed::Jump)?;
        }
    }
    Ok(Expression { ops: ops.into(), formats: formats.into() })
}

/// The numbers are those of the manual's "Bytecode Descriptions".
fn operation(reader: &mut Reader, formats: &mut Vec<Format>) -> Result<Op, Malformed> {
    Ok(match reader.byte()? {
        0x01 | 0x1b..=0x1f => Op::Float,
        0x02 => Op::Binary(Binary::Add),
        0x03 => Op::Binary(Binary::Sub),
        0x04 => Op::Binary(Binary::Mul),
        0x05 => Op::Binary(Binary::DivSigned),
        0x06 => Op::Binary(Binary::DivUnsigned),
        0x07 => Op::Binary(Binary::RemSigned),
        0x08 => Op::Binary(Binary::RemUnsigned),
        0x09 => Op::Binary(Binary::Lsh),
        0x0a => Op::Binary(Binary::RshSigned),
        0x0b => Op::Binary(Binary::RshUnsigned),
        0x0c => Op::Trace,
        0x0d => Op::TraceQuick(u16::from(reader.byte()?)),
        0x0e => Op::LogNot,
        0x0f => Op::Binary(Binary::And),
        0x10 => Op::Binary(Binary::Or),
        0x11 => Op::Binary(Binary::Xor),
        0x12 => Op::BitNot,
        0x13 => Op::Binary(Binary::Equal),
        0x14 => Op::Binary(Binary::LessSigned),
        0x15 => Op::Binary(Binary::LessUnsigned),
        0x16 => Op::Extend(reader.byte()?),
        0x17 => Op::Load(1),
        0x18 => Op::Load(2),
        0x19 => Op::Load(4),
        0x1a => Op::Load(8),
        0x20 => Op::IfGoto(reader.short()?),
        0x21 => Op::Goto(reader.short()?),
        0x22 => Op::Const(reader.number(1)?),
        0x23 => Op::Const(reader.number(2)?),
        0x24 => Op::Const(reader.number(4)?),
        0x25 => Op::Const(reader.number(8)?),
        0x26 => Op::Register(reader.short()?),
        0x27 => Op::End,
        0x28 => Op::Dup,
        0x29 => Op::Pop,
        0x2a => Op::ZeroExtend(reader.byte()?),
        0x2b => Op::Swap,
        0x2c => Op::Variable(reader.short()?),
        0x2d => Op::SetVariable(reader.short()?),
        0x2e => Op::TraceVariable(reader.short()?),
        0x2f => Op::TraceString,
        0x30 => Op::TraceQuick(reader.short()?),
        0x32 => Op::Pick(reader.byte()?),
        0x33 => Op::Rotate,
        0x34 => {
            let (count, len) = (reader.byte()?, reader.short()?);
            let number = u16::try_from(formats.len()).map_err(|_| Malformed::Format)?;
            formats.push(Format::parse(reader.take(usize::from(len))?).ok_or(Malformed::Format)?);
            Op::Print(count, number)
        }
        unknown => return Err(Malformed::Unknown(unknown)),
    })
}
