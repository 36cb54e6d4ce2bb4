//! The structures of a core file: those of `<elf.h>` and `<sys/procfs.h>`, with the sizes that they have in a riscv64 kernel.

/// Size of the file's header.
pub(super) const HEADER: u64 = 64;
/// Size of a program header.
pub(super) const PROGRAM_HEADER: u64 = 56;
const ET_CORE: u16 = 4;
const EM_RISCV: u16 = 243;
/// `EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE`
const EF_RISCV: u32 = 5;
pub(super) const PT_LOAD: u32 = 1;
pub(super) const PT_NOTE: u32 = 4;
pub(super) const NT_PRSTATUS: u32 = 1;
pub(super) const NT_FPREGSET: u32 = 2;
pub(super) const NT_PRPSINFO: u32 = 3;
pub(super) const NT_AUXV: u32 = 6;
pub(super) const NT_FILE: u32 = 0x4649_4c45;
pub(super) const NT_SIGINFO: u32 = 0x5349_4749;

/// Bytes of a structure, little by little.
#[derive(Default)]
pub(super) struct Bytes(pub Vec<u8>);

impl Bytes {
    pub fn u16(mut self, value: u16) -> Bytes {
        self.0.extend(value.to_le_bytes());
        self
    }

    pub fn u32(mut self, value: u32) -> Bytes {
        self.0.extend(value.to_le_bytes());
        self
    }

    pub fn i32s(mut self, values: &[i32]) -> Bytes {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    pub fn u64s(mut self, values: &[u64]) -> Bytes {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    /// Text in a field of this size, with a zero behind it.
    pub fn text(mut self, text: &[u8], size: usize) -> Bytes {
        let end = self.0.len() + size;
        self.0.extend(&text[..text.len().min(size - 1)]);
        self.0.resize(end, 0);
        self
    }

    /// A program header: kind and flags; offset, address, sizes in the file and in memory, alignment.
    pub fn program_header(
        self,
        [kind, flags]: [u32; 2],
        [at, addr, in_file, size, align]: [u64; 5],
    ) -> Bytes {
        self.u32(kind).u32(flags).u64s(&[at, addr, 0, in_file, size, align])
    }

    /// Zeros up to here.
    pub fn up_to(mut self, size: usize) -> Bytes {
        self.0.resize(size, 0);
        self
    }
}

/// The file's header: this many program headers follow it.
pub(super) fn header(count: u16) -> Bytes {
    let ident = *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0";
    let head = Bytes(ident.to_vec()).u16(ET_CORE).u16(EM_RISCV).u32(1).u64s(&[0, HEADER, 0]).u32(EF_RISCV);
    head.u16(HEADER as u16).u16(PROGRAM_HEADER as u16).u16(count).up_to(HEADER as usize)
}

/// The notes of a core.
#[derive(Default)]
pub(super) struct Notes(pub Bytes);

impl Notes {
    pub fn add(&mut self, kind: u32, bytes: &[u8]) {
        let notes = std::mem::take(&mut self.0).u32(5).u32(bytes.len() as u32).u32(kind);
        let mut notes = notes.text(b"CORE", 8);
        notes.0.extend(bytes);
        let end = notes.0.len().next_multiple_of(4);
        self.0 = notes.up_to(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_the_sizes_that_they_tell() {
        assert_eq!(header(3).0.len() as u64, HEADER);
        let bytes = Bytes::default().program_header([1, 5], [2, 3, 4, 5, 6]).0;
        assert_eq!(bytes.len() as u64, PROGRAM_HEADER);
    }

    #[test]
    fn notes_are_padded() {
        let mut notes = Notes::default();
        notes.add(6, &[1; 5]);
        assert_eq!(notes.0.0.len(), 12 + 8 + 8);
        assert_eq!(notes.0.0[12..20], *b"CORE\0\0\0\0");
    }
}
