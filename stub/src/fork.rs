//! One fork or vfork, from the moment it is prepared until gdb knows both sides, and for a vfork until the parent has its memory
//! back: pure decisions, no input or output.
//!
//! Parent and child both stop and say so, each on its own connection, so the two reports come in any order, and either side may
//! die at any moment. Once gdb has been told of a fork, both are ordinary inferiors and this machine is done. After a
//! vfork the parent has one thing more to say: that it is out of it. The drawing is in `docs/fork-handoff.md`.

use serde::{Deserialize, Serialize};

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// The child has a copy of its parent's memory.
    Fork,
    /// The child has the memory itself, and its parent's thread waits until the child has executed another program or is gone.
    Vfork,
}

/// A fork under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handoff {
    /// Which of the two it is.
    pub kind: Kind,
    /// Where it is.
    pub stage: Stage,
}

/// Where a fork is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The parent has offered the child's connection; nobody knows yet whether there will be a child.
    Offered,
    /// The parent stands behind its fork; the child has not come yet.
    ParentWaits,
    /// The child has come; the parent has not said so yet.
    ChildWaits,
    /// The child was lost before it came, or there never was one: the parent's word decides.
    ChildLost,
    /// Both stand; gdb is to be told as soon as it listens.
    Ready,
    /// gdb knows both sides of a vfork; the parent has not come out of it yet.
    Inside,
    /// gdb will not hear of this vfork; the parent has not come out of it yet.
    Unheard,
    /// gdb knows both, and there is no more to tell; from here on they are ordinary inferiors.
    Told,
    /// There is no fork to tell of (any more).
    Over,
}

/// What happens to a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    /// The parent reports the fork, and has stopped.
    ParentStopped,
    /// The child introduces itself, and has stopped.
    ChildStopped,
    /// The parent reports that fork(2) failed, and goes on.
    ForkFailed,
    /// The parent reports that it is out of its vfork, and has stopped.
    VforkDone,
    /// The parent's connection has ended.
    ParentGone,
    /// The child's connection has ended.
    ChildGone,
    /// gdb lets the parent go.
    ParentDetached,
    /// gdb has been told.
    Told,
    /// gdb is gone.
    DebuggerGone,
}

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Tell gdb of the fork when it next listens.
    Report,
    /// Make the child an inferior: gdb knows it now.
    Adopt,
    /// Tell gdb that the parent is out of its vfork when it next listens.
    ReportDone,
    /// Close the child's connection: it runs free.
    ReleaseChild,
    /// Let the parent go on as if gdb had said so: it has nothing to tell any more.
    ResumeParent,
}

impl Handoff {
    /// A fork that is being offered.
    pub fn new(kind: Kind) -> Handoff {
        Handoff { kind, stage: Stage::Offered }
    }

    /// Whether nothing more can follow.
    pub fn is_done(self) -> bool {
        matches!(self.stage, Stage::Told | Stage::Over)
    }

    /// What follows from `happening`: the next state, and what to do, in this order. What cannot happen in a state, such
    /// as a second report, changes nothing.
    pub fn on(self, happening: Happening) -> (Handoff, &'static [Action]) {
        let (stage, actions) = self.next(happening);
        (Handoff { stage, ..self }, actions)
    }

    fn next(self, happening: Happening) -> (Stage, &'static [Action]) {
        use Action::{Adopt, ReleaseChild, Report, ReportDone, ResumeParent};
        use Stage::{ChildLost, ChildWaits, Inside, Offered, Over, ParentWaits, Ready, Told, Unheard};
        // Where a fork is over, the parent of a vfork still waits for its child.
        let (told, unheard) = match self.kind {
            Kind::Fork => (Told, Over),
            Kind::Vfork => (Inside, Unheard),
        };
        match (self.stage, happening) {
            (stage @ (Told | Over), _) => (stage, &[]),

            (Offered, Happening::ParentStopped) => (ParentWaits, &[]),
            (Offered, Happening::ChildStopped) => (ChildWaits, &[]),
            (ParentWaits, Happening::ChildStopped) => (Ready, &[Report]),
            (ChildWaits, Happening::ParentStopped) => (Ready, &[Report]),
            (Ready, Happening::Told) => (told, &[Adopt]),

            (Inside, Happening::VforkDone) => (Told, &[ReportDone]),
            (Unheard, Happening::VforkDone) => (Over, &[ResumeParent]),
            // The child is an inferior already, or has been released.
            (Inside, Happening::ParentGone | Happening::ParentDetached | Happening::DebuggerGone) => {
                (Told, &[])
            }
            (Unheard, Happening::ParentGone | Happening::ParentDetached | Happening::DebuggerGone) => {
                (Over, &[])
            }

            // The child never came, or is gone before gdb heard of it: gdb will not hear of it.
            (Offered | ChildWaits, Happening::ChildGone) => (ChildLost, &[ReleaseChild]),
            (ParentWaits | Ready, Happening::ChildGone) => (unheard, &[ReleaseChild, ResumeParent]),
            (ChildLost, Happening::ParentStopped) => (unheard, &[ResumeParent]),
            (Offered | ParentWaits | ChildWaits | ChildLost | Ready, Happening::ForkFailed) => {
                (Over, &[ReleaseChild])
            }

            // Without its parent, or without gdb, a child that gdb has not heard of runs free.
            (
                Offered | ParentWaits | ChildWaits | ChildLost | Ready,
                Happening::ParentGone | Happening::ParentDetached | Happening::DebuggerGone,
            ) => (Over, &[ReleaseChild]),

            (
                stage @ (ParentWaits | ChildLost | Ready),
                Happening::ParentStopped | Happening::ChildStopped,
            ) => (stage, &[]),
            (stage @ ChildWaits, Happening::ChildStopped) => (stage, &[]),
            (stage @ ChildLost, Happening::ChildGone) => (stage, &[]),
            (stage @ (Offered | ParentWaits | ChildWaits | ChildLost), Happening::Told) => (stage, &[]),
            (stage @ (Offered | ParentWaits | ChildWaits | ChildLost | Ready), Happening::VforkDone) => {
                (stage, &[])
            }
            (
                stage @ (Inside | Unheard),
                Happening::ParentStopped
                | Happening::ChildStopped
                | Happening::ForkFailed
                | Happening::ChildGone
                | Happening::Told,
            ) => (stage, &[]),
        }
    }
}
