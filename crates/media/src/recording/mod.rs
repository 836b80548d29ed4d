//! Video and sound: what residents send is looked at, taken over or converted, and stripped of everything but pictures and sound by ffmpeg, in a
//! process that can read one file and write one other (threats M2–M5; docs/adr/0009).
//!
//! `plan` decides what is done, `probe` reads what ffprobe says, `tool` is the inside of the confined process, `work` the folder that it sees, `still`
//! is for pictures that only ffmpeg can read.
//! Not here: the poster frame becomes a thumbnail through `process`, like any picture.

mod plan;
mod probe;
mod still;
pub mod tool;
mod work;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{Container, Error, Refused, limits};
use plan::Plan;
pub use probe::{Kind, Sound};
use work::Work;

/// The longest that the work on one recording may take by the clock on the wall, waiting for its turn not counted.
const DEADLINE: Duration = Duration::from_secs(500);
/// The same for programs that only look.
const SHORT_PATIENCE: Duration = Duration::from_secs(20);
/// How much of what a program says is read, in bytes.
const MAX_WORDS: u64 = 64 * 1024;
/// How much of it goes to the log.
const MAX_COMPLAINT: usize = 500;
/// The largest poster frame.
const MAX_POSTER_BYTES: u64 = 4 * 1024 * 1024;
/// Recordings processed at a time: each takes the processor for itself.
const AT_ONCE: usize = 1;

/// How much may be done to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Whatever is needed to make it play everywhere.
    Convert,
    /// Only what costs next to nothing.
    TakeOver,
}

/// A recording as it shall be stored.
#[derive(Debug)]
pub struct Recording {
    /// At its beginning.
    pub file: File,
    pub bytes: u64,
    pub container: Container,
    pub kind: Kind,
    /// As it is shown, in pixels; 0 for sound.
    pub width: u32,
    /// As it is shown, in pixels; 0 for sound.
    pub height: u32,
    pub milliseconds: i64,
    /// Frames per second as a fraction, such as `30000/1001`; empty for sound.
    pub frame_rate: String,
    /// Bits per second, all told.
    pub bitrate: i64,
    pub sound: Option<Sound>,
    /// A frame as JPEG, not to be trusted more than the recording.
    pub poster: Option<Bytes>,
}

/// Processes recordings, if the programs for it are there. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recordings(Option<Arc<Programs>>);

/// Says where ffmpeg is, if it is anywhere now.
type Where = Box<dyn Fn() -> Option<PathBuf> + Send + Sync>;

struct Programs {
    ffmpeg: Where,
    /// Where they were when somebody looked last.
    found: RwLock<Option<Found>>,
    /// `None`: unconfined.
    confiner: Option<PathBuf>,
    folder: PathBuf,
    turns: Semaphore,
    /// The same for pictures.
    stills: Semaphore,
    is_usable: AtomicBool,
    reads_avif: AtomicBool,
}

impl std::fmt::Debug for Programs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Programs").field("found", &self.found).finish_non_exhaustive()
    }
}

/// The two programs.
#[derive(Debug, Clone)]
struct Found {
    ffmpeg: PathBuf,
    ffprobe: PathBuf,
}

impl Found {
    fn beside(ffmpeg: &Path) -> Option<Self> {
        let ffprobe = ffmpeg.with_file_name("ffprobe");
        // Landlock looks at where a file is, not at the link that leads there.
        Some(Self { ffmpeg: ffmpeg.canonicalize().ok()?, ffprobe: ffprobe.canonicalize().ok()? })
    }
}

