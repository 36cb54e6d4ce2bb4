//! The guest's memory: one window of host address space; guest address `a` lives at `base + a`.

use crate::addr::GuestAddr;
use crate::errno::Errno;

/// The guest's address space.
#[derive(Debug)]
pub struct Memory {}

impl Memory {
    /// Reserves a window of 2^`bits` bytes.
    pub fn reserve(_bits: u32) -> std::io::Result<Memory> {
        Ok(Memory {})
    }

    /// Copies guest memory at `addr` into `to`.
    pub fn read(&self, _addr: GuestAddr, _to: &mut [u8]) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    /// Copies `from` to guest memory at `addr`.
    pub fn write(&self, _addr: GuestAddr, _from: &[u8]) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    /// Reads a value.
    pub fn get<T: bytemuck::AnyBitPattern>(&self, _addr: GuestAddr) -> Result<T, Errno> {
        Err(Errno::EFAULT)
    }

    /// Writes a value.
    pub fn put<T: bytemuck::NoUninit>(&self, _addr: GuestAddr, _value: &T) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }
}
