//! The stack as a program finds it at its entry: strings, auxiliary vector, pointers, count.
#![allow(unsafe_code, reason = "random bytes come from a libc call")]

use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt;

use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};

use super::{LoadError, Request, auxv};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::memory::{Mapping, Memory, PAGE, Prot, flags};

/// The least that a program gets, whatever the limit says: its strings and a little.
const MIN_STACK: u64 = 128 << 10;

pub(super) struct Stack {
    pub(super) sp: GuestAddr,
    pub(super) auxv: Vec<u8>,
    pub(super) args: (GuestAddr, GuestAddr),
    pub(super) env: (GuestAddr, GuestAddr),
}

/// How large the stack may become: as asked for, else by `RLIMIT_STACK`; an unlimited one gets a sixteenth of the space.
pub fn stack_limit(memory: &Memory, asked: Option<u64>) -> u64 {
    let limit = || getrlimit(Resource::RLIMIT_STACK).map_or(8 << 20, |(soft, _)| soft);
    let wanted = match asked.unwrap_or_else(limit) {
        RLIM_INFINITY => u64::MAX,
        bytes => bytes,
    };
    let (least, most) = (MIN_STACK, memory.size() / 16);
    wanted.clamp(least.min(most), most).next_multiple_of(PAGE)
}

/// Maps the stack and fills its top. All of what it may grow to is mapped at once (the host gives pages when they are touched); below it
/// stays a page that nothing is placed in.
pub(super) fn build(
    memory: &Memory,
    request: &Request<'_>,
    vector: &auxv::Vector,
    executable: bool,
) -> Result<Stack, LoadError> {
    let top = memory.stack_top().0;
    let mut layout = Strings::new(top);
    let called = layout.push(request.called);
    let (env, envp) = layout.push_all(request.envp);
    let (args, argv) = layout.push_all(request.argv);
    let random_bytes = random().map_err(LoadError::map("random bytes"))?;
    let random = layout.push_bytes(&random_bytes);
    let entries = vector.entries(random, called);
    // argc, argv, NULL, envp, NULL, the vector; the stack pointer is a multiple of 16 (the psABI's calling convention).
    let words = 1 + argv.len() + 1 + envp.len() + 1 + 2 * entries.len();
    let sp = (layout.at() - 8 * words as u64) & !15;
    if top - sp > request.stack - request.stack / 4 {
        return Err(LoadError::ArgumentsTooLong);
    }
    let auxv: Vec<u8> =
        entries.iter().flat_map(|&(key, value)| [key, value]).flat_map(u64::to_le_bytes).collect();
    let mut block = Vec::with_capacity((top - sp) as usize);
    let mut word = |value: u64| block.extend_from_slice(&value.to_le_bytes());
    word(argv.len() as u64);
    argv.iter().chain([&GuestAddr(0)]).chain(&envp).chain([&GuestAddr(0)]).for_each(|addr| word(addr.0));
    block.extend_from_slice(&auxv);
    block.resize((layout.at() - sp) as usize, 0);
    block.extend(layout.bytes.iter().rev());

    let prot = if executable { Prot::READ_WRITE.with(Prot::EXEC) } else { Prot::READ_WRITE };
    let mut mapping =
        Mapping::anonymous(request.stack, prot).at(GuestAddr(top - request.stack)).named("[stack]");
    mapping.flags |= flags::NORESERVE | flags::STACK | flags::GROWSDOWN;
    memory.map(&mapping).map_err(LoadError::map("the stack"))?;
    memory.write(GuestAddr(sp), &block).map_err(LoadError::map("the stack"))?;
    Ok(Stack { sp: GuestAddr(sp), auxv, args, env })
}

/// The strings at the top, kept backwards: the last byte of the stack first.
struct Strings {
    top: u64,
    bytes: Vec<u8>,
}

impl Strings {
    /// The topmost word is zero, as the kernel leaves it.
    fn new(top: u64) -> Strings {
        Strings { top, bytes: vec![0; 8] }
    }

    fn at(&self) -> u64 {
        self.top - self.bytes.len() as u64
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> GuestAddr {
        self.bytes.extend(bytes.iter().rev());
        GuestAddr(self.at())
    }

    fn push(&mut self, string: &OsStr) -> GuestAddr {
        self.bytes.push(0);
        self.push_bytes(string.as_bytes())
    }

    /// Pushes strings so that the first is the lowest; returns the range that they take and where each is.
    fn push_all(&mut self, strings: &[CString]) -> ((GuestAddr, GuestAddr), Vec<GuestAddr>) {
        let end = GuestAddr(self.at());
        let mut places: Vec<GuestAddr> =
            strings.iter().rev().map(|string| self.push_bytes(string.as_bytes_with_nul())).collect();
        places.reverse();
        ((GuestAddr(self.at()), end), places)
    }
}

fn random() -> Result<[u8; 16], Errno> {
    let mut bytes = [0; 16];
    // SAFETY: the buffer is as long as it says.
    let len = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) };
    if len == bytes.len() as isize { Ok(bytes) } else { Err(Errno::last()) }
}
