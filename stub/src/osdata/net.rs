//! Sockets of the internet families (`/proc/net/tcp` and its like, proc(5)).

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Row, System, row};

/// Names of the states, by number, from 1 on (tcp(7), `enum` in `<netinet/tcp.h>`).
const STATES: [&str; 12] = [
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "NEW_SYN_RECV",
];

pub(super) fn sockets(system: &mut System<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (file, family, protocol) in [
        ("tcp", "INET", "STREAM"),
        ("udp", "INET", "DGRAM"),
        ("tcp6", "INET6", "STREAM"),
        ("udp6", "INET6", "DGRAM"),
    ] {
        let text = fs::read_to_string(format!("/proc/net/{file}")).unwrap_or_default();
        rows.extend(text.lines().skip(1).filter_map(|line| socket(system, line, family, protocol)));
    }
    rows
}

fn socket(system: &System<'_>, line: &str, family: &str, protocol: &str) -> Option<Row> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (local, local_port) = address(words.get(1)?)?;
    let (remote, remote_port) = address(words.get(2)?)?;
    let state = usize::from_str_radix(words.get(3)?, 16).ok()?;
    let user = system.user(words.get(7)?.parse().ok()?);
    Some(row(&[
        ("local address", local.to_string()),
        ("local port", local_port.to_string()),
        ("remote address", remote.to_string()),
        ("remote port", remote_port.to_string()),
        ("state", (*STATES.get(state.checked_sub(1)?)?).to_owned()),
        ("user", user),
        ("family", family.to_owned()),
        ("protocol", protocol.to_owned()),
    ]))
}

/// `0100007F:1F90`: the address is printed in words of the host's byte order, the port is a number.
fn address(text: &str) -> Option<(IpAddr, u16)> {
    let (digits, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| Some(u32::from_str_radix(digits.get(8 * at..8 * at + 8)?, 16).ok()?.to_ne_bytes());
    let address = match digits.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(0)?)),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?].concat();
            IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(words).ok()?))
        }
        _ => return None,
    };
    Some((address, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        assert_eq!(address("0100007F:1F90"), Some((Ipv4Addr::LOCALHOST.into(), 8080)));
        assert_eq!(address("00000000000000000000000001000000:0050"), Some((Ipv6Addr::LOCALHOST.into(), 80)));
        assert_eq!(address("0100007F"), None);
        assert_eq!(address("01:01"), None);
    }
}
