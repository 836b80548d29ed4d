//! The confined process, tried from outside: this program starts itself as a worker, as `parvis` does, and as
//! probes that try what a worker must not be able to do. It has no libtest, whose output would get into the
//! worker's answer; a word on the command line selects tests by name.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test program with a main of its own, which clippy does not take for one"
)]

use std::{
    env,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::{fs::symlink, net::UnixStream, process::ExitStatusExt},
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use bytes::Bytes;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use parvis_media::{
    Error, Processor, Refused, Wanted, process,
    recording::tool::{self, tool_main},
    worker::{self, confine, worker_main},
};

#[path = "worker/recordings.rs"]
mod recordings;

/// "Bad system call": what the kernel kills with when the filter says so.
const SIGSYS: i32 = 31;
/// The name under which this program never answers.
const SILENT: &str = "silent-worker";
/// The name under which this program tells that it could not be confined.
const WILD: &str = "wild-worker";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    let name = arguments.first().map_or("", String::as_str);
    if name.ends_with(SILENT) {
        // Longer than anybody waits.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::thread::park_timeout(Duration::from_secs(3_600));
        return ExitCode::SUCCESS;
    }
    if name.ends_with(WILD) {
        eprintln!("no seccomp here");
        return ExitCode::from(71);
    }
    match arguments.get(1).map(String::as_str) {
        Some(worker::ARGUMENT) => worker_main(),
        Some(tool::ARGUMENT) => tool_main(),
        Some("reach") => recordings::reach(&arguments),
        Some("probe") => probe(arguments.get(2).map_or("", String::as_str)),
        _ => run(&arguments),
    }
}

/// Speaks what `cargo test` and nextest expect of a test program: `--list`, a word or, with `--exact`, a name.
fn run(arguments: &[String]) -> ExitCode {
    let asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let word = arguments
        .iter()
        .skip(1)
        .map(String::as_str)
        .find(|argument| !argument.starts_with('-') && *argument != "terse");
    let is_wanted = |name: &str| {
        word.is_none_or(|word| if asked("--exact") { name == word } else { name.contains(word) })
            && !asked("--ignored")
    };
    let tests: [(&str, fn()); 23] = [
        ("m2_a_worker_makes_what_is_made_without_it", m2_a_worker_makes_what_is_made_without_it),
        ("m2_a_worker_refuses_what_is_refused_without_it", m2_a_worker_refuses_what_is_refused_without_it),
        ("m2_a_confined_process_cannot_reach_anything", m2_a_confined_process_cannot_reach_anything),
        (
            "m2_a_confined_process_has_little_memory_and_time",
            m2_a_confined_process_has_little_memory_and_time,
        ),
        ("m2_a_worker_that_is_silent_is_given_up", m2_a_worker_that_is_silent_is_given_up),
        ("m2_a_worker_that_is_not_confined_is_our_fault", m2_a_worker_that_is_not_confined_is_our_fault),
        ("m3_a_worker_survives_large_pictures_and_bombs", m3_a_worker_survives_large_pictures_and_bombs),
        ("several_pictures_wait_for_their_turn", several_pictures_wait_for_their_turn),
        ("m2_a_tool_reaches_its_folder_only", recordings::m2_a_tool_reaches_its_folder_only),
        ("m2_a_tool_has_little_memory_and_time", recordings::m2_a_tool_has_little_memory_and_time),
        (
            "m2_playlists_in_a_video_s_clothes_are_refused",
            recordings::m2_playlists_in_a_video_s_clothes_are_refused,
        ),
        ("m3_recordings_that_lie_about_themselves", recordings::m3_recordings_that_lie_about_themselves),
        (
            "m3_a_damaged_video_of_which_much_is_said_ends",
            recordings::m3_a_damaged_video_of_which_much_is_said_ends,
        ),
        (
            "m4_what_a_video_says_between_its_pictures_is_not_told",
            recordings::m4_what_a_video_says_between_its_pictures_is_not_told,
        ),
        (
            "m4_what_a_sound_says_between_its_frames_is_not_told",
            recordings::m4_what_a_sound_says_between_its_frames_is_not_told,
        ),
        ("m4_where_a_video_was_made_is_not_told", recordings::m4_where_a_video_was_made_is_not_told),
        ("m4_who_made_a_sound_is_not_told", recordings::m4_who_made_a_sound_is_not_told),
        ("m5_what_hangs_on_a_video_is_left_behind", recordings::m5_what_hangs_on_a_video_is_left_behind),
        ("recordings_of_each_kind_play_everywhere", recordings::recordings_of_each_kind_play_everywhere),
        ("a_video_that_was_turned_stands_upright", recordings::a_video_that_was_turned_stands_upright),
        ("what_is_no_recording_is_damaged", recordings::what_is_no_recording_is_damaged),
        ("a_town_says_whether_it_takes_recordings", recordings::a_town_says_whether_it_takes_recordings),
        (
            "m2_a_picture_that_only_ffmpeg_reads_is_decoded_in_the_confined_process",
            recordings::m2_a_picture_that_only_ffmpeg_reads_is_decoded_in_the_confined_process,
        ),
    ];
    let mut count = 0;
    for (name, test) in tests.iter().filter(|(name, _)| is_wanted(name)) {
        if asked("--list") {
            println!("{name}: test");
            continue;
        }
        test();
        println!("test {name} ... ok");
        count += 1;
    }
    if !asked("--list") {
        println!("\ntest result: ok. {count} passed; 0 failed");
    }
    ExitCode::SUCCESS
}

