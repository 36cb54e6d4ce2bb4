//! Walks every order in which the events of one fork or vfork can come, with the death of either side, the loss of gdb and the loss of
//! the server at every moment, and holds the decisions of [`tine_stub::fork`] against it.
//!
//! Asserted in every state: gdb gets at most one answer for each time it waits, and hears of the end of a vfork once, if it has heard
//! of its beginning. Asserted wherever nothing more happens by itself: every process that lives runs, or is stopped in gdb's
//! hands; gdb does not wait for processes that are gone, nor for the end of a vfork that is over.

use std::collections::HashSet;

use tine_stub::fork::{Action, Handoff, Happening, Kind, Stage};

/// A process, as the kernel and its agent have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Life {
    Unborn,
    /// It runs, and will do the next thing that it has to do.
    Runs,
    /// It waits for an order.
    Stands,
    /// It runs, and nobody debugs it.
    Free,
    Dead,
}

/// What is on its way to the server, on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Word {
    Forked,
    ForkFailed,
    VforkDone,
    Hello,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    parent: Life,
    child: Life,
    /// The parent has made its fork, or failed to.
    forked: bool,
    /// The child has said hello.
    introduced: bool,
    /// The child does not use its parent's memory any more: it has executed another program, or is dead.
    left: bool,
    /// The parent has said that it has its memory back.
    out: bool,
    from_parent: Vec<Word>,
    from_child: Vec<Word>,
    server: bool,
    handoff: Handoff,
    /// The server's end of the child's connection is open.
    child_open: bool,
    gdb: bool,
    waits: bool,
    report: bool,
    report_done: bool,
    /// gdb has heard of the vfork, and not of its end.
    told_inside: bool,
    /// What gdb knows, and has not let go.
    knows_parent: bool,
    knows_child: bool,
    /// Deaths of those that gdb has not been told of.
    parent_ended: bool,
    child_ended: bool,
    interrupted: bool,
    asked: u8,
    answered: u8,
}

impl World {
    fn new(kind: Kind) -> World {
        World {
            parent: Life::Runs,
            child: Life::Unborn,
            forked: false,
            introduced: false,
            left: false,
            out: false,
            from_parent: vec![],
            from_child: vec![],
            server: true,
            handoff: Handoff::new(kind),
            child_open: true,
            gdb: true,
            waits: true,
            report: false,
            report_done: false,
            told_inside: false,
            knows_parent: true,
            knows_child: false,
            parent_ended: false,
            child_ended: false,
            interrupted: false,
            asked: 1,
            answered: 0,
        }
    }

    /// All worlds that one step can make of this one. The first part are the steps that happen by themselves; the second, what
    /// people and other misfortunes do.
    fn steps(&self) -> (Vec<World>, Vec<World>) {
        let with = |change: fn(&mut World)| {
            let mut world = self.clone();
            change(&mut world);
            world
        };
        let mut own = vec![];
        let mut free = vec![];

        if self.parent == Life::Runs && !self.forked {
            own.push(with(World::fork));
            own.push(with(World::fail_to_fork));
        }
        if self.child == Life::Runs && !self.introduced {
            own.push(with(World::introduce));
        }
        if self.is_vfork() && self.introduced && !self.left && matches!(self.child, Life::Runs | Life::Free) {
            own.push(with(World::execute));
        }
        // One that runs on the far side of its stop is inside: it has been let go, and waits for its child.
        if self.is_vfork()
            && self.parent == Life::Runs
            && self.child != Life::Unborn
            && self.left
            && !self.out
        {
            own.push(with(World::come_out));
        }
        if self.server && !self.from_parent.is_empty() {
            own.push(with(World::hear_parent));
        }
        if self.server && self.child_open && !self.from_child.is_empty() {
            own.push(with(World::hear_child));
        }
        if self.server && self.gdb && self.waits && self.has_to_tell() {
            own.push(with(World::answer));
        }

        if matches!(self.parent, Life::Runs | Life::Stands | Life::Free) {
            free.push(with(World::kill_parent));
        }
        if matches!(self.child, Life::Runs | Life::Stands | Life::Free) {
            free.push(with(World::kill_child));
        }
        if self.server && self.gdb {
            free.push(with(World::lose_gdb));
            if self.waits && !self.interrupted {
                free.push(with(World::interrupt));
            }
            if !self.waits && self.asked < 4 {
                free.push(with(World::resume));
                if self.knows_parent {
                    free.push(with(World::detach_parent));
                }
                if self.knows_child {
                    free.push(with(World::detach_child));
                }
            }
        }
        if self.server {
            free.push(with(World::lose_server));
        }
        (own, free)
    }

