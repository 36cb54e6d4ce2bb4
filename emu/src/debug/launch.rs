//! `-g`: listens, and starts the debug server.

use std::os::fd::OwnedFd;

use tine_stub::control;
use tine_stub::server::{Address, ListenError, Listener};

/// What [`launch`] gives: this end is for [`super::attach`], which is also told whether to wait for gdb.
pub struct Launched {
    /// Our end of the control connection to the server.
    pub socket: OwnedFd,
    /// Whether the guest waits for gdb.
    pub suspend: bool,
}

/// Listens where the value of `-g` says, says so on standard error, and starts the server process.
pub fn launch(address: &str) -> Result<Launched, ListenError> {
    let address = Address::parse(address, std::process::id() as i32)?;
    let listener = Listener::bind(&address.place)?;
    let refused = |error| ListenError::Bind { place: listener.to_string(), error };
    let (ours, _theirs) = control::pair().map_err(refused)?;
    eprintln!("Listening on {listener}");
    Ok(Launched { socket: ours, suspend: address.suspend })
}
