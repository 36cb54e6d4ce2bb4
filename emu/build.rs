//! The engine has thousands of handlers in tables: at a fixed address the program needs no relocation of them at start-up.
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-no-pie");
}