    fn is_vfork(&self) -> bool {
        self.handoff.kind == Kind::Vfork
    }

    fn has_to_tell(&self) -> bool {
        self.report || self.report_done || self.parent_ended || self.child_ended
    }

    fn fork(&mut self) {
        self.forked = true;
        self.child = Life::Runs;
        self.from_parent.push(Word::Forked);
        self.parent = Life::Stands;
        self.drop_ends();
    }

    fn fail_to_fork(&mut self) {
        self.forked = true;
        self.from_parent.push(Word::ForkFailed);
        self.from_child.push(Word::End);
    }

    fn introduce(&mut self) {
        self.introduced = true;
        self.from_child.push(Word::Hello);
        self.child = Life::Stands;
        self.drop_ends();
    }

    fn execute(&mut self) {
        self.left = true;
    }

    fn come_out(&mut self) {
        self.out = true;
        self.from_parent.push(Word::VforkDone);
        self.parent = Life::Stands;
        self.drop_ends();
    }

    fn kill_parent(&mut self) {
        self.parent = Life::Dead;
        self.from_parent.push(Word::End);
        if !self.forked {
            // It held the child's end too.
            self.forked = true;
            self.from_child.push(Word::End);
        }
    }

    fn kill_child(&mut self) {
        self.child = Life::Dead;
        self.left = true;
        self.from_child.push(Word::End);
    }

    fn hear_parent(&mut self) {
        let happening = match self.from_parent.remove(0) {
            Word::Forked => Happening::ParentStopped,
            Word::ForkFailed => Happening::ForkFailed,
            Word::VforkDone => Happening::VforkDone,
            _ => {
                self.parent_ended = self.knows_parent;
                Happening::ParentGone
            }
        };
        self.happen(happening);
    }

    fn hear_child(&mut self) {
        match self.from_child.remove(0) {
            Word::Hello => self.happen(Happening::ChildStopped),
            // An ordinary inferior by now.
            _ if matches!(self.handoff.stage, Stage::Inside | Stage::Told) => {
                self.child_ended = self.knows_child
            }
            _ => self.happen(Happening::ChildGone),
        }
    }

    /// One answer: a death, the fork, or the end of the vfork.
    fn answer(&mut self) {
        self.waits = false;
        self.answered += 1;
        if self.parent_ended {
            self.parent_ended = false;
            self.knows_parent = false;
        } else if self.child_ended {
            self.child_ended = false;
            self.knows_child = false;
        } else if self.report {
            self.told_inside = self.is_vfork();
            self.happen(Happening::Told);
        } else {
            assert!(self.told_inside, "the end of a vfork that gdb has not heard of: {self:?}");
            self.report_done = false;
            self.told_inside = false;
        }
    }

    /// Another process stops, or the user does it by ^C: the fork has to wait until gdb listens again.
    fn interrupt(&mut self) {
        self.interrupted = true;
        self.waits = false;
        self.answered += 1;
    }

    fn resume(&mut self) {
        self.waits = true;
        self.asked += 1;
        if self.has_to_tell() {
            return;
        }
        // The server gives orders to threads that have said that they stand, and have nothing to tell.
        if self.knows_parent
            && self.parent == Life::Stands
            && self.from_parent.is_empty()
            && self.handoff.stage != Stage::ParentWaits
        {
            self.parent = Life::Runs;
        }
        if self.knows_child && self.child == Life::Stands {
            self.child = Life::Runs;
        }
        if !self.knows_parent && !self.knows_child {
            // "N": nothing is there to wait for.
            self.waits = false;
            self.answered += 1;
        }
    }

