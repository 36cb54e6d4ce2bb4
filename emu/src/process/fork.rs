//! `clone` and `clone3` as fork: the only place that makes host processes.
