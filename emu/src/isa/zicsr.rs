//! To be written.
instructions! { extension "zicsr", after super::rv64a::END; }
