//! What a client may say: packets in pieces, and packets that are none.

use std::fs;
use std::io::Write;
use std::time::Duration;

use crate::session::{Client, Session};

#[test]
fn a_packet_may_arrive_in_any_pieces() {
    let session = Session::start(&["fork-chain", "1"]);
    let mut client = session.connect();
    for packet in ["qSupported:multiprocess+;swbreak+;fork-events+", "?", "qfThreadInfo", "g"] {
        let whole = client.ask(packet).unwrap();
        for cut in 1..Client::frame(packet).len() {
            let frame = Client::frame(packet);
            client.stream.write_all(&frame[..cut]).unwrap();
            std::thread::sleep(Duration::from_millis(1));
            client.stream.write_all(&frame[cut..]).unwrap();
            assert_eq!(client.reply().as_ref(), Some(&whole), "{packet} cut at {cut}");
        }
    }
    drop(client);
    assert_eq!(session.end("pieces"), 0);
}

#[test]
fn garbage_is_survived() {
    let session = Session::start(&["fork-chain", "1"]);
    let mut client = session.connect();
    let first = client.greet();
    for garbage in [
        &b"\0\xff\x80garbage"[..],
        b"$bad#00",
        b"#",
        b"}}}",
        b"$#",
        b"++--",
        b"$m#6d",
        b"$vCont;#",
        b"$Hg#af",
        b"$Z0#8a",
        b"$D;#7f",
    ] {
        client.stream.write_all(garbage).unwrap();
    }
    // Whatever was answered to those: the next question's answer comes.
    client
        .stream
        .write_all(&Client::frame(
            "qSupported:multiprocess+;swbreak+;fork-events+;vContSupported+;no-resumed+",
        ))
        .unwrap();
    while client.reply().unwrap() != first {}
    for packet in [
        "m",
        "mffffffffffffffff,10",
        "m0,ffffffffffffffff",
        "Mzz,4:00",
        "Z0,zz,4",
        "Z9,0,4",
        "P",
        "Pffff=00",
        "G00",
        "vFile:open:zz",
        "Hgp",
        "Hgpffff.ffff",
        "T1.1.1",
        "qXfer:features:read:target.xml:ffffffffffffffff,ffffffffffffffff",
        "vKill;zz",
        "D;zz",
        "QCatchSyscalls:9;zz",
        "X0,ffffffff:",
        "qRcmd,zz",
    ] {
        assert!(client.ask(packet).is_some(), "{packet} closed the connection");
    }
    drop(client);
    assert_eq!(session.end("garbage"), 0);
}

/// The packets of docs/packets.md, as they are written there: with the names of their arguments, which are garbage as arguments.
fn forms() -> Vec<String> {
    let page = fs::read_to_string(tine_test::tools::root().join("docs/packets.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let forms: Vec<String> = rows.map(|(form, _)| form.replace("\\|", "|")).collect();
    assert!(forms.len() > 60, "{forms:?}");
    forms
}

/// What comes where arguments should be.
const GARBAGE: [&str; 14] = [
    "",
    ":",
    ";;",
    ",,",
    "0",
    "-1",
    "zz",
    "p-1.-1",
    "p0.0;p1",
    "0,0",
    "0,ffffffffffffffff",
    "ffffffffffffffff,ffffffffffffffff:00",
    "123456789012345678901234567890;a,b:c",
    "\u{0}\u{7f}}#*\u{3}",
];

/// A guest that has no end of its own, and gdb.
fn begin() -> (Session, Client) {
    let session = Session::start(&["busy", "spin"]);
    let mut client = session.connect();
    client.greet();
    (session, client)
}

/// Every packet of the table, cut off at every byte and followed by every garbage. Each is answered, unless it has ended the session, and nobody panics.
#[test]
fn every_packet_may_have_any_arguments() {
    for form in forms() {
        let (mut session, mut client) = begin();
        let cuts = (1..=form.len()).filter(|cut| form.is_char_boundary(*cut));
        for packet in cuts.flat_map(|cut| GARBAGE.map(|garbage| format!("{}{garbage}", &form[..cut]))) {
            // Had it let the guest go on, the interrupt would stop it.
            let asked = [Client::frame(&packet), b"\x03".to_vec(), Client::frame("qSupported:multiprocess+")]
                .concat();
            let mut reply = client.stream.write_all(&asked).ok().and_then(|()| client.reply());
            while let Some(text) = &reply
                && !text.starts_with("PacketSize=")
            {
                reply = client.reply();
            }
            if reply.is_none() {
                // The guest was killed, or let go: then the server has nothing more to do.
                session.check_calm(&packet);
                assert!("kDvRQ".contains(&packet[..1]), "{packet:?} has ended the session");
                (session, client) = begin();
            }
        }
        session.check_calm(&form);
    }
}

/// A client that goes in the middle of a packet.
#[test]
fn a_connection_may_end_within_a_packet() {
    let frame = Client::frame("vCont;c:p-1.-1");
    for cut in 1..frame.len() {
        let session = Session::start(&["fork-chain", "1"]);
        let mut client = session.connect();
        client.greet();
        client.stream.write_all(&frame[..cut]).unwrap();
        drop(client);
        assert_eq!(session.end("half a packet"), 0);
    }
}