impl Recordings {
    /// A town that takes no recordings.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Processes with the ffmpeg that is found and the ffprobe beside it, in folders below `folder`; while none is found, recordings are not taken. It is
    /// looked for now and whenever [`Recordings::check`] is asked. `confiner` is the path of a program that calls
    /// [`tool::tool_main`] when its first argument is [`tool::ARGUMENT`]: our own, in production; without one the programs run unconfined, for tests
    /// of crates that have no program.
    #[must_use]
    pub fn with(
        ffmpeg: impl Fn() -> Option<PathBuf> + Send + Sync + 'static,
        confiner: Option<PathBuf>,
        folder: PathBuf,
    ) -> Self {
        let found = ffmpeg().and_then(|path| Found::beside(&path));
        Self(Some(Arc::new(Programs {
            ffmpeg: Box::new(ffmpeg),
            is_usable: AtomicBool::new(found.is_some()),
            reads_avif: AtomicBool::new(true),
            found: RwLock::new(found),
            confiner,
            folder,
            turns: Semaphore::new(AT_ONCE),
            stills: Semaphore::new(AT_ONCE),
        })))
    }

    /// Whether recordings are taken now.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.0.as_ref().is_some_and(|programs| programs.is_usable.load(Ordering::Relaxed))
    }

    /// Tries whether the programs are there, run here and can do what we need; recordings are taken or not from now on. Says which version there is,
    /// if there is one.
    ///
    /// # Errors
    /// Why not, for the operator.
    pub async fn check(&self) -> io::Result<Option<String>> {
        let Some(programs) = &self.0 else { return Ok(None) };
        let checked = programs.check().await;
        programs.is_usable.store(matches!(checked, Ok(Some(_))), Ordering::Relaxed);
        checked
    }

    /// The turn of a recording, if no other has it.
    #[must_use]
    pub fn turn(&self) -> Option<Turn<'_>> {
        let Some(programs) = &self.0 else { return Some(Turn(None)) };
        programs.turns.try_acquire().ok().map(|place| Turn(Some((programs, place))))
    }

    /// The same, however long the others take.
    pub async fn wait_for_turn(&self) -> Turn<'_> {
        let Some(programs) = &self.0 else { return Turn(None) };
        // Nobody closes the queue.
        Turn(programs.turns.acquire().await.ok().map(|place| (&**programs, place)))
    }
}

/// Leave to process one recording, until it is dropped. `None`: there are no programs.
#[derive(Debug)]
#[must_use]
pub struct Turn<'a>(Option<(&'a Programs, SemaphorePermit<'a>)>);

impl Turn<'_> {
    /// Makes of a file what is stored. `fill` writes the file. Dropping the future ends the program and removes what it made.
    ///
    /// # Errors
    /// [`Error::Refused`] if the file cannot be used or takes too long; [`Error::Unavailable`] if the programs cannot be run here.
    pub async fn process<F: Future<Output = io::Result<()>>>(
        self,
        container: Container,
        effort: Effort,
        fill: impl FnOnce(tokio::fs::File) -> F,
    ) -> Result<Recording, Error> {
        let Some((programs, _place)) = self.0 else { return Err(Refused::NeedsFfmpeg.into()) };
        let working = programs.process(container, effort, fill);
        timeout(DEADLINE, working).await.unwrap_or_else(|_| Err(Refused::TooCostly.into()))
    }
}

/// What a program left behind.
struct Ended {
    is_success: bool,
    /// It was killed, by the kernel or by us.
    is_killed: bool,
    output: Vec<u8>,
    complaint: String,
}

impl Programs {
    async fn process<F: Future<Output = io::Result<()>>>(
        &self,
        container: Container,
        effort: Effort,
        fill: impl FnOnce(tokio::fs::File) -> F,
    ) -> Result<Recording, Error> {
        let work = Work::new(&self.folder)?;
        fill(work.source().await?).await?;
        let found = self.found()?;
        let before = self.look_at(&found, &work, work::SOURCE, container).await?;
        let plan = Plan::for_recording(container, &before)?;
        if effort == Effort::TakeOver && plan.is_conversion() {
            return Err(Refused::TooCostly.into());
        }
        let made = self.make(&found, &work, container, plan, effort).await?;
        let after = self.look_at(&found, &work, work::RESULT, made).await?;
        after.judge()?;
        let poster = match after.picture {
            Some(_) => self.poster(&found, &work, made, after.milliseconds).await?,
            None => None,
        };
        let file = File::open(work.path(work::RESULT))?;
        let bytes = file.metadata()?.len();
        let picture = after.picture.clone().unwrap_or_default();
        Ok(Recording {
            file,
            bytes,
            container: made,
            kind: after.kind(),
            width: picture.width,
            height: picture.height,
            milliseconds: after.milliseconds,
            frame_rate: picture.frame_rate,
            bitrate: after.bitrate,
            sound: after.sound.clone(),
            poster,
        })
    }

