//! Compares a transcript with `snapshots/NAME.snap`, by insta.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use anyhow::{Result, bail};

use crate::tools;

/// insta panics where it differs, after it has shown how: that panic's own message would say nothing more.
static QUIET: Once = Once::new();

/// An error if it differs; what differs was printed, and with `INSTA_UPDATE=always` (`--update`) the file is written instead.
pub fn check(name: &str, text: &str) -> Result<()> {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(tools::root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    QUIET.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if panic.location().is_none_or(|location| !location.file().contains("/insta-")) {
                others(panic);
            }
        }));
    });
    let matched = catch_unwind(AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!(name, text))));
    if matched.is_err() {
        bail!("the transcript differs from snapshots/{name}.snap (--update accepts it)");
    }
    Ok(())
}
