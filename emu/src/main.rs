//! The `tine` command: options, loading, the first task, and the exit status.
//!
//! `main` is the C library's: Rust's own start would ignore SIGPIPE, which the guest would inherit, and open closed standard descriptors.
#![no_main]

use std::convert::Infallible;
use std::ffi::{CString, c_int};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tine::binfmt;
use tine::debug;
use tine::loader::{self, Image, LoadError};
use tine::options::{self, Command, Options};
use tine::process::exit::{self, Ending};
use tine::process::start::{Failure, OWN_FAILURE, Start};
use tine::process::{self, Commission, Handover, Inherited, exec, limits};
use tine::seccomp::Seccomp;
use tine::signal::SigSet;
use tine::syscall::{descriptors, system};
use tine::sysroot;
use tine::task::Task;

#[allow(unsafe_code, reason = "the C library looks for this name")]
// SAFETY: this is the program's only `main`, with the C library's signature for it (the arguments are had from `std::env`).
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    std::panic::set_hook(Box::new(|info| {
        say(&format!("internal error: {}", info.to_string().replace('\n', " ")));
        exit::leave(Ending::Exited(OWN_FAILURE.into()));
    }));
    if let Some(inherited) = process::take_handover() {
        let Err(failure) = match inherited {
            Inherited::Exec(handover) => go_on(*handover),
            Inherited::Commission(commission) => obey(*commission),
            Inherited::Lost => {
                Err(Failure::own("-g", &"the wrapper has closed the debug server's descriptors"))
            }
        };
        say(&failure.line);
        return failure.status.into();
    }
    let variable = |name: &str| std::env::var_os(name);
    let (command, file) = match binfmt::invocation(std::env::args_os().skip(1)) {
        Some(invocation) => (options::parse(invocation.args, variable), invocation.file),
        None => (options::parse(std::env::args_os().skip(1), variable), None),
    };
    match command {
        Ok(Command::Run(options)) if options.multi || options.attach.is_some() => serve(&options),
        Ok(Command::Run(options)) => {
            let Err(failure) = run(*options, file);
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

/// Runs the program that the command line names, and that `file` is if the kernel has opened it, to its end; comes back only if it could not
/// be started.
fn run(mut options: Options, file: Option<File>) -> Result<Infallible, Failure> {
    tine::log::start(&options).map_err(|error| Failure::own("cannot open the log", &error))?;
    if let Some(dir) = &options.sysroot {
        sysroot::start(dir);
    }
    options.cpu.select();
    let called = options.program.clone();
    if debug::starts_by_others(&options) {
        return start_by_others(&options);
    }
    let program = match file {
        Some(file) => loader::adopt(PathBuf::from(&called), file),
        None => open(&mut options),
    };
    let program = program.map_err(|error| Failure::not_loaded(&called, &error))?;
    // Before the guest is there: the debug server shall not be a copy of it.
    let debugger = match &options.gdb {
        Some(address) => Some(debug::launch(address, &options).map_err(|error| Failure::own("-g", &error))?),
        None => None,
    };
    let (task, image) = Start::of(options, program, called).load()?;
    begin(task, image, debugger)
}

/// Executes what comes before the program: a wrapper, or a shell. What can be known to fail fails here.
fn start_by_others(options: &Options) -> Result<Infallible, Failure> {
    let program = open(&mut options.clone());
    program.map_err(|error| Failure::not_loaded(&options.program, &error))?;
    let address = options.gdb.as_deref().unwrap_or_default();
    Err(debug::launch_by_others(address, options))
}

/// Runs a program that gdb has asked the debug server for.
fn obey(commission: Commission) -> Result<Infallible, Failure> {
    let Commission { mut options, control, suspend } = commission;
    let control = descriptors::inherit(control).ok_or_else(|| Failure::own("-g", &"the server is gone"))?;
    let debugger = debug::commissioned(control, suspend);
    let load = || {
        tine::log::start(&options).map_err(|error| Failure::own("cannot open the log", &error))?;
        if let Some(dir) = &options.sysroot {
            sysroot::start(dir);
        }
        options.cpu.select();
        let called = options.program.clone();
        let program = open(&mut options).map_err(|error| Failure::not_loaded(&called, &error))?;
        Start::of(options, program, called).load()
    };
    match load() {
        Ok((task, image)) => begin(task, image, Some(debugger)),
        Err(failure) => {
            debugger.fail(&failure.line);
            Err(failure)
        }
    }
}

/// `--multi`, `--attach`: the exit status.
fn serve(options: &Options) -> c_int {
    let log = tine::log::start(options).map_err(|error| Failure::own("cannot open the log", &error));
    match log.and_then(|()| debug::serve(options.gdb.as_deref().unwrap_or_default(), options)) {
        Ok(()) => 0,
        Err(failure) => {
            say(&failure.line);
            failure.status.into()
        }
    }
}

/// Runs a program that has been loaded.
fn begin(
    mut task: Box<Task>,
    image: Image,
    debugger: Option<debug::Launched>,
) -> Result<Infallible, Failure> {
    if let Some(debugger) = debugger {
        debug::attach(&mut task, debugger, &image).map_err(|error| Failure::own("-g", &error))?;
    }
    drop(image);
    exit::run(&mut task)
}

/// Opens the program. If it is a script, the program is what interprets it, with the script among its arguments.
fn open(options: &mut Options) -> Result<loader::Program, LoadError> {
    for depth in 0..exec::DEPTH {
        let path = sysroot::program(Path::new(&options.program));
        let opened = loader::open(&path);
        let Err(LoadError::Script) = opened else {
            return opened.map_err(|error| match depth {
                0 => error,
                _ => LoadError::ScriptInterpreter { path, error: Box::new(error) },
            });
        };
        let Some(interpreter) = exec::interpreter_of(&path) else { return opened };
        let script = std::mem::replace(&mut options.program, interpreter.path.into_os_string());
        let before = interpreter.argument.into_iter().chain([script.into_vec()]);
        options.args.splice(..0, before.filter_map(|arg| CString::new(arg).ok()));
        options.argv0 = CString::new(interpreter.name).ok();
    }
    Err(LoadError::Script)
}

/// Runs the program that this process has executed.
fn go_on(handover: Handover) -> Result<Infallible, Failure> {
    let Handover { options, program, path, called, envp, limits, .. } = handover;
    let inherited = handover.own;
    tine::log::go_on(&options, inherited.log, inherited.trace);
    options.cpu.select();
    inherited.emulator.into_iter().for_each(exec::inherit_emulator);
    if let Some(dir) = &options.sysroot {
        sysroot::start(dir);
    }
    let file = descriptors::inherit(program).map(File::from);
    // It is closed when it has been loaded, and its number is the guest's then.
    descriptors::forget(program);
    let file = file.ok_or_else(|| Failure::own("exec", &"the program's file is not open"))?;
    let program = loader::adopt(path, file).map_err(|error| Failure::not_loaded(&called, &error))?;
    let argv = std::env::args_os().filter_map(|arg| CString::new(arg.into_vec()).ok()).collect();
    let stack = options.stack.or(Some(limits::stack(&limits)));
    let start = Start { options: Arc::new(options), program, called, argv, envp, stack };
    let (mut task, image) = start.load()?;
    let (ignored, blocked) = (SigSet(handover.ignored), SigSet(handover.blocked));
    task.process.take_over(&mut task.signals, ignored, blocked, limits);
    system::keep_personality(handover.personality);
    task.process.memory.set_denied(handover.denied).map_err(|error| Failure::own("exec", &error))?;
    if let Some(filters) = handover.seccomp {
        let filters = Seccomp::from_bytes(&filters);
        let filters =
            filters.ok_or_else(|| Failure::own("exec", &"its filters of system calls are broken"))?;
        task.filter(filters);
    }
    if let Some(socket) = inherited.control.and_then(descriptors::inherit) {
        debug::attach_after_exec(&mut task, socket, &image, handover.call)
            .map_err(|error| Failure::own("-g", &error))?;
    }
    drop(image);
    exit::run(&mut task)
}

/// One line on standard error, in one write.
fn say(line: &str) {
    let _ = io::stderr().write_all(format!("tine: {line}\n").as_bytes());
}
