//! A GDB remote stub for trees of processes.
