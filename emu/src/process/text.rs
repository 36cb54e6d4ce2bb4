//! The emulator's own program text, and what a fork costs on account of it.
//!
//! fork(2) copies the page tables of a mapping only if some page of it is private to the process; a mapping that is as its file is, the child
//! maps anew, fault by fault. Handlers lie all over the text, so a child would take some thirty such faults before it has done
//! anything. One private page each in text and constants makes the kernel copy their tables along, which costs less than three faults.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};

/// Inherited by children, as what it stands for is.
static DONE: AtomicBool = AtomicBool::new(false);

/// Something in the constants.
static CONSTANT: [u8; 64] = *b"a child of fork finds this page, and those around it, in place..";

/// Prepares the process for its first fork. What cannot be had does no harm.
pub(super) fn copy_tables_at_fork() {
    if DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    let Ok(memory) = OpenOptions::new().read(true).write(true).open("/proc/self/mem") else { return };
    let places = [copy_tables_at_fork as fn() as usize as u64, CONSTANT.as_ptr() as u64];
    for place in places {
        // The byte that is there already: as for a debugger, the page is copied first.
        let mut byte = [0];
        if memory.read_exact_at(&mut byte, place).is_ok() {
            let _ = memory.write_all_at(&byte, place);
        }
    }
}
