//! The alternate signal stack of a task (sigaltstack(2)).

use bytemuck::{Pod, Zeroable};

use crate::errno::Errno;

/// On the alternate stack now.
const SS_ONSTACK: u32 = 1;
/// There is none.
const SS_DISABLE: u32 = 2;
/// Taken away while a handler runs on it.
const SS_AUTODISARM: u32 = 1 << 31;
/// `MINSIGSTKSZ` of riscv64.
const MIN_SIZE: u64 = 2048;

/// `stack_t`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct StackT {
    sp: u64,
    flags: u32,
    pad: u32,
    size: u64,
}

/// The alternate stack of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AltStack {
    sp: u64,
    flags: u32,
    size: u64,
}

impl AltStack {
    /// What sigaltstack(2) reports when the stack pointer is `sp`.
    pub(super) fn report(&self, sp: u64) -> StackT {
        let state = match () {
            () if self.size == 0 => SS_DISABLE,
            () if self.contains(sp) => SS_ONSTACK,
            () => 0,
        };
        StackT { sp: self.sp, flags: state | self.flags & SS_AUTODISARM, pad: 0, size: self.size }
    }

    /// Takes another stack, as sigaltstack(2) does when the stack pointer is `sp`.
    pub(super) fn replace(&mut self, new: &StackT, sp: u64) -> Result<(), Errno> {
        if self.contains(sp) {
            return Err(Errno::EPERM);
        }
        match new.flags & !SS_AUTODISARM {
            SS_DISABLE => *self = AltStack { sp: 0, flags: new.flags, size: 0 },
            0 | SS_ONSTACK if new.size < MIN_SIZE => return Err(Errno::ENOMEM),
            0 | SS_ONSTACK => *self = AltStack { sp: new.sp, flags: new.flags, size: new.size },
            _ => return Err(Errno::EINVAL),
        }
        Ok(())
    }

    /// What the signal frame keeps.
    pub(super) fn for_frame(&self) -> StackT {
        StackT { sp: self.sp, flags: self.flags, pad: 0, size: self.size }
    }

    /// A handler's frame has been built: `SS_AUTODISARM` takes the stack away until rt_sigreturn puts it back.
    pub(super) fn disarm(&mut self) {
        if self.flags & SS_AUTODISARM != 0 {
            *self = AltStack { sp: 0, flags: SS_DISABLE, size: 0 };
        }
    }

    /// Whether the stack pointer is on it.
    pub(super) fn contains(&self, sp: u64) -> bool {
        self.flags & SS_AUTODISARM == 0 && sp > self.sp && sp - self.sp <= self.size
    }

    /// Whether there is one and the stack pointer is not on it.
    pub(super) fn is_free(&self, sp: u64) -> bool {
        self.size != 0 && !self.contains(sp)
    }

    /// Its upper end, where a frame starts.
    pub(super) fn top(&self) -> u64 {
        self.sp.wrapping_add(self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTO: u32 = SS_AUTODISARM;

    fn stack(flags: u32, size: u64) -> StackT {
        StackT { sp: 0x1000, flags, pad: 0, size }
    }

    #[test]
    fn replaced_and_reported_by_the_kernels_rules() {
        let mut alt = AltStack::default();
        assert_eq!(alt.report(0x1800).flags, SS_DISABLE);
        assert_eq!(alt.replace(&stack(0, 2047), 0), Err(Errno::ENOMEM));
        assert_eq!(alt.replace(&stack(4, 4096), 0), Err(Errno::EINVAL));
        assert_eq!(alt.replace(&stack(0, 4096), 0), Ok(()));
        assert_eq!(alt.report(0x1000).flags, 0);
        assert_eq!(alt.report(0x1001).flags, SS_ONSTACK);
        assert_eq!(alt.report(0x2000).flags, SS_ONSTACK);
        assert_eq!(alt.replace(&stack(SS_DISABLE, 0), 0x1800), Err(Errno::EPERM));
        assert_eq!(alt.replace(&stack(SS_DISABLE, 4096), 0x3000), Ok(()));
        assert_eq!(alt.report(0x1800), StackT { sp: 0, flags: SS_DISABLE, pad: 0, size: 0 });
    }

    #[test]
    fn disarmed_while_a_handler_runs() {
        let mut alt = AltStack::default();
        alt.replace(&stack(AUTO, 4096), 0).unwrap();
        assert_eq!(alt.report(0x1800).flags, AUTO);
        alt.disarm();
        assert_eq!(alt.report(0x1800).flags, SS_DISABLE);
    }
}
