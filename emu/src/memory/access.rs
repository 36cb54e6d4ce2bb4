//! Reading and writing guest memory on the guest's behalf: copies that survive a fault.
//!
//! The copies are done by one assembly routine whose addresses are known. When the host's SIGSEGV or SIGBUS handler finds the
//! program counter inside it, [`recover`] says where to go on instead, and the copy reports EFAULT. So nothing is checked beforehand, and
//! no race with another thread's munmap(2) can do harm.
#![allow(
    unsafe_code,
    reason = "copies between host memory and the window; the contract: the window's side may fault, the other may not"
)]

use std::fs::OpenOptions;
use std::mem::MaybeUninit;
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;

use bytemuck::{AnyBitPattern, NoUninit};

use super::{Memory, PAGE};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::syscall::userfault;

std::arch::global_asm!(
    // fn tine_copy(to: *mut u8, from: *const u8, len: usize) -> usize: 0, or 1 after a fault.
    // Two, four and eight bytes are one access each, so that an aligned word is read and written whole.
    ".pushsection .text.tine_copy, \"ax\", @progbits",
    ".globl tine_copy",
    ".hidden tine_copy",
    "tine_copy:",
    ".globl tine_copy_begin",
    ".hidden tine_copy_begin",
    "tine_copy_begin:",
    "cmp rdx, 512",
    "jae 5f",
    "cmp rdx, 8",
    "jb 2f",
    "1:",
    "mov rax, [rsi]",
    "mov [rdi], rax",
    "add rsi, 8",
    "add rdi, 8",
    "sub rdx, 8",
    "cmp rdx, 8",
    "jae 1b",
    "2:",
    "test dl, 4",
    "jz 3f",
    "mov eax, [rsi]",
    "mov [rdi], eax",
    "add rsi, 4",
    "add rdi, 4",
    "3:",
    "test dl, 2",
    "jz 4f",
    "mov ax, [rsi]",
    "mov [rdi], ax",
    "add rsi, 2",
    "add rdi, 2",
    "4:",
    "test dl, 1",
    "jz 6f",
    "mov al, [rsi]",
    "mov [rdi], al",
    "jmp 6f",
    "5:",
    "mov rcx, rdx",
    "rep movsb",
    "6:",
    "xor eax, eax",
    "ret",
    // fn tine_exchange(at: *mut u32, old: u32, new: u32, found: *mut u32) -> usize: 0, or 1 after a fault.
    ".globl tine_exchange",
    ".hidden tine_exchange",
    "tine_exchange:",
    "mov eax, esi",
    "lock cmpxchg [rdi], edx",
    "mov [rcx], eax",
    "xor eax, eax",
    "ret",
    ".globl tine_copy_end",
    ".hidden tine_copy_end",
    "tine_copy_end:",
    ".globl tine_copy_fault",
    ".hidden tine_copy_fault",
    "tine_copy_fault:",
    "mov eax, 1",
    "ret",
    ".popsection",
);

unsafe extern "sysv64" {
    fn tine_copy(to: *mut u8, from: *const u8, len: usize) -> usize;
    fn tine_exchange(at: *mut u32, old: u32, new: u32, found: *mut u32) -> usize;
    fn tine_copy_begin();
    fn tine_copy_end();
    fn tine_copy_fault();
}

/// Where to go on after a host fault at `rip`: `None` when it was not one of the copies here. For the host's signal handler.
pub fn recover(rip: u64) -> Option<u64> {
    let range = tine_copy_begin as *const () as u64..tine_copy_end as *const () as u64;
    range.contains(&rip).then_some(tine_copy_fault as *const () as u64)
}

/// How far below a mapping that grows a system call's buffer is looked for.
const DEEPEST: u64 = 64 << 20;

impl Memory {
    /// Copies guest memory to `buf`; EFAULT if any of it cannot be read.
    #[inline]
    pub fn read(&self, addr: GuestAddr, buf: &mut [u8]) -> Result<(), Errno> {
        let from = self.host_range(addr, buf.len() as u64)?;
        let len = buf.len();
        // SAFETY: `buf` is ours; the other side is inside the window.
        let copy = || unsafe { tine_copy(buf.as_mut_ptr(), from, len) };
        self.finish(addr, len, copy)
    }

    /// As [`Memory::read`], with no lock taken: for those who hold one.
    pub fn look(&self, addr: GuestAddr, buf: &mut [u8]) -> Result<(), Errno> {
        let from = self.place_of(addr, buf.len() as u64)?;
        // SAFETY: `buf` is ours; the other side is inside the window.
        fault(unsafe { tine_copy(buf.as_mut_ptr(), from, buf.len()) })
    }

    /// Copies `bytes` into guest memory; EFAULT if any of it cannot be written (a beginning may have been).
    #[inline]
    pub fn write(&self, addr: GuestAddr, bytes: &[u8]) -> Result<(), Errno> {
        let to = self.host_range(addr, bytes.len() as u64)?;
        // SAFETY: `bytes` is ours; the other side is inside the window.
        self.finish(addr, bytes.len(), || unsafe { tine_copy(to, bytes.as_ptr(), bytes.len()) })
    }

    /// Reads a value. Up to eight bytes are read at once, so that an aligned word is never torn.
    #[inline]
    pub fn get<T: AnyBitPattern>(&self, addr: GuestAddr) -> Result<T, Errno> {
        let from = self.host_range(addr, size_of::<T>() as u64)?;
        let mut value = MaybeUninit::<T>::uninit();
        // SAFETY: `value` is as long as what is copied.
        self.finish(addr, size_of::<T>(), || unsafe {
            tine_copy(value.as_mut_ptr().cast(), from, size_of::<T>())
        })?;
        // SAFETY: all of it has been written, and any bytes make a `T`.
        Ok(unsafe { value.assume_init() })
    }

