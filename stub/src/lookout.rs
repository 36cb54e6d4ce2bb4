//! To look out for what comes within a moment, where that is cheaper than to sleep and be woken.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Those who look out for one kind of thing.
pub(crate) struct Lookout {
    /// For how long.
    moment: Duration,
    /// Who is given the processor for longer is not the one who is awaited: there are others.
    turn: Duration,
    /// How many times in a row nobody looks out after that.
    sober: u32,
    /// How many of them are left.
    crowded: AtomicU32,
}

impl Lookout {
    pub const fn new(moment: Duration, turn: Duration, sober: u32) -> Lookout {
        Lookout { moment, turn, sober, crowded: AtomicU32::new(0) }
    }

    /// Looks again and again for a moment, leaving the processor to others who want it. Where there are many of those, each time costs
    /// what they take: then it looks once only, for a good while.
    pub fn look_out<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let crowded = self.crowded.load(Ordering::Relaxed);
        if crowded > 0 {
            self.crowded.store(crowded - 1, Ordering::Relaxed);
            return look();
        }
        let start = Instant::now();
        loop {
            if let Some(seen) = look() {
                return Some(seen);
            }
            let before = start.elapsed();
            if before > self.moment {
                return None;
            }
            std::thread::yield_now();
            if start.elapsed() > before + self.turn {
                self.crowded.store(self.sober, Ordering::Relaxed);
                return look();
            }
        }
    }
}
