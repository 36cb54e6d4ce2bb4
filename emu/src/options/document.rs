//! `--help`, the manual page and the shell completions, made from the table by clap and its companions.

use clap::{Arg, ArgAction, Command, value_parser};
use clap_complete::Shell;

use super::table::{Action, LOG_ITEMS, ROWS, Row};

/// The shells that [`completions`] knows, as the error says it.
pub const SHELLS: &str = "the shells are bash, elvish, fish, powershell and zsh";

const ABOUT: &str = "Runs riscv64 Linux programs on x86-64 Linux.";

const AFTER: &str = "\
Options may be written with one dash or two. What follows PROG goes to the program untouched; '--' ends the options.
PROG is a path; it is not looked up in PATH.

The exit status is the program's. 125: tine itself failed; 126: PROG cannot be executed; 127: there is no PROG.
A program that is killed by a signal makes tine die of the same signal.";

/// The command as clap knows it.
pub fn command() -> Command {
    let program =
        Arg::new("PROG").help("The riscv64 program").required(true).value_hint(clap::ValueHint::FilePath);
    let args =
        Arg::new("ARGS").help("Its arguments").num_args(0..).trailing_var_arg(true).allow_hyphen_values(true);
    Command::new("tine")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .override_usage("tine [OPTIONS] PROG [ARGS]")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(ROWS.iter().map(argument))
        .arg(program)
        .arg(args)
}

/// The text of `--help`.
pub fn help() -> String {
    command().render_help().to_string()
}

/// The manual page, in roff.
pub fn man_page() -> String {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(command()).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

/// The completion script for a shell.
pub fn completions(shell: &str) -> Option<String> {
    let shell: Shell = shell.parse().ok()?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "tine", &mut script);
    Some(String::from_utf8_lossy(&script).into_owned())
}

/// What `-d help` prints.
pub fn log_items() -> String {
    LOG_ITEMS.iter().map(|(name, help, _)| format!("{name:8}{help}\n")).collect()
}

fn argument(row: &Row) -> Arg {
    let help = match row.env {
        Some((ours, theirs)) => format!("{} [env: TINE_{ours}, {theirs}]", row.help),
        None => row.help.to_owned(),
    };
    let arg = Arg::new(row.long).long(row.long).help(wrap(&help));
    let mut letters = row.short.chars();
    let arg = match (letters.next(), letters.next()) {
        (Some(letter), None) => arg.short(letter),
        _ => arg,
    };
    match row.action {
        Action::Value(name, _) | Action::Command(name, _) => {
            arg.value_name(name).value_parser(value_parser!(std::ffi::OsString))
        }
        Action::Flag(_) | Action::Print(_) => arg.action(ArgAction::SetTrue),
    }
}

/// Breaks a text into lines that fit beside the options' names.
fn wrap(text: &str) -> String {
    const WIDTH: usize = 64;
    let mut wrapped = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let fits = column + 1 + word.len() <= WIDTH;
        if column != 0 {
            wrapped.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        wrapped.push_str(word);
        column += word.len();
    }
    wrapped
}
