//! The core of `harness/real`: real programs of Debian, each command a test of its own: `bash/pipeline`. `just test-real` runs all.

use libtest_mimic::Arguments;
use tine_test::group::end_all_on_interrupt;
use tine_test::real::{self, Choice, Emulator};

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::from_args();
    end_all_on_interrupt();
    libtest_mimic::run(&arguments, real::trials(Choice::Core, &Emulator::tine()?)?).exit()
}
