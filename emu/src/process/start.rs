//! How a program begins: memory, engine, process and first task are made, and the program is loaded. For the program of the command line, and
//! for each that is executed after it.

use std::ffi::{CString, OsStr, OsString};
use std::sync::Arc;

use super::{Process, is_ours, limits, view};
use crate::engine::{Engine, Unseen};
use crate::hart::Hart;
use crate::loader::{self, Image, LoadError};
use crate::memory::Memory;
use crate::options::Options;
use crate::syscall::system;
use crate::task::Task;

/// What a shell is told when the emulator itself failed.
pub const OWN_FAILURE: u8 = 125;

/// A program cannot run: the line for standard error, and the exit status.
#[derive(Debug)]
pub struct Failure {
    /// One line, without a name in front.
    pub line: String,
    /// The exit status.
    pub status: u8,
}

impl Failure {
    /// One of the emulator's own.
    pub fn own(what: &str, error: &dyn std::fmt::Display) -> Failure {
        Failure { line: format!("{what}: {error}"), status: OWN_FAILURE }
    }

    /// The program has not been loaded.
    pub fn not_loaded(program: &OsStr, error: &LoadError) -> Failure {
        Failure { line: format!("{}: {error}", program.to_string_lossy()), status: error.exit_code() }
    }
}

/// A program, and what it is started with.
#[derive(Debug)]
pub struct Start {
    /// How the user wants programs run.
    pub options: Arc<Options>,
    /// The program.
    pub program: loader::Program,
    /// `AT_EXECFN`.
    pub called: OsString,
    /// The arguments.
    pub argv: Vec<CString>,
    /// The environment.
    pub envp: Vec<CString>,
    /// The limit of the stack's size; the host's if there is none.
    pub stack: Option<u64>,
}

impl Start {
    /// A program of the command line.
    pub fn of(options: Options, program: loader::Program, called: OsString) -> Start {
        let variables = std::env::vars_os().filter(|(name, _)| !is_ours(name));
        let (argv, envp, stack) = (options.argv(), options.envp(variables), options.stack);
        Start { options: Arc::new(options), program, called, argv, envp, stack }
    }

    /// Makes the process and its first task, which lies near what else a fork writes: see [`crate::allocator`].
    pub fn load(self) -> Result<(Box<Task>, Image), Failure> {
        if let Some(release) = &self.options.uname {
            system::pretend_release(release.clone());
        }
        limits::lift();
        let bits = self.options.window_bits.min(limits::widest_window(limits::of_host()));
        let memory =
            Memory::reserve(bits).map_err(|error| Failure::own("no room for the guest's memory", &error))?;
        let memory = Arc::new(memory);
        let (options, called) = (self.options.clone(), self.called.clone());
        let mut image = self.load_into(&memory)?;
        let engine = Engine::new(memory.clone(), Unseen::Execute)
            .map_err(|error| Failure::own("no room for code", &error))?;
        let engine = Arc::new(if options.instrumented { engine.instrumented() } else { engine });
        observe_code(&memory, &engine);
        let process = Arc::new(Process::new(memory, engine, image.sigreturn, options));
        view::publish(&process, &mut image, &called);
        Ok((Box::new(Task::new(process, hart(&image))), image))
    }

    /// Loads the program into memory that is empty.
    pub(super) fn load_into(self, memory: &Memory) -> Result<Image, Failure> {
        let Start { options, program, called, argv, envp, stack } = self;
        let stack = loader::stack_limit(memory, stack);
        let request = loader::Request { called: &called, argv: &argv, envp: &envp, stack };
        let image =
            loader::load(memory, program, &request).map_err(|error| Failure::not_loaded(&called, &error))?;
        if options.log.page {
            print_regions(memory);
        }
        Ok(image)
    }
}

/// The hart as a program finds it.
pub(super) fn hart(image: &Image) -> Hart {
    let mut hart = Hart::new();
    hart.pc = image.entry;
    hart.set_x(2, image.sp.0);
    hart
}

/// The engine hears of every change of code in memory.
fn observe_code(memory: &Memory, engine: &Arc<Engine>) {
    let engine = Arc::downgrade(engine);
    memory.observe_code(Box::new(move |addr, len| {
        if let Some(engine) = engine.upgrade() {
            engine.invalidate(addr, len);
        }
    }));
}

/// `-d page`.
fn print_regions(memory: &Memory) {
    let lines = memory.regions().into_iter().map(|region| format!("{region}\n"));
    crate::log::write(&lines.collect::<String>());
}
