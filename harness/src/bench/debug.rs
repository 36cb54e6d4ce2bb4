//! `tine-test --bench`, what debugging costs: a client that speaks the remote protocol itself, so that no gdb is measured.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::measure::children_cpu;
use crate::guest;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is called in a table.
    pub name: &'static str,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: String,
}

impl Figure {
    /// As it is printed.
    pub fn line(&self) -> String {
        format!("{:<12} {:>12.2}   {}", self.name, self.value, self.unit)
    }
}

/// Arrivals at a breakpoint whose condition is false.
const ARRIVALS: u64 = 3_000_000;
/// Instructions that are stepped, one packet each.
const STEPS: u32 = 20_000;
/// Times that the guest is let go to stop at once.
const STOPS: u32 = 5_000;

/// Measures all of it under the emulator `tine`, and tells each figure when it is known.
///
/// # Errors
/// A guest does not compile, or the emulator does not answer as it should.
pub fn measure(tine: &Path, mut tell: impl FnMut(Figure)) -> Result<()> {
    let mut add = |name, value, unit: &str| tell(Figure { name, value, unit: unit.to_owned() });
    let calls = guest::build_with("conditions", "O2", &["-O2"])?;
    let symbols = symbols(&calls)?;

    let plain = fastest(|| run(tine, &calls, &[&ARRIVALS.to_string()], &[]))?;
    // Register a0 is -1.
    let condition = format!("Z0,{:x},2;Xe,26000a25ffffffffffffffff1327", symbols["work"]);
    let decided = fastest(|| run(tine, &calls, &[&ARRIVALS.to_string()], std::slice::from_ref(&condition)))?;
    let each = decided.saturating_sub(plain).as_secs_f64() / ARRIVALS as f64;
    add("condition", 1.0 / each.max(1e-12), "false conditions a second");

    for (name, packet) in [("watch", "Z2"), ("awatch", "Z4")] {
        let mut ratios = Vec::new();
        for kernel in ["bench/sort", "bench/sieve", "bench/sha256", "bench/matmul"] {
            ratios.push(slower(tine, kernel, &format!("{packet},{{quiet}},8"))?);
        }
        add(name, geometric_mean(&ratios), "times slower with a watchpoint that is not hit");
        add(name, ratios.iter().copied().fold(0.0, f64::max), "at worst");
    }
    let mut ratios = Vec::new();
    for kernel in ["bench/sort", "bench/sieve"] {
        ratios.push(slower(tine, kernel, "Z0,{abort},2")?);
    }
    add("break", geometric_mean(&ratios), "times slower with a breakpoint that is not hit");

    let mut client = Client::start(tine, &calls, &["1000000000"])?;
    let start = Instant::now();
    for _ in 0..STEPS {
        let reply = client.ask(&format!("vCont;s:{}", client.thread))?;
        ensure!(reply.starts_with(b"T05"), "a step ends with {}", reply.escape_ascii());
    }
    add("step", f64::from(STEPS) / start.elapsed().as_secs_f64(), "single steps a second");

    client.ask_ok(&format!("Z0,{:x},2", symbols["work"]))?;
    client.ask(&format!("vCont;c:{}", client.thread))?;
    let start = Instant::now();
    for _ in 0..STOPS {
        let reply = client.ask(&format!("vCont;c:{}", client.thread))?;
        ensure!(reply.starts_with(b"T05"), "a stop is told as {}", reply.escape_ascii());
    }
    add("stop", start.elapsed().as_secs_f64() * 1e6 / f64::from(STOPS), "µs from vCont to the stop reply");

    let (mut at, end) = (symbols["much"], symbols["much"] + (16 << 20));
    let piece = client.packet_size / 2 - 8;
    let start = Instant::now();
    while at < end {
        let reply = client.ask(&format!("x{at:x},{:x}", piece.min(end - at)))?;
        ensure!(reply.len() > 1 && reply[0] == b'b', "memory is {} bytes", reply.len());
        at += reply.len() as u64 - 1;
    }
    let speed = (16 << 20) as f64 / 1e6 / start.elapsed().as_secs_f64();
    add("memory", speed, "MB a second read by x packets");
    Ok(())
}

/// How many times slower a kernel of `guests/bench` is with a point set. `{quiet}` stands for something that the kernel does not write.
fn slower(tine: &Path, kernel: &str, packet: &str) -> Result<f64> {
    let program = guest::build(kernel)?;
    let symbols = symbols(&program)?;
    let address = |name: &str| symbols.get(name).with_context(|| format!("{kernel} has no symbol {name}"));
    let packet = packet
        .replace("{quiet}", &format!("{:x}", address("__environ")?))
        .replace("{abort}", &format!("{:x}", address("abort")?));
    let plain = fastest(|| run(tine, &program, &[], &[]))?;
    let with = fastest(|| run(tine, &program, &[], std::slice::from_ref(&packet)))?;
    Ok(with.as_secs_f64() / plain.as_secs_f64())
}

