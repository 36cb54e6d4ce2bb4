#![allow(unsafe_code, reason = "a signal handler that recovers from faults, as the emulator's does")]

use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, FromRawFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use proptest::prelude::*;

use super::region::{Backing, FileId, RegionMap};
use super::*;
use crate::memory::map::flags as map_flags;

/// The part of the emulator's fault handler that this module needs.
fn survive_faults() {
    extern "C" fn handler(_: i32, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
        let context = context.cast::<libc::ucontext_t>();
        // SAFETY: the kernel passes a valid ucontext to an SA_SIGINFO handler.
        let rip = unsafe { &mut (*context).uc_mcontext.gregs[libc::REG_RIP as usize] };
        match access::recover(*rip as u64) {
            Some(fixup) => *rip = fixup as i64,
            None => std::process::abort(),
        }
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the handler only edits the context.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler as extern "C" fn(_, _, _) as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigaction(libc::SIGSEGV, &action, std::ptr::null_mut());
            libc::sigaction(libc::SIGBUS, &action, std::ptr::null_mut());
        }
    });
}

fn memory() -> Memory {
    survive_faults();
    Memory::reserve(SV39_BITS).unwrap()
}

fn rw(len: u64) -> Mapping {
    Mapping::anonymous(len, Prot::READ_WRITE)
}

/// A file in memory.
fn file(len: u64) -> std::fs::File {
    // SAFETY: the name is a string; the descriptor is new, and nobody else's.
    let file = unsafe { std::fs::File::from_raw_fd(libc::memfd_create(c"test".as_ptr(), 0)) };
    file.set_len(len).unwrap();
    file
}

#[test]
fn a_fresh_window_is_all_fault() {
    let memory = memory();
    for addr in [0, 0x1000, memory.size() - 8, memory.size() - 1, memory.size(), u64::MAX, u64::MAX - 7] {
        assert_eq!(memory.get::<u64>(GuestAddr(addr)), Err(Errno::EFAULT), "{addr:#x}");
        assert_eq!(memory.put(GuestAddr(addr), &0_u64), Err(Errno::EFAULT), "{addr:#x}");
    }
    assert_eq!(memory.classify(GuestAddr(0x1000), Access::Read), FaultKind::Unmapped);
}

#[test]
fn copies_of_every_length_and_a_fault_at_every_place() {
    let memory = memory();
    let page = memory.map(&rw(2 * PAGE)).unwrap();
    memory.unmap(page.offset(PAGE), PAGE).unwrap();
    let bytes: Vec<u8> = (0..700_u32).map(|n| n as u8 ^ 0x5a).collect();
    for len in (0..40).chain([255, 511, 512, 513, 700]) {
        let at = page.offset(PAGE - len as u64);
        memory.write(at, &bytes[..len]).unwrap();
        let mut back = vec![0; len];
        memory.read(at, &mut back).unwrap();
        assert_eq!(back, &bytes[..len]);
        if len > 0 {
            assert_eq!(memory.read(at.offset(1), &mut back), Err(Errno::EFAULT));
            assert_eq!(memory.write(at.offset(1), &bytes[..len]), Err(Errno::EFAULT));
        }
    }
}

#[test]
fn strings_end_at_their_nul_even_at_the_end_of_the_mapped() {
    let memory = memory();
    let page = memory.map(&rw(PAGE)).unwrap();
    memory.write(page.offset(PAGE - 6), b"hello\0").unwrap();
    assert_eq!(memory.read_cstr(page.offset(PAGE - 6), 4096).unwrap(), b"hello");
    assert_eq!(memory.read_cstr(page.offset(PAGE - 6), 5), Err(Errno::ENAMETOOLONG));
    memory.write(page.offset(PAGE - 1), b"x").unwrap();
    assert_eq!(memory.read_cstr(page.offset(PAGE - 6), 4096), Err(Errno::EFAULT));
}

