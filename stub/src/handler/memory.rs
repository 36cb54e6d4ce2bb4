//! Memory of the selected process.
//!
//! ```text
//! → m105e4,4       ← 13050000
//! → M3ff8,2:beef   ← OK
//! → x105e4,4       ← b\x13\x05\x00\x00
//! → X3ff8,0:       ← OK                  (gdb asks whether X is there)
//! → qSearch:memory:10000;1000;beef   ← 1,105e4       (bytes, not digits; 0: they are not there)
//! → qCRC:10000,1000                  ← C4ae0f28b
//! ```

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::control::{Answer, Request};
use crate::hex;
use crate::id::Pid;
use crate::packet;
use crate::server::Session;
use crate::target::Failure;

use super::{Reply, split, two_numbers};

/// `m`
pub(crate) fn read(session: &mut Session, arguments: &[u8]) -> Reply {
    // Two digits a byte, and the frame.
    bytes(session, arguments, packet::SIZE / 2 - 8).map(|bytes| hex::encode(&bytes)).into()
}

/// `x`: a `b`, then the bytes.
pub(crate) fn read_binary(session: &mut Session, arguments: &[u8]) -> Reply {
    bytes(session, arguments, MOST_BINARY).map(|bytes| [b"b".as_slice(), &bytes].concat()).into()
}

/// The most bytes that one answer holds: each may need an escape.
const MOST_BINARY: usize = packet::SIZE / 2 - 8;

fn bytes(session: &mut Session, arguments: &[u8], most: usize) -> Result<Vec<u8>, Failure> {
    let (addr, len) = two_numbers(arguments, b',').ok_or(Failure::Invalid)?;
    let id = session.current_or_fail()?;
    if len == 0 {
        return Ok(Vec::new());
    }
    let len = len.min(most as u64);
    if let Some(collected) = session.frame_memory(addr, len as usize) {
        return collected;
    }
    if let Some(bytes) = session.read_block(id.pid, addr, len) {
        return Ok(bytes);
    }
    session.read_memory(id.pid, addr, len)
}

/// Blocks of memory that were read a moment ago. At every fork gdb reads the program headers, 56 bytes at a time, a dozen times
/// over. Nothing is kept when anything runs or is written; and not for long, because a process that is not ours may
/// write to memory that ours shares.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    blocks: BTreeMap<(Pid, u64), Vec<u8>>,
    since: Option<Instant>,
}

/// Size of a block.
const BLOCK: u64 = 4096;
/// How long blocks are kept after the first was read.
const FRESH: Duration = Duration::from_millis(20);

impl Blocks {
    /// Forgets all of them.
    pub fn clear(&mut self) {
        *self = Blocks::default();
    }
}

impl Session {
    /// Reads memory that is inside one block; `None`: it is not, or not all of the block can be read.
    pub(crate) fn read_block(&mut self, pid: Pid, addr: u64, len: u64) -> Option<Vec<u8>> {
        let start = addr & !(BLOCK - 1);
        let range = (addr - start) as usize..(addr - start + len) as usize;
        if range.end > BLOCK as usize {
            return None;
        }
        if self.blocks.since.is_none_or(|since| since.elapsed() > FRESH) {
            self.blocks = Blocks { blocks: BTreeMap::new(), since: Some(Instant::now()) };
        }
        if !self.blocks.blocks.contains_key(&(pid, start)) {
            let bytes = self.read_memory(pid, start, BLOCK).ok()?;
            self.blocks.blocks.insert((pid, start), bytes);
        }
        self.blocks.blocks.get(&(pid, start))?.get(range).map(<[u8]>::to_vec)
    }
}

/// How much is asked for at once, so that a process need not take long to answer.
const AT_ONCE: u64 = 64 << 20;

/// `qSearch:memory`
pub(crate) fn search(session: &mut Session, arguments: &[u8]) -> Reply {
    let parse = || {
        let (addr, rest) = split(arguments, b';')?;
        let (len, pattern) = split(rest, b';')?;
        Some((hex::number(addr)?, hex::number(len)?, pattern)).filter(|_| !pattern.is_empty())
    };
    let Some((addr, len, pattern)) = parse() else { return Reply::Fail(Failure::Invalid) };
    let found = session.current_or_fail().and_then(|id| find(session, id.pid, (addr, len), pattern));
    found.map(|found| found.map_or_else(|| "0".to_owned(), |at| format!("1,{at:x}")).into_bytes()).into()
}

fn find(
    session: &mut Session,
    pid: Pid,
    (addr, len): (u64, u64),
    pattern: &[u8],
) -> Result<Option<u64>, Failure> {
    let overlap = pattern.len() as u64 - 1;
    let mut done = 0;
    while done < len {
        let request = Request::Search {
            addr: addr.wrapping_add(done),
            len: (len - done).min(AT_ONCE.saturating_add(overlap)),
            pattern: pattern.to_vec(),
        };
        if let Answer::Found(Some(at)) = session.ask(pid, request)? {
            return Ok(Some(at));
        }
        done += AT_ONCE;
    }
    Ok(None)
}

/// `qCRC`
pub(crate) fn checksum(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some((addr, len)) = two_numbers(arguments, b',') else { return Reply::Fail(Failure::Invalid) };
    let sum = session.current_or_fail().and_then(|id| {
        let (mut sum, mut done) = (u32::MAX, 0);
        while done < len {
            let (addr, len) = (addr.wrapping_add(done), (len - done).min(AT_ONCE));
            match session.ask(id.pid, Request::Checksum { addr, len, before: sum })? {
                Answer::Number(number) => sum = number as u32,
                _ => return Err(Failure::Invalid),
            }
            done += len;
        }
        Ok(format!("C{sum:x}").into_bytes())
    });
    sum.into()
}

/// `M`
pub(crate) fn write(session: &mut Session, arguments: &[u8]) -> Reply {
    put(session, arguments, hex::decode).into()
}

/// `X`
pub(crate) fn write_binary(session: &mut Session, arguments: &[u8]) -> Reply {
    put(session, arguments, |data| Some(data.to_vec())).into()
}

fn put(
    session: &mut Session,
    arguments: &[u8],
    decode: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Result<(), Failure> {
    let parse = || {
        let (range, data) = split(arguments, b':')?;
        let (addr, len) = two_numbers(range, b',')?;
        let bytes = decode(data)?;
        (bytes.len() as u64 == len).then_some((addr, bytes))
    };
    let (addr, bytes) = parse().filter(|_| session.tracing.frame.is_none()).ok_or(Failure::Invalid)?;
    let id = session.current_or_fail()?;
    session.blocks.clear();
    if bytes.is_empty() { Ok(()) } else { session.ask_done(id.pid, Request::WriteMemory { addr, bytes }) }
}
