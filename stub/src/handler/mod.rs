//! What each packet does: a small file per capability. `crate::packet` has the table.

pub(crate) mod breakpoint;
pub(crate) mod catch;
pub(crate) mod detach;
pub(crate) mod file;
pub(crate) mod handshake;
pub(crate) mod launch;
pub(crate) mod machine;
pub(crate) mod memory;
pub(crate) mod monitor;
pub(crate) mod non_stop;
pub(crate) mod region;
pub(crate) mod register;
pub(crate) mod resume;
pub(crate) mod thread;
pub(crate) mod tls;
pub(crate) mod trace;
pub(crate) mod trace_frame;
pub(crate) mod xfer;

use crate::hex;
use crate::id::ThreadId;
use crate::server::Session;
use crate::target::Failure;

/// The answer to a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// This payload.
    Bytes(Vec<u8>),
    /// `OK`
    Ok,
    /// The empty reply: not supported.
    Empty,
    /// An error.
    Fail(Failure),
    /// An error that has to be told in words.
    Refuse(String),
    /// Nothing now: a stop reply follows, or nobody is there to read it.
    Later,
}

/// How the debugger reads errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorStyle {
    /// A number.
    Number,
    /// A text (gdb's `error-message+`).
    Text,
    /// Both, the text in hexadecimal (LLDB's `QEnableErrorStrings`).
    NumberAndText,
}

impl ErrorStyle {
    fn spell(self, number: u8, text: &str) -> Vec<u8> {
        match self {
            ErrorStyle::Text => format!("E.{text}").into_bytes(),
            ErrorStyle::Number => format!("E{number:02x}").into_bytes(),
            ErrorStyle::NumberAndText => {
                [format!("E{number:02x};").as_bytes(), &hex::encode(text.as_bytes())].concat()
            }
        }
    }
}

impl Reply {
    /// What is sent.
    pub fn payload(self, errors: ErrorStyle) -> Option<Vec<u8>> {
        match self {
            Reply::Bytes(bytes) => Some(bytes),
            Reply::Ok => Some(b"OK".to_vec()),
            Reply::Empty | Reply::Fail(Failure::Unsupported) => Some(Vec::new()),
            Reply::Fail(failure) => Some(errors.spell(number(&failure), &failure.to_string())),
            Reply::Refuse(why) => Some(errors.spell(1, &why)),
            Reply::Later => None,
        }
    }
}

/// An errno that says about the same.
fn number(failure: &Failure) -> u8 {
    match failure {
        Failure::NoThread => 3,     // ESRCH
        Failure::Running => 16,     // EBUSY
        Failure::Memory => 14,      // EFAULT
        Failure::Invalid => 22,     // EINVAL
        Failure::Unsupported => 38, // ENOSYS
        Failure::NotYet => 11,      // EAGAIN
        Failure::Silent => 5,       // EIO
    }
}

impl From<Result<(), Failure>> for Reply {
    fn from(result: Result<(), Failure>) -> Reply {
        result.map_or_else(Reply::Fail, |()| Reply::Ok)
    }
}

impl From<Result<Vec<u8>, Failure>> for Reply {
    fn from(result: Result<Vec<u8>, Failure>) -> Reply {
        result.map_or_else(Reply::Fail, Reply::Bytes)
    }
}

impl From<String> for Reply {
    fn from(text: String) -> Reply {
        Reply::Bytes(text.into_bytes())
    }
}

impl Session {
    fn current_or_fail(&self) -> Result<ThreadId, Failure> {
        self.current().ok_or(Failure::NoThread)
    }
}

/// Splits arguments at the first `separator`.
fn split(arguments: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = arguments.iter().position(|byte| *byte == separator)?;
    Some((&arguments[..at], &arguments[at + 1..]))
}

/// Two numbers with a separator between them.
fn two_numbers(arguments: &[u8], separator: u8) -> Option<(u64, u64)> {
    let (first, second) = split(arguments, separator)?;
    Some((hex::number(first)?, hex::number(second)?))
}
