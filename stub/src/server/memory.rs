//! The memory of processes, read from outside where that is possible: to wake a process for each look takes longer than all else.

use std::io::IoSliceMut;

use nix::errno::Errno;
use nix::sys::uio::{RemoteIoVec, process_vm_readv};

use crate::control::{MemoryPlace, Request};
use crate::id::Pid;
use crate::target::Failure;

use super::inferior::{Inferior, Memory};
use super::session::Session;

impl Session {
    /// Reads memory of a process. May return less than `len` bytes, if the rest is not mapped.
    pub fn read_memory(&mut self, pid: Pid, addr: u64, len: u64) -> Result<Vec<u8>, Failure> {
        match self.look_at(pid, addr, len) {
            Some(bytes) => Ok(bytes),
            None => self.ask_bytes(pid, Request::ReadMemory { addr, len }),
        }
    }

    /// Reads it without the process; `None`: not that way, or not all of it. What the guest itself may not read, or has not, is
    /// not to be had so.
    fn look_at(&mut self, pid: Pid, addr: u64, len: u64) -> Option<Vec<u8>> {
        let base = self.find_memory(pid)?;
        let mut bytes = vec![0; len as usize];
        match look(pid, base.checked_add(addr)?, &mut bytes) {
            Ok(true) => self.inferiors.get(&pid)?.lives().then_some(bytes),
            Ok(false) => None,
            Err(errno) => {
                self.inferiors.get_mut(&pid)?.withhold(errno);
                None
            }
        }
    }

    /// Where the guest's address 0 is; `None`: only the process itself can read there.
    fn find_memory(&mut self, pid: Pid) -> Option<u64> {
        let inferior = self.inferiors.get_mut(&pid).filter(|inferior| !inferior.gone && !inferior.silent)?;
        if let Memory::Unproven(MemoryPlace { base, mark_at, mark }) = inferior.memory {
            let mut word = [0; 8];
            match look(pid, mark_at, &mut word) {
                Ok(true) if u64::from_ne_bytes(word) == mark => inferior.memory = Memory::At(base),
                Ok(_) => inferior.withhold(Errno::ESRCH),
                Err(errno) => inferior.withhold(errno),
            }
        }
        if let Memory::At(base) = inferior.memory { Some(base) } else { None }
    }

    /// Reads the names of a process's threads where the process itself would; `None`: it has to be asked.
    pub fn look_at_names(&mut self, pid: Pid) -> Option<()> {
        // Its number means this process here too.
        self.find_memory(pid)?;
        let inferior = self.inferiors.get_mut(&pid)?;
        for (tid, thread) in &mut inferior.threads {
            let name = std::fs::read(format!("/proc/{pid}/task/{}/comm", tid.0)).ok()?;
            thread.name = String::from_utf8_lossy(name.trim_ascii_end()).into_owned();
        }
        inferior.lives().then_some(())
    }
}

impl Inferior {
    fn withhold(&mut self, why: Errno) {
        log::debug!("the memory of process {} is not to be read from outside: {why}", self.pid);
        self.memory = Memory::Withheld;
    }
}

/// Reads memory of the process that has this number; whether all of it is there.
fn look(pid: Pid, addr: u64, bytes: &mut [u8]) -> nix::Result<bool> {
    let len = bytes.len();
    let Ok(base) = usize::try_from(addr) else { return Ok(false) };
    let there = RemoteIoVec { base, len };
    let pid = nix::unistd::Pid::from_raw(pid.0);
    match process_vm_readv(pid, &mut [IoSliceMut::new(bytes)], &[there]) {
        Ok(count) => Ok(count == len),
        Err(Errno::EFAULT) => Ok(false),
        Err(errno) => Err(errno),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{self, Control};

    /// A session with a process that answers nothing and whose memory is that of the process `pid`.
    fn session(pid: i32) -> (Session, std::os::fd::OwnedFd) {
        let (ours, theirs) = control::pair().unwrap();
        let mut inferior = Inferior::new(Pid(pid), Vec::new(), true, Control::new(ours));
        inferior.memory = Memory::At(0);
        let mut session = Session::default();
        session.inferiors.insert(Pid(pid), inferior);
        (session, theirs)
    }

    #[test]
    fn memory_is_read_where_it_is() {
        let pid = std::process::id() as i32;
        let (mut session, _theirs) = session(pid);
        let bytes = *b"here";
        let addr = bytes.as_ptr() as u64;
        assert_eq!(session.look_at(Pid(pid), addr, 4), Some(bytes.to_vec()));
        // What is not there does not mean that nothing is.
        assert_eq!(session.look_at(Pid(pid), 8, 4), None);
        assert_eq!(session.look_at(Pid(pid), u64::MAX, 4), None);
        assert_eq!(session.look_at(Pid(pid), addr, 4), Some(bytes.to_vec()));
        session.inferiors.get_mut(&Pid(pid)).unwrap().memory = Memory::Withheld;
        assert_eq!(session.look_at(Pid(pid), addr, 4), None);
    }

    #[test]
    fn another_process_of_the_same_number_is_not_read() {
        let pid = std::process::id() as i32;
        let (mut session, _theirs) = session(pid);
        let word = 0x1234_5678_u64;
        let place = MemoryPlace { base: 0, mark_at: &raw const word as u64, mark: word };
        let mut read_with = |place| {
            session.inferiors.get_mut(&Pid(pid)).unwrap().memory = Memory::Unproven(place);
            session.look_at(Pid(pid), place.mark_at, 8)
        };
        assert_eq!(read_with(place), Some(word.to_ne_bytes().to_vec()));
        assert_eq!(read_with(MemoryPlace { mark: 0, ..place }), None);
        assert_eq!(session.inferiors[&Pid(pid)].memory, Memory::Withheld);
    }

    #[test]
    fn a_process_that_is_gone_is_not_looked_at_again() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id() as i32;
        let (mut session, _theirs) = session(pid);
        child.wait().unwrap();
        assert_eq!(session.look_at(Pid(pid), 0x1000, 4), None);
        assert_eq!(session.inferiors[&Pid(pid)].memory, Memory::Withheld);
    }
}
