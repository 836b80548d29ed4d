//! The real `parvis` in a process of its own: started, spoken to over HTTP, and killed without warning.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use parvis_domain::testing::Place;
use serde_json::Value;

use crate::answer::Answer;

/// Between two looks at something that happens in another process.
const PAUSE: Duration = Duration::from_millis(25);

/// A town in a process.
pub struct Program {
    folder: tempfile::TempDir,
    host: String,
    port: u16,
    database: Option<Place>,
    running: Option<Child>,
    pub http: reqwest::Client,
}

impl Program {
    /// Chooses a name, port and folder; nothing runs yet.
    #[must_use]
    pub fn new(host: &str) -> Self {
        // The port is free again at once; nobody else on this machine takes it in the moment until the program does.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            host: host.to_owned(),
            port,
            database: None,
            running: None,
            http: crate::town::client(),
        }
    }

    /// On this database instead of SQLite in its folder.
    #[must_use]
    pub fn on(mut self, database: Place) -> Self {
        self.database = Some(database);
        self
    }

    /// The same town on another machine: its name, and a folder with nothing in it.
    #[must_use]
    pub fn moved(&self) -> Self {
        let mut moved = Self::new(&self.host);
        moved.port = self.port;
        moved
    }

    /// Where its data is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `a.localhost:4001`
    #[must_use]
    pub fn domain(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.domain())
    }

    /// Runs a command beside (or without) the serving town, and gives what it printed.
    ///
    /// # Panics
    /// When the command fails.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(output.status.success(), "parvis {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// As [`Program::command`], however it ends.
    #[must_use]
    pub fn output(&self, arguments: &[&str]) -> Output {
        self.prepared(arguments).output().expect("parvis starts")
    }

    /// Serves, and answers.
    pub async fn serve(&mut self) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log()).expect("a log");
        let mut command = self.prepared(&["serve"]);
        self.running = Some(command.stdout(Stdio::null()).stderr(log).spawn().expect("parvis starts"));
        self.until("the town answers", async || {
            let answer = self.http.get(self.url("/readyz")).send().await;
            answer.is_ok_and(|a| a.status().is_success())
        })
        .await;
    }

    /// `kill -9`: nothing is written, said or closed any more.
    pub fn kill(&mut self) {
        let mut child = self.running.take().expect("the town runs");
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
    }

    /// Ends it as an operator would, and gives whether it ended well.
    pub fn terminate(&mut self) -> bool {
        let mut child = self.running.take().expect("the town runs");
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
        told.success() && child.wait().expect("it ends").success()
    }

    /// Asks with a token and reads JSON.
    pub async fn get(&self, token: &str, path: &str) -> Value {
        Answer::to(self.http.get(self.url(path)).bearer_auth(token)).await.ok()
    }

    /// Posts JSON with a token.
    pub async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        Answer::to(self.http.post(self.url(path)).bearer_auth(token).json(body)).await
    }

    /// Uploads a file with a token.
    pub async fn upload(&self, token: &str, bytes: Vec<u8>) -> Answer {
        let (kind, body) = crate::upload_form(bytes, "");
        let request = self.http.post(self.url("/api/v2/media")).bearer_auth(token);
        Answer::to(request.header("content-type", kind).body(body)).await
    }

    /// How a path answers.
    pub async fn code(&self, token: &str, path: &str) -> u16 {
        Answer::to(self.http.get(self.url(path)).bearer_auth(token)).await.code()
    }

    /// Looks again and again until it is so.
    ///
    /// # Panics
    /// With the end of the town's log when it never is.
    pub async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let look = async {
            while !is_so().await {
                tokio::time::sleep(PAUSE).await;
            }
        };
        if tokio::time::timeout(crate::PATIENCE, look).await.is_err() {
            let log = std::fs::read_to_string(self.log()).unwrap_or_default();
            let end: Vec<&str> = log.lines().rev().take(30).collect();
            panic!(
                "{what}: not so after {} s; the log, newest first:\n{}",
                crate::PATIENCE.as_secs(),
                end.join("\n")
            );
        }
    }

    /// What the town logged.
    #[must_use]
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn prepared(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("PARVIS_DOMAIN", self.domain())
            .env("PARVIS_SCHEME", "http")
            .env("PARVIS_DEVELOPMENT", "true")
            .env("PARVIS_FEDERATION__ALLOW_LOOPBACK", "true")
            .env("PARVIS_FEDERATION__FIRST_RETRY_SECONDS", "1")
            .env("PARVIS_LIMITS__RATE_LIMITS", "off")
            .env("PARVIS_HTTP__LISTEN", format!("127.0.0.1:{}", self.port))
            .env("PARVIS_DATA_DIR", self.folder.path())
            .env("PARVIS_LOG__LEVEL", "info")
            .current_dir(self.folder.path());
        if let Some(database) = &self.database {
            command.env("PARVIS_DATABASE__URL", database.url());
        }
        command
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }
}

/// The built program: `PARVIS_TEST_BINARY`, which `cargo xtask test` sets, or the one beside this test.
fn binary() -> PathBuf {
    let given = std::env::var_os("PARVIS_TEST_BINARY").map(PathBuf::from);
    let beside = || {
        let test = std::env::current_exe().ok()?;
        // target/debug/deps/all-… → target/debug/parvis
        test.parent().and_then(Path::parent).map(|folder| folder.join("parvis"))
    };
    let path = given.or_else(beside).filter(|path| path.is_file());
    path.expect("there is no built `parvis`: run `cargo build -p parvis-server` first, or the tests by `cargo xtask test`")
}
