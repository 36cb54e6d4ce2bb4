//! The memory of processes, read from outside where that is possible: to wake a process for each look takes longer than all else.

use std::io::IoSliceMut;

use nix::errno::Errno;
use nix::sys::uio::{RemoteIoVec, process_vm_readv};

use crate::control::{Answer, Request};
use crate::id::Pid;
use crate::target::Failure;

use super::inferior::Memory;
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
        let inferior = self.inferiors.get(&pid).filter(|inferior| !inferior.gone && !inferior.silent)?;
        if inferior.memory == Memory::Unknown {
            let memory = match self.ask(pid, Request::MemoryBase) {
                Ok(Answer::Base(Some(base))) => Memory::At(base),
                _ => Memory::Withheld,
            };
            self.inferiors.get_mut(&pid)?.memory = memory;
        }
        let inferior = self.inferiors.get_mut(&pid)?;
        let Memory::At(base) = inferior.memory else { return None };
        let mut bytes = vec![0; len as usize];
        let there = RemoteIoVec { base: usize::try_from(base.checked_add(addr)?).ok()?, len: bytes.len() };
        let read =
            process_vm_readv(nix::unistd::Pid::from_raw(pid.0), &mut [IoSliceMut::new(&mut bytes)], &[there]);
        match read {
            Ok(count) if count as u64 == len => inferior.lives().then_some(bytes),
            Ok(_) | Err(Errno::EFAULT) => None,
            Err(errno) => {
                log::debug!("the memory of process {pid} is not to be read from outside: {errno}");
                inferior.memory = Memory::Withheld;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{self, Control};
    use crate::server::Inferior;

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
    fn a_process_that_is_gone_is_not_looked_at_again() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id() as i32;
        let (mut session, _theirs) = session(pid);
        child.wait().unwrap();
        assert_eq!(session.look_at(Pid(pid), 0x1000, 4), None);
        assert_eq!(session.inferiors[&Pid(pid)].memory, Memory::Withheld);
    }
}
