//! The host's numbers of system calls: libc's, and those that it does not have yet (include/uapi/asm-generic/unistd.h; since 424 all
//! architectures share them).

#![allow(missing_docs, non_upper_case_globals, reason = "the names are the calls'")]

pub use libc::*;

pub const SYS_io_pgetevents: i64 = 333;
pub const SYS_cachestat: i64 = 451;
pub const SYS_futex_wake: i64 = 454;
pub const SYS_futex_wait: i64 = 455;
pub const SYS_futex_requeue: i64 = 456;
pub const SYS_statmount: i64 = 457;
pub const SYS_listmount: i64 = 458;
pub const SYS_lsm_get_self_attr: i64 = 459;
pub const SYS_lsm_set_self_attr: i64 = 460;
pub const SYS_lsm_list_modules: i64 = 461;
pub const SYS_setxattrat: i64 = 463;
pub const SYS_getxattrat: i64 = 464;
pub const SYS_listxattrat: i64 = 465;
pub const SYS_removexattrat: i64 = 466;
pub const SYS_open_tree_attr: i64 = 467;
pub const SYS_file_getattr: i64 = 468;
pub const SYS_file_setattr: i64 = 469;