#[test]
fn placement_is_top_down_and_takes_free_hints() {
    let memory = memory();
    let first = memory.map(&rw(PAGE)).unwrap();
    let second = memory.map(&rw(3 * PAGE)).unwrap();
    assert_eq!(second.0, first.0 - 3 * PAGE);
    let mut hint = rw(PAGE);
    hint.addr = GuestAddr(0x10_0000_0123);
    assert_eq!(memory.map(&hint).unwrap(), GuestAddr(0x10_0000_0000));
    assert_eq!(memory.map(&hint).unwrap().0, second.0 - PAGE, "a taken hint is dropped");
    hint.flags |= map_flags::FIXED_NOREPLACE;
    assert_eq!(memory.map(&hint), Err(Errno::EINVAL));
    hint.addr = GuestAddr(0x10_0000_0000);
    assert_eq!(memory.map(&hint), Err(Errno::EEXIST));
    assert_eq!(memory.map(&rw(u64::MAX)), Err(Errno::ENOMEM));
    assert_eq!(memory.map(&rw(1 << 38)), Err(Errno::ENOMEM));
    assert_eq!(memory.map(&rw(0)), Err(Errno::EINVAL));
    assert_eq!(memory.map(&rw(PAGE).at(GuestAddr(memory.size()))), Err(Errno::ENOMEM));
    assert_eq!(memory.map(&rw(PAGE).at(GuestAddr(0x1000))), Err(Errno::EPERM));
}

#[test]
fn protections_are_the_hosts_and_debuggers_pass_them() {
    let memory = memory();
    let page = memory.map(&rw(2 * PAGE)).unwrap();
    memory.put(page, &7_u32).unwrap();
    memory.protect(page, PAGE, Prot::NONE).unwrap();
    assert_eq!(memory.get::<u32>(page), Err(Errno::EFAULT));
    assert_eq!(memory.classify(page, Access::Read), FaultKind::Protection);
    let mut four = [0; 4];
    memory.peek(page, &mut four).unwrap();
    assert_eq!(four, [7, 0, 0, 0]);
    memory.poke(page, &[9]).unwrap();
    memory.protect(page, PAGE, Prot::EXEC).unwrap();
    assert!(memory.fetchable(page));
    assert_eq!(memory.get::<u32>(page), Ok(9));
    assert_eq!(memory.put(page, &1_u8), Err(Errno::EFAULT));
    assert_eq!(
        memory.peek(GuestAddr(0x5000), &mut four),
        Err(Errno::EFAULT),
        "the reservation is not memory"
    );
    assert_eq!(memory.peek(GuestAddr(u64::MAX), &mut four), Err(Errno::EFAULT));
    assert_eq!(memory.protect(page, 3 * PAGE, Prot::READ), Err(Errno::ENOMEM));
    assert_eq!(memory.protect(GuestAddr(page.0 + 1), PAGE, Prot::READ), Err(Errno::EINVAL));
    assert_eq!(memory.put(page.offset(PAGE), &1_u8), Err(Errno::EFAULT), "applied up to the hole");
    assert_eq!(memory.get::<u8>(page.offset(2 * PAGE)), Err(Errno::EFAULT), "a hole stays one");
}

#[test]
fn files_are_mapped_with_their_identity_and_end_in_a_bus_error() {
    let memory = memory();
    let file = std::fs::File::open("/proc/self/exe").unwrap();
    let len = file.metadata().unwrap().len();
    let mut request = rw(len + 2 * PAGE);
    request.flags = map_flags::PRIVATE;
    request.fd = file.as_raw_fd();
    let at = memory.map(&request).unwrap();
    assert_eq!(memory.get::<[u8; 4]>(at).unwrap(), *b"\x7fELF");
    let past = at.offset(len.next_multiple_of(PAGE));
    assert_eq!(memory.get::<u8>(past), Err(Errno::EFAULT));
    assert_eq!(memory.classify(past, Access::Read), FaultKind::PastEnd);
    let region = memory.region_at(at.offset(PAGE)).unwrap();
    let Backing::File { file: id, offset: 0 } = region.backing else { panic!("{region:?}") };
    assert_eq!(id.path, std::fs::read_link("/proc/self/exe").unwrap());
    request.fd = -1;
    assert_eq!(memory.map(&request), Err(Errno::EBADF));
    request.offset = 1;
    assert_eq!(memory.map(&request), Err(Errno::EINVAL));
}

