//! Where expressions of the debugger's are evaluated: a task that has come to a breakpoint, on its own thread.

use tine_stub::expression::Machine;

use crate::addr::GuestAddr;
use crate::task::Task;

use super::{Debugger, registers};

/// The task, which does not move meanwhile.
pub(super) struct Here<'a> {
    task: &'a Task,
}

impl<'a> Here<'a> {
    pub fn new(task: &'a Task) -> Here<'a> {
        Here { task }
    }
}

impl Machine for Here<'_> {
    fn register(&mut self, number: u16) -> Option<u64> {
        registers::value(&self.task.hart, u32::from(number))
    }

    fn registers(&mut self) -> Vec<u8> {
        registers::all(&self.task.hart)
    }

    fn read(&mut self, addr: u64, bytes: &mut [u8]) -> bool {
        self.task.process.memory.peek(GuestAddr(addr), bytes).is_ok()
    }

    fn print(&mut self, text: &[u8]) {
        let debugger = self.task.process.debug.get();
        debugger.and_then(Debugger::agent).into_iter().for_each(|agent| agent.printed(text));
    }
}
