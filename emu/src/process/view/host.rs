//! What the host's own tools see: after an exec in place the host's kernel would go on to show the arguments that the emulator was started with.
//! It is told where the guest has its own (`PR_SET_MM_MAP` of prctl(2)). Where that is not allowed, nothing is lost but the sight of it.
//! And before the stack is shared that the host has put them on, it is told where there is a copy.

use std::ops::Range;
use std::sync::OnceLock;

use bytemuck::{Pod, Zeroable};

use crate::errno::Errno;
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
    let _ = tell(&map);
}

/// Has the host show what it shows of this process's arguments and environment from elsewhere than from `stack`, where it has put them; says whether
/// it does. Of a mapping that is shared it would show nothing.
pub(crate) fn keep_arguments(stack: &Range<usize>) -> bool {
    let keep = || {
        let mut map = (*OWN.get_or_init(own))?;
        let fields = fields()?;
        if !stack.contains(&(*fields.get(ARGS)? as usize)) {
            return Some(());
        }
        let [args, env] = ["cmdline", "environ"].map(|name| std::fs::read(format!("/proc/self/{name}")));
        let (args, env) = (args.ok()?, env.ok()?);
        let middle = args.len() as u64;
        let kept = [args, env].concat().leak();
        let (start, end) = (kept.as_ptr() as u64, kept.as_ptr_range().end as u64);
        map.brk[1] = call_at_once(libc::SYS_brk, [0; 6]).ok()?;
        (map.args, map.env) = ([start, start + middle], [start + middle, end]);
        tell(&map).ok().map(drop)
    };
    keep().is_some()
}

fn tell(map: &Map) -> Result<u64, Errno> {
    let (at, size) = (std::ptr::from_ref(map) as u64, size_of::<Map>() as u64);
    let args = [libc::PR_SET_MM as u64, libc::PR_SET_MM_MAP as u64, at, size, 0, 0];
    call_at_once(libc::SYS_prctl, args)
}

/// Where `arg_start` is among [`fields`].
const ARGS: usize = 48 - 3;

/// The fields of this process's entry from the third on, which is no number.
fn fields() -> Option<Vec<u64>> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields = text.rsplit_once(')')?.1.split_ascii_whitespace();
    Some(fields.map(|field| field.parse().unwrap_or(0)).collect())
}

fn own() -> Option<Map> {
    let fields = fields()?;
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