#[test]
fn the_heap_grows_shrinks_and_stops_at_a_neighbour() {
    let memory = memory();
    memory.set_brk_start(GuestAddr(0x20_0010));
    let start = memory.brk(GuestAddr(0));
    assert_eq!(start, GuestAddr(0x20_1000));
    assert_eq!(memory.brk(start.offset(5)), start.offset(5));
    memory.put(start, &1_u8).unwrap();
    assert_eq!(memory.brk(start.offset(3 * PAGE)), start.offset(3 * PAGE));
    assert_eq!(memory.get::<u8>(start), Ok(1));
    assert_eq!(memory.brk(start), start);
    assert_eq!(memory.get::<u8>(start), Err(Errno::EFAULT));
    memory.map(&rw(PAGE).at(start.offset(8 * PAGE))).unwrap();
    assert_eq!(memory.brk(start.offset(7 * PAGE)), start.offset(7 * PAGE));
    assert_eq!(memory.brk(start.offset(8 * PAGE)), start.offset(7 * PAGE));
    assert_eq!(memory.brk(GuestAddr(u64::MAX)), start.offset(7 * PAGE));
    assert_eq!(memory.regions()[0].backing, Backing::Anonymous(Some("[heap]")));
}

#[test]
fn remap_grows_moves_and_shrinks() {
    let memory = memory();
    memory.map(&Mapping::anonymous(PAGE, Prot::READ)).unwrap();
    let at = memory.map(&rw(2 * PAGE)).unwrap();
    memory.put(at, &0x1234_u32).unwrap();
    let none = GuestAddr(0);
    assert_eq!(
        memory.remap(at, 2 * PAGE, 4 * PAGE, 0, none),
        Err(Errno::ENOMEM),
        "the space above is not ours"
    );
    let moved = memory.remap(at, 2 * PAGE, 4 * PAGE, 1, none);
    let moved = moved.unwrap();
    assert_ne!(moved, at);
    assert_eq!(memory.get::<u32>(moved), Ok(0x1234));
    assert_eq!(memory.get::<u32>(at), Err(Errno::EFAULT));
    memory.put(moved.offset(3 * PAGE), &5_u8).unwrap();
    assert_eq!(memory.remap(moved, 4 * PAGE, PAGE, 0, none), Ok(moved));
    assert_eq!(memory.remap(moved, PAGE, 3 * PAGE, 0, none), Ok(moved), "the room that it left");
    assert_eq!(memory.get::<u8>(moved.offset(2 * PAGE)), Ok(0));
    let to = GuestAddr(0x30_0000);
    assert_eq!(memory.remap(moved, 3 * PAGE, 3 * PAGE, 3, to), Ok(to));
    assert_eq!(memory.get::<u32>(to), Ok(0x1234));
    assert_eq!(memory.regions().len(), 2);
    assert_eq!(memory.remap(GuestAddr(0x90_0000), PAGE, 2 * PAGE, 1, none), Err(Errno::EFAULT));
    assert_eq!(memory.remap(to, 2 * PAGE, 2 * PAGE, 3, to.offset(PAGE)), Err(Errno::EINVAL));
}

#[test]
fn a_region_of_several_host_mappings_moves() {
    let memory = memory();
    let at = memory.map(&rw(2 * PAGE)).unwrap();
    memory.put(at, &3_u64).unwrap();
    memory.put(at.offset(PAGE), &4_u64).unwrap();
    // Advice that keeps the host from joining the two pages.
    memory.advise(at, PAGE, libc::MADV_WIPEONFORK).unwrap();
    let moved = memory.remap(at, 2 * PAGE, 3 * PAGE, 3, GuestAddr(0x30_0000)).unwrap();
    assert_eq!(memory.get::<u64>(moved), Ok(3));
    assert_eq!(memory.get::<u64>(moved.offset(PAGE)), Ok(4));
    assert_eq!(memory.get::<u64>(at), Err(Errno::EFAULT));
    assert_eq!(memory.regions().len(), 1);
}

#[test]
fn a_refused_mapping_leaves_no_hole() {
    let memory = memory();
    let at = memory.map(&rw(PAGE)).unwrap();
    let pipe = nix::unistd::pipe().unwrap();
    let mut request = rw(PAGE).at(at);
    request.flags = map_flags::PRIVATE | map_flags::FIXED;
    request.fd = pipe.0.as_raw_fd();
    assert_eq!(memory.map(&request), Err(Errno::ENODEV));
    let _ = memory.put(at, &1_u8);
    assert_eq!(memory.map(&rw(PAGE).at(at)), Ok(at));
    assert_eq!(memory.get::<u8>(at), Ok(0));
}

