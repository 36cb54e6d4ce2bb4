//! To be written.
instructions! { extension "rv64a", after super::rv64m::END; }