/// What a hostile file might do to a worker, were it in control of it.
fn probe(what: &str) -> ExitCode {
    confine().unwrap();
    let reached = match what {
        "compute" => (1..=1_000_u64).map(|number| vec![number; 1_000].len()).sum::<usize>() == 1_000_000,
        "open" => File::open("/etc/hostname").is_ok(),
        "create" => File::create("/tmp/parvis-worker-was-here").is_ok(),
        "connect" => TcpStream::connect("127.0.0.1:9").is_ok(),
        "listen" => TcpListener::bind("127.0.0.1:0").is_ok(),
        "unix" => UnixStream::connect("/run/x").is_ok(),
        "start" => Command::new("/bin/true").spawn().is_ok(),
        "thread" => std::thread::Builder::new().spawn(|| ()).is_ok(),
        "list" => std::fs::read_dir("/").is_ok(),
        "memory" => Vec::<u8>::new().try_reserve_exact(600 * 1024 * 1024).is_ok(),
        "wait" => {
            println!("confined");
            io::stdin().read(&mut [0]).is_ok()
        }
        other => panic!("no probe named {other}"),
    };
    if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn this_program() -> PathBuf {
    env::current_exe().unwrap()
}

fn block_on<T>(paused: bool, work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(paused).build();
    runtime.unwrap().block_on(work)
}

fn confined(bytes: &[u8], wanted: Wanted) -> Result<parvis_media::Processed, Error> {
    let processor = Processor::confined(this_program(), 1);
    block_on(false, processor.process(Bytes::copy_from_slice(bytes), wanted))
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        let byte = |number: u32| u8::try_from(number % 256).unwrap();
        Rgb([byte(x), byte(y), byte(x / 3 + y / 5)])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn m2_a_worker_makes_what_is_made_without_it() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let bytes = picture(700, 500, format);
        for wanted in [Wanted::ATTACHMENT, Wanted::AVATAR] {
            assert_eq!(confined(&bytes, wanted).unwrap(), process::process(&bytes, &wanted).unwrap());
        }
    }
    let bytes = Bytes::from(picture(64, 64, ImageFormat::Png));
    let unconfined = block_on(false, Processor::in_process().process(bytes.clone(), Wanted::EMOJI)).unwrap();
    assert_eq!(unconfined, confined(&bytes, Wanted::EMOJI).unwrap());
}

fn m2_a_worker_refuses_what_is_refused_without_it() {
    let broken = [b"\x89PNG\r\n\x1A\n".as_slice(), &[7; 100]].concat();
    assert!(matches!(confined(&broken, Wanted::EMOJI), Err(Error::Refused(Refused::Damaged))));
    assert!(matches!(confined(b"", Wanted::EMOJI), Err(Error::Refused(Refused::Empty))));
    assert!(matches!(confined(b"<svg/>", Wanted::EMOJI), Err(Error::Refused(Refused::UnknownType))));
}

