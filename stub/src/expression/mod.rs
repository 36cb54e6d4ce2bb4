//! Agent expressions: bytecode that gdb makes of conditions, commands and what a tracepoint collects, to be evaluated where the
//! program runs, without a word between (gdb manual, appendix "The GDB Agent Expression Mechanism").
//!
//! Bytecode is decoded once, which finds what is malformed; evaluating it allocates nothing, cannot panic, and ends: every
//! evaluation has a limit of steps. What a machine cannot give (a register, memory) ends it with a [`Fault`].

mod decode;
mod printf;
#[cfg(test)]
mod tests;

pub use printf::Format;

/// How deep the stack of an evaluation gets.
const DEPTH: usize = 100;
/// How many operations an evaluation may take: gdb's own have no loops, so only a bad one comes here.
const STEPS: u32 = 100_000;
/// The longest string that is printed or collected.
const STRING: usize = 4096;

/// What is wrong with bytecode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// No operation has this number.
    #[error("there is no operation {0:#04x}")]
    Unknown(u8),
    /// An operation's operand is cut off.
    #[error("the expression is cut off")]
    CutOff,
    /// A jump goes to no operation.
    #[error("a jump goes to no operation")]
    Jump,
    /// A format string cannot be understood.
    #[error("the format cannot be understood")]
    Format,
}

/// Why an evaluation ended without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There are not as many values on the stack.
    #[error("the stack is empty")]
    Empty,
    /// There are too many.
    #[error("the stack is full")]
    Full,
    /// A divisor is zero.
    #[error("division by zero")]
    Division,
    /// It takes too long.
    #[error("the expression does not end")]
    Endless,
    /// It runs off its end.
    #[error("the expression has no end")]
    NoEnd,
    /// It uses floating point, for which the mechanism has numbers but no meaning yet.
    #[error("floating point is not supported")]
    Float,
    /// There is no such register.
    #[error("there is no register {0}")]
    Register(u16),
    /// Memory cannot be read.
    #[error("cannot access memory at {0:#x}")]
    Memory(u64),
    /// There is no such trace state variable.
    #[error("there is no trace state variable {0}")]
    Variable(u16),
}

/// What an expression is evaluated in.
pub trait Machine {
    /// A register, by gdb's number.
    fn register(&mut self, number: u16) -> Option<u64>;
    /// All registers, as the `g` packet has them (without the hexadecimal).
    fn registers(&mut self) -> Vec<u8> {
        Vec::new()
    }
    /// Reads memory; false if some of it cannot be read.
    fn read(&mut self, addr: u64, bytes: &mut [u8]) -> bool;
    /// Prints what a `printf` has made.
    fn print(&mut self, text: &[u8]);
    /// A trace state variable's value.
    fn variable(&mut self, number: u16) -> Option<u64> {
        let _ = number;
        None
    }
    /// Gives a trace state variable a value; false if there is no such.
    fn set_variable(&mut self, number: u16, value: u64) -> bool {
        let _ = (number, value);
        false
    }
    /// Collects memory; false if it cannot be read.
    fn collect(&mut self, addr: u64, len: u64) -> bool {
        let _ = (addr, len);
        true
    }
    /// Collects a trace state variable.
    fn collect_variable(&mut self, number: u16) {
        let _ = number;
    }
}

/// Bytecode that has been decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    ops: Box<[Op]>,
    formats: Box<[Format]>,
}

/// An operation. Jumps name operations, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Float,
    Binary(Binary),
    LogNot,
    BitNot,
    /// Sign-extends from so many bits.
    Extend(u8),
    ZeroExtend(u8),
    /// Loads so many bytes.
    Load(u8),
    IfGoto(u16),
    Goto(u16),
    Const(u64),
    Register(u16),
    End,
    Dup,
    Pop,
    Swap,
    Pick(u8),
    Rotate,
    Variable(u16),
    SetVariable(u16),
    Trace,
    TraceQuick(u16),
    TraceVariable(u16),
    TraceString,
    /// So many arguments, and which of the formats.
    Print(u8, u16),
}

