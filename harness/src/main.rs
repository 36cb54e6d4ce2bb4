//! The `tine-test` command.
fn main() {}