    /// The end of a copy: a fault below a stack lets that grow, and the copy is made again.
    #[inline]
    fn finish(&self, addr: GuestAddr, len: usize, mut copy: impl FnMut() -> usize) -> Result<(), Errno> {
        if copy() == 0 || (self.grow_down_to(addr, len) && copy() == 0) { Ok(()) } else { Err(Errno::EFAULT) }
    }

    /// Lets a stack grow into the part of a range that is not mapped, if it may.
    #[cold]
    fn grow_down_to(&self, addr: GuestAddr, len: usize) -> bool {
        let first = self.lock().regions.mapped_until(addr.0, len as u64);
        self.grow_down(GuestAddr(first))
    }

    /// Writes a value.
    #[inline]
    pub fn put<T: NoUninit>(&self, addr: GuestAddr, value: &T) -> Result<(), Errno> {
        self.write(addr, bytemuck::bytes_of(value))
    }

    /// Stores `new` in a word if `old` is there, as one atomic access; answers what was there.
    pub fn exchange(&self, addr: GuestAddr, old: u32, new: u32) -> Result<u32, Errno> {
        let at = self.host_range(addr, 4)?;
        let mut found = 0;
        // SAFETY: the word is inside the window, `found` is ours.
        fault(unsafe { tine_exchange(at.cast(), old, new, &raw mut found) })?;
        Ok(found)
    }

    /// Reads a NUL-terminated string, without its NUL. ENAMETOOLONG when there is none in the first `max` bytes.
    pub fn read_cstr(&self, addr: GuestAddr, max: usize) -> Result<Vec<u8>, Errno> {
        let mut string = Vec::new();
        let mut at = addr;
        while string.len() < max {
            // Never across a page's end: the string may stop just before an unmapped page.
            let chunk = (PAGE - at.0 % PAGE).min(256).min((max - string.len()) as u64) as usize;
            let mut buf = [0; 256];
            self.read(at, &mut buf[..chunk])?;
            if let Some(len) = buf[..chunk].iter().position(|&byte| byte == 0) {
                string.extend_from_slice(&buf[..len]);
                return Ok(string);
            }
            string.extend_from_slice(&buf[..chunk]);
            at = at.offset(chunk as u64);
        }
        Err(Errno::ENAMETOOLONG)
    }

    /// The host's pointer for a range, to be handed to a host system call: only checked to be inside the window, for the
    /// rest the host kernel answers EFAULT by itself. It cannot let a stack grow, so that is done here.
    #[inline]
    pub fn host_range(&self, addr: GuestAddr, len: u64) -> Result<*mut u8, Errno> {
        let top = self.growing.load(Ordering::Relaxed);
        if top.wrapping_sub(addr.0) <= DEEPEST {
            self.grow_down_to(addr, len as usize);
        }
        self.place_of(addr, len)
    }

    /// As [`Memory::host_range`], but nothing grows.
    #[inline]
    fn place_of(&self, addr: GuestAddr, len: u64) -> Result<*mut u8, Errno> {
        match addr.0.checked_add(len) {
            Some(end) if end <= self.size() => Ok(self.base().wrapping_add(addr.0 as usize)),
            _ => Err(Errno::EFAULT),
        }
    }

    /// Reads for a debugger: whatever is mapped, protected or not.
    pub fn peek(&self, addr: GuestAddr, buf: &mut [u8]) -> Result<(), Errno> {
        match unless_withheld(|| self.read(addr, buf)) {
            Err(_) if self.is_mapped(addr, buf.len() as u64) => {
                let mem = OpenOptions::new().read(true).open("/proc/thread-self/mem")?;
                Ok(mem.read_exact_at(buf, self.base() as u64 + addr.0)?)
            }
            result => result,
        }
    }

    /// Writes for a debugger: whatever is mapped, protected or not. What was code is decoded again.
    pub fn poke(&self, addr: GuestAddr, bytes: &[u8]) -> Result<(), Errno> {
        match unless_withheld(|| self.write(addr, bytes)) {
            Err(_) if self.is_mapped(addr, bytes.len() as u64) => {
                // As ptrace(2) does it: a private page is copied, whatever its protection.
                let mem = OpenOptions::new().write(true).open("/proc/thread-self/mem")?;
                mem.write_all_at(bytes, self.base() as u64 + addr.0)?;
            }
            result => result?,
        }
        self.change(|layout| {
            if layout.has_code(addr.0, bytes.len() as u64) {
                layout.changed_code.push((addr.0, bytes.len() as u64));
            }
            Ok(())
        })
    }

    /// Whether every page of the range is mapped.
    pub fn is_mapped(&self, addr: GuestAddr, len: u64) -> bool {
        addr.0.checked_add(len).is_some() && self.lock().regions.covers(addr.0, len)
    }
}

/// An access for a debugger, as the guest would make it. Where that might wait for somebody who fills the page in it is not tried: the debugger
/// holds who would, and the file of the memory, which comes next, refuses what is not there (userfaultfd(2)).
fn unless_withheld(access: impl FnOnce() -> Result<(), Errno>) -> Result<(), Errno> {
    if userfault::is_used() { Err(Errno::EFAULT) } else { access() }
}

fn fault(copied: usize) -> Result<(), Errno> {
    if copied == 0 { Ok(()) } else { Err(Errno::EFAULT) }
}
