//! `tine-test --bench`: tine side by side with other emulators and the host, as ratios measured in one run.
//!
//! Every kernel of `guests/bench` is built for rv64gc and for rv64gc with Zba, Zbb and Zbs; the costs of processes come from
//! `guests/cost`, built for the guest and for the host; whole programs from a Debian tree. Everything is run in turns, and the median of the ratios of each round
//! is what counts.

pub mod debug;
pub mod measure;
pub mod page;
pub mod plot;
pub mod programs;
pub mod report;
pub mod session;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use self::measure::{Cost, cycles_per_second, median, ratio, turns};
use self::report::{Entry, Figure, Kernel, Machine, Report};
use crate::{guest, tools};

/// What to compare, and how.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Parts of names: only kernels and costs that have one of them; all if there is none.
    pub names: Vec<String>,
    /// Rounds that count.
    pub rounds: usize,
    /// The emulator that all ratios are taken against, with its first arguments.
    pub peer: String,
    /// Other emulators.
    pub with: Vec<String>,
    /// Only tine and the peer, only rv64gc.
    pub quick: bool,
    /// Whether to count the guest's instructions too, which takes long.
    pub count: bool,
}

/// How a kernel is built: a name, and the compiler's flags.
const BUILDS: [(&str, &[&str]); 2] =
    [("rv64gc", &[]), ("rv64gc_zba_zbb_zbs", &["-march=rv64gc_zba_zbb_zbs"])];

/// An emulator, by the name that the report gives it.
struct Emulator {
    name: String,
    words: Vec<String>,
    /// So slow that one run of a kernel has to do.
    slow: bool,
}

impl Emulator {
    fn new(name: &str, words: Vec<String>) -> Emulator {
        Emulator { name: name.to_owned(), words, slow: false }
    }
}

/// The emulator as it is once it has been installed: written from its first byte to its last. The linker writes here and there in a mapping of the
/// file, and while that one stays in memory its pages are mapped one by one; where page faults are dear a start takes a quarter longer.
fn installed() -> Result<PathBuf> {
    let (built, folder) = (tools::target().join("release/tine"), tools::target().join("bench"));
    let copy = folder.join("tine");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let _ = fs::remove_file(&copy);
    fs::copy(&built, &copy).with_context(|| format!("{} cannot be copied", built.display()))?;
    Ok(copy)
}

impl Bench {
    /// Runs everything, printing each line when it is known.
    ///
    /// # Errors
    /// A guest does not compile; a command cannot be run, or does not exit with 0.
    pub fn run(&self) -> Result<Report> {
        let emulators = self.emulators()?;
        let machine = Machine::this(emulators.iter().map(|e| (e.name.clone(), e.words.as_slice())))?;
        let mut report = Report::new(machine, &self.peer);
        println!("{}", report.heading());
        let builds = if self.quick { &BUILDS[..1] } else { &BUILDS[..] };
        for (build, flags) in builds {
            for name in self.chosen("bench")? {
                let kernel = self.kernel(&name, build, flags, &emulators)?;
                println!("{}", report.line(&kernel));
                report.kernels.push(kernel);
            }
            println!("{}", report.means(build));
        }
        for figure in self.processes(&emulators)? {
            println!("{}", figure.line());
            report.processes.push(figure);
        }
        self.programs(&emulators, &mut report)?;
        if self.wants("debugging") {
            debug::measure(Path::new(&emulators[0].words[0]), |figure| println!("{}", figure.line()))?;
        }
        if self.wants("session") {
            let emulators = [emulators[0].words.as_slice(), emulators[1].words.as_slice()];
            session::measure(emulators, self.rounds, |figure| println!("{}", figure.line()))?;
        }
        Ok(report)
    }

    /// Whole programs; a machine that has no tree of them, and no network to make one, is told so, and measured without.
    fn programs(&self, emulators: &[Emulator], report: &mut Report) -> Result<()> {
        let suite = programs::chosen(|name| self.wants(name))?;
        if suite.case.is_empty() {
            return Ok(());
        }
        let tree = match programs::tree(&suite) {
            Ok(tree) => tree,
            Err(error) => {
                println!("whole programs are left out: {error:#}");
                return Ok(());
            }
        };
        for case in &suite.case {
            let words = [emulators[0].words.as_slice(), emulators[1].words.as_slice()];
            let program = programs::measure(case, words, &tree, self.rounds)?;
            println!("{}", program.line());
            report.programs.push(program);
        }
        Ok(())
    }

    /// Tine, the peer, the others.
    fn emulators(&self) -> Result<Vec<Emulator>> {
        let mut emulators = vec![
            Emulator::new("tine", vec![text(&installed()?)?]),
            Emulator::new(&self.peer, tools::split(&self.peer)),
        ];
        emulators.extend(self.with.iter().map(|words| Emulator::new(words, tools::split(words))));
        let flag = if self.quick { None } else { single_instruction_flag(&tools::split(&self.peer)) };
        if let Some(flag) = flag {
            let name = format!("{} {flag}", self.peer);
            emulators.push(Emulator { slow: true, ..Emulator::new(&name, tools::split(&name)) });
        }
        Ok(emulators)
    }

    /// The guests of a folder whose names were asked for.
    fn chosen(&self, folder: &str) -> Result<Vec<String>> {
        let mut names = guest::names(folder)?;
        names.retain(|name| self.wants(name));
        Ok(names)
    }

    fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|part| name.contains(part))
    }

    fn kernel(&self, name: &str, build: &str, flags: &[&str], emulators: &[Emulator]) -> Result<Kernel> {
        let program = text(&guest::build_with(name, build, flags)?)?;
        let (slow, fast): (Vec<_>, Vec<_>) = emulators.iter().partition(|e| e.slow);
        let mut names: Vec<&str> = fast.iter().map(|e| e.name.as_str()).collect();
        let mut commands: Vec<_> = fast.iter().map(|e| with(&e.words, &[&program])).collect();
        if !self.quick {
            names.push("host");
            commands.push(vec![text(&for_host(name)?)?]);
        }
        let mut costs = turns(&commands, self.rounds)?;
        for emulator in slow {
            names.push(&emulator.name);
            costs.push(vec![measure::run(&with(&emulator.words, &[&program]))?]);
        }
        let cpu = |cost: &Cost| cost.cpu;
        let entries = names.iter().zip(&costs).map(|(name, of)| Entry {
            emulator: (*name).to_owned(),
            seconds: median(of.iter().map(cpu)),
            ratio: ratio(of, &costs[1], cpu),
        });
        let entries: Vec<_> = entries.collect();
        let instructions = if self.count { Some(count(&commands[0])?) } else { None };
        Ok(Kernel {
            name: name.rsplit('/').next().unwrap_or(name).to_owned(),
            build: build.to_owned(),
            cycles_per_instruction: instructions
                .map(|count| entries[0].seconds * cycles_per_second() / count as f64),
            instructions,
            entries,
        })
    }

    /// What processes, threads, calls and signals cost, against the host's own and against the peer.
    fn processes(&self, emulators: &[Emulator]) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        let mut programs =
            vec![("start".to_owned(), "empty".to_owned()), ("chain".to_owned(), "fork-chain".to_owned())];
        for name in guest::names("cost")? {
            programs.push((name.rsplit('/').next().unwrap_or(&name).to_owned(), name));
        }
        programs.retain(|(name, _)| self.wants(name));
        let build = |(name, guest): (String, String)| {
            let (program, host) = (text(&guest::build(&guest)?)?, text(&for_host(&guest)?)?);
            Ok((name, guest, program, host))
        };
        let programs = programs.into_iter().map(build).collect::<Result<Vec<_>>>()?;
        if !programs.is_empty() {
            std::thread::sleep(SETTLED);
        }
        for (name, guest, program, host) in programs {
            let mut commands: Vec<_> = [vec![host]].into_iter().collect();
            commands.extend(emulators[..2].iter().map(|e| with(&e.words, &[&program])));
            // Not every emulator can execute a guest program by itself.
            if measure::run(&commands[2]).is_err() {
                commands.pop();
            }
            let start = name == "start";
            let rounds = if start { self.rounds * 10 } else { self.rounds };
            let figure: fn(&Cost) -> f64 = if start { |c| c.wall } else { |c| c.cpu };
            let costs = turns(&commands, rounds)?;
            let seconds: Vec<f64> = costs.iter().map(|costs| median(costs.iter().map(figure))).collect();
            figures.push(Figure {
                name,
                what: describe(&guest)?,
                seconds: seconds[1],
                host_seconds: seconds[0],
                peer_seconds: seconds.get(2).copied(),
                over_host: ratio(&costs[1], &costs[0], figure),
                over_peer: costs.get(2).map(|peer| ratio(&costs[1], peer, figure)),
                is_wall: start,
            });
        }
        Ok(figures)
    }
}

/// A program younger than this is decoded anew at each exec, as it could change without its times telling.
const SETTLED: Duration = Duration::from_secs(3);

/// The first comment of a guest's source says what it does.
fn describe(name: &str) -> Result<String> {
    let source = tools::root().join(format!("guests/{name}.c"));
    let source =
        std::fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let line = source.lines().next().unwrap_or_default();
    Ok(line.trim_start_matches(['/', '*', ' ']).trim_end_matches(['/', '*', ' ', '.']).to_owned())
}

/// How this QEMU is told to translate one instruction at a time; it was called otherwise before version 8.1.
fn single_instruction_flag(words: &[String]) -> Option<&'static str> {
    let output =
        Command::new(words.first()?).args(&words[1..]).arg("--help").stderr(Stdio::null()).output().ok()?;
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    ["-one-insn-per-tb", "-singlestep"].into_iter().find(|flag| help.contains(flag))
}

/// The instructions of a kernel's `main`, which it says itself when asked.
fn count(command: &[String]) -> Result<u64> {
    let output = Command::new(&command[0]).args(&command[1..]).env("BENCH_COUNT", "1").output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = said.lines().find_map(|line| line.strip_prefix("instructions ")?.parse().ok());
    number.with_context(|| format!("{}: did not count its instructions: {said}", command.join(" ")))
}

/// The guest's source compiled for the host.
fn for_host(name: &str) -> Result<PathBuf> {
    let program = tools::target().join("guests/host").join(name);
    let source = tools::root().join(format!("guests/{name}.c"));
    if let Some(folder) = program.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let flags = guest::extra_flags(&source)?;
    let mut compiler = Command::new("cc");
    compiler.args(["-O2", "-static", "-std=gnu17", "-o"]).args([&program, &source]).args(flags);
    let status = compiler.status().context("cc: cannot be run")?;
    if !status.success() {
        bail!("{} does not compile for the host", source.display());
    }
    Ok(program)
}

fn with(words: &[String], more: &[&str]) -> Vec<String> {
    words.iter().map(String::as_str).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{}: not UTF-8", path.display()))
}
