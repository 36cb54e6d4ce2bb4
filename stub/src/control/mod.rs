//! The control protocol between the debug server and the agents: messages over a SOCK_SEQPACKET socket pair, one per
//! guest process. End of file on it is the news of death, in both directions.

mod message;
mod socket;

pub use message::{Answer, Event, Follow, Request, ToAgent, ToServer};
pub(crate) use socket::spin;
pub use socket::{Control, Received, close_copy, pair};
