use std::collections::HashMap;

use super::*;

fn run(args: &[&str]) -> Result<Options, UsageError> {
    with_env(args, &[])
}

fn with_env(args: &[&str], env: &[(&str, &str)]) -> Result<Options, UsageError> {
    let env: HashMap<&str, &str> = env.iter().copied().collect();
    match parse(args.iter().map(OsString::from), |name| env.get(name).map(OsString::from))? {
        Command::Run(options) => Ok(*options),
        Command::Print(text) => panic!("printed {text}"),
    }
}

fn printed(args: &[&str]) -> String {
    match parse(args.iter().map(OsString::from), |_| None) {
        Ok(Command::Print(text)) => text,
        other => panic!("{other:?}"),
    }
}

fn strings(args: &[CString]) -> Vec<&str> {
    args.iter().map(|arg| arg.to_str().unwrap()).collect()
}

#[test]
fn what_follows_the_program_is_untouched() {
    let options = run(&["-strace", "prog", "-g", "1", "--", "--help", "-x"]).unwrap();
    assert_eq!(options.program, "prog");
    assert_eq!(strings(&options.args), ["-g", "1", "--", "--help", "-x"]);
    assert!(options.log.strace);
    assert_eq!(options.gdb, None);
}

#[test]
fn two_dashes_end_the_options() {
    let options = run(&["-g", "/tmp/s", "-0", "name", "-strace", "--", "-prog", "a"]).unwrap();
    assert_eq!(options.program, "-prog");
    assert_eq!(options.gdb.as_deref(), Some("/tmp/s"));
    assert_eq!(strings(&options.argv()), ["name", "a"]);
    assert_eq!(run(&["--"]).unwrap_err(), UsageError::NoProgram);
}

#[test]
fn a_server_that_stays_needs_no_program() {
    let options = run(&["--multi", "-g", "1234"]).unwrap();
    assert!(options.multi && options.program.is_empty());
    let options = run(&["-g", "1234", "-multi", "prog", "a"]).unwrap();
    assert_eq!((options.program.to_str(), strings(&options.args)), (Some("prog"), vec!["a"]));
}

#[test]
fn a_wrapper_ends_at_two_dashes_and_the_program_follows() {
    let options = run(&["-g", "1", "--wrapper", "env", "-u", "X", "--", "prog", "--", "a"]).unwrap();
    assert_eq!(options.wrapper, ["env", "-u", "X"]);
    assert_eq!((options.program.to_str(), strings(&options.args)), (Some("prog"), vec!["--", "a"]));
    let none = |args: &[&str]| assert_eq!(run(args).unwrap_err(), UsageError::NoCommand("--wrapper".into()));
    none(&["-g", "1", "--wrapper", "--", "prog"]);
    none(&["-g", "1", "--wrapper", "env", "prog"]);
}

#[test]
fn what_is_for_the_server_needs_an_address() {
    for option in [
        &["--attach", "7"][..],
        &["--once", "p"],
        &["--wrapper", "e", "--", "p"],
        &["--multi"],
        &["--disable-packet=T", "p"],
    ] {
        assert!(
            matches!(run(option), Err(UsageError::NoServer(name)) if option[0].starts_with(name)),
            "{option:?}"
        );
        with_env(option, &[("TINE_GDB", "1")]).unwrap();
    }
}

#[test]
fn a_process_stands_in_the_place_of_a_program() {
    assert_eq!(run(&["-g", "1", "--attach", "7"]).unwrap().attach, Some(7));
    let wrong = |pid: &str| assert!(matches!(run(&["-g", "1", "--attach", pid]), Err(UsageError::Value(..))));
    ["", "x", "0", "-1", "4294967296"].into_iter().for_each(wrong);
    let both = run(&["-g", "1", "--attach", "7", "prog"]).unwrap_err();
    assert_eq!(both, UsageError::TwoTargets("prog".into()));
}

#[test]
fn packets_that_are_to_be_disabled_have_gdbservers_names() {
    let both = run(&["-g", "1", "--disable-packet=qC,T", "--disable-packet", "vCont", "p"]).unwrap();
    assert!(both.without.current && both.without.t && both.without.vcont && !both.without.list);
    let wrong = run(&["-g", "1", "--disable-packet=qC,g", "p"]);
    assert!(matches!(wrong, Err(UsageError::Value("disable-packet", ..))));
}

#[test]
fn every_option_has_both_spellings() {
    for row in table::ROWS {
        for name in [row.short, row.long] {
            for dashes in ["-", "--"] {
                let mut args = vec![format!("{dashes}{name}")];
                match row.action {
                    table::Action::Value(..) => args.push("help".to_owned()),
                    table::Action::Command(..) => args.extend(["help".to_owned(), "--".to_owned()]),
                    table::Action::Flag(_) | table::Action::Print(_) => {}
                }
                args.push("prog".to_owned());
                let result = parse(args.iter().map(OsString::from), |_| None);
                assert!(!matches!(result, Err(UsageError::Unknown(_))), "{args:?}: {result:?}");
            }
        }
    }
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = table::ROWS.iter().map(|row| row.long).collect();
    names.extend(
        table::ROWS.iter().map(|row| row.short).filter(|short| !names.contains(short)).collect::<Vec<_>>(),
    );
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    document::command().debug_assert();
}

