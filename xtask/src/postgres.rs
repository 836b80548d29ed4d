//! A PostgreSQL for the length of a test run: made by `initdb` in a temporary folder, on a free port, gone afterwards.
//!
//! The server is the child of a small shell in a session of its own that reads a pipe from us. When the pipe closes (because we are done, were interrupted or
//! killed) the shell stops the server and removes the folder. So nothing is left behind however a run ends, and nothing else is ever touched.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command::{output, program};
use crate::install::is_root;

/// How long a fresh server may take to answer, in tenths of a second.
const PATIENCE: u32 = 300;

/// Runs the server ($1 programs, $2 folder, $3 port) until the standard input ends. Durability is off: the data is worth nothing.
const GUARD: &str = r#"
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 \
    -c fsync=off -c full_page_writes=off -c max_wal_size=512MB -c log_min_messages=error >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$2"
"#;

/// A running server.
pub struct Cluster {
    guard: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts a server with the programs in `programs`. As root it runs as the user `postgres`, since it refuses to run as root.
    pub fn start(programs: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("parvis-test-postgres-").tempdir()?.keep();
        if is_root() {
            output(program("chown").arg("postgres").arg(&folder))?;
        }
        let mut initdb = as_server_user(&folder, programs.join("initdb"));
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        output(initdb.arg(folder.join("data"))).context("PostgreSQL could not be set up")?;

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut guard = as_server_user(&folder, "setsid".into());
        guard
            .args(["sh", "-c", GUARD, "parvis-test-postgres"])
            .arg(programs)
            .arg(&folder)
            .arg(port.to_string());
        let guard = guard.stdin(Stdio::piped()).spawn().context("PostgreSQL could not be started")?;
        let cluster = Self { guard, folder, port };
        cluster.wait_until_ready(programs)?;
        Ok(cluster)
    }

    /// The address of its maintenance database, for the tests' superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&self, programs: &Path) -> Result<()> {
        for _ in 0..PATIENCE {
            let mut ready = program(programs.join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
            if output(&mut ready).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        bail!("PostgreSQL does not answer on port {}:\n{log}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// A command that runs as ourselves, or as `postgres` when we are root.
fn as_server_user(folder: &Path, name: PathBuf) -> Command {
    let mut command = if is_root() {
        let mut command = program("runuser");
        command.args(["-u", "postgres", "--"]).arg(name);
        command
    } else {
        program(name)
    };
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let programs = crate::install::server_programs()
            .expect("PostgreSQL's programs, which `cargo xtask test` installs");
        let cluster = Cluster::start(&programs).unwrap();
        let answer =
            output(program(programs.join("psql")).args(["-Atc", "select 6 * 7", &cluster.url()])).unwrap();
        assert_eq!(answer.trim(), "42");
        let folder = cluster.folder.clone();
        assert!(folder.join("data").exists());
        drop(cluster);
        assert!(!folder.exists());
    }
}
