//! To be written.
instructions! { extension "rv64f", after super::zifencei::END; }
