//! The server as a process of its own, on a core of its own, and what it used: processor time and memory as the kernel counts them.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::connection::Connection;
use crate::place::{DOMAIN, Place};

/// The kernel counts processor time in hundredths of a second everywhere that this runs (sysconf _SC_CLK_TCK).
const TICK: Duration = Duration::from_millis(10);
/// How often it is asked whether it is there, in hundredths of a second.
const PATIENCE: u32 = 6_000;

/// A running server.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

/// Processor time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// By the server.
    pub own: Duration,
    /// By all processes called `postgres`, whoever they work for.
    pub database: Duration,
}

impl Spent {
    /// What was spent between two moments.
    pub const fn since(self, earlier: Self) -> Self {
        Self {
            own: self.own.saturating_sub(earlier.own),
            database: self.database.saturating_sub(earlier.database),
        }
    }
}

impl Server {
    /// Starts it and waits until it answers.
    pub fn start(program: &Path, place: &Place) -> Outcome<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = if has_taskset() {
            let mut command = Command::new("taskset");
            command.args(["-c", "0"]).arg(program);
            command
        } else {
            eprintln!("note: no taskset here, so server and load share the cores");
            Command::new(program)
        };
        command
            .arg("serve")
            .env("PARVIS_DOMAIN", DOMAIN)
            .env("PARVIS_SCHEME", "http")
            .env("PARVIS_HTTP__LISTEN", address.to_string())
            .env("PARVIS_DATA_DIR", place.data_dir())
            .env("PARVIS_LIMITS__RATE_LIMITS", "false");
        if let Some(url) = place.url() {
            command.env("PARVIS_DATABASE__URL", url);
        }
        let log = fs::File::create(place.data_dir().join("log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let server = Self { child: command.spawn()?, address };
        for _ in 0..PATIENCE {
            let asked = Connection::open(address).and_then(|mut c| {
                c.ask(format!("GET /readyz HTTP/1.1\r\nhost: {DOMAIN}\r\n\r\n").as_bytes())
            });
            if asked.is_ok_and(|answer| answer.status == 200) {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(format!("the server does not answer; see {}", place.data_dir().join("log").display()).into())
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was spent so far.
    pub fn spent(&self) -> Spent {
        Spent { own: processor(&format!("/proc/{}/stat", self.child.id())), database: postgres() }
    }

    /// Memory that is its own, in MiB.
    pub fn rss(&self) -> u64 {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        line.and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    }

    /// Ends it as an operator would.
    pub fn stop(mut self) -> Outcome<()> {
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Only what is still there when something went wrong.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn has_taskset() -> bool {
    Command::new("taskset").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// User and system time (proc(5): fields 14 and 15, counted behind the name in brackets).
fn processor(path: &str) -> Duration {
    let text = fs::read_to_string(path).unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u32>().ok()).unwrap_or(0);
    TICK * ticks(11) + TICK * ticks(12)
}

fn postgres() -> Duration {
    let Ok(all) = fs::read_dir("/proc") else { return Duration::ZERO };
    let paths = all.flatten().map(|entry| entry.path());
    let is_postgres = |path: &std::path::PathBuf| {
        fs::read_to_string(path.join("comm")).is_ok_and(|c| c.trim() == "postgres")
    };
    paths.filter(is_postgres).map(|path| processor(&path.join("stat").display().to_string())).sum()
}
