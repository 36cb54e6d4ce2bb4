//! Trace frames: while gdb looks at one, registers and memory are those that were collected.
//!
//! ```text
//! → QTFrame:0                     ← F0T2          (frame 0, of tracepoint 2)
//! → QTFrame:pc:401621             ← F-1           (there is none, from the next one on)
//! → g                             ← xxxxxxxxxxxxxxxx…2116400000000000     (only the pc is known)
//! → qXfer:traceframe-info:read::0,1000    ← l<traceframe-info>…
//! → QTFrame:ffffffff              ← OK            (back to the process)
//! → qTBuffer:0,7d0                ← 0200e5090000…  ("l" at the end)
//! ```

use std::fmt::Write;

use crate::control::Request;
use crate::hex::{self, number};
use crate::packet;
use crate::server::Session;
use crate::target::Failure;
use crate::trace::buffer::Search;

use super::xfer::piece;
use super::{Reply, split, two_numbers};

/// `QTFrame`
pub(crate) fn select(session: &mut Session, arguments: &[u8]) -> Reply {
    session.refresh_tracing();
    let search = match split(arguments, b':') {
        None if arguments == b"ffffffff" || arguments == b"-1" => {
            session.tracing.frame = None;
            return Reply::Ok;
        }
        None => number(arguments).map(Search::Number),
        Some((b"pc", addr)) => number(addr).map(|addr| Search::Inside(addr, addr)),
        Some((b"tdp", id)) => number(id).and_then(|id| u32::try_from(id).ok()).map(Search::Tracepoint),
        Some((b"range", range)) => two_numbers(range, b':').map(|(start, end)| Search::Inside(start, end)),
        Some((b"outside", range)) => two_numbers(range, b':').map(|(start, end)| Search::Outside(start, end)),
        Some(_) => None,
    };
    let Some(search) = search else { return Reply::Fail(Failure::Invalid) };
    let tracing = &session.tracing;
    let addresses = |id: u32| {
        let places = tracing.definitions.iter().map(|definition| definition.point.place);
        places.filter(|place| place.number == id).map(|place| place.addr).collect()
    };
    let from = tracing.frame.map_or(0, |frame| frame + 1);
    match tracing.buffer.find(from, search, addresses) {
        Some((frame, tracepoint)) => {
            session.tracing.frame = Some(frame);
            format!("F{frame:x}T{tracepoint:x}").into()
        }
        None => "F-1".to_owned().into(),
    }
}

/// `qTBuffer`
pub(crate) fn buffer(session: &mut Session, arguments: &[u8]) -> Reply {
    let Some((offset, len)) = two_numbers(arguments, b',') else { return Reply::Fail(Failure::Invalid) };
    session.refresh_tracing();
    let piece = session.tracing.buffer.piece(offset, len.min(packet::SIZE as u64 / 2 - 8) as usize);
    if piece.is_empty() { "l".to_owned().into() } else { Reply::Bytes(hex::encode(&piece)) }
}

/// What a frame has.
pub(crate) fn info(session: &mut Session, arguments: &[u8]) -> Reply {
    piece(session, "traceframe-info", arguments, |session, _| {
        let tracing = &session.tracing;
        let (frame, registers) = (tracing.frame.ok_or(Failure::Invalid)?, tracing.registers_len());
        let mut xml = String::from("<traceframe-info>\n");
        for (start, len) in tracing.buffer.ranges(frame, registers) {
            let _ = writeln!(xml, "<memory start=\"{start:#x}\" length=\"{len:#x}\"/>");
        }
        for (number, _) in tracing.buffer.variables(frame, registers) {
            let _ = writeln!(xml, "<tvar id=\"{number:#x}\"/>");
        }
        xml.push_str("</traceframe-info>\n");
        Ok(xml.into_bytes())
    })
}

impl Session {
    /// All registers of the frame that gdb looks at, in the reply's digits; `None`: it looks at none.
    pub fn frame_registers(&self) -> Option<Vec<u8>> {
        let (tracing, frame) = (&self.tracing, self.tracing.frame?);
        let len = tracing.registers_len();
        if let Some(values) = tracing.buffer.registers(frame, len) {
            return Some(hex::encode(values));
        }
        // Where the tracepoint is is known at least, if it is in one place.
        let mut text = vec![b'x'; len * 2];
        let id = tracing.buffer.tracepoint(frame);
        let mut places =
            tracing.definitions.iter().map(|it| it.point.place).filter(|it| Some(it.number) == id);
        let place = tracing.registers.iter().find(|place| place.is_pc);
        if let (Some(point), None, Some(place)) = (places.next(), places.next(), place) {
            let value = hex::encode(&point.addr.to_le_bytes()[..place.size.min(8)]);
            text[place.at * 2..][..value.len()].copy_from_slice(&value);
        }
        Some(text)
    }

    /// The same of one register.
    pub fn frame_register(&self, number: u32) -> Option<Result<Vec<u8>, Failure>> {
        let all = self.frame_registers()?;
        let place = self.tracing.registers.iter().find(|place| place.number == number);
        let digits = place.and_then(|place| all.get(place.at * 2..(place.at + place.size) * 2));
        Some(digits.map(<[u8]>::to_vec).ok_or(Failure::Invalid))
    }

    /// Memory of the frame that gdb looks at; `None`: it looks at none.
    pub fn frame_memory(&mut self, addr: u64, len: usize) -> Option<Result<Vec<u8>, Failure>> {
        let (tracing, frame) = (&self.tracing, self.tracing.frame?);
        if let Some(bytes) = tracing.buffer.memory(frame, tracing.registers_len(), addr, len) {
            return Some(Ok(bytes.to_vec()));
        }
        let constant = tracing.constant.iter().find(|(start, end)| (*start..*end).contains(&addr));
        let Some((_, end)) = constant else { return Some(Err(Failure::Memory)) };
        let len = (len as u64).min(end - addr);
        let id = self.current()?;
        Some(self.ask_bytes(id.pid, Request::ReadMemory { addr, len }))
    }
}
