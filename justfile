# Run with `./x RECIPE`, which installs what is missing first; plain `just RECIPE` when all is there.

set shell := ["sh", "-euc"]

export INSTA_WORKSPACE_ROOT := justfile_directory()

# List the recipes.
default:
    @just --justfile '{{ justfile() }}' --list --unsorted

# Everything: unit tests, guest programs, scenarios with each gdb.
test *ARGS: build
    if command -v cargo-nextest >/dev/null 2>&1; then \
        cargo nextest run --workspace {{ ARGS }} && cargo test --quiet --workspace --doc; \
    else \
        cargo test --workspace {{ ARGS }}; \
    fi

# A real gdb follows 42 forks: MODE is child or parent.
test-follow-fork MODE="child" *ARGS: build
    cargo run --quiet --package tine-test -- follow-fork-{{ MODE }} {{ ARGS }}

# Run one scenario with each gdb; --gdb, --stub, --trace, --update.
scenario NAME *ARGS: build
    cargo run --quiet --package tine-test -- {{ NAME }} {{ ARGS }}

# Start a new scenario from a template.
new-scenario NAME:
    cargo run --quiet --package tine-test -- --new {{ NAME }}

# Commands of Debian's riscv64 packages, all of them; NAMES choose, --emulator CMD puts another emulator in tine's place.
test-real *NAMES: release
    TINE={{ justfile_directory() }}/target/release/tine cargo run --quiet --package tine-test -- --real {{ NAMES }}

# Make a tree of Debian riscv64 packages in DIR, for `tine -L DIR`.
sysroot DIR *PACKAGES:
    cargo run --quiet --package tine-test -- --sysroot {{ DIR }} {{ PACKAGES }}

# Compile the guest programs into target/guests.
guests:
    cargo run --quiet --package tine-test -- --guests

# Side by side with qemu-riscv64, as ratios; NAMES choose among the kernels of guests/bench.
bench *NAMES: release
    cargo run --quiet --package tine-test -- --bench {{ NAMES }}

# The same, and docs/performance.md with its picture from it: takes about forty minutes, with --quick seven.
bench-page *ARGS: release
    cargo run --quiet --package tine-test -- --bench --count --write-page {{ ARGS }}

# One file that goes anywhere, linked statically: target/x86_64-unknown-linux-gnu/release/tine.
static:
    RUSTFLAGS="-C target-feature=+crt-static -C relocation-model=static" \
        cargo build --release --package tine --target x86_64-unknown-linux-gnu

# Format everything.
fmt:
    cargo fmt --all

# What CI asks for: format and clippy, warnings are errors.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- --deny warnings

# Write the generated pages of docs/ anew.
doc:
    UPDATE_DOCS=1 cargo test --quiet --package tine --test docs
    cargo run --quiet --package tine-test -- --write-docs

[private]
build:
    cargo build --workspace --bins

[private]
release:
    cargo build --release --package tine
