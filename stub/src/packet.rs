//! The packets, in one table: dispatch, the answer to `qSupported` and `docs/packets.md` come from it.

use std::fmt::Write;

use crate::handler::{
    Reply, breakpoint, catch, detach, file, handshake, launch, machine, memory, monitor, non_stop, region,
    register, resume, thread, tls, trace, trace_frame, xfer,
};
use crate::server::Session;

/// The longest packet that is announced to gdb.
pub const SIZE: usize = 0x40000;

/// A kind of packet.
pub struct Row {
    /// Its name, matched exactly.
    pub name: &'static str,
    /// What follows it, in the manual's words; the first character, if it is punctuation, separates it from the name. Empty:
    /// nothing may follow.
    pub arguments: &'static str,
    /// Under which heading it belongs.
    pub capability: &'static str,
    /// What `qSupported` says of it.
    pub feature: Option<&'static str>,
    /// One line.
    pub doc: &'static str,
    handler: fn(&mut Session, &[u8]) -> Reply,
}

macro_rules! packets {
    ($($capability:literal { $($name:literal $arguments:literal $([$feature:literal])? = $handler:path, $doc:literal;)* })*) => {
        /// All packets that are understood. Others get the empty reply.
        pub const TABLE: &[Row] = &[$($(Row {
            name: $name,
            arguments: $arguments,
            capability: $capability,
            feature: packets!(@ $($feature)?),
            doc: $doc,
            handler: $handler,
        },)*)*];
    };
    (@) => { None };
    (@ $feature:literal) => { Some($feature) };
}

