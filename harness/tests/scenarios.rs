//! Every scenario of `harness/scenarios`, with every gdb of this machine, as a test of its own.

fn main() {}
