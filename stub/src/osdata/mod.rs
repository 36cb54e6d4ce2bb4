//! Tables of the operating system, for gdb's `info os` (gdb manual, "Operating System Information"): the host's, because guest
//! processes are the host's, with the same columns as gdbserver has. Where the host would show the emulator a guest shows itself.

mod ipc;
mod net;
mod process;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

/// A row: columns by name, in order.
type Row = Vec<(String, String)>;

/// A table: its name, its title, what it lists, and how its rows are made.
type Table = (&'static str, &'static str, &'static str, fn(&mut System<'_>) -> Vec<Row>);

/// All tables, in the order in which gdb lists them.
const TABLES: &[Table] = &[
    ("cpus", "CPUs", "Listing of all cpus/cores on the system", process::cpus),
    ("files", "File descriptors", "Listing of all file descriptors", process::files),
    ("modules", "Kernel modules", "Listing of all loaded kernel modules", process::modules),
    ("msg", "Message queues", "Listing of all message queues", ipc::messages),
    ("processes", "Processes", "Listing of all processes", process::processes),
    ("procgroups", "Process groups", "Listing of all process groups", process::groups),
    ("semaphores", "Semaphores", "Listing of all semaphores", ipc::semaphores),
    ("shm", "Shared-memory regions", "Listing of all shared-memory regions", ipc::shared_memory),
    ("sockets", "Sockets", "Listing of all internet-domain sockets", net::sockets),
    ("threads", "Threads", "Listing of all threads", process::threads),
];

/// What rows are made of.
pub(crate) struct System<'a> {
    users: BTreeMap<u32, String>,
    groups: BTreeMap<u32, String>,
    /// A file of /proc as the guests show it.
    read: &'a mut dyn FnMut(&str) -> Option<Vec<u8>>,
}

impl<'a> System<'a> {
    /// `read` gives a file of /proc as the guests show it; `None` if it cannot be read.
    pub fn new(read: &'a mut dyn FnMut(&str) -> Option<Vec<u8>>) -> System<'a> {
        System { users: names("/etc/passwd"), groups: names("/etc/group"), read }
    }

    /// The document of this name; that of all tables if there is none. `None`: no such table.
    pub fn document(&mut self, name: &str) -> Option<String> {
        if matches!(name, "" | "types") {
            return Some(xml("types", &types()));
        }
        let (.., rows) = TABLES.iter().find(|(known, ..)| *known == name)?;
        Some(xml(name, &rows(self)))
    }

    fn text(&mut self, path: &str) -> String {
        (self.read)(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    fn user(&self, id: u32) -> String {
        self.users.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn group(&self, id: u32) -> String {
        self.groups.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

fn types() -> Vec<Row> {
    let row =
        |(name, title, doc, _): &Table| row(&[("Type", *name), ("Description", *doc), ("Title", *title)]);
    TABLES.iter().map(row).collect()
}

fn row<T: ToString>(columns: &[(&str, T)]) -> Row {
    columns.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
}

/// Names by number, of a file such as `/etc/passwd`.
fn names(path: &str) -> BTreeMap<u32, String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let entry = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        Some((fields.nth(1)?.parse().ok()?, name))
    };
    // The first name of a number counts.
    text.lines().rev().filter_map(entry).collect()
}

fn xml(name: &str, rows: &[Row]) -> String {
    let mut out = format!("<osdata type=\"{name}\">\n");
    for row in rows {
        out.push_str("<item>");
        for (column, value) in row {
            let _ = write!(
                out,
                "<column name=\"{}\">{}</column>",
                crate::xml::escape(column),
                crate::xml::escape(value)
            );
        }
        out.push_str("</item>\n");
    }
    out.push_str("</osdata>\n");
    out
}

/// The numbers in a folder's names: pids, tids, descriptors.
fn numbers(folder: &str) -> Vec<i32> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut numbers: Vec<i32> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(path: &str) -> Option<Vec<u8>> {
        fs::read(path).ok()
    }

    #[test]
    fn every_table_can_be_made() {
        let mut read = host;
        let mut system = System::new(&mut read);
        for (name, ..) in TABLES {
            let document = system.document(name).unwrap();
            assert!(
                document.starts_with(&format!("<osdata type=\"{name}\">"))
                    && document.ends_with("</osdata>\n")
            );
        }
        let types = system.document("").unwrap();
        assert!(
            TABLES.iter().all(|(name, ..)| types.contains(&format!("<column name=\"Type\">{name}</column>")))
        );
        assert_eq!(system.document("types").unwrap(), types);
        assert_eq!(system.document("nonsense"), None);
    }

    #[test]
    fn this_process_is_in_the_tables() {
        let mut read = host;
        let mut system = System::new(&mut read);
        let pid = std::process::id();
        let of =
            |document: String| document.lines().filter(|line| line.contains(&format!(">{pid}<"))).count();
        assert_eq!(of(system.document("processes").unwrap()), 1);
        assert!(of(system.document("threads").unwrap()) >= 2, "the test's thread and the first one");
        assert!(of(system.document("files").unwrap()) >= 3);
        assert!(of(system.document("procgroups").unwrap()) >= 1);
    }

    #[test]
    fn a_guest_shows_itself() {
        let own = format!("/proc/{}/cmdline", std::process::id());
        let mut read = |path: &str| if path == own { Some(b"the\0guest\0".to_vec()) } else { host(path) };
        let document = System::new(&mut read).document("processes").unwrap();
        assert!(document.contains("<column name=\"command\">the guest</column>"), "{document}");
    }
}