/// An operation on two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    Add,
    Sub,
    Mul,
    DivSigned,
    DivUnsigned,
    RemSigned,
    RemUnsigned,
    Lsh,
    RshSigned,
    RshUnsigned,
    And,
    Or,
    Xor,
    Equal,
    LessSigned,
    LessUnsigned,
}

/// The values of an evaluation.
struct Stack {
    values: [u64; DEPTH],
    len: usize,
}

impl Stack {
    fn push(&mut self, value: u64) -> Result<(), Fault> {
        *self.values.get_mut(self.len).ok_or(Fault::Full)? = value;
        self.len += 1;
        Ok(())
    }

    fn pop(&mut self) -> Result<u64, Fault> {
        self.len = self.len.checked_sub(1).ok_or(Fault::Empty)?;
        Ok(self.values[self.len])
    }

    /// The value so far below the top.
    fn at(&mut self, depth: usize) -> Result<&mut u64, Fault> {
        let place = self.len.checked_sub(depth + 1).ok_or(Fault::Empty)?;
        Ok(&mut self.values[place])
    }
}

impl Expression {
    /// Decodes bytecode.
    pub fn decode(bytes: &[u8]) -> Result<Expression, Malformed> {
        decode::expression(bytes)
    }

    /// Evaluates; the value is what is on top of the stack at the end, or 0 if nothing is.
    pub fn evaluate(&self, machine: &mut impl Machine) -> Result<u64, Fault> {
        let mut stack = Stack { values: [0; DEPTH], len: 0 };
        let mut next = 0;
        for _ in 0..STEPS {
            let op = *self.ops.get(next).ok_or(Fault::NoEnd)?;
            next += 1;
            match op {
                Op::End => return Ok(stack.pop().unwrap_or(0)),
                Op::Goto(target) => next = usize::from(target),
                Op::IfGoto(target) => {
                    if stack.pop()? != 0 {
                        next = usize::from(target);
                    }
                }
                Op::Print(count, format) => self.print(usize::from(count), format, &mut stack, machine)?,
                op => step(op, &mut stack, machine)?,
            }
        }
        Err(Fault::Endless)
    }

    /// Takes a function and its channel, which are not called, and the arguments, the first on top.
    fn print(
        &self,
        count: usize,
        format: u16,
        stack: &mut Stack,
        machine: &mut impl Machine,
    ) -> Result<(), Fault> {
        stack.pop()?;
        stack.pop()?;
        let first = stack.len.checked_sub(count).ok_or(Fault::Empty)?;
        let arguments = stack.values[first..stack.len].iter().rev().copied();
        stack.len = first;
        let Some(format) = self.formats.get(usize::from(format)) else { return Ok(()) };
        let text = format.fill(arguments, |addr| string(machine, addr))?;
        machine.print(&text);
        Ok(())
    }
}

