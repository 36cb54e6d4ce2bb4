//! The control protocol between the debug server and the agents: messages over a SOCK_SEQPACKET socket pair, one per
//! guest process. End of file on it is the news of death, in both directions.

mod lane;
mod message;
mod socket;

pub(crate) use lane::{AgentLane, Heard, ServerLane};
pub use lane::{LANE_SIZE, Words};
pub use message::{Answer, Event, Follow, MemoryPlace, Request, ToAgent, ToServer};
pub use socket::{Control, Received, close_copy, pair};
pub(crate) use socket::{encode, spin};
