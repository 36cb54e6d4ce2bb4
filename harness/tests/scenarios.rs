//! Every scenario of `harness/scenarios`, with every gdb of this machine, is a test of its own: `follow-fork-child (gdb 18)`.

use libtest_mimic::{Arguments, Trial};
use tine_test::group::end_all_on_interrupt;
use tine_test::stub::StubCommand;
use tine_test::{scenario, tools};

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
    libtest_mimic::run(&arguments, trials).exit()
}
