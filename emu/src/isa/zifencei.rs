//! To be written.
instructions! { extension "zifencei", after super::zicsr::END; }