packets! {
    "handshake" {
        "qSupported" ":features" = handshake::supported, "exchanges features";
        "QStartNoAckMode" "" ["QStartNoAckMode+"] = handshake::no_ack, "ends acknowledgements";
        "vMustReplyEmpty" "" = handshake::empty, "makes sure that unknown packets get the empty reply";
        "QThreadSuffixSupported" "" = handshake::thread_suffix, "LLDB: packets about registers name their thread; signals have Linux's numbers";
        "QListThreadsInStopReply" "" = handshake::list_threads, "LLDB: stop replies list all threads";
        "QEnableErrorStrings" "" = handshake::error_strings, "LLDB: errors come with a text";
        "qHostInfo" "" = machine::host, "LLDB: describes the machine that the guest believes to run on";
        "qProcessInfo" "" = machine::process, "LLDB: describes the selected process";
        "qGDBServerVersion" "" = machine::server, "LLDB: says who this is";
        "qSymbol" ":value:name" = handshake::no_symbols, "gdb offers to look symbols up; none is wanted";
    }
    "threads" {
        "H" "op thread-id" = thread::select, "selects the thread for later packets, of any process";
        "T" "thread-id" = thread::alive, "asks whether a thread is there";
        "qC" "" = thread::current, "asks for the selected thread";
        "qAttached" ":pid" = thread::attached, "asks whether gdb should detach, rather than kill, when it leaves: yes if the process ran before gdb came";
        "qfThreadInfo" "" = thread::first_list, "lists all threads of all processes";
        "qsThreadInfo" "" = thread::rest_of_list, "goes on with the list: it was complete";
        "qThreadExtraInfo" ",thread-id" = thread::extra, "asks for a thread's name";
        "jThreadsInfo" "" = thread::json, "LLDB: lists all threads of the selected process with their stops and vital registers, as JSON";
        "QThreadEvents" ":value" ["QThreadEvents+"] = thread::events, "sets whether threads that come and go are told as stops";
        "QThreadOptions" ";options[:thread-id]…" ["QThreadOptions=3"] = thread::options, "sets of which threads gdb hears that they have made a thread, before that runs (1), and that they end (2)";
        "qGetTLSAddr" ":thread-id,offset,lm" = tls::address, "locates a thread-local variable";
    }
    "registers" {
        "g" "[;thread:id;]" = register::read_all, "reads all registers";
        "G" "values[;thread:id;]" = register::write_all, "writes all registers";
        "p" "n[;thread:id;]" = register::read, "reads one register";
        "P" "n=value[;thread:id;]" = register::write, "writes one register";
        "QSaveRegisterState" "[;thread:id;]" = register::save, "LLDB: keeps all registers under a number";
        "QRestoreRegisterState" ":n[;thread:id;]" = register::restore, "LLDB: writes back what was kept";
    }
    "memory" {
        "m" "addr,length" = memory::read, "reads memory";
        "M" "addr,length:bytes" = memory::write, "writes memory";
        "x" "addr,length" ["binary-upload+"] = memory::read_binary, "reads memory, the reply in binary";
        "X" "addr,length:data" = memory::write_binary, "writes memory, from binary";
        "qSearch:memory" ":addr;length;pattern" = memory::search, "looks for bytes";
        "qCRC" ":addr,length" = memory::checksum, "computes the CRC-32 of memory, to compare it with a file";
        "qMemoryRegionInfo" ":addr" = region::describe, "LLDB: describes the range around an address";
        "_M" "length,permissions" = region::allocate, "LLDB: maps fresh memory in the guest";
        "_m" "addr" = region::deallocate, "LLDB: gives it back";
    }
    "breakpoints" {
        "Z0" ",addr,kind[;conditions][;cmds:commands]" ["swbreak+"] = breakpoint::insert, "inserts a software breakpoint; guest memory does not change, conditions and commands are evaluated in the process";
        "z0" ",addr,kind" = breakpoint::remove, "removes it";
        "Z1" ",addr,kind[;conditions][;cmds:commands]" ["hwbreak+"] = breakpoint::insert_hardware, "inserts a hardware breakpoint: the same thing here, but the stop is told as one";
        "z1" ",addr,kind" = breakpoint::remove_hardware, "removes it";
        "Z2" ",addr,length" = breakpoint::watch_writes, "inserts a watchpoint for accesses that write; any address and length";
        "z2" ",addr,length" = breakpoint::unwatch_writes, "removes it";
        "Z3" ",addr,length" = breakpoint::watch_reads, "inserts one for accesses that read";
        "z3" ",addr,length" = breakpoint::unwatch_reads, "removes it";
        "Z4" ",addr,length" = breakpoint::watch_all, "inserts one for both";
        "z4" ",addr,length" = breakpoint::unwatch_all, "removes it";
    }
    "tracepoints" {
        "QTinit" "" = trace::init, "forgets all tracepoints, and what they have collected";
        "QTDP" ":[-]n:addr:…[-]" ["ConditionalTracepoints+"] = trace::define, "defines a tracepoint: its place, condition, and what it collects, evaluated in the process without a stop; fast and static ones are not there";
        "QTDPsrc" ":n:addr:type:start:slen:bytes" ["TracepointSource+"] = trace::source, "keeps what the user has written, for the next gdb";
        "QTDV" ":n:value:builtin:name" ["TraceStateVariables+"] = trace::variable, "defines a trace state variable";
        "QTEnable" ":n:addr" ["EnableDisableTracepoints+"] = trace::enable, "lets a tracepoint collect, also while it is traced";
        "QTDisable" ":n:addr" = trace::disable, "lets it pass";
        "QTro" ":start,end:…" = trace::constant, "names memory that does not change and is not collected";
        "QTBuffer" ":circular:value | :size:size" ["QTBuffer:size+"] = trace::set_buffer, "sets how much is kept, and whether the oldest goes when that is full";
        "QTNotes" ":user:text;notes:text;tstop:text" = trace::notes, "keeps notes on the run, in hexadecimal";
        "QTDisconnected" ":value" ["DisconnectedTracing+"] = trace::disconnected, "sets whether tracing goes on without gdb";
        "QTStart" "" ["InstallInTrace+"] = trace::start, "traces the selected process, and not the children that it forks";
        "QTStop" "" = trace::stop, "ends that";
        "qTStatus" "" ["tracenz+"] = trace::status, "asks whether it traces, why not, and how much it has collected";
        "qTP" ":n:addr" = trace::passes, "asks how often a tracepoint has collected, and how much";
        "qTfP" "" = trace::first_definition, "lists the definitions of tracepoints";
        "qTsP" "" = trace::rest, "goes on with the list";
        "qTfV" "" = trace::first_variable, "lists the definitions of variables";
        "qTsV" "" = trace::rest, "goes on with the list";
        "qTV" ":n" = trace::value, "asks for a variable's value";
        "QTFrame" ":n | :pc:addr | :tdp:n | :range:start:end | :outside:start:end" = trace_frame::select, "selects what was collected at a time, for `g`, `p`, `m`, `x` and `qTV`; ffffffff: the process again";
        "qTBuffer" ":offset,length" = trace_frame::buffer, "reads all that was collected, in the format of gdb's trace files";
        "qTMinFTPILen" "" = trace::no_fast, "asks for the shortest instruction that a fast tracepoint fits on";
        "qTfSTM" "" = trace::no_markers, "lists the markers of static tracepoints: there are none";
        "qTsSTM" "" = trace::no_markers, "goes on with the list";
    }
    "execution" {
        "?" "" = resume::why, "asks why the threads are stopped";
        "vCont" ";actions" = resume::actions, "lets threads go on: c, C, s, S, t, r; the first action that names a thread counts";
        "vCont?" "" ["vContSupported+"] = resume::supported, "asks which actions there are";
        "QNonStop" ":value" ["QNonStop+"] = non_stop::set, "sets whether each thread stops by itself, and is told by the notification `%Stop`";
        "vStopped" "" = non_stop::acknowledge, "acknowledges the last of these, and asks for the next";
        "vCtrlC" "" = non_stop::interrupt, "in non-stop: stops a thread as ^C would";
        "c" "[addr]" = resume::go, "continues the selected thread's process";
        "C" "sig[;addr]" = resume::go_with_signal, "the same, with a signal";
        "s" "[addr]" = resume::step, "steps the selected thread";
        "S" "sig[;addr]" = resume::step_with_signal, "the same, with a signal";
    }
    "leaving" {
        "D" "[;pid]" = detach::detach, "lets one process, or all, run free: nothing of the debugger's stays behind in it";
        "k" "" = detach::kill_all, "kills all processes";
        "vKill" ";pid" = detach::kill, "kills one process";
    }
    "starting and attaching" {
        "!" "" = launch::extended, "the connection outlives the processes: extended-remote";
        "vRun" ";file;argument…" = launch::run, "starts a program, stopped at its first instruction; no file: the one of the command line. To a gdb that knows `single-inf-arg` the arguments are one, which a shell splits";
        "qExecAndArgs" "" = launch::command_line, "asks for the program of the command line, and its arguments";
        "vAttach" ";pid" = launch::attach, "attaches to a process of the emulator's, whoever started it, that nobody debugs";
        "R" "[unused]" = launch::restart, "kills all processes and starts the last program again";
        "QEnvironmentHexEncoded" ":name=value" ["QEnvironmentHexEncoded+"] = launch::set_variable, "sets a variable for programs that vRun starts";
        "QEnvironmentUnset" ":name" ["QEnvironmentUnset+"] = launch::unset_variable, "unsets one";
        "QEnvironmentReset" "" ["QEnvironmentReset+"] = launch::reset_environment, "takes these changes back";
        "QSetWorkingDir" ":[path]" ["QSetWorkingDir+"] = launch::set_dir, "sets where vRun starts programs; no path: where the server is";
        "QStartupWithShell" ":value" ["QStartupWithShell+"] = launch::with_shell, "sets whether a shell splits the arguments, expands and redirects; without it quotes and backslashes count";
        "QDisableRandomization" ":value" ["QDisableRandomization+"] = launch::no_randomization, "asks for the same addresses each time: the guest's always are";
    }
    "catching" {
        "QCatchSyscalls" ":value" ["QCatchSyscalls+"] = catch::syscalls, "sets the system calls that stop at entry and return";
        "QPassSignals" ":signals" ["QPassSignals+"] = catch::pass_signals, "sets the signals that are delivered without a stop";
        "QProgramSignals" ":signals" ["QProgramSignals+"] = catch::program_signals, "sets the signals that may be delivered; vCont decides anyway";
    }
    "objects" {
        "qXfer:traceframe-info:read" "::offset,length" ["qXfer:traceframe-info:read+"] = trace_frame::info, "the ranges and variables that the selected trace frame has";
        "qXfer:features:read" ":annex:offset,length" ["qXfer:features:read+"] = xfer::features, "reads the target description";
        "qXfer:auxv:read" "::offset,length" ["qXfer:auxv:read+"] = xfer::auxv, "reads the auxiliary vector";
        "qXfer:libraries-svr4:read" ":annex:offset,length" ["qXfer:libraries-svr4:read+"] = xfer::libraries, "reads the list of shared libraries, which gdb would otherwise gather from memory";
        "qXfer:exec-file:read" ":pid:offset,length" ["qXfer:exec-file:read+"] = xfer::exec_file, "reads the executable's name";
        "qXfer:threads:read" "::offset,length" ["qXfer:threads:read+"] = xfer::threads, "reads the list of threads, with names";
        "qXfer:osdata:read" ":annex:offset,length" ["qXfer:osdata:read+"] = xfer::osdata, "reads a table of the operating system's, for `info os`";
        "qXfer:siginfo:read" "::offset,length" ["qXfer:siginfo:read+"] = xfer::siginfo, "reads the siginfo of the signal that stopped the thread";
        "qXfer:siginfo:write" "::offset:data" ["qXfer:siginfo:write+"] = xfer::set_siginfo, "changes it";
    }
    "files" {
        "vFile:setfs" ":pid" = file::setfs, "selects the process whose view of files counts; 0: the selected one";
        "vFile:open" ":name,flags,mode" = file::open, "opens a file; /proc/PID/maps and its like show the guest";
        "vFile:close" ":fd" = file::close, "closes it";
        "vFile:pread" ":fd,count,offset" = file::pread, "reads";
        "vFile:pwrite" ":fd,offset,data" = file::pwrite, "writes";
        "vFile:fstat" ":fd" = file::fstat, "describes an open file";
        "vFile:stat" ":name" = file::stat, "describes a file";
        "vFile:lstat" ":name" = file::lstat, "the same, but of a symbolic link describes the link";
        "vFile:unlink" ":name" = file::unlink, "removes a file";
        "vFile:readlink" ":name" = file::readlink, "reads a symbolic link";
    }
    "commands" {
        "qRcmd" ",command" = monitor::command, "runs `monitor` commands; `monitor help` lists them";
    }
}