    /// The programs, as they were found last.
    fn found(&self) -> Result<Found, Refused> {
        self.found.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Refused::NeedsFfmpeg)
    }

    /// Looks for the programs; whether they can do what is needed, and the version.
    async fn check(&self) -> io::Result<Option<String>> {
        let found = (self.ffmpeg)().and_then(|path| Found::beside(&path));
        self.found.write().unwrap_or_else(PoisonError::into_inner).clone_from(&found);
        let Some(found) = found else { return Ok(None) };
        let work = Work::new(&self.folder)?;
        let encoders = self.told(&found.ffmpeg, &work, &["-hide_banner", "-encoders"]).await?;
        for encoder in plan::ENCODERS {
            if !encoders.split_whitespace().any(|word| word == encoder) {
                return Err(io::Error::other(format!("this ffmpeg has no encoder {encoder}")));
            }
        }
        let decoders = self.told(&found.ffmpeg, &work, &["-hide_banner", "-decoders"]).await?;
        let reads_avif = decoders.split_whitespace().any(|word| still::DECODERS.contains(&word));
        self.reads_avif.store(reads_avif, Ordering::Relaxed);
        let version = self.told(&found.ffprobe, &work, &["-version"]).await?;
        Ok(Some(version.split_whitespace().nth(2).unwrap_or("of unknown version").to_owned()))
    }

    /// What a program says of itself.
    async fn told(&self, program: &Path, work: &Work, asked: &[&str]) -> io::Result<String> {
        let asked: Vec<String> = asked.iter().map(|word| (*word).to_owned()).collect();
        let ended = self.run(program, work, &asked, SHORT_PATIENCE).await?;
        if !ended.is_success {
            let name = program.file_name().unwrap_or_default().to_string_lossy();
            return Err(io::Error::other(format!("{name} does not run: {}", ended.complaint)));
        }
        Ok(String::from_utf8_lossy(&ended.output).into_owned())
    }

    /// What is in a file.
    async fn ask(
        &self,
        ffprobe: &Path,
        work: &Work,
        file: &str,
        container: Container,
    ) -> Result<probe::Found, Error> {
        let ended = self.run(ffprobe, work, &plan::look(file, container), SHORT_PATIENCE).await?;
        if !ended.is_success {
            return Err(if ended.is_killed { Refused::TooCostly } else { Refused::Damaged }.into());
        }
        Ok(probe::read(&ended.output)?)
    }

    /// The same of a recording, and whether it may be worked on.
    async fn look_at(
        &self,
        found: &Found,
        work: &Work,
        file: &str,
        container: Container,
    ) -> Result<probe::Found, Error> {
        let seen = self.ask(&found.ffprobe, work, file, container).await?;
        seen.judge()?;
        Ok(seen)
    }

    /// Takes over what plays everywhere; converts it if that fails or is not enough.
    async fn make(
        &self,
        found: &Found,
        work: &Work,
        container: Container,
        plan: Plan,
        effort: Effort,
    ) -> Result<Container, Error> {
        let mut plan = plan;
        loop {
            let ended = self.run(&found.ffmpeg, work, &plan.arguments(container), DEADLINE).await?;
            if ended.is_success {
                return Ok(plan.container());
            }
            tracing::debug!(complaint = ended.complaint, "ffmpeg failed");
            match plan.otherwise() {
                Some(other) if !ended.is_killed && effort == Effort::Convert => plan = other,
                _ => {
                    return Err(if ended.is_killed { Refused::TooCostly } else { Refused::Damaged }.into());
                }
            }
        }
    }

    /// A frame from near the beginning. A video without one has no poster.
    async fn poster(
        &self,
        found: &Found,
        work: &Work,
        container: Container,
        milliseconds: i64,
    ) -> Result<Option<Bytes>, Error> {
        for at in [(milliseconds / 3).min(1_000), 0] {
            self.run(&found.ffmpeg, work, &plan::poster(container, at), SHORT_PATIENCE).await?;
            let Ok(file) = tokio::fs::File::open(work.path(work::POSTER)).await else { continue };
            let mut bytes = Vec::new();
            file.take(MAX_POSTER_BYTES).read_to_end(&mut bytes).await?;
            if !bytes.is_empty() {
                return Ok(Some(bytes.into()));
            }
        }
        Ok(None)
    }

    async fn run(
        &self,
        program: &Path,
        work: &Work,
        arguments: &[String],
        patience: Duration,
    ) -> io::Result<Ended> {
        let mut command = match &self.confiner {
            Some(confiner) => {
                let mut command = Command::new(confiner);
                command.arg(tool::ARGUMENT).arg(work.folder()).arg(program);
                command
            }
            None => Command::new(program),
        };
        let mut child = command
            .args(arguments)
            .env_clear()
            .current_dir(work.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(output), Some(complaint)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(io::Error::other("the program has no pipes"));
        };
        let (mut said, mut complained) = (Vec::new(), Vec::new());
        let listening = async {
            let (read, _) = tokio::join!(heard(output, &mut said), heard(complaint, &mut complained));
            read?;
            child.wait().await
        };
        let Ok(status) = timeout(patience, listening).await else {
            tracing::warn!(program = %program.display(), "it took too long and was stopped");
            child.kill().await?;
            return Ok(Ended {
                is_success: false,
                is_killed: true,
                output: Vec::new(),
                complaint: String::new(),
            });
        };
        let status = status?;
        let complaint: String =
            String::from_utf8_lossy(&complained).trim().chars().take(MAX_COMPLAINT).collect();
        if status.code() == Some(tool::NOT_CONFINED.into()) && self.confiner.is_some() {
            return Err(io::Error::other(format!("ffmpeg cannot be confined here: {complaint}")));
        }
        if status.code().is_none() {
            tracing::warn!(program = %program.display(), %status, "it was killed at work on a recording");
        }
        Ok(Ended {
            is_success: status.success(),
            is_killed: status.code().is_none(),
            output: said,
            complaint,
        })
    }
}