#[test]
fn shared_memory_keeps_its_bytes_when_it_moves() {
    let memory = memory();
    let mut request = rw(2 * PAGE);
    request.flags = map_flags::SHARED | map_flags::ANONYMOUS;
    let at = memory.map(&request).unwrap();
    memory.put(at, &77_u64).unwrap();
    let moved = memory.remap(at, 2 * PAGE, 3 * PAGE, 1, GuestAddr(0)).unwrap();
    assert_eq!(memory.get::<u64>(moved), Ok(77));
    assert!(memory.region_at(moved).unwrap().shared);
}

#[test]
fn shared_memory_is_mapped_once_more_or_grows_in_place() {
    let memory = memory();
    let file = file(4 * PAGE);
    let mut request = rw(2 * PAGE).at(GuestAddr(0x30_0000));
    request.flags = map_flags::SHARED | map_flags::FIXED;
    request.fd = file.as_raw_fd();
    let at = memory.map(&request).unwrap();
    memory.put(at.offset(PAGE), &5_u64).unwrap();
    assert_eq!(memory.remap(at, 2 * PAGE, 4 * PAGE, 0, GuestAddr(0)), Ok(at));
    memory.put(at.offset(3 * PAGE), &6_u64).unwrap();
    let second = memory.remap(at.offset(PAGE), 0, 3 * PAGE, 1, GuestAddr(0)).unwrap();
    assert_eq!((memory.get::<u64>(second), memory.get::<u64>(second.offset(2 * PAGE))), (Ok(5), Ok(6)));
    memory.put(second, &7_u64).unwrap();
    assert_eq!(memory.get::<u64>(at.offset(PAGE)), Ok(7));
    let Backing::File { offset, .. } = memory.region_at(second).unwrap().backing else { panic!() };
    assert_eq!(offset, PAGE);
    assert_eq!(memory.remap(at, 0, PAGE, 0, GuestAddr(0)), Err(Errno::ENOMEM));
    let private = memory.map(&rw(PAGE)).unwrap();
    assert_eq!(memory.remap(private, 0, PAGE, 1, GuestAddr(0)), Err(Errno::EINVAL));
}

#[test]
fn a_private_file_mapping_grows_by_moving() {
    let memory = memory();
    let file = file(4 * PAGE);
    let mut request = rw(PAGE).at(GuestAddr(0x30_0000));
    request.flags = map_flags::PRIVATE | map_flags::FIXED;
    request.fd = file.as_raw_fd();
    let at = memory.map(&request).unwrap();
    memory.put(at, &1_u64).unwrap();
    let moved = memory.remap(at, PAGE, 3 * PAGE, 1, GuestAddr(0)).unwrap();
    assert_eq!((memory.get::<u64>(moved), memory.get::<u64>(moved.offset(2 * PAGE))), (Ok(1), Ok(0)));
    assert_eq!(memory.get::<u64>(at), Err(Errno::EFAULT));
}

#[test]
fn a_mapping_moves_and_leaves_zeroes_behind() {
    const KEEP: u64 = 1 | 4;
    let memory = memory();
    let at = memory.map(&rw(2 * PAGE)).unwrap();
    memory.put(at, &3_u64).unwrap();
    memory.put(at.offset(PAGE), &4_u64).unwrap();
    memory.advise(at, PAGE, libc::MADV_WIPEONFORK).unwrap();
    let moved = memory.remap(at, 2 * PAGE, 2 * PAGE, KEEP, GuestAddr(0)).unwrap();
    assert_eq!((memory.get::<u64>(moved), memory.get::<u64>(moved.offset(PAGE))), (Ok(3), Ok(4)));
    assert_eq!((memory.get::<u64>(at), memory.get::<u64>(at.offset(PAGE))), (Ok(0), Ok(0)));
    memory.put(at, &5_u64).unwrap();
    assert_eq!(memory.remap(at, PAGE, 2 * PAGE, KEEP, GuestAddr(0)), Err(Errno::EINVAL));
    assert_eq!(memory.remap(at, PAGE, PAGE, 4, GuestAddr(0)), Err(Errno::EINVAL));
}

