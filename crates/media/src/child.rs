//! Starts the confined process for a picture and waits for it (threats M2). What happens inside is `worker`.
//!
//! One process per picture: whatever a hostile file does to it, it does to nobody else's file. The parent never
//! decodes anything in production.

use std::{
    io,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    sync::Semaphore,
    task::spawn_blocking,
    time::timeout,
};

use crate::{
    Processed, Refused, Wanted, limits,
    process::process,
    sniff, wire,
    worker::{ARGUMENT, NOT_CONFINED},
};

/// The longest that a worker may take by the clock on the wall, waiting included.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of what a worker complains about is kept for the log, in bytes.
const MAX_COMPLAINT_BYTES: u64 = 1_024;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is at fault: 422.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// We are at fault: 503, and somebody should look at the log.
    #[error("pictures cannot be processed: {0}")]
    Unavailable(#[from] io::Error),
}

/// Processes pictures, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Processor {
    /// `None`: in this process.
    program: Option<PathBuf>,
    permits: Arc<Semaphore>,
}

impl Processor {
    /// Processes in confined processes, at most `at_once` of them. `program` is the path of a program that calls
    /// [`crate::worker::worker_main`] when its only argument is [`ARGUMENT`]: our own, in production.
    pub fn confined(program: PathBuf, at_once: usize) -> Self {
        Self { program: Some(program), permits: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// Processes in this process, unconfined: for tests of other crates, which have no program of their own.
    pub fn in_process() -> Self {
        Self { program: None, permits: Arc::new(Semaphore::new(2)) }
    }

    /// Makes of a file what is wanted. Waits for its turn; dropping the future ends the worker.
    ///
    /// # Errors
    /// [`Error::Refused`] if the file cannot be used, also if its worker was killed or took too long;
    /// [`Error::Unavailable`] if no confined worker can be started here.
    pub async fn process(&self, bytes: Bytes, wanted: Wanted) -> Result<Processed, Error> {
        // The cheap refusals need no process.
        limits::check_length(&bytes)?;
        sniff::sniff(&bytes)?;
        let _turn = self.permits.acquire().await.map_err(io::Error::other)?;
        match &self.program {
            Some(program) => {
                let child = start(program)?;
                match timeout(PATIENCE, converse(child, bytes, wanted)).await {
                    Ok(answer) => answer,
                    Err(_) => Err(Refused::TooCostly.into()),
                }
            }
            None => match spawn_blocking(move || process(&bytes, &wanted)).await {
                Ok(answer) => Ok(answer?),
                Err(panicked) if panicked.is_panic() => Err(Refused::Damaged.into()),
                Err(cancelled) => Err(io::Error::other(cancelled).into()),
            },
        }
    }
}

fn start(program: &PathBuf) -> io::Result<Child> {
    Command::new(program)
        .arg(ARGUMENT)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

async fn converse(mut child: Child, bytes: Bytes, wanted: Wanted) -> Result<Processed, Error> {
    let (Some(mut input), Some(output), Some(complaint)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io::Error::other("the worker has no pipes").into());
    };
    let header = wire::request_header(wanted, &bytes)?;
    let ask = async {
        // A worker that died reads no more; its exit status says why.
        if input.write_all(&header).await.is_ok() {
            let _ = input.write_all(&bytes).await;
        }
        drop(input);
    };
    let mut answer = Vec::new();
    let mut complaints = Vec::new();
    let mut output = output.take(wire::MAX_ANSWER_BYTES);
    let mut complaint = complaint.take(MAX_COMPLAINT_BYTES);
    let ((), read, _) =
        tokio::join!(ask, output.read_to_end(&mut answer), complaint.read_to_end(&mut complaints));
    read?;
    drop((output, complaint));
    let status = child.wait().await?;
    if status.success() {
        return wire::read_answer(answer.as_slice())?.map_err(Error::from);
    }
    Err(judge(status, &String::from_utf8_lossy(&complaints)))
}

/// A worker that was killed met a file that asked for too much, or for something forbidden.
fn judge(status: ExitStatus, complaint: &str) -> Error {
    let complaint = complaint.trim();
    if status.code().is_none() {
        tracing::warn!(%status, "the media worker was killed while it read a picture");
        return Refused::TooCostly.into();
    }
    tracing::error!(%status, complaint, "the media worker failed");
    let why = if status.code() == Some(NOT_CONFINED.into()) { "it cannot be confined" } else { "it failed" };
    io::Error::other(format!("{why} ({status}): {complaint}")).into()
}
