//! The `tine` command: options, loading, the first task, and the exit status.
//!
//! `main` is the C library's: Rust's own start would ignore SIGPIPE, which the guest would inherit, and open closed standard descriptors.
#![no_main]

use std::ffi::c_int;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use tine::debug;
use tine::engine::Engine;
use tine::hart::Hart;
use tine::loader::{self, Image, LoadError, Request};
use tine::memory::Memory;
use tine::options::{self, Command, Options};
use tine::process::{Process, exit, view};
use tine::syscall::system;
use tine::sysroot;
use tine::task::Task;

/// What a shell is told when the emulator itself failed.
const OWN_FAILURE: u8 = 125;

/// A failure before the guest ran: the line for standard error, and the exit status.
struct Failure {
    line: String,
    status: u8,
}

#[allow(unsafe_code, reason = "the C library looks for this name")]
// SAFETY: this is the program's only `main`, with the C library's signature for it (the arguments are had from `std::env`).
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    std::panic::set_hook(Box::new(|info| {
        say(&format!("internal error: {}", info.to_string().replace('\n', " ")));
        exit::leave(exit::Ending::Exited(OWN_FAILURE.into()));
    }));
    let command = options::parse(std::env::args_os().skip(1), |name| std::env::var_os(name));
    match command {
        Ok(Command::Run(options)) => {
            let Err(failure) = run(&options);
            say(&failure.line);
            failure.status.into()
        }
        Ok(Command::Print(text)) => match io::stdout().write_all(text.as_bytes()) {
            Ok(()) => 0,
            Err(error) => {
                say(&format!("cannot write: {error}"));
                OWN_FAILURE.into()
            }
        },
        Err(error) => {
            say(&error.to_string());
            OWN_FAILURE.into()
        }
    }
}

/// Runs the program to its end; comes back only if it could not be started.
fn run(options: &Options) -> Result<std::convert::Infallible, Failure> {
    let own = |what: &str, error: &dyn std::fmt::Display| Failure {
        line: format!("{what}: {error}"),
        status: OWN_FAILURE,
    };
    tine::log::start(options).map_err(|error| own("cannot open the log", &error))?;
    if let Some(release) = &options.uname {
        system::pretend_release(release.clone());
    }
    if let Some(dir) = &options.sysroot {
        sysroot::start(dir);
    }
    let program = loader::open(&sysroot::program(Path::new(&options.program)))
        .map_err(|error| not_loaded(options, &error))?;
    // Before the guest is there: the debug server shall not be a copy of it.
    let debugger = match &options.gdb {
        Some(address) => Some(debug::launch(address).map_err(|error| own("-g", &error))?),
        None => None,
    };
    let memory = Memory::reserve(options.window_bits)
        .map_err(|error| own("no room for the guest's memory", &error))?;
    let memory = Arc::new(memory);
    let image = load(&memory, program, options).map_err(|error| not_loaded(options, &error))?;
    if options.log.page {
        print_regions(&memory);
    }
    let engine = Engine::new(memory.clone()).map_err(|error| own("no room for code", &error))?;
    let process = Arc::new(Process::new(memory, engine, image.sigreturn));
    let _ = process.exe.set(image.exe.clone());
    view::publish(&process, &image, &options.program);
    observe_code(&process);
    let mut hart = Hart::new();
    hart.pc = image.entry;
    hart.set_x(2, image.sp.0);
    let mut task = Task::new(process, hart);
    if let Some(debugger) = debugger {
        debug::attach(&mut task, debugger, &image).map_err(|error| own("-g", &error))?;
    }
    exit::leave(task.run())
}

fn load(memory: &Memory, program: loader::Program, options: &Options) -> Result<Image, LoadError> {
    let request = Request {
        called: &options.program,
        argv: &options.argv(),
        envp: &options.envp(std::env::vars_os()),
        sysroots: &loader::interp::sysroots(options.sysroot.clone()),
        stack: loader::stack_limit(memory, options.stack),
    };
    loader::load(memory, program, &request)
}

/// The engine hears of every change of code in memory.
fn observe_code(process: &Arc<Process>) {
    let engine = Arc::downgrade(process);
    process.memory.observe_code(Box::new(move |addr, len| {
        if let Some(process) = engine.upgrade() {
            process.engine.invalidate(addr, len);
        }
    }));
}

fn not_loaded(options: &Options, error: &LoadError) -> Failure {
    Failure { line: format!("{}: {error}", options.program.to_string_lossy()), status: error.exit_code() }
}

/// `-d page`.
fn print_regions(memory: &Memory) {
    let lines = memory.regions().into_iter().map(|region| format!("{region}\n"));
    tine::log::write(&lines.collect::<String>());
}

/// One line on standard error, in one write.
fn say(line: &str) {
    let _ = io::stderr().write_all(format!("tine: {line}\n").as_bytes());
}