/// Mappings of the emulator's own must never come to lie in the window, however briefly a place in it is free.
#[test]
fn nothing_slips_into_the_window() {
    let memory = memory();
    let window = memory.base() as u64..memory.base() as u64 + memory.size();
    let file = file(64 * PAGE);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for pages in [1, 2, 5] {
            let (done, window) = (&done, window.clone());
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let len = pages * PAGE as usize;
                    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                    // SAFETY: a new mapping, unmapped at once.
                    unsafe {
                        let at = libc::mmap(std::ptr::null_mut(), len, libc::PROT_NONE, flags, -1, 0);
                        assert!(at != libc::MAP_FAILED && !window.contains(&(at as u64)));
                        libc::munmap(at, len);
                    }
                }
            });
        }
        for round in 0..500_u64 {
            let mut request = rw(2 * PAGE).at(GuestAddr(0x30_0000));
            request.flags = map_flags::FIXED;
            match round % 3 {
                0 => request.flags |= map_flags::PRIVATE | map_flags::ANONYMOUS,
                1 => request.flags |= map_flags::PRIVATE,
                _ => request.flags |= map_flags::SHARED,
            }
            request.fd = if round % 3 == 0 { -1 } else { file.as_raw_fd() };
            let at = memory.map(&request).unwrap();
            memory.put(at, &round).unwrap();
            let at = memory.remap(at, 2 * PAGE, 5 * PAGE, 1, GuestAddr(0)).unwrap();
            let at = memory.remap(at, 5 * PAGE, 5 * PAGE, 3, GuestAddr(0x50_0000)).unwrap();
            let at = memory.remap(at, 5 * PAGE, 9 * PAGE, 3, GuestAddr(0x90_0000)).unwrap();
            assert_eq!(memory.get::<u64>(at), Ok(round));
            memory.unmap(at, 9 * PAGE).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(memory.regions().is_empty());
}

#[test]
fn changed_code_is_reported_and_data_is_not() {
    let memory = memory();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    memory.observe_code(Box::new(move |addr, len| log.lock().unwrap().push((addr, len))));
    let data = memory.map(&rw(PAGE)).unwrap();
    memory.unmap(data, PAGE).unwrap();
    assert!(seen.lock().unwrap().is_empty());
    let code = memory.map(&Mapping::anonymous(2 * PAGE, Prot::READ_EXEC)).unwrap();
    memory.protect(code, PAGE, Prot::READ).unwrap();
    memory.poke(code.offset(PAGE), &[0x13]).unwrap();
    memory.unmap(code, 2 * PAGE).unwrap();
    let want = [(code, 2 * PAGE), (code, PAGE), (code.offset(PAGE), 1), (code, 2 * PAGE)];
    assert_eq!(*seen.lock().unwrap(), want);
}

#[test]
fn advice_reaches_the_pages() {
    let memory = memory();
    let at = memory.map(&rw(2 * PAGE)).unwrap();
    memory.put(at, &1_u8).unwrap();
    memory.advise(at, PAGE, libc::MADV_DONTNEED).unwrap();
    assert_eq!(memory.get::<u8>(at), Ok(0));
    memory.unmap(at.offset(PAGE), PAGE).unwrap();
    assert_eq!(memory.advise(at, 2 * PAGE, libc::MADV_DONTNEED), Err(Errno::ENOMEM));
    assert_eq!(memory.advise(at, PAGE, libc::MADV_HWPOISON), Err(Errno::EINVAL));
    assert_eq!(memory.advise(at, PAGE, 12345), Err(Errno::EINVAL));
}

#[test]
fn a_region_grows_down_to_a_fault_within_its_limits() {
    let memory = memory();
    let top = GuestAddr(0x4000_0000);
    let mut request = rw(PAGE).at(top);
    request.flags |= map_flags::GROWSDOWN;
    memory.map(&request).unwrap();
    assert!(!memory.grow_down(top.offset(2 * PAGE)), "above it");
    assert!(memory.grow_down(GuestAddr(top.0 - 3 * PAGE - 1)));
    let region = memory.region_at(top).unwrap();
    assert_eq!((region.start.0, region.len), (top.0 - 4 * PAGE, 5 * PAGE));
    memory.put(GuestAddr(top.0 - 9 * PAGE - 4), &7_u64).unwrap();
    assert_eq!(memory.region_at(top).unwrap().len, 11 * PAGE);
    memory.host_range(GuestAddr(top.0 - 12 * PAGE), 8).unwrap();
    assert_eq!(memory.region_at(top).unwrap().len, 13 * PAGE);
    memory.set_bounds(Bounds { stack: 20 * PAGE, ..memory.bounds() });
    assert!(!memory.grow_down(GuestAddr(top.0 - 20 * PAGE)));
    memory.set_bounds(Bounds { stack: u64::MAX, ..memory.bounds() });
    memory.map(&Mapping::anonymous(PAGE, Prot::READ).at(GuestAddr(top.0 - (2 << 20)))).unwrap();
    assert!(
        !memory.grow_down(GuestAddr(top.0 - (1 << 20) - PAGE)),
        "nearer to a neighbour than the kernel lets it"
    );
    assert!(memory.grow_down(GuestAddr(top.0 - (1 << 20) + PAGE)));
    assert!(memory.map(&rw(PAGE)).unwrap().0 > top.0);
}

