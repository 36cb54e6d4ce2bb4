//! Reading the command line by the table.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use tine_stub::without::Without;

use super::table::{Action, ROWS, Row};
use super::{Command, Options};

/// What is wrong with the command line, in one line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// No such option.
    #[error("unknown option '{0}'; see tine --help")]
    Unknown(String),
    /// The command line ends where a value is due.
    #[error("option '{0}' needs a value; see tine --help")]
    NoValue(String),
    /// `--flag=value`.
    #[error("option '{0}' takes no value; see tine --help")]
    Superfluous(String),
    /// A value that makes no sense: option, value, why.
    #[error("option '--{0}' cannot be '{1}': {2}")]
    Value(&'static str, String, &'static str),
    /// A value that must be UTF-8.
    #[error("'{0}' is not valid UTF-8")]
    NotText(String),
    /// `--wrapper` without a command, or without an end.
    #[error("option '{0}' needs a command and '--' behind it; see tine --help")]
    NoCommand(String),
    /// An option that only the debug server has a use for.
    #[error("option '{0}' needs -g: where is gdb expected?")]
    NoServer(&'static str),
    /// `--attach` and PROG.
    #[error("there is a program, '{0}', and a process to attach to: one of them is too many")]
    TwoTargets(String),
    /// No PROG.
    #[error("no program given; see tine --help")]
    NoProgram,
}

/// Reads the arguments behind our own name; `env` looks a variable up.
pub fn parse(
    args: impl IntoIterator<Item = OsString>,
    env: impl Fn(&str) -> Option<OsString>,
) -> Result<Command, UsageError> {
    let mut options = Options::default();
    // What is given comes after the environment, so that it prevails (and -E adds to what the environment sets).
    if let Some(command) = from_environment(&mut options, env)? {
        return Ok(command);
    }
    let mut args = args.into_iter();
    loop {
        let Some(arg) = args.next() else {
            if !options.multi && options.attach.is_none() {
                return Err(UsageError::NoProgram);
            }
            break;
        };
        match arg.as_bytes() {
            b"--" => options.program = args.next().ok_or(UsageError::NoProgram)?,
            [b'-', _, ..] => {
                if let Some(command) = option(&mut options, &arg, &mut args)? {
                    return Ok(command);
                }
                continue;
            }
            _ => options.program = arg,
        }
        break;
    }
    options.args = args.filter_map(|arg| CString::new(arg.into_vec()).ok()).collect();
    check(&options)?;
    Ok(Command::Run(Box::new(options)))
}

/// Whether the options fit together.
fn check(options: &Options) -> Result<(), UsageError> {
    let for_the_server = [
        ("--multi", options.multi),
        ("--attach", options.attach.is_some()),
        ("--wrapper", !options.wrapper.is_empty()),
        ("--once", options.once),
        ("--disable-packet", options.without != Without::default()),
        ("--no-escape-args", options.unescaped),
    ];
    if let (None, Some((name, _))) = (&options.gdb, for_the_server.into_iter().find(|(_, given)| *given)) {
        return Err(UsageError::NoServer(name));
    }
    if options.attach.is_some() && !options.program.is_empty() {
        return Err(UsageError::TwoTargets(options.program.to_string_lossy().into_owned()));
    }
    Ok(())
}

fn from_environment(
    options: &mut Options,
    env: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<Command>, UsageError> {
    for row in ROWS {
        let Some((ours, theirs)) = row.env else { continue };
        let Some(value) = env(&format!("TINE_{ours}")).or_else(|| env(theirs)) else { continue };
        match row.action {
            Action::Flag(set) => set(options),
            Action::Value(_, set) => {
                if let Some(command) = set(options, &value)? {
                    return Ok(Some(command));
                }
            }
            Action::Command(..) | Action::Print(_) => {}
        }
    }
    Ok(None)
}

/// One option: `-name`, `--name`, `-name VALUE`, `--name VALUE` or `--name=VALUE`.
fn option(
    options: &mut Options,
    arg: &OsStr,
    rest: &mut impl Iterator<Item = OsString>,
) -> Result<Option<Command>, UsageError> {
    let shown = || arg.to_string_lossy().into_owned();
    let bytes = arg.as_bytes();
    let doubled = bytes.starts_with(b"--");
    let name = &bytes[if doubled { 2 } else { 1 }..];
    let (name, attached) = match name.iter().position(|&byte| byte == b'=') {
        Some(at) if doubled => (&name[..at], Some(OsStr::from_bytes(&name[at + 1..]))),
        _ => (name, None),
    };
    let is_it = |row: &&Row| row.long.as_bytes() == name || row.short.as_bytes() == name;
    let row = ROWS.iter().find(is_it).ok_or_else(|| UsageError::Unknown(shown()))?;
    match (&row.action, attached) {
        (Action::Value(_, set), Some(value)) => set(options, value),
        (Action::Value(_, set), None) => {
            let value = rest.next().ok_or_else(|| UsageError::NoValue(shown()))?;
            set(options, &value)
        }
        (_, Some(_)) => Err(UsageError::Superfluous(shown())),
        (Action::Command(_, set), None) => {
            let mut words = Vec::new();
            loop {
                match rest.next() {
                    Some(word) if word == "--" && !words.is_empty() => break,
                    Some(word) if word != "--" => words.push(word),
                    _ => return Err(UsageError::NoCommand(shown())),
                }
            }
            set(options, words);
            Ok(None)
        }
        (Action::Flag(set), None) => {
            set(options);
            Ok(None)
        }
        (Action::Print(text), None) => Ok(Some(Command::Print(text()))),
    }
}
