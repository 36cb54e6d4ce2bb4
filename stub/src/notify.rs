//! Non-stop: stop replies that gdb has not asked for, one at a time (gdb manual, "Notification Packets"). Pure decisions, no input or
//! output.
//!
//! The first of a sequence goes out as a notification. It counts as told when gdb acknowledges it, and so does each that
//! follows, as an answer to the acknowledgement before; `OK` ends the sequence, and the next event begins another.

use std::collections::VecDeque;

/// What gdb has not acknowledged yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notices<T> {
    /// The first is on its way, if `open`.
    queue: VecDeque<T>,
    open: bool,
}

/// What to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Send<'a, T> {
    /// A notification.
    Notify(&'a T),
    /// An answer.
    Answer(&'a T),
    /// The answer `OK`: there is nothing (more).
    Ok,
    /// Nothing.
    Nothing,
}

impl<T: Clone> Send<'_, T> {
    /// The event that is an answer, if there is one; otherwise the answer is `OK`.
    pub fn answer(self) -> Option<T> {
        if let Send::Answer(event) = self { Some(event.clone()) } else { None }
    }
}

impl<T> Default for Notices<T> {
    fn default() -> Notices<T> {
        Notices { queue: VecDeque::new(), open: false }
    }
}

impl<T> Notices<T> {
    /// Something has happened.
    pub fn happened(&mut self, event: T) -> Send<'_, T> {
        self.queue.push_back(event);
        if std::mem::replace(&mut self.open, true) {
            return Send::Nothing;
        }
        self.queue.front().map_or(Send::Nothing, Send::Notify)
    }

    /// gdb has the one that was sent last (`vStopped`).
    pub fn acknowledged(&mut self) -> Send<'_, T> {
        if self.open {
            self.queue.pop_front();
        }
        self.open = !self.queue.is_empty();
        self.queue.front().map_or(Send::Ok, Send::Answer)
    }

    /// What gdb may not know yet, with what is on its way.
    pub fn unacknowledged(&self) -> impl Iterator<Item = &T> {
        self.queue.iter()
    }

    /// Of what gdb has not been sent yet, drops all that is not to be kept. What was sent stays: the acknowledgement that is to come is for that.
    pub fn retain(&mut self, keeps: impl Fn(&T) -> bool) {
        let mut is_sent = self.open;
        self.queue.retain(|event| std::mem::take(&mut is_sent) || keeps(event));
    }

    /// gdb asks how things are (`?`): what it has not acknowledged is void, and `events` are told anew.
    pub fn asked(&mut self, events: impl IntoIterator<Item = T>) -> Send<'_, T> {
        self.queue = events.into_iter().collect();
        self.open = !self.queue.is_empty();
        self.queue.front().map_or(Send::Ok, Send::Answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Step {
        Happens,
        Acknowledges,
        Asks(u32),
        /// Of the numbers, the even ones are kept.
        Retains,
    }

    const STEPS: [Step; 6] =
        [Step::Happens, Step::Acknowledges, Step::Asks(0), Step::Asks(1), Step::Asks(2), Step::Retains];

    /// Every sequence of seven steps: each event is told exactly once and in order unless `?` makes it void; nothing is notified while
    /// an acknowledgement is due; and whoever acknowledges until `OK` has heard all.
    #[test]
    fn every_order_tells_everything_once() {
        const LENGTH: u32 = 7;
        for number in 0..STEPS.len().pow(LENGTH) {
            let steps = (0..LENGTH).map(|at| STEPS[number / STEPS.len().pow(at) % STEPS.len()]);
            let mut notices = Notices::default();
            let mut next = 0;
            // What is to be told, and whether the first of it has been.
            let (mut due, mut sent) = (VecDeque::new(), false);
            for step in steps {
                match step {
                    Step::Happens => {
                        due.push_back(next);
                        let sends = notices.happened(next);
                        let expected = if sent { Send::Nothing } else { Send::Notify(&due[0]) };
                        assert_eq!(sends, expected);
                        sent = true;
                        next += 1;
                    }
                    Step::Acknowledges => {
                        if sent {
                            due.pop_front();
                        }
                        assert_eq!(notices.acknowledged(), due.front().map_or(Send::Ok, Send::Answer));
                        sent = !due.is_empty();
                    }
                    Step::Retains => {
                        notices.retain(|number| number % 2 == 0);
                        let first = due.pop_front();
                        due.retain(|number| number % 2 == 0);
                        due.extend(first);
                        due.rotate_right(usize::from(first.is_some()));
                    }
                    Step::Asks(count) => {
                        due = (next..next + count).collect();
                        next += count;
                        let sends = notices.asked(due.iter().copied());
                        assert_eq!(sends, due.front().map_or(Send::Ok, Send::Answer));
                        sent = !due.is_empty();
                    }
                }
            }
            while sent {
                due.pop_front();
                assert_eq!(notices.acknowledged(), due.front().map_or(Send::Ok, Send::Answer));
                sent = !due.is_empty();
            }
            assert_eq!(notices, Notices::default());
        }
    }
}