#[test]
fn a_raised_limit_extends_the_stack() {
    let memory = memory();
    memory.set_stack_limit(8 << 20);
    let start = GuestAddr(memory.stack_top().0 - (8 << 20));
    let mut request = rw(8 << 20).at(start).named("[stack]");
    request.flags |= map_flags::GROWSDOWN;
    memory.map(&request).unwrap();
    memory.set_bounds(Bounds { address_space: 1 << 30, ..memory.bounds() });
    assert_eq!(memory.region_at(start).unwrap().len, 8 << 20);
    memory.set_bounds(Bounds { stack: 32 << 20, ..memory.bounds() });
    assert_eq!(memory.region_at(start).unwrap().len, 32 << 20);
    memory.set_bounds(Bounds { stack: u64::MAX, ..memory.bounds() });
    assert!(memory.region_at(start).unwrap().start.0 > memory.mapping_base().0);
}

#[test]
fn limits_count_what_is_mapped_and_what_is_data() {
    let memory = memory();
    memory.set_brk_start(GuestAddr(0x20_0000));
    memory.set_bounds(Bounds { address_space: 100 * PAGE, data: 50 * PAGE, ..memory.bounds() });
    let constant = memory.map(&Mapping::anonymous(60 * PAGE, Prot::READ)).unwrap();
    assert_eq!(memory.map(&Mapping::anonymous(41 * PAGE, Prot::READ)), Err(Errno::ENOMEM));
    assert_eq!(memory.protect(constant, 60 * PAGE, Prot::READ_WRITE), Err(Errno::ENOMEM));
    memory.protect(constant, 30 * PAGE, Prot::READ_WRITE).unwrap();
    assert_eq!(memory.map(&rw(21 * PAGE)), Err(Errno::ENOMEM));
    // In the place of as much, as in the kernel.
    memory.map(&rw(60 * PAGE).at(constant)).unwrap();
    assert_eq!(memory.brk(GuestAddr(0x20_0000 + 1)), GuestAddr(0x20_0000));
    memory.unmap(constant, 60 * PAGE).unwrap();
    assert_eq!(memory.brk(GuestAddr(0x20_0000 + 1)), GuestAddr(0x20_0001));
    assert_eq!(memory.used(), PAGE);
}

#[test]
fn what_is_sealed_stays() {
    let memory = memory();
    let at = memory.map(&rw(3 * PAGE)).unwrap();
    assert_eq!(memory.seal(at, 4 * PAGE), Err(Errno::ENOMEM));
    memory.seal(at, PAGE).unwrap();
    assert_eq!(memory.unmap(at, 3 * PAGE), Err(Errno::EPERM));
    assert_eq!(memory.protect(at, PAGE, Prot::READ), Err(Errno::EPERM));
    assert_eq!(memory.remap(at, PAGE, 2 * PAGE, 1, GuestAddr(0)), Err(Errno::EPERM));
    assert_eq!(memory.map(&rw(PAGE).at(at)), Err(Errno::EPERM));
    assert_eq!(memory.remap(at.offset(PAGE), PAGE, PAGE, 3, at), Err(Errno::EPERM));
    assert_eq!(memory.regions().len(), 2);
    memory.unmap(at.offset(PAGE), 2 * PAGE).unwrap();
}