/// Does what is no jump.
fn step(op: Op, stack: &mut Stack, machine: &mut impl Machine) -> Result<(), Fault> {
    match op {
        Op::Binary(operation) => {
            let b = stack.pop()?;
            let a = stack.at(0)?;
            *a = binary(operation, *a, b)?;
        }
        Op::Const(value) => stack.push(value)?,
        Op::Register(number) => stack.push(machine.register(number).ok_or(Fault::Register(number))?)?,
        Op::Load(size) => {
            let top = stack.at(0)?;
            let mut bytes = [0; 8];
            if !machine.read(*top, &mut bytes[..usize::from(size).min(8)]) {
                return Err(Fault::Memory(*top));
            }
            *top = u64::from_le_bytes(bytes);
        }
        Op::LogNot => *stack.at(0)? = u64::from(*stack.at(0)? == 0),
        Op::BitNot => *stack.at(0)? = !*stack.at(0)?,
        Op::Extend(bits) => {
            let unused = 64 - u32::from(bits.clamp(1, 64));
            let top = stack.at(0)?;
            *top = ((*top << unused) as i64 >> unused) as u64;
        }
        Op::ZeroExtend(bits) => {
            let unused = 64 - u32::from(bits.clamp(1, 64));
            let top = stack.at(0)?;
            *top = *top << unused >> unused;
        }
        Op::Dup => {
            let top = *stack.at(0)?;
            stack.push(top)?;
        }
        Op::Pop => drop(stack.pop()?),
        Op::Swap => {
            let top = *stack.at(0)?;
            *stack.at(0)? = std::mem::replace(stack.at(1)?, top);
        }
        Op::Pick(depth) => {
            let value = *stack.at(usize::from(depth))?;
            stack.push(value)?;
        }
        Op::Rotate => {
            // a b c becomes c a b.
            let (c, b, a) = (*stack.at(0)?, *stack.at(1)?, *stack.at(2)?);
            (*stack.at(2)?, *stack.at(1)?, *stack.at(0)?) = (c, a, b);
        }
        Op::Variable(number) => stack.push(machine.variable(number).ok_or(Fault::Variable(number))?)?,
        Op::SetVariable(number) => {
            if !machine.set_variable(number, *stack.at(0)?) {
                return Err(Fault::Variable(number));
            }
        }
        Op::Trace => {
            let (len, addr) = (stack.pop()?, stack.pop()?);
            collect(machine, addr, len)?;
        }
        Op::TraceQuick(len) => collect(machine, *stack.at(0)?, u64::from(len))?,
        Op::TraceVariable(number) => machine.collect_variable(number),
        Op::TraceString => {
            let (most, addr) = (stack.pop()?, stack.pop()?);
            let len = string(machine, addr)?.len() as u64 + 1;
            collect(machine, addr, len.min(most))?;
        }
        Op::Float => return Err(Fault::Float),
        Op::End | Op::Goto(_) | Op::IfGoto(_) | Op::Print(..) => {}
    }
    Ok(())
}

fn collect(machine: &mut impl Machine, addr: u64, len: u64) -> Result<(), Fault> {
    if len == 0 || machine.collect(addr, len) { Ok(()) } else { Err(Fault::Memory(addr)) }
}

fn binary(operation: Binary, a: u64, b: u64) -> Result<u64, Fault> {
    let (sa, sb) = (a as i64, b as i64);
    // A shift by more than there is leaves nothing.
    let shift = u32::try_from(b).unwrap_or(u32::MAX);
    Ok(match operation {
        Binary::Add => a.wrapping_add(b),
        Binary::Sub => a.wrapping_sub(b),
        Binary::Mul => a.wrapping_mul(b),
        Binary::DivSigned | Binary::DivUnsigned | Binary::RemSigned | Binary::RemUnsigned if b == 0 => {
            return Err(Fault::Division);
        }
        Binary::DivSigned => sa.wrapping_div(sb) as u64,
        Binary::DivUnsigned => a / b,
        Binary::RemSigned => sa.wrapping_rem(sb) as u64,
        Binary::RemUnsigned => a % b,
        Binary::Lsh => a.checked_shl(shift).unwrap_or(0),
        Binary::RshSigned => (sa >> shift.min(63)) as u64,
        Binary::RshUnsigned => a.checked_shr(shift).unwrap_or(0),
        Binary::And => a & b,
        Binary::Or => a | b,
        Binary::Xor => a ^ b,
        Binary::Equal => u64::from(a == b),
        Binary::LessSigned => u64::from(sa < sb),
        Binary::LessUnsigned => u64::from(a < b),
    })
}

/// A C string, without its end; a long one is cut.
fn string(machine: &mut impl Machine, addr: u64) -> Result<Vec<u8>, Fault> {
    /// Nothing is read across a multiple of it: the string may end right before memory that is not there.
    const PIECE: u64 = 64;
    let mut text = Vec::new();
    while text.len() < STRING {
        let at = addr.wrapping_add(text.len() as u64);
        let mut bytes = [0; PIECE as usize];
        let piece = &mut bytes[..(PIECE - at % PIECE) as usize];
        if !machine.read(at, piece) {
            return Err(Fault::Memory(at));
        }
        if let Some(end) = piece.iter().position(|byte| *byte == 0) {
            text.extend_from_slice(&piece[..end]);
            break;
        }
        text.extend_from_slice(piece);
    }
    Ok(text)
}
