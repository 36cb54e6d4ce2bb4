//! docs/scenarios.md, written from the table of verbs.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};

use crate::verb::VERBS;
use crate::{scenario, tools};

const PATH: &str = "docs/scenarios.md";

const INTRODUCTION: &str = "# Scenarios

<!-- Written by `just doc` from harness/src/verb.rs: change it there. -->

A scenario is a script in `harness/scenarios/NAME.rhai`, in [Rhai](https://rhai.rs/book/), which debugs a guest program with a real gdb. It is found by
its name: each one is a test of its own with each gdb of the machine, and `snapshots/NAME.snap` is its transcript.

```sh
just new-scenario my-bug                      # writes harness/scenarios/my-bug.rhai, to start from
just scenario my-bug                          # runs it with each gdb
just scenario my-bug --update                 # accepts its transcript
just scenario my-bug --trace                  # shows transcript, gdb's words and all packets, decoded
just scenario my-bug --stub qemu-riscv64      # another stub in tine's place: CMD -g SOCKET PROGRAM ARGUMENTS
just scenario my-bug --stub gdbserver         # gdb's own server, with the guest compiled for this machine
just scenario my-bug --gdb /opt/gdb/bin/gdb   # another gdb
```

A failure names the script's line and what gdb said, and shows the packets before it. After the last verb gdb quits, and the scenario fails if any process is left over.
Every verb waits as long as the scenario's time limit lets it.

The guests are C programs in `guests/`, a behaviour each; a line `cc: FLAGS` in the comment at the top adds to the compiler's flags. Programs in `guests/isa`, `guests/signal` and
`guests/syscall` need no scenario: they are tests by themselves, run under tine, and pass when they exit with 0.

## Side by side with gdbserver

`tine-test --stub gdbserver`, or the path of another one, runs the scenarios against the native gdbserver: the guests are compiled by `cc` for the machine at hand, and what a
script expects of tine is expected of gdbserver too. Two `--trace`s can be laid side by side, packet by packet. A snapshot is not compared. These scenarios are
left out, by a line `// unlike gdbserver: REASON` in them, unless they are named:

{unlike}
## Environment

| variable | meaning |
| --- | --- |
| `TINE` | the emulator; else the one built beside the test program |
| `TINE_GDB` | the first gdb; else `gdb-multiarch`, or `gdb` |
| `TINE_GDB18` | the newer gdb; else the one that `./x` put into `target/tools` |
| `TINE_CC` | the guests' compiler; else `riscv64-linux-gnu-gcc` |

## Verbs
";

/// The whole page.
pub fn text() -> Result<String> {
    let mut unlike = String::from("| scenario | gdbserver |\n| --- | --- |\n");
    for scenario in scenario::all()? {
        if let Some(reason) = scenario.unlike_gdbserver {
            let _ = writeln!(unlike, "| {} | {reason} |", scenario.name);
        }
    }
    let mut text = INTRODUCTION.replace("{unlike}", &unlike);
    for verb in VERBS {
        let _ = write!(text, "\n### `{}`\n\n{}\n\n```rhai\n{}\n```\n", verb.form, verb.doc, verb.example);
    }
    Ok(text)
}

/// Writes it into the repository; where it is.
pub fn write() -> Result<&'static str> {
    let path = tools::root().join(PATH);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text()?).with_context(|| format!("cannot write {PATH}"))?;
    Ok(PATH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhai::Engine;

    #[test]
    fn the_page_is_up_to_date() {
        let written = fs::read_to_string(tools::root().join(PATH)).unwrap_or_default();
        assert!(written == text().unwrap(), "{PATH} is out of date: run 'just doc'");
    }

    #[test]
    fn every_verb_is_documented_with_an_example_that_uses_it() {
        let engine = Engine::new();
        for (i, verb) in VERBS.iter().enumerate() {
            assert!(
                VERBS[i + 1..].iter().all(|other| other.name != verb.name),
                "{} is there twice",
                verb.name
            );
            assert!(verb.form.starts_with(&format!("{}(", verb.name)), "{}", verb.form);
            assert!(verb.doc.ends_with(['.', ')', '…']), "{}: {}", verb.name, verb.doc);
            assert!(verb.example.contains(&format!("{}(", verb.name)), "{}: {}", verb.name, verb.example);
            engine.compile(verb.example).unwrap_or_else(|error| panic!("{}: {error}", verb.name));
        }
    }
}
