//! Every blow at every moment of the dialogue about one fork.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::session::{Session, forked};

/// The packets of a session that follows the child, as gdb sends them; `{p}` and `{c}` are the pids.
const DIALOGUE: &[&str] = &[
    "Hgp{c}.{c}",
    "g",
    "Hgp{p}.{p}",
    "z0,10000,2",
    "D;{p}",
    "Hgp{c}.{c}",
    "g",
    "Z0,10000,2",
    "z0,10000,2",
    "qfThreadInfo",
    "vCont;c:p{c}.-1",
];
/// After more packets than these the parent runs freely.
const LET_GO: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Blow {
    Close,
    KillParent,
    KillChild,
    KillServer,
}

/// Strikes after `moment` packets of the dialogue; 0 is right after the fork was reported. The guest is one whose processes end by
/// themselves whatever happens to the other, unless tine keeps them.
fn strike(blow: Blow, moment: usize) {
    let what = format!("{blow:?} after {moment} packets");
    let session = Session::start(&["fork-no-wait"]);
    let mut client = session.connect();
    client.greet();
    assert!(client.ask("?").unwrap().starts_with('T'), "{what}");
    let (child, parent) = forked(&client.ask("vCont;c").unwrap());
    let mut conversation = DIALOGUE
        .iter()
        .map(|packet| packet.replace("{c}", &format!("{child:x}")).replace("{p}", &format!("{parent:x}")));
    for packet in conversation.by_ref().take(moment) {
        assert!(client.ask(&packet).is_some(), "{what}: {packet} was not answered");
    }
    // Who has ended already cannot be struck.
    let strike = |pid| {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    };
    match blow {
        Blow::Close => {}
        Blow::KillParent => strike(parent),
        Blow::KillChild => strike(child),
        Blow::KillServer if moment < DIALOGUE.len() => strike(session.server().expect("a debug server")),
        Blow::KillServer => session.server().into_iter().for_each(strike),
    }
    if blow != Blow::Close {
        for packet in conversation {
            if client.ask(&packet).is_none() {
                assert_eq!(blow, Blow::KillServer, "{what}: the connection was closed at {packet}");
                break;
            }
        }
    }
    drop(client);
    let status = session.end(&what);
    match blow {
        // The parent may have run to its end before, once it was let go.
        Blow::KillParent => assert!(status == -9 || (moment > LET_GO && status == 2), "{what}: {status}"),
        _ => assert_eq!(status, 2, "{what}: the parent runs on and ends well"),
    }
}

macro_rules! every_moment {
    ($($name:ident: $blow:expr;)*) => { $(
        #[test]
        fn $name() {
            for moment in 0..=DIALOGUE.len() {
                strike($blow, moment);
            }
        }
    )* };
}

every_moment! {
    the_client_may_leave_at_any_moment: Blow::Close;
    the_parent_may_be_killed_at_any_moment: Blow::KillParent;
    the_child_may_be_killed_at_any_moment: Blow::KillChild;
    the_server_may_be_killed_at_any_moment: Blow::KillServer;
}