/// Features without a packet of their own.
pub const FEATURES: &[&str] = &[
    "multiprocess+",
    "ConditionalBreakpoints+",
    "BreakpointCommands+",
    "fork-events+",
    "vfork-events+",
    "exec-events+",
    "augmented-libraries-svr4-read+",
    "no-resumed+",
    "single-inf-arg+",
    "error-message+",
];

/// The answer to `qSupported`.
pub fn supported() -> String {
    let mut out = format!("PacketSize={SIZE:x}");
    for feature in TABLE.iter().filter_map(|row| row.feature).chain(FEATURES.iter().copied()) {
        let _ = write!(out, ";{feature}");
    }
    out
}

/// Serves one packet.
pub(crate) fn handle(session: &mut Session, packet: &[u8]) -> Reply {
    let (name, arguments) = packet.split_at(name_length(packet));
    let Some(row) = TABLE.iter().find(|row| row.name.as_bytes() == name) else { return Reply::Empty };
    if session.without.has(row.name) {
        return Reply::Empty;
    }
    let separator = row.arguments.bytes().next().filter(|byte| matches!(byte, b':' | b';' | b','));
    let arguments = match (separator, arguments) {
        (Some(separator), [first, rest @ ..]) if *first == separator => rest,
        (None, arguments) if !row.arguments.is_empty() || arguments.is_empty() => arguments,
        // `qSupported` and `qAttached` may come alone.
        (Some(_), []) => &[],
        _ => return Reply::Empty,
    };
    (row.handler)(session, arguments)
}