/// The CPU time of a program with these packets sent at `main`.
fn run(tine: &Path, program: &Path, arguments: &[&str], packets: &[String]) -> Result<Duration> {
    let mut client = Client::start(tine, program, arguments)?;
    for packet in packets {
        client.ask_ok(packet)?;
    }
    let reply = client.ask("vCont;c")?;
    ensure!(reply.starts_with(b"W00"), "{} ends with {}", program.display(), reply.escape_ascii());
    let before = children_cpu()?;
    client.emulator.wait()?;
    Ok(children_cpu()? - before)
}

/// The least of three.
fn fastest(mut measure: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut least = measure()?;
    for _ in 0..2 {
        least = least.min(measure()?);
    }
    Ok(least)
}

fn geometric_mean(values: &[f64]) -> f64 {
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

/// The addresses of a program's symbols.
fn symbols(program: &Path) -> Result<HashMap<String, u64>> {
    let output =
        Command::new("riscv64-linux-gnu-nm").arg(program).output().context("riscv64-linux-gnu-nm")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |line: &str| {
        let mut words = line.split(' ');
        let address = u64::from_str_radix(words.next()?, 16).ok()?;
        Some((words.nth(1)?.to_owned(), address))
    };
    Ok(text.lines().filter_map(line).collect())
}

/// A debugged guest that stands at its `main`, and the connection to it.
struct Client {
    emulator: Child,
    stream: UnixStream,
    /// What was received and not used.
    received: Vec<u8>,
    /// What is read at once.
    buffer: Vec<u8>,
    /// The guest's first thread, as the protocol names it.
    thread: String,
    packet_size: u64,
    socket: PathBuf,
}

impl Client {
    fn start(tine: &Path, program: &Path, arguments: &[&str]) -> Result<Client> {
        // A server that ends may be about to remove its own.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let socket = std::env::temp_dir().join(format!("tine-bench-{}-{number}", std::process::id()));
        let emulator = Command::new(tine)
            .arg("-g")
            .arg(&socket)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{}: cannot be run", tine.display()))?;
        let stream = connect(&socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut client = Client {
            emulator,
            stream,
            received: Vec::new(),
            buffer: vec![0; 1 << 16],
            thread: String::new(),
            packet_size: 0,
            socket,
        };
        let supported = client.ask("qSupported:multiprocess+;swbreak+;hwbreak+")?;
        let supported = String::from_utf8_lossy(&supported).into_owned();
        let size = supported.split(';').find_map(|word| word.strip_prefix("PacketSize="));
        client.packet_size = u64::from_str_radix(size.context("no PacketSize")?, 16)?;
        client.ask_ok("QStartNoAckMode")?;
        client.stream.write_all(b"+")?;
        let thread = String::from_utf8_lossy(&client.ask("qC")?).into_owned();
        client.thread = thread.strip_prefix("QC").context("qC")?.to_owned();
        let main = symbols(program)?["main"];
        client.ask_ok(&format!("Z0,{main:x},2"))?;
        client.ask("vCont;c")?;
        client.ask_ok(&format!("z0,{main:x},2"))?;
        Ok(client)
    }

    fn ask_ok(&mut self, packet: &str) -> Result<()> {
        let reply = self.ask(packet)?;
        ensure!(reply == b"OK", "{packet} is answered by {}", reply.escape_ascii());
        Ok(())
    }

    /// Sends a packet and gives the reply, its escapes resolved.
    fn ask(&mut self, packet: &str) -> Result<Vec<u8>> {
        let sum = packet.bytes().fold(0_u8, u8::wrapping_add);
        self.stream.write_all(format!("${packet}#{sum:02x}").as_bytes())?;
        let mut searched = 0;
        loop {
            // `#` is escaped inside.
            if let Some(end) =
                self.received[searched..].iter().position(|byte| *byte == b'#').map(|at| searched + at)
                && self.received.len() >= end + 3
            {
                let start =
                    self.received.iter().position(|byte| *byte == b'$').context("a packet begins with $")?;
                let reply = resolve(&self.received[start + 1..end]);
                self.received.drain(..end + 3);
                return Ok(reply);
            }
            searched = self.received.len().saturating_sub(3);
            match self.stream.read(&mut self.buffer)? {
                0 => bail!("the connection has ended"),
                count => self.received.extend_from_slice(&self.buffer[..count]),
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.emulator.kill();
        let _ = self.emulator.wait();
        let _ = std::fs::remove_file(&self.socket);
    }
}

fn resolve(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len());
    let mut rest = payload;
    while let Some(at) = rest.iter().position(|byte| *byte == b'}') {
        out.extend_from_slice(&rest[..at]);
        out.extend(rest.get(at + 1).map(|byte| byte ^ 0x20));
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// Connects as soon as the emulator listens.
fn connect(socket: &Path) -> Result<UnixStream> {
    let start = Instant::now();
    loop {
        match UnixStream::connect(socket) {
            Ok(stream) => return Ok(stream),
            Err(error) if start.elapsed() > Duration::from_secs(10) => {
                return Err(error).with_context(|| format!("{}: nobody listens", socket.display()));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}