/// Keeps the beginning of what a program says and lets it say the rest: one that is not listened to waits.
async fn heard(mut pipe: impl AsyncRead + Unpin, kept: &mut Vec<u8>) -> io::Result<()> {
    (&mut pipe).take(MAX_WORDS).read_to_end(kept).await?;
    tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    Ok(())
}

/// The largest recording that is taken, in bytes.
pub const MAX_BYTES: u64 = limits::MAX_RECORDING_BYTES;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_deadline_is_for_the_work_and_not_for_waiting() {
        let place = tempfile::tempdir().unwrap();
        for program in ["ffmpeg", "ffprobe"] {
            std::fs::write(place.path().join(program), "never run here").unwrap();
        }
        let ffmpeg = place.path().join("ffmpeg");
        let recordings = Recordings::with(move || Some(ffmpeg.clone()), None, place.path().join("work"));
        let first = recordings.turn().unwrap();
        assert!(recordings.turn().is_none(), "one at a time");
        let without_end = first.process(Container::Mp4, Effort::Convert, |_| std::future::pending());
        let second = async {
            let turn = recordings.wait_for_turn().await;
            turn.process(Container::Mp4, Effort::Convert, |_| async { Err(io::Error::other("its turn")) })
                .await
        };
        let (first, second) = tokio::join!(without_end, second);
        assert!(matches!(first, Err(Error::Refused(Refused::TooCostly))), "{first:?}");
        assert!(matches!(&second, Err(Error::Unavailable(e)) if e.to_string() == "its turn"), "{second:?}");
        assert!(recordings.turn().is_some());
    }
}