/// Where a packet's name ends. One letter, or two for breakpoints and after `_`; after `q`, `Q`, `v` and `j` a word; for files and objects the
/// operation belongs to it.
fn name_length(packet: &[u8]) -> usize {
    let word = |from: usize| {
        let more = packet[from..].iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        from + more.unwrap_or(packet.len() - from)
    };
    match packet.first() {
        None => 0,
        Some(b'Z' | b'z' | b'_') => packet.len().min(2),
        Some(b'q' | b'Q' | b'v' | b'j') => {
            let end = word(0);
            let words = match &packet[..end] {
                b"vFile" => 1,
                b"qXfer" => 2,
                b"qSearch" => 1,
                _ => 0,
            };
            let with_words =
                (0..words).fold(end, |end, _| if end < packet.len() { word(end + 1) } else { end });
            with_words + usize::from(packet.get(with_words) == Some(&b'?'))
        }
        Some(_) => 1,
    }
}

/// `docs/packets.md`.
pub fn document() -> String {
    let mut out = String::from(
        "# Packets\n\nGenerated from the table in `stub/src/packet.rs`; a test compares. What is not here gets the empty reply.\n",
    );
    let mut capability = "";
    for row in TABLE {
        if row.capability != capability {
            capability = row.capability;
            let _ = write!(out, "\n## {capability}\n\n| packet | announced | |\n| --- | --- | --- |\n");
        }
        let arguments = row.arguments.replace('|', "\\|");
        let feature = row.feature.map(|feature| format!("`{feature}`")).unwrap_or_default();
        let _ = writeln!(out, "| `{}{arguments}` | {feature} | {} |", row.name, row.doc);
    }
    let _ = write!(out, "\n## Announced without a packet of their own\n\n");
    for feature in FEATURES {
        let _ = writeln!(out, "* `{feature}`");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_exactly() {
        let name = |packet: &'static str| &packet[..name_length(packet.as_bytes())];
        assert_eq!(name("qXfer:features:read:target.xml:0,ffb"), "qXfer:features:read");
        assert_eq!(name("qXfer:exec-file:read:1f:0,ffb"), "qXfer:exec-file:read");
        assert_eq!(name("vFile:open:2f,0,0"), "vFile:open");
        assert_eq!(name("vCont?"), "vCont?");
        assert_eq!(name("vCont;c:p1.-1"), "vCont");
        assert_eq!(name("vContinue"), "vContinue");
        assert_eq!(name("qC"), "qC");
        assert_eq!(name("qCRC:1,2"), "qCRC");
        assert_eq!(name("qSearch:memory:0;10;ab"), "qSearch:memory");
        assert_eq!(name("Z0,10,2"), "Z0");
        assert_eq!(name("_M1000,rw"), "_M");
        assert_eq!(name("jThreadsInfo"), "jThreadsInfo");
        assert_eq!(name("mff,1"), "m");
        assert_eq!(name("vFile"), "vFile");
        assert_eq!(name("vFile:"), "vFile:");
        assert_eq!(name(""), "");
    }

    #[test]
    fn no_name_is_there_twice() {
        let mut names: Vec<_> = TABLE.iter().map(|row| row.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn every_name_is_found_by_its_own_packet() {
        for row in TABLE {
            let packet = format!("{}{}", row.name, row.arguments);
            assert_eq!(&packet[..name_length(packet.as_bytes())], row.name);
        }
    }

    #[test]
    fn the_document_is_up_to_date() {
        insta::assert_snapshot!("qSupported", supported());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/packets.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, document()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), document(), "run with UPDATE_DOCS=1");
    }
}
