//! What the host's own tools see: after an exec in place the host's kernel would go on to show the arguments that the emulator was started with.
//! It is told where the guest has its own (`PR_SET_MM_MAP` of prctl(2)). Where that is not allowed, nothing is lost but the sight of it.

use std::sync::OnceLock;

use bytemuck::{Pod, Zeroable};

use crate::loader::Image;
use crate::syscall::host::call_at_once;

/// `struct prctl_mm_map`.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Map {
    code: [u64; 2],
    data: [u64; 2],
    brk: [u64; 2],
    stack: u64,
    args: [u64; 2],
    env: [u64; 2],
    auxv: u64,
    auxv_size: u32,
    exe: u32,
}

/// What does not change, as this process's own entry of /proc tells it. A forked child has the same.
static OWN: OnceLock<Option<Map>> = OnceLock::new();

/// Shows a program that has been loaded into a window at this host address.
pub(super) fn show(image: &Image, base: u64) {
    let Some(mut map) = *OWN.get_or_init(own) else { return };
    let Ok(end) = call_at_once(libc::SYS_brk, [0; 6]) else { return };
    map.brk[1] = end;
    map.args = [image.args.0, image.args.1].map(|addr| base + addr.0);
    map.env = [image.env.0, image.env.1].map(|addr| base + addr.0);
    let (at, size) = (std::ptr::from_ref(&map) as u64, size_of::<Map>() as u64);
    let args = [libc::PR_SET_MM as u64, libc::PR_SET_MM_MAP as u64, at, size, 0, 0];
    let _ = call_at_once(libc::SYS_prctl, args);
}

fn own() -> Option<Map> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<u64> =
        text.rsplit_once(')')?.1.split_ascii_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
    let field = |number: usize| fields.get(number - 3).copied();
    Some(Map {
        code: [field(26)?, field(27)?],
        data: [field(45)?, field(46)?],
        brk: [field(47)?, 0],
        stack: field(28)?,
        exe: u32::MAX,
        ..Map::zeroed()
    })
}

const _: () = assert!(size_of::<Map>() == 104);