#[test]
fn values_may_be_attached_with_an_equals_sign() {
    let options = run(&["--gdb=1234", "--env=A=1,B=2", "prog"]).unwrap();
    assert_eq!(options.gdb.as_deref(), Some("1234"));
    assert_eq!(options.env, [EnvEdit::Set(b"A=1".to_vec()), EnvEdit::Set(b"B=2".to_vec())]);
    assert_eq!(run(&["--strace=1", "p"]).unwrap_err(), UsageError::Superfluous("--strace=1".into()));
}

#[test]
fn the_environment_stands_in_for_options_and_ours_prevails() {
    let env = [("QEMU_STRACE", "1"), ("QEMU_UNAME", "5.0"), ("TINE_UNAME", "6.6"), ("QEMU_LD_PREFIX", "/q")];
    let options = with_env(&["p"], &env).unwrap();
    assert!(options.log.strace);
    assert_eq!(options.uname.as_deref(), Some("6.6"));
    assert_eq!(options.sysroot, Some(PathBuf::from("/q")));
    let options = with_env(&["-r", "7", "-L", "/l", "p"], &env).unwrap();
    assert_eq!(options.uname.as_deref(), Some("7"));
    assert_eq!(options.sysroot, Some(PathBuf::from("/l")));
}

#[test]
fn the_environment_is_edited_in_order() {
    let options = run(&["-E", "A=1,NEW=x=y", "-U", "B,C", "-E", "C=3", "p"]).unwrap();
    let ours = [("A", "0"), ("AB", "k"), ("B", "2"), ("C", "0")];
    let envp = options.envp(ours.iter().map(|(name, value)| (name.into(), value.into())));
    assert_eq!(strings(&envp), ["A=1", "AB=k", "NEW=x=y", "C=3"]);
}

#[test]
fn sizes() {
    for (text, want) in [("8M", 8 << 20), ("65536", 65536), ("0x10000", 65536), ("4k", 4096), ("1G", 1 << 30)]
    {
        assert_eq!(run(&["-s", text, "p"]).unwrap().stack, Some(want), "{text}");
    }
    for text in ["", "M", "8X", "-1", "0", "99999999999T", "1e3", "0x", "é"] {
        assert!(matches!(run(&["-s", text, "p"]), Err(UsageError::Value("stack-size", ..))), "{text}");
    }
    assert_eq!(run(&["-R", "512G", "p"]).unwrap().window_bits, 39);
    assert_eq!(run(&["-R", "300G", "p"]).unwrap().window_bits, 39);
    assert_eq!(run(&["-R", "8T", "p"]).unwrap().window_bits, 43);
    assert!(run(&["-R", "9T", "p"]).is_err());
    assert!(run(&["-R", "1M", "p"]).is_err());
}

#[test]
fn log_items() {
    let options = run(&["-d", "in_asm,strace,unimp", "-D", "/tmp/x.%d", "p"]).unwrap();
    assert_eq!(options.log, LogItems { in_asm: true, strace: true, page: false });
    assert_eq!(options.log_file, Some(PathBuf::from("/tmp/x.%d")));
    assert!(printed(&["-d", "help"]).contains("in_asm"));
    assert!(run(&["-d", "nonsense", "p"]).is_err());
}

#[test]
fn processors() {
    assert_eq!(run(&["p"]).unwrap().cpu, Extensions::ALL);
    assert_eq!(run(&["-cpu", "max", "p"]).unwrap().cpu, Extensions::ALL);
    let options = run(&["-cpu", "rv64gc,zba=on", "p"]).unwrap();
    assert!(options.cpu.has("zba") && !options.cpu.has("zbb"));
    assert!(!with_env(&["p"], &[("QEMU_CPU", "rv64,zbs=false")]).unwrap().cpu.has("zbs"));
    let help = printed(&["-cpu", "help"]);
    assert!(help.contains("rva22u64") && help.contains("zicond"), "{help}");
    for wrong in ["rv64,v=on", "rva23u64", "rv64,zbb", ""] {
        assert!(matches!(run(&["-cpu", wrong, "p"]), Err(UsageError::Value("cpu", ..))), "{wrong}");
    }
}

#[test]
fn errors_are_one_line() {
    for args in
        [&["-nonsense"][..], &["-g"], &[], &["-E", "x", "p"], &["-U", "=", "p"], &["-cpu", "z80", "p"]]
    {
        let text = run(args).unwrap_err().to_string();
        assert!(!text.contains('\n') && !text.is_empty(), "{text}");
    }
}

#[test]
fn a_dash_alone_is_a_program() {
    assert_eq!(run(&["-"]).unwrap().program, "-");
}

#[test]
fn what_is_printed_comes_from_the_table() {
    insta::assert_snapshot!("help", printed(&["--help"]));
    assert_eq!(printed(&["-h"]), printed(&["-help"]));
    assert_eq!(printed(&["-version"]), format!("tine version {}\n", env!("CARGO_PKG_VERSION")));
    let page = printed(&["--man"]);
    for row in table::ROWS {
        assert!(page.contains(&row.long.replace('-', "\\-")), "{} is not in the manual page", row.long);
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(printed(&["--completions", shell]).contains("sysroot"), "{shell}");
    }
}