    fn detach_parent(&mut self) {
        self.knows_parent = false;
        self.parent_ended = false;
        self.report_done = false;
        let_go(&mut self.parent);
        self.happen(Happening::ParentDetached);
    }

    fn detach_child(&mut self) {
        self.knows_child = false;
        self.child_ended = false;
        self.child_open = false;
        let_go(&mut self.child);
    }

    fn lose_gdb(&mut self) {
        self.gdb = false;
        self.happen(Happening::DebuggerGone);
        self.lose_server();
    }

    fn lose_server(&mut self) {
        self.server = false;
        self.child_open = false;
        self.drop_ends();
    }

    fn happen(&mut self, happening: Happening) {
        let (state, actions) = self.handoff.on(happening);
        self.handoff = state;
        for action in actions {
            match action {
                Action::Report => self.report = true,
                Action::Adopt => {
                    self.report = false;
                    self.knows_child = true;
                }
                Action::ReportDone => self.report_done = true,
                Action::ReleaseChild => {
                    self.child_open = false;
                    self.report = false;
                }
                Action::ResumeParent => {
                    self.report = false;
                    if self.waits && self.parent == Life::Stands {
                        self.parent = Life::Runs;
                    }
                }
            }
        }
        self.drop_ends();
    }

    /// Agents that read an end of file let go; those that stop later do too.
    fn drop_ends(&mut self) {
        if !self.child_open {
            let_go(&mut self.child);
        }
        if !self.server {
            let_go(&mut self.parent);
        }
    }

    fn check(&self) {
        assert!(self.answered <= self.asked, "two answers to one question: {self:?}");
        assert_eq!(self.waits, self.answered < self.asked, "{self:?}");
    }

    /// Nothing more happens by itself.
    fn check_rest(&self) {
        let held = |life, known| life == Life::Stands && !(self.server && self.gdb && known && !self.waits);
        assert!(!held(self.parent, self.knows_parent), "the parent stays stopped: {self:?}");
        // A fork that gdb will be told of when it next listens is in its hands too.
        let in_hand = self.knows_child || self.report && self.knows_parent;
        assert!(!held(self.child, in_hand), "the child stays stopped: {self:?}");
        if self.server && self.gdb && self.waits {
            let lives = |life: Life| !matches!(life, Life::Dead | Life::Unborn);
            let somebody = self.knows_parent && lives(self.parent) || self.knows_child && lives(self.child);
            assert!(somebody, "gdb waits for nobody: {self:?}");
            let inside = self.told_inside && self.knows_parent && lives(self.parent);
            assert!(!(inside && self.left), "gdb does not hear of the end of a vfork: {self:?}");
        }
    }
}

fn let_go(life: &mut Life) {
    if matches!(life, Life::Stands | Life::Runs) {
        *life = Life::Free;
    }
}

/// Walks all orders; returns how many states there are, and the stages that were reached.
fn walk(kind: Kind) -> (usize, HashSet<Stage>) {
    let mut seen = HashSet::new();
    let mut left = vec![World::new(kind)];
    let mut reached = HashSet::new();
    while let Some(world) = left.pop() {
        if !seen.insert(world.clone()) {
            continue;
        }
        world.check();
        reached.insert(world.handoff.stage);
        let (own, free) = world.steps();
        if own.is_empty() {
            world.check_rest();
        }
        left.extend(own);
        left.extend(free);
    }
    (seen.len(), reached)
}

#[test]
fn every_order_of_a_fork_ends_well() {
    let (states, reached) = walk(Kind::Fork);
    assert!(states > 500, "only {states} states");
    // No stage is there for nothing.
    assert_eq!(reached.len(), 7);
}

#[test]
fn every_order_of_a_vfork_ends_well() {
    let (states, reached) = walk(Kind::Vfork);
    assert!(states > 2000, "only {states} states");
    assert_eq!(reached.len(), 9);
}
