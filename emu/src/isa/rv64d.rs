//! To be written.
instructions! { extension "rv64d", after super::rv64f::END; }
