//! One fork, from the moment it is prepared until gdb knows both sides: pure decisions, no input or output.
//!
//! Parent and child both stop and say so, each on its own connection, so the two reports come in any order, and either side may
//! die at any moment. Once gdb has been told, both are ordinary inferiors and this machine is done. The drawing is in
//! `docs/fork-handoff.md`.

/// Where a fork is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handoff {
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
    /// gdb knows both; from here on they are ordinary inferiors.
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
    /// Close the child's connection: it runs free.
    ReleaseChild,
    /// Let the parent go on as if gdb had said so: it has nothing to tell any more.
    ResumeParent,
}

impl Handoff {
    /// What follows from `happening`: the next state, and what to do, in this order. What cannot happen in a state, such
    /// as a second report, changes nothing.
    pub fn on(self, happening: Happening) -> (Handoff, &'static [Action]) {
        use Action::{Adopt, ReleaseChild, Report, ResumeParent};
        use Handoff::{ChildLost, ChildWaits, Offered, Over, ParentWaits, Ready, Told};
        match (self, happening) {
            (Told | Over, _) => (self, &[]),

            (Offered, Happening::ParentStopped) => (ParentWaits, &[]),
            (Offered, Happening::ChildStopped) => (ChildWaits, &[]),
            (ParentWaits, Happening::ChildStopped) => (Ready, &[Report]),
            (ChildWaits, Happening::ParentStopped) => (Ready, &[Report]),
            (Ready, Happening::Told) => (Told, &[Adopt]),

            // The child never came, or is gone before gdb heard of it: gdb will not hear of it.
            (Offered | ChildWaits, Happening::ChildGone) => (ChildLost, &[ReleaseChild]),
            (ParentWaits | Ready, Happening::ChildGone) => (Over, &[ReleaseChild, ResumeParent]),
            (ChildLost, Happening::ParentStopped) => (Over, &[ResumeParent]),
            (_, Happening::ForkFailed) => (Over, &[ReleaseChild]),

            // Without its parent, or without gdb, a child that gdb has not heard of runs free.
            (_, Happening::ParentGone | Happening::ParentDetached | Happening::DebuggerGone) => {
                (Over, &[ReleaseChild])
            }

            (ParentWaits | ChildLost | Ready, Happening::ParentStopped | Happening::ChildStopped) => {
                (self, &[])
            }
            (ChildWaits, Happening::ChildStopped) => (self, &[]),
            (ChildLost, Happening::ChildGone) => (self, &[]),
            (Offered | ParentWaits | ChildWaits | ChildLost, Happening::Told) => (self, &[]),
        }
    }
}