#[test]
fn a_child_gets_no_page_that_is_kept_back() {
    let memory = memory();
    let at = memory.map(&rw(3 * PAGE)).unwrap();
    memory.advise(at, 2 * PAGE, libc::MADV_DONTFORK).unwrap();
    memory.advise(at, PAGE, libc::MADV_DOFORK).unwrap();
    memory.forked();
    assert_eq!(memory.get::<u8>(at), Ok(0));
    assert_eq!(memory.get::<u8>(at.offset(PAGE)), Err(Errno::EFAULT));
    assert_eq!(memory.get::<u8>(at.offset(2 * PAGE)), Ok(0));
}

/// The same books kept page by page.
#[derive(Default)]
struct Pages(BTreeMap<u64, (Prot, u64, u64)>);

#[derive(Clone, Debug)]
enum Step {
    Insert(u64, u64, u8, u64),
    Remove(u64, u64),
    Protect(u64, u64, u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..40_u64, 1..12_u64, 0..8_u8, 0..3_u64).prop_map(|(s, l, p, f)| Step::Insert(s, l, p, f)),
        (0..40_u64, 1..12_u64).prop_map(|(s, l)| Step::Remove(s, l)),
        (0..40_u64, 1..12_u64, 0..8_u8).prop_map(|(s, l, p)| Step::Protect(s, l, p)),
    ]
}

fn backing(inode: u64, offset: u64) -> Backing {
    match inode {
        0 => Backing::Anonymous(None),
        _ => Backing::File {
            file: Arc::new(FileId { path: "f".into(), dev: 0, inode, version: None }),
            offset,
        },
    }
}

proptest! {
    #[test]
    fn the_map_agrees_with_one_entry_per_page(steps in prop::collection::vec(step(), 1..40)) {
        let mut map = RegionMap::default();
        let mut pages = Pages::default();
        for step in steps {
            match step {
                Step::Insert(start, len, prot, inode) => {
                    let region = Region {
                        start: GuestAddr(start * PAGE), len: len * PAGE, prot: Prot(prot), shared: false,
                        backing: backing(inode, start * PAGE), marks: Marks::NONE,
                    };
                    map.insert(region);
                    pages.0.extend((start..start + len).map(|page| (page, (Prot(prot), inode, page * PAGE))));
                }
                Step::Remove(start, len) => {
                    map.remove(start * PAGE, len * PAGE);
                    pages.0.retain(|page, _| !(start..start + len).contains(page));
                }
                Step::Protect(start, len, prot) => {
                    let done = map.update(start * PAGE, len * PAGE, |region| region.prot = Prot(prot));
                    let until = (start..start + len).find(|page| !pages.0.contains_key(page));
                    prop_assert_eq!(done.is_ok(), until.is_none());
                    for page in start..until.unwrap_or(start + len) {
                        pages.0.get_mut(&page).unwrap().0 = Prot(prot);
                    }
                }
            }
            let regions: Vec<&Region> = map.iter().collect();
            for pair in regions.windows(2) {
                prop_assert!(pair[0].end() <= pair[1].start.0);
                let joined = pair[0].end() == pair[1].start.0 && pair[0].prot == pair[1].prot
                    && match (&pair[0].backing, &pair[1].backing) {
                        (Backing::Anonymous(_), Backing::Anonymous(_)) => true,
                        (Backing::File { file: a, .. }, Backing::File { file: b, .. }) => a == b,
                        _ => false,
                    };
                prop_assert!(!joined, "not joined: {:?}", pair);
            }
            for page in 0..60 {
                let found = map.find(page * PAGE + 5).map(|region| {
                    let (inode, offset) = match &region.backing {
                        Backing::Anonymous(_) => (0, page * PAGE),
                        Backing::File { file, offset } => (file.inode, offset + page * PAGE - region.start.0),
                    };
                    (region.prot, inode, offset)
                });
                prop_assert_eq!(found, pages.0.get(&page).copied());
            }
            for (start, len) in [(0, 60), (5, 3), (17, 9)] {
                let mapped = (start..start + len).filter(|page| pages.0.contains_key(page)).count() as u64;
                prop_assert_eq!(map.covers(start * PAGE, len * PAGE), mapped == len);
                prop_assert_eq!(map.is_free(start * PAGE, len * PAGE), mapped == 0);
                let gap = (start..=60 - len).rev().find(|&at| (at..at + len).all(|page| !pages.0.contains_key(&page)));
                prop_assert_eq!(map.highest_gap(len * PAGE, start * PAGE, 60 * PAGE), gap.map(|page| page * PAGE));
            }
        }
    }
}
