//! The beginning of a session.
//!
//! ```text
//! → qSupported:multiprocess+;swbreak+;qRelocInsn+;fork-events+;vfork-events+;error-message+
//! ← PacketSize=8000;QStartNoAckMode+;…;multiprocess+;fork-events+;vfork-events+;exec-events+
//! → vMustReplyEmpty      ←
//! → QStartNoAckMode      ← OK
//! ```

use crate::control::{Follow, Request};
use crate::packet;
use crate::server::Session;

use super::Reply;

/// Remembers what gdb has and says what we have.
pub(crate) fn supported(session: &mut Session, arguments: &[u8]) -> Reply {
    let has = |feature: &str| arguments.split(|byte| *byte == b';').any(|word| word == feature.as_bytes());
    session.client.dialect.multiprocess = has("multiprocess+");
    session.client.dialect.swbreak = has("swbreak+");
    session.client.dialect.hwbreak = has("hwbreak+");
    let follow = Follow {
        forks: has("fork-events+") && has("multiprocess+"),
        vforks: has("vfork-events+") && has("multiprocess+"),
    };
    session.client.follow = follow;
    session.client.exec_events = has("exec-events+");
    session.client.no_resumed = has("no-resumed+");
    session.client.error_messages = has("error-message+");
    session.client.single_argument = has("single-inf-arg+");
    let pids: Vec<_> = session.inferiors.keys().copied().collect();
    for pid in pids {
        session.introduce(pid);
        session.tell(pid, Request::Follow(follow));
    }
    packet::supported().into()
}

/// The `OK` is still acknowledged, what follows is not.
pub(crate) fn no_ack(session: &mut Session, _: &[u8]) -> Reply {
    session.client.no_ack = true;
    Reply::Ok
}

/// LLDB: packets about registers name their thread.
pub(crate) fn thread_suffix(session: &mut Session, _: &[u8]) -> Reply {
    session.client.thread_suffix = true;
    // Its signals are those of the guest's system, not gdb's.
    session.client.dialect.lldb = true;
    Reply::Ok
}

/// LLDB: stop replies list all threads.
pub(crate) fn list_threads(session: &mut Session, _: &[u8]) -> Reply {
    session.client.list_threads = true;
    Reply::Ok
}

/// LLDB: errors may come with a text.
pub(crate) fn error_strings(session: &mut Session, _: &[u8]) -> Reply {
    session.client.error_strings = true;
    Reply::Ok
}

/// The same as for a packet that is not there.
pub(crate) fn empty(_: &mut Session, _: &[u8]) -> Reply {
    Reply::Empty
}

/// `OK`: no symbol is wanted.
pub(crate) fn no_symbols(_: &mut Session, _: &[u8]) -> Reply {
    Reply::Ok
}
