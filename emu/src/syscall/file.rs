//! Files: the calls that need more than the host's call of the same name.

use std::os::unix::ffi::OsStringExt;

use bytemuck::Zeroable;

use super::args::{
    Addr, AnyFd, Arg, BAD_POINTER, Call, DirFd, Fd, Flags, In, InBuf, InVector, Int, IoVec, NewMode, Offset,
    Out, OutBuf, OutVector, Path, Size, Str, Word, host_pointer,
};
use super::layout::{OpenHow, Stat, Statfs, Statx};
use super::names::{
    AccessFlags, AccessMode, AtFlags, FsconfigCommand, OpenFlags, RwFlags, SpliceFlags, StatxMask, Whence,
};
use super::path::{FOLLOWED, FoundAt, FoundPath, LINK};
use super::{busy, host, userfault};
use crate::addr::GuestAddr;
use crate::errno::Errno;
use crate::process::view::{self, File, mem};
use crate::task::Task;

fn call(task: &Task) -> Call<'_> {
    Call { memory: &task.process.memory, raw: &[0; 6], result: None }
}

/// openat(2). The flags have the same bits on both sides.
pub fn openat(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<FOLLOWED>,
    flags: Flags<OpenFlags>,
    mode: NewMode<2>,
) -> Result<u64, Errno> {
    let raw = [dirfd.0 as u64, path.0.0, flags.0, u64::from(mode.0), 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    path.open(&task.process, &call, flags.0, |folder, path| {
        host::call(libc::SYS_openat, [folder, path, flags.0, u64::from(mode.0), 0, 0])
    })
}

/// openat2(2). The structure may be longer than the one we know: the kernel checks its tail.
pub fn openat2(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<FOLLOWED>,
    how: In<OpenHow>,
    size: Size,
) -> Result<u64, Errno> {
    // What the guest lets the path do, an absolute one above all, is the kernel's to judge.
    const JUDGED: u64 =
        libc::RESOLVE_NO_XDEV | libc::RESOLVE_NO_SYMLINKS | libc::RESOLVE_BENEATH | libc::RESOLVE_IN_ROOT;
    let raw = [dirfd.0 as u64, path.0.0, how.0.0, size.0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    let asked = how.get(call.memory).unwrap_or(OpenHow::zeroed());
    let how = host_pointer(call.memory, how.0, size.0);
    let open = |folder, path| host::call(libc::SYS_openat2, [folder, path, how, size.0, 0, 0]);
    if asked.resolve & JUDGED != 0 {
        return open(dirfd.host(&call), Path(path.0).host(&call));
    }
    // A flag that is an error here may not be one there.
    path.open(&task.process, &call, asked.flags | libc::O_CREAT as u64, open)
}

/// truncate(2).
pub fn truncate(task: &mut Task, path: FoundPath, length: Offset) -> Result<u64, Errno> {
    let path = path.host(&call(task));
    busy::check(libc::AT_FDCWD as u64, path, libc::O_WRONLY as u64)?;
    host::call(libc::SYS_truncate, [path, length.0 as u64, 0, 0, 0, 0])
}

/// chdir(2).
pub fn chdir(task: &mut Task, path: FoundPath) -> Result<u64, Errno> {
    let call = call(task);
    host::call(libc::SYS_chdir, [path.host(&call), 0, 0, 0, 0, 0])?;
    view::look_at_current_folder();
    Ok(0)
}

/// getdents64(2): entries look the same on both sides. Folders of /proc do not have what is the emulator's own.
pub fn getdents64(task: &mut Task, fd: Fd, entries: OutBuf<2>, count: Size) -> Result<u64, Errno> {
    let call = call(task);
    let buffer = host_pointer(call.memory, entries.0, u64::from(count.0 as u32));
    let read = || host::call(libc::SYS_getdents64, [fd.host(&call), buffer, count.0, 0, 0, 0]);
    let mut len = read()?;
    let Some(place) = view::of_descriptor(fd.0) else { return Ok(len) };
    while len != 0 {
        let mut shown = vec![0; len as usize];
        call.memory.read(entries.0, &mut shown)?;
        let left = view::without_ours(&place, &mut shown);
        call.memory.write(entries.0, &shown[..left])?;
        if left != 0 {
            return Ok(left as u64);
        }
        // None of these: 0 would be the folder's end.
        len = read()?;
    }
    Ok(0)
}

/// read(2).
pub fn read(task: &mut Task, fd: AnyFd, buf: OutBuf<2>, count: Size) -> Result<u64, Errno> {
    let call = call(task);
    let buffer = host_pointer(call.memory, buf.0, count.0);
    match mem::of(fd.0) {
        None if userfault::is(fd.0) => userfault::read(task, fd.0, &[IoVec { base: buf.0.0, len: count.0 }]),
        None => host::call(libc::SYS_read, [Fd(fd.0).host(&call), buffer, count.0, 0, 0, 0]),
        Some(shown) => shown.next(&task.process, libc::SYS_pread64, buffer, count.0),
    }
}

/// write(2).
pub fn write(task: &mut Task, fd: AnyFd, buf: InBuf<2>, count: Size) -> Result<u64, Errno> {
    let call = call(task);
    let buffer = host_pointer(call.memory, buf.0, count.0);
    match mem::of(fd.0) {
        None => host::call(libc::SYS_write, [Fd(fd.0).host(&call), buffer, count.0, 0, 0, 0]),
        Some(shown) => shown.next(&task.process, libc::SYS_pwrite64, buffer, count.0),
    }
}

/// pread64(2).
pub fn pread64(
    task: &mut Task,
    fd: AnyFd,
    buf: OutBuf<2>,
    count: Size,
    offset: Offset,
) -> Result<u64, Errno> {
    at_offset(task, libc::SYS_pread64, fd, buf.0, count, offset)
}

/// pwrite64(2).
pub fn pwrite64(
    task: &mut Task,
    fd: AnyFd,
    buf: InBuf<2>,
    count: Size,
    offset: Offset,
) -> Result<u64, Errno> {
    at_offset(task, libc::SYS_pwrite64, fd, buf.0, count, offset)
}

/// lseek(2).
pub fn lseek(task: &mut Task, fd: AnyFd, offset: Offset, whence: Flags<Whence>) -> Result<u64, Errno> {
    let host_fd = fd.host(&call(task));
    let seek = |offset, whence| host::call(libc::SYS_lseek, [host_fd, offset, whence, 0, 0, 0]);
    if mem::of(fd.0).is_none() {
        if offset.0 == 0 && whence.0 == libc::SEEK_SET as u64 {
            view::refresh(&task.process, host_fd);
        }
        if whence.0 >= libc::SEEK_END as u64
            && let Some(place) = view::seek_without_size(host_fd, offset.0, whence.0)
        {
            return seek(place?, libc::SEEK_SET as u64);
        }
    }
    seek(offset.0 as u64, whence.0)
}

/// Reads or writes at a place of a file, which may be a guest's memory.
fn at_offset(
    task: &Task,
    number: i64,
    fd: AnyFd,
    buf: GuestAddr,
    count: Size,
    offset: Offset,
) -> Result<u64, Errno> {
    let call = call(task);
    let buffer = host_pointer(call.memory, buf, count.0);
    match mem::of(fd.0) {
        None => {
            let fd = Fd(fd.0).host(&call);
            if offset.0 == 0 && number == libc::SYS_pread64 {
                view::refresh(&task.process, fd);
            }
            host::call(number, [fd, buffer, count.0, offset.0 as u64, 0, 0])
        }
        Some(shown) => shown.at(&task.process, number, buffer, count.0, offset.0),
    }
}

/// fstat(2).
pub fn fstat(task: &mut Task, fd: AnyFd, stat: Out<Stat>) -> Result<u64, Errno> {
    let mut host_stat = HostStat::zeroed();
    let call = call(task);
    let place = address_of(&mut host_stat);
    host::call(libc::SYS_fstat, [fd.host(&call), place, 0, 0, 0, 0])?;
    if host_stat.may_be_view()
        && let Some(file) = view::file_of(fd.host(&call))
    {
        // Of a process that has gone the view is all that is left.
        let _ = host::call(libc::SYS_stat, [file.as_ptr() as u64, place, 0, 0, 0, 0]);
    }
    stat.put(call.memory, &host_stat.guest())?;
    Ok(0)
}

/// fstatfs(2).
pub fn fstatfs(task: &mut Task, fd: Fd, buf: Out<Statfs>) -> Result<u64, Errno> {
    let call = call(task);
    let (fd, buf) = (fd.host(&call), buf.host(&call));
    match view::file_of(fd) {
        Some(_) => host::call(libc::SYS_statfs, [c"/proc".as_ptr() as u64, buf, 0, 0, 0, 0]),
        None => host::call(libc::SYS_fstatfs, [fd, buf, 0, 0, 0, 0]),
    }
}

/// newfstatat(2).
pub fn newfstatat(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<3>,
    stat: Out<Stat>,
    flags: Flags<AtFlags>,
) -> Result<u64, Errno> {
    let mut host_stat = HostStat::zeroed();
    let raw = [dirfd.0 as u64, path.0.0, stat.0.0, flags.0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    let place = address_of(&mut host_stat);
    path.on_file(&call, |folder, path, flag| {
        host::call(libc::SYS_newfstatat, [folder, path, place, flags.0 | flag, 0, 0])
    })?;
    if host_stat.may_be_view()
        && let Some(file) = path.shown_file(&call)
    {
        let _ = host::call(libc::SYS_stat, [file.as_ptr() as u64, place, 0, 0, 0, 0]);
    }
    stat.put(call.memory, &host_stat.guest())?;
    Ok(0)
}

/// statx(2).
pub fn statx(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<2>,
    flags: Flags<AtFlags>,
    mask: Flags<StatxMask>,
    buf: Out<Statx>,
) -> Result<u64, Errno> {
    let raw = [dirfd.0 as u64, path.0.0, flags.0, mask.0, buf.0.0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    let place = buf.host(&call);
    let ask =
        |folder, path, flag| host::call(libc::SYS_statx, [folder, path, flags.0 | flag, mask.0, place, 0]);
    let asked = path.on_file(&call, ask)?;
    let is_nameless = |stat: Statx| stat.nlink == 0 && u32::from(stat.mode) & libc::S_IFMT == libc::S_IFREG;
    if call.memory.get(buf.0).is_ok_and(is_nameless)
        && let Some(file) = path.shown_file(&call)
    {
        return ask(libc::AT_FDCWD as u64, file.as_ptr() as u64, 0).or(Ok(asked));
    }
    Ok(asked)
}

/// faccessat(2), which has no flags.
pub fn faccessat(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<FOLLOWED>,
    mode: Flags<AccessMode>,
) -> Result<u64, Errno> {
    let raw = [dirfd.0 as u64, path.0.0, mode.0, 0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    path.on_file(&call, |folder, path, flag| match flag {
        0 => host::call(libc::SYS_faccessat, [folder, path, mode.0, 0, 0, 0]),
        flag => host::call(libc::SYS_faccessat2, [folder, path, mode.0, flag, 0, 0]),
    })
}

/// faccessat2(2).
pub fn faccessat2(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<3>,
    mode: Flags<AccessMode>,
    flags: Flags<AccessFlags>,
) -> Result<u64, Errno> {
    let raw = [dirfd.0 as u64, path.0.0, mode.0, flags.0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    path.on_file(&call, |folder, path, flag| {
        host::call(libc::SYS_faccessat2, [folder, path, mode.0, flags.0 | flag, 0, 0])
    })
}

/// readlinkat(2). Links of /proc show the guest: its program, and the files that it has opened.
pub fn readlinkat(
    task: &mut Task,
    dirfd: DirFd,
    path: FoundAt<LINK>,
    buf: OutBuf<3>,
    size: Size,
) -> Result<u64, Errno> {
    let raw = [dirfd.0 as u64, path.0.0, buf.0.0, size.0, 0, 0];
    let call = Call { memory: &task.process.memory, raw: &raw, result: None };
    let room = u64::from(size.0 as u32);
    let Some(place) = path.view(&call) else {
        let buffer = host_pointer(call.memory, buf.0, room);
        return path.on_file(&call, |folder, path, flag| {
            match host::call(libc::SYS_readlinkat, [folder, path, buffer, room, 0, 0]) {
                // What Linux says of an open file that is no link.
                Err(Errno::ENOENT) if flag != 0 => Err(Errno::EINVAL),
                read => read,
            }
        });
    };
    if size.0 as i32 <= 0 {
        return Err(Errno::EINVAL);
    }
    // The host's link first: who may not read it gets the kernel's answer.
    let mut link = vec![0; libc::PATH_MAX as usize];
    let (to, most) = (link.as_mut_ptr() as u64, link.len() as u64);
    let args = [dirfd.host(&call), Path(path.0).host(&call), to, most, 0, 0];
    link.truncate(host::call(libc::SYS_readlinkat, args)? as usize);
    match place.file {
        File::Exe => {
            if let Some(exe) = view::program(&place)? {
                link = exe.into_os_string().into_vec();
            }
        }
        File::Descriptor(_) => link = view::shown_name(&link).unwrap_or(&link).to_vec(),
        _ => {}
    }
    link.truncate(room as usize);
    call.memory.write(buf.0, &link)?;
    Ok(link.len() as u64)
}

/// `struct stat` of x86-64, which a host call fills.
#[derive(Clone, Copy, bytemuck::Pod, Zeroable)]
#[repr(C)]
pub(super) struct HostStat {
    dev: u64,
    ino: u64,
    nlink: u64,
    mode: u32,
    uid: u32,
    gid: u32,
    pad: u32,
    rdev: u64,
    size: i64,
    blksize: i64,
    blocks: i64,
    times: [i64; 6],
    unused: [i64; 3],
}

const _: () = assert!(size_of::<HostStat>() == size_of::<libc::stat>());

impl HostStat {
    /// Whether it is a regular file that somebody may execute.
    pub(super) fn may_be_program(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFREG && self.mode & 0o111 != 0
    }

    /// Whether it is a regular file without a name, as the memory is in which views of /proc are.
    fn may_be_view(&self) -> bool {
        self.nlink == 0 && self.mode & libc::S_IFMT == libc::S_IFREG
    }

    /// What makes it this file.
    pub(super) fn identity(&self) -> (u64, u64) {
        (self.dev, self.ino)
    }

    fn guest(&self) -> Stat {
        let [atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec] = self.times;
        Stat {
            dev: self.dev,
            ino: self.ino,
            mode: self.mode,
            nlink: self.nlink as u32,
            uid: self.uid,
            gid: self.gid,
            rdev: self.rdev,
            size: self.size,
            blksize: self.blksize as i32,
            blocks: self.blocks,
            atime,
            atime_nsec: atime_nsec as u64,
            mtime,
            mtime_nsec: mtime_nsec as u64,
            ctime,
            ctime_nsec: ctime_nsec as u64,
            ..Stat::zeroed()
        }
    }
}

/// The address of something of ours that a host call fills.
fn address_of<T>(place: &mut T) -> u64 {
    std::ptr::from_mut(place) as u64
}

/// Makes one of the calls on scatter lists: the list is copied with its addresses moved into the window.
fn vectored<const OUT: bool>(
    task: &Task,
    number: i64,
    fd: Fd,
    iov: super::args::Vector<OUT, 2>,
    count: Size,
    rest: [u64; 3],
) -> Result<u64, Errno> {
    let call = call(task);
    let fd = fd.host(&call);
    let list: Vec<IoVec> = match iov.host_list(call.memory, count.0) {
        Ok(list) => list,
        // The kernel may find something else first.
        Err(errno) => {
            let args = [fd, BAD_POINTER, 1, rest[0], rest[1], rest[2]];
            return host::call_at_once(number, args).map_err(|first| earlier(first, errno));
        }
    };
    host::call(number, [fd, list.as_ptr() as u64, list.len() as u64, rest[0], rest[1], rest[2]])
}

/// Which of two errors the kernel would come to: what it says of a bad pointer, or, if it gets that far, what is wrong with what is there.
pub(super) fn earlier(first: Errno, ours: Errno) -> Errno {
    if first == Errno::EFAULT { ours } else { first }
}

/// readv(2).
pub fn readv(task: &mut Task, fd: Fd, iov: OutVector<2>, count: Size) -> Result<u64, Errno> {
    if userfault::is(fd.0) {
        return userfault::read(task, fd.0, &iov.guest_list(&task.process.memory, count.0)?);
    }
    vectored(task, libc::SYS_readv, fd, iov, count, [0; 3])
}

/// writev(2).
pub fn writev(task: &mut Task, fd: Fd, iov: InVector<2>, count: Size) -> Result<u64, Errno> {
    vectored(task, libc::SYS_writev, fd, iov, count, [0; 3])
}

/// preadv(2).
pub fn preadv(
    task: &mut Task,
    fd: Fd,
    iov: OutVector<2>,
    count: Size,
    low: Word,
    high: Word,
) -> Result<u64, Errno> {
    vectored(task, libc::SYS_preadv, fd, iov, count, [low.0, high.0, 0])
}

/// pwritev(2).
pub fn pwritev(
    task: &mut Task,
    fd: Fd,
    iov: InVector<2>,
    count: Size,
    low: Word,
    high: Word,
) -> Result<u64, Errno> {
    vectored(task, libc::SYS_pwritev, fd, iov, count, [low.0, high.0, 0])
}

/// preadv2(2).
pub fn preadv2(
    task: &mut Task,
    fd: Fd,
    iov: OutVector<2>,
    count: Size,
    low: Word,
    high: Word,
    flags: Flags<RwFlags>,
) -> Result<u64, Errno> {
    vectored(task, libc::SYS_preadv2, fd, iov, count, [low.0, high.0, flags.0])
}

/// pwritev2(2).
pub fn pwritev2(
    task: &mut Task,
    fd: Fd,
    iov: InVector<2>,
    count: Size,
    low: Word,
    high: Word,
    flags: Flags<RwFlags>,
) -> Result<u64, Errno> {
    vectored(task, libc::SYS_pwritev2, fd, iov, count, [low.0, high.0, flags.0])
}

/// vmsplice(2).
pub fn vmsplice(
    task: &mut Task,
    fd: Fd,
    iov: InVector<2>,
    count: Size,
    flags: Flags<SpliceFlags>,
) -> Result<u64, Errno> {
    vectored(task, libc::SYS_vmsplice, fd, iov, count, [flags.0, 0, 0])
}

/// fsconfig(2). The last argument is a length, a descriptor or a folder's, as the command says.
pub fn fsconfig(
    task: &mut Task,
    fd: Fd,
    command: Flags<FsconfigCommand>,
    key: Str,
    value: Addr,
    aux: Int,
) -> Result<u64, Errno> {
    const SET_BINARY: u64 = 2;
    let call = call(task);
    let (value, aux) = match command.0 {
        SET_BINARY => (host_pointer(call.memory, value.0, aux.0.max(0) as u64), aux.0 as u64),
        _ => (value.host(&call), Fd(aux.0).host(&call)),
    };
    host::call(libc::SYS_fsconfig, [fd.host(&call), command.0, key.host(&call), value, aux, 0])
}