fn m2_a_confined_process_cannot_reach_anything() {
    let ended = |what: &str| {
        let program = this_program();
        Command::new(program).args(["probe", what]).env_clear().stderr(Stdio::null()).status().unwrap()
    };
    assert_eq!(ended("compute").code(), Some(0), "a confined process can compute");
    for what in ["open", "create", "connect", "listen", "unix", "start", "thread", "list"] {
        assert_eq!(ended(what).signal(), Some(SIGSYS), "{what}: {:?}", ended(what));
    }
}

fn m2_a_confined_process_has_little_memory_and_time() {
    let memory = Command::new(this_program()).args(["probe", "memory"]).env_clear().status().unwrap();
    assert_eq!(memory.code(), Some(1), "600 MiB are not to be had");

    let mut waiting = Command::new(this_program())
        .args(["probe", "wait"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(waiting.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "confined\n");
    let told = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", waiting.id())).unwrap();
    let (limits, status) = (told("limits"), told("status"));
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(limit("Max cpu time"), ["10", "10"]);
    assert_eq!(limit("Max address space"), ["536870912", "536870912"]);
    assert_eq!(limit("Max open files"), ["0", "0"]);
    assert_eq!(limit("Max file size"), ["0", "0"]);
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"), "{status}");
    waiting.stdin.take().unwrap().write_all(b"x").unwrap();
    assert!(waiting.wait().unwrap().success());
}

/// This program under another name.
fn named(name: &str, work: impl FnOnce(PathBuf)) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    symlink(this_program(), &path).unwrap();
    work(path);
}

fn m2_a_worker_that_is_silent_is_given_up() {
    named(SILENT, |program| {
        let processor = Processor::confined(program, 1);
        let bytes = Bytes::from(picture(8, 8, ImageFormat::Png));
        // Paused: the clock jumps to the end of the wait as soon as nothing else can happen.
        let answer = block_on(true, processor.process(bytes, Wanted::EMOJI));
        assert!(matches!(answer, Err(Error::Refused(Refused::TooCostly))), "{answer:?}");
    });
}

fn m2_a_worker_that_is_not_confined_is_our_fault() {
    let bytes = Bytes::from(picture(8, 8, ImageFormat::Png));
    named(WILD, |program| {
        let answer = block_on(false, Processor::confined(program, 1).process(bytes.clone(), Wanted::EMOJI));
        let Err(Error::Unavailable(error)) = answer else { panic!("{answer:?}") };
        assert!(error.to_string().contains("no seccomp here"), "{error}");
    });
    let missing = Processor::confined(PathBuf::from("/nowhere/parvis"), 1);
    let answer = block_on(false, missing.process(bytes, Wanted::EMOJI));
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
}

fn m3_a_worker_survives_large_pictures_and_bombs() {
    // 39.5 megapixels, the largest that is accepted, fits into the worker's memory.
    let large = confined(&picture(7_700, 5_130, ImageFormat::Jpeg), Wanted::ATTACHMENT).unwrap();
    assert!(large.original.width * large.original.height <= 8_294_400);
    // A colour profile of 300 MiB in a few hundred kilobytes.
    let plain = picture(8, 8, ImageFormat::Png);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..300 {
        encoder.write_all(&vec![0; 1024 * 1024]).unwrap();
    }
    let content = [b"iCCPx\0\0".as_slice(), &encoder.finish().unwrap()].concat();
    let length = u32::try_from(content.len() - 4).unwrap().to_be_bytes();
    let mut sum = flate2::Crc::new();
    sum.update(&content);
    let bomb = [&plain[..33], &length, &content, &sum.sum().to_be_bytes(), &plain[33..]].concat();
    let answer = confined(&bomb, Wanted::ATTACHMENT);
    assert!(matches!(answer, Ok(_) | Err(Error::Refused(_))), "{answer:?}");
}

fn several_pictures_wait_for_their_turn() {
    let processor = Processor::confined(this_program(), 1);
    let bytes = Bytes::from(picture(50, 50, ImageFormat::Jpeg));
    block_on(false, async {
        let turn = || processor.process(bytes.clone(), Wanted::EMOJI);
        let (first, second, third) = tokio::join!(turn(), turn(), turn());
        assert_eq!(first.unwrap(), second.unwrap());
        third.unwrap();
    });
}
