//! Every scenario of `harness/scenarios`, with every gdb of this machine, is a test of its own: `follow-fork-child (gdb 18)`.

use libtest_mimic::{Arguments, Trial};
use tine_test::group::end_all_on_interrupt;
use tine_test::stub::StubCommand;
use tine_test::{scenario, tools};

const AGAINST_GDBSERVER: &str = "disconnect";

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::from_args();
    end_all_on_interrupt();
    let gdbs = tools::gdbs();
    anyhow::ensure!(!gdbs.is_empty(), "no gdb that can be run: install gdb-multiarch, or let ./x do it");
    let mut trials = Vec::new();
    for scenario in scenario::all()? {
        for gdb in &gdbs {
            let (scenario, gdb) = (scenario.clone(), gdb.clone());
            let name = format!("{} (gdb {})", scenario.name, gdb.version);
            trials.push(Trial::test(name, move || {
                let failure = scenario.run(&gdb, &StubCommand::Tine).failure;
                failure.map_or(Ok(()), |why| Err(why.into()))
            }));
        }
    }
    // One of them against gdb's own server, so that this way of running them is not lost.
    if let Some((gdb, server)) = gdbs.last().zip(tools::gdbserver()) {
        let gdb = gdb.clone();
        let stub = StubCommand::parse(&server.to_string_lossy());
        let name = format!("{AGAINST_GDBSERVER} (gdb {}, gdbserver)", gdb.version);
        trials.push(Trial::test(name, move || {
            let all = scenario::all()?;
            let scenario = all.iter().find(|scenario| scenario.name == AGAINST_GDBSERVER);
            let failure = scenario.ok_or("it is gone")?.run(&gdb, &stub).failure;
            failure.map_or(Ok(()), |why| Err(why.into()))
        }));
    }
    libtest_mimic::run(&arguments, trials).exit()
}
