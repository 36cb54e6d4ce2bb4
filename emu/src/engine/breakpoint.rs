//! Breakpoints: a slot with another handler. Guest memory is never changed, and nothing else gets slower.

use super::Engine;
use super::exits::{breakpoint, undecoded};
use crate::addr::GuestAddr;

impl Engine {
    /// Makes every hart that arrives at `addr` leave the engine with [`super::Exit::Breakpoint`]. Harts may be running.
    pub fn insert_breakpoint(&self, addr: GuestAddr) {
        let mut code = self.code();
        if self.has_slot(addr) && code.breakpoints.insert(addr.0) {
            self.prepare_locked(&mut code, addr.0);
            self.forget(&mut code, addr.0, addr.0 + 2);
            self.slots.set_handler(addr.0, breakpoint);
        }
    }

    /// Undoes [`Engine::insert_breakpoint`].
    pub fn remove_breakpoint(&self, addr: GuestAddr) {
        let mut code = self.code();
        if code.breakpoints.remove(&addr.0) {
            self.slots.set_handler(addr.0, undecoded);
            self.forget(&mut code, addr.0, addr.0 + 2);
        }
    }

    fn has_slot(&self, addr: GuestAddr) -> bool {
        addr.0 < self.size && addr.0.is_multiple_of(2)
    }
}
