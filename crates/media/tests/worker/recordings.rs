//! Recordings through the real ffmpeg in its confined process. Where there is no ffmpeg, each of these tests says loudly that it did not run. The
//! clips are made by ffmpeg itself, from nothing.

use std::{
    env, fs,
    fs::File,
    io::{self, Read as _},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use parvis_media::{
    Container, Effort, Error, Recording, Recordings, Refused,
    recording::{Kind, tool},
};
use tokio::io::AsyncWriteExt as _;

use super::{block_on, this_program};

/// What somebody's telephone writes beside the pictures.
const PLACE: &str = "+50.0412+003.1234/";
const AUTHOR: &str = "Ana's telephone";

fn ffmpeg() -> Option<PathBuf> {
    let found =
        ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].map(PathBuf::from).into_iter().find(|p| p.is_file());
    if found.is_none() {
        assert!(env::var_os("CI").is_none(), "the pipeline needs ffmpeg");
        eprintln!("SKIPPED: there is no ffmpeg on this machine, so nothing of recordings was tested here");
    }
    found
}

/// A clip made with these words, such as `-f lavfi -i …`.
fn clip(words: &str, name: &str) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error"]).args(words.split(' ').filter(|word| !word.is_empty()));
    command.args(["-metadata", &format!("location={PLACE}"), "-metadata", &format!("title={AUTHOR}")]);
    command.args(["-metadata", &format!("artist={AUTHOR}"), "-metadata", &format!("comment={AUTHOR}")]);
    assert!(command.arg("-y").arg(&path).status().unwrap().success(), "{words} {name}");
    fs::read(path).unwrap()
}

const PICTURES: &str = "-f lavfi -i testsrc=size=192x108:rate=12:duration=1";
const SOUND: &str = "-f lavfi -i sine=frequency=440:duration=1";

fn film() -> Vec<u8> {
    clip(&format!("{PICTURES} {SOUND} -c:v libx264 -pix_fmt yuv420p -c:a aac"), "a.mp4")
}

fn process_as(bytes: &[u8], container: Container, effort: Effort) -> Result<Recording, Error> {
    let place = tempfile::tempdir().unwrap();
    let recordings = Recordings::with(ffmpeg, Some(this_program()), place.path().join("work"));
    let bytes = bytes.to_vec();
    let turn = recordings.turn().unwrap();
    let answer = block_on(
        false,
        turn.process(container, effort, |mut file| async move {
            file.write_all(&bytes).await?;
            file.flush().await
        }),
    );
    let left = fs::read_dir(place.path().join("work")).unwrap().count();
    assert_eq!(left, 0, "nothing is left of the work");
    answer
}

fn process(bytes: &[u8]) -> Result<Recording, Error> {
    process_as(bytes, Container::of(bytes).unwrap(), Effort::Convert)
}

fn content(recording: &mut Recording) -> Vec<u8> {
    let mut bytes = Vec::new();
    recording.file.read_to_end(&mut bytes).unwrap();
    bytes
}

fn tells(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
}

/// What a program that was taken over might do; the first of `arguments` after `reach` is the folder it works in.
pub fn reach(arguments: &[String]) -> ExitCode {
    let folder = Path::new(&arguments[2]);
    tool::confine(folder, &this_program()).unwrap();
    let is_reached = match arguments[3].as_str() {
        "source" => fs::read(folder.join("in/source")).is_ok(),
        "result" => fs::write(folder.join("out/result"), "x").is_ok(),
        "again" => {
            fs::write(folder.join("out/result"), "x").unwrap();
            fs::read(folder.join("out/result")).is_ok()
        }
        "thread" => std::thread::spawn(|| 7).join().is_ok(),
        "overwrite" => File::options().write(true).open(folder.join("in/source")).is_ok(),
        "create" => fs::write(folder.join("in/other"), "x").is_ok(),
        "beside" => fs::read(folder.join("lock")).is_ok(),
        "list" => fs::read_dir(folder).is_ok(),
        "remove" => fs::remove_file(folder.join("in/source")).is_ok(),
        "link" => std::os::unix::fs::symlink("/etc/hostname", folder.join("out/x")).is_ok(),
        "passwords" => fs::read("/etc/passwd").is_ok(),
        "environment" => fs::read("/proc/self/environ").is_ok(),
        "connect" => TcpStream::connect("127.0.0.1:9")
            .map_or_else(|e| e.kind() == io::ErrorKind::ConnectionRefused, |_| true),
        "listen" => TcpListener::bind("127.0.0.1:0").is_ok(),
        "datagram" => UdpSocket::bind("127.0.0.1:0").is_ok(),
        "unix" => UnixStream::pair().is_ok(),
        "start" => Command::new("/bin/true").status().is_ok(),
        "memory" => Vec::<u8>::new().try_reserve_exact(4 << 30).is_ok(),
        other => panic!("nothing named {other}"),
    };
    if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn reached(what: &str) -> Option<i32> {
    let folder = tempfile::tempdir().unwrap();
    for part in ["in", "out"] {
        fs::create_dir(folder.path().join(part)).unwrap();
    }
    for file in ["in/source", "lock"] {
        fs::write(folder.path().join(file), "x").unwrap();
    }
    let mut command = Command::new(this_program());
    command.arg("reach").arg(folder.path()).arg(what).env_clear().stderr(Stdio::null());
    command.status().unwrap().code()
}

pub fn m2_a_tool_reaches_its_folder_only() {
    for what in ["source", "result", "again", "thread"] {
        assert_eq!(reached(what), Some(0), "{what}");
    }
    for what in [
        "overwrite",
        "create",
        "beside",
        "list",
        "remove",
        "link",
        "passwords",
        "environment",
        "connect",
        "listen",
        "datagram",
        "unix",
        "start",
    ] {
        assert_eq!(reached(what), Some(1), "{what}");
    }
}

pub fn m2_a_tool_has_little_memory_and_time() {
    assert_eq!(reached("memory"), Some(1));
}

pub fn m2_playlists_in_a_video_s_clothes_are_refused() {
    if ffmpeg().is_none() {
        return;
    }
    let secret = tempfile::tempdir().unwrap();
    let path = secret.path().join("secret.mp4");
    fs::write(&path, film()).unwrap();
    let path = path.display();
    let playlist = format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{path}\n#EXT-X-ENDLIST\n");
    let concat = format!("ffconcat version 1.0\nfile {path}\n");
    // A playlist whose first bytes are those of a video: the demuxer that would read it is never asked.
    let dressed = [b"\0\0\0\x20ftypisom\0\0\x02\0".as_slice(), playlist.as_bytes()].concat();
    for (bytes, container) in [
        (playlist.as_bytes(), Container::Mp4),
        (concat.as_bytes(), Container::Mp4),
        (playlist.as_bytes(), Container::Webm),
        (playlist.as_bytes(), Container::Mp3),
        (concat.as_bytes(), Container::Ogg),
        (&dressed, Container::Mp4),
    ] {
        let answer = process_as(bytes, container, Effort::Convert);
        assert!(matches!(answer, Err(Error::Refused(_))), "{container:?}: {answer:?}");
    }
}

pub fn m3_recordings_that_lie_about_themselves() {
    if ffmpeg().is_none() {
        return;
    }
    let honest = film();
    // The length in the header of the film (`mvhd`, ISO 14496-12 §8.2.2): 32 bits, 16 bytes after the name.
    let at = honest.windows(4).position(|name| name == b"mvhd").unwrap() + 4 + 16;
    let mut long = honest.clone();
    long[at..at + 4].copy_from_slice(&0x7FFF_FFFF_u32.to_be_bytes());
    match process(&long) {
        Err(Error::Refused(Refused::TooLong { .. })) => {}
        Ok(recording) => assert!(recording.milliseconds < 2_000, "what is told is what was made"),
        other => panic!("{other:?}"),
    }
    // The size in its track header and in its sample description is not the one of the pictures.
    let mut huge = honest.clone();
    let at = huge.windows(4).position(|name| name == b"avc1").unwrap() + 4 + 24;
    for (place, byte) in huge[at..at + 4].iter_mut().zip([0x7F, 0xFF, 0x7F, 0xFF]) {
        *place = byte;
    }
    if let Ok(recording) = process(&huge) {
        assert!(u64::from(recording.width) * u64::from(recording.height) <= 8_294_400);
    }
    let wide =
        clip("-f lavfi -i color=size=4000x2400:rate=1:duration=1 -c:v libx264 -preset ultrafast", "a.mp4");
    assert!(matches!(process(&wide), Err(Error::Refused(Refused::TooManyPixels { .. }))));
    let fast =
        clip("-f lavfi -i color=size=32x32:rate=240:duration=1 -c:v libx264 -preset ultrafast", "a.mp4");
    assert!(matches!(process(&fast), Err(Error::Refused(Refused::TooFast { .. }))));
    for length in [16, 40, honest.len() / 2] {
        let answer = process(&honest[..length]);
        assert!(matches!(answer, Err(Error::Refused(Refused::Damaged))), "{length}: {answer:?}");
    }
}

pub fn m4_where_a_video_was_made_is_not_told() {
    if ffmpeg().is_none() {
        return;
    }
    let codecs = "-c:v libx264 -pix_fmt yuv420p -c:a aac";
    for name in ["a.mp4", "a.mov"] {
        let bytes = clip(&format!("{PICTURES} {SOUND} {codecs}"), name);
        assert!(tells(&bytes, AUTHOR), "{name} has something to lose");
        // Telephones write the place into QuickTime's `udta`.
        assert!(name == "a.mp4" || tells(&bytes, PLACE), "{name} has something to lose");
        let mut made = process(&bytes).unwrap();
        let poster = made.poster.clone().unwrap();
        for written in [content(&mut made), poster.to_vec()] {
            for secret in [AUTHOR, PLACE, "x264", "Lavf"] {
                assert!(!tells(&written, secret), "{name} tells {secret}");
            }
        }
    }
    let webm = clip(&format!("{PICTURES} -c:v libvpx -deadline realtime"), "a.webm");
    assert!(tells(&webm, AUTHOR));
    assert!(!tells(&content(&mut process(&webm).unwrap()), AUTHOR));
}

pub fn m4_who_made_a_sound_is_not_told() {
    if ffmpeg().is_none() {
        return;
    }
    // The cover is a picture with the secret in it.
    let cover = "-f lavfi -i color=size=32x32:rate=1:duration=1";
    let covered =
        format!("{SOUND} {cover} -map 0 -map 1 -c:a libmp3lame -c:v mjpeg -disposition:v attached_pic");
    for (words, name) in [
        (covered.as_str(), "a.mp3"),
        (&format!("{SOUND} -c:a aac"), "a.m4a"),
        (&format!("{SOUND} -c:a libvorbis -ac 2"), "a.ogg"),
        (&format!("{SOUND} -c:a flac"), "a.flac"),
        (SOUND, "a.wav"),
    ] {
        let bytes = clip(words, name);
        assert!(tells(&bytes, AUTHOR), "{name} has something to lose");
        let mut made = process(&bytes).unwrap();
        let written = content(&mut made);
        for secret in [AUTHOR, "APIC", "ID3", "JFIF"] {
            assert!(!tells(&written, secret), "{name} tells {secret}");
        }
        assert!(made.poster.is_none());
    }
}

pub fn m3_a_damaged_video_of_which_much_is_said_ends() {
    if ffmpeg().is_none() {
        return;
    }
    let noise = "-f lavfi -i testsrc2=size=320x180:rate=25:duration=4 -vf noise=alls=40:allf=t -c:v libx264";
    let mut bytes = clip(&format!("{noise} -preset ultrafast -crf 20 -pix_fmt yuv420p"), "a.mp4");
    assert!(bytes.len() > 1_000_000, "{}", bytes.len());
    // All but the boxes at the beginning and at the end.
    let end = bytes.windows(4).position(|name| name == b"moov").unwrap() - 100;
    for at in (2_000..end).step_by(150) {
        bytes[at] ^= 0xFF;
    }
    // Either way is right, as long as it ends: ffmpeg says more about it than a pipe holds.
    let answer = process(&bytes);
    assert!(matches!(answer, Ok(_) | Err(Error::Refused(_))), "{answer:?}");
}

pub fn m4_what_a_video_says_between_its_pictures_is_not_told() {
    if ffmpeg().is_none() {
        return;
    }
    let raw = clip(&format!("{PICTURES} -c:v libx264 -pix_fmt yuv420p -f h264"), "a.h264");
    // Units that decoders skip (H.264 table 7-1): SEI, filler, and numbers that mean nothing.
    for kind in [0x06_u8, 0x0C, 0x18, 0x1E] {
        let unit = [b"\0\0\0\x01".as_slice(), &[kind], AUTHOR.as_bytes(), &[0x80]].concat();
        let first = raw.windows(5).skip(4).position(|w| w[..4] == *b"\0\0\0\x01").unwrap() + 4;
        let marked = [&raw[..first], &unit, &raw[first..], &unit].concat();
        let place = tempfile::tempdir().unwrap();
        let (source, film) = (place.path().join("a.h264"), place.path().join("a.mp4"));
        fs::write(&source, marked).unwrap();
        let mut command = Command::new("ffmpeg");
        command.args(["-nostdin", "-v", "quiet", "-f", "h264", "-i"]).arg(&source);
        assert!(command.args(["-c", "copy"]).arg(&film).status().unwrap().success());
        let bytes = fs::read(&film).unwrap();
        assert!(kind == 0x0C || tells(&bytes, AUTHOR), "unit {kind}: there is something to lose");
        assert!(!tells(&content(&mut process(&bytes).unwrap()), AUTHOR), "unit {kind}");
    }
}

pub fn m4_what_a_sound_says_between_its_frames_is_not_told() {
    if ffmpeg().is_none() {
        return;
    }
    let plain = clip(&format!("{SOUND} -c:a libmp3lame -write_id3v1 0 -id3v2_version 0"), "a.mp3");
    let length = u8::try_from(AUTHOR.len() + 11).unwrap();
    let id3 = [
        b"ID3\x03\0\0\0\0\0".as_slice(),
        &[length],
        b"TPE1\0\0\0",
        &[length - 10],
        b"\0\0\0",
        AUTHOR.as_bytes(),
    ]
    .concat();
    let ape = [b"APETAGEX\xD0\x07\0\0".as_slice(), &[100, 0, 0, 0, 1, 0, 0, 0], &[0; 12], AUTHOR.as_bytes()]
        .concat();
    let middle = plain.len() / 2;
    for tag in [&id3, &ape] {
        for marked in
            [[&plain[..middle], tag.as_slice(), &plain[middle..]].concat(), [plain.as_slice(), tag].concat()]
        {
            assert!(tells(&marked, AUTHOR));
            assert!(!tells(
                &content(&mut process_as(&marked, Container::Mp3, Effort::Convert).unwrap()),
                AUTHOR
            ));
        }
    }
    let taken = process_as(&plain, Container::Mp3, Effort::TakeOver);
    assert!(matches!(taken, Err(Error::Refused(Refused::TooCostly))), "{taken:?}");
}

pub fn m5_what_hangs_on_a_video_is_left_behind() {
    if ffmpeg().is_none() {
        return;
    }
    const PAGE: &[u8] = b"<!doctype html><script>alert(document.domain)</script>";
    let after = [film(), PAGE.to_vec()].concat();
    // A `free` box (ISO 14496-12 §8.1.2) in front of everything but the type.
    let film = film();
    let first = usize::try_from(u32::from_be_bytes(film[..4].try_into().unwrap())).unwrap();
    let length = u32::try_from(PAGE.len() + 8).unwrap().to_be_bytes();
    let inside = [&film[..first], &length, b"free", PAGE, &film[first..]].concat();
    for bytes in [after, inside] {
        match process(&bytes) {
            Ok(mut made) => assert!(!tells(&content(&mut made), "<script>")),
            Err(error) => assert!(matches!(error, Error::Refused(_)), "{error:?}"),
        }
    }
}

pub fn recordings_of_each_kind_play_everywhere() {
    if ffmpeg().is_none() {
        return;
    }
    let vp9 = format!("{PICTURES} {SOUND} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus");
    let films = [
        (film(), Kind::Film),
        (clip(&format!("{PICTURES} -c:v libx264 -pix_fmt yuv420p"), "a.mp4"), Kind::Silent),
        (clip(&format!("{PICTURES} {SOUND} -c:v mpeg4 -c:a aac"), "a.mov"), Kind::Film),
        (clip(&vp9, "a.webm"), Kind::Film),
    ];
    for (bytes, kind) in films {
        let made = process(&bytes).unwrap();
        assert_eq!((made.container, made.kind), (Container::Mp4, kind));
        assert_eq!((made.width, made.height, made.frame_rate.as_str()), (192, 108, "12/1"));
        assert!((900..1_300).contains(&made.milliseconds), "{}", made.milliseconds);
        assert!(made.bitrate > 0 && made.bytes > 0);
        assert!(made.poster.is_some_and(|poster| poster.starts_with(&[0xFF, 0xD8, 0xFF])));
        assert_eq!(made.sound.map(|sound| sound.codec), (kind == Kind::Film).then(|| "aac".to_owned()));
    }
    let sounds = [
        (clip(&format!("{SOUND} -c:a libmp3lame"), "a.mp3"), Container::Mp3),
        (clip(&format!("{SOUND} -c:a aac"), "a.m4a"), Container::M4a),
        (clip(&format!("{SOUND} -c:a aac"), "a.aac"), Container::M4a),
        (clip(&format!("{SOUND} -c:a libopus"), "a.ogg"), Container::Mp3),
        (clip(&format!("{SOUND} -c:a flac"), "a.flac"), Container::Mp3),
        (clip(SOUND, "a.wav"), Container::Mp3),
        (clip(&format!("{SOUND} -c:a libopus"), "a.webm"), Container::Mp3),
    ];
    for (bytes, container) in sounds {
        let from = Container::of(&bytes).unwrap();
        let made = process(&bytes).unwrap();
        assert_eq!((made.container, made.kind, made.width), (container, Kind::Sound, 0), "{from:?}");
        assert!((900..1_200).contains(&made.milliseconds), "{from:?}: {}", made.milliseconds);
        assert!(made.poster.is_none());
    }
    let costly = process_as(&clip(SOUND, "a.wav"), Container::Wav, Effort::TakeOver);
    assert!(matches!(costly, Err(Error::Refused(Refused::TooCostly))), "{costly:?}");
    process_as(&film(), Container::Mp4, Effort::TakeOver).unwrap();
}

pub fn a_video_that_was_turned_stands_upright() {
    if ffmpeg().is_none() {
        return;
    }
    // As telephones do it: the pictures lie, and the header says how to turn them.
    let lying = format!("{PICTURES} -c:v libx264 -pix_fmt yuv420p");
    let place = tempfile::tempdir().unwrap();
    let (flat, turned) = (place.path().join("flat.mp4"), place.path().join("turned.mp4"));
    fs::write(&flat, clip(&lying, "a.mp4")).unwrap();
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-i"]).arg(&flat);
    let made = command.args(["-c", "copy", "-metadata:s:v:0", "rotate=90"]).arg(&turned).status().unwrap();
    assert!(made.success());
    let made = process(&fs::read(&turned).unwrap()).unwrap();
    assert_eq!((made.width, made.height), (108, 192));
}

pub fn what_is_no_recording_is_damaged() {
    if ffmpeg().is_none() {
        return;
    }
    for bytes in [b"\0\0\0\x20ftypisom\0\0\x02\0".to_vec(), [b"OggS\0\x02".as_slice(), &[7; 500]].concat()] {
        let answer = process(&bytes);
        assert!(matches!(answer, Err(Error::Refused(Refused::Damaged))), "{answer:?}");
    }
}

pub fn a_town_says_whether_it_takes_recordings() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("ffmpeg");
    let recordings =
        Recordings::with(move || Some(path.clone()), Some(this_program()), place.path().to_owned());
    assert!(!recordings.is_available());
    assert_eq!(block_on(false, recordings.check()).unwrap(), None);
    let Some(ffmpeg) = ffmpeg() else { return };
    // Somebody installs it while the town serves, and takes it away again.
    for name in ["ffmpeg", "ffprobe"] {
        std::os::unix::fs::symlink(ffmpeg.with_file_name(name), place.path().join(name)).unwrap();
    }
    assert!(!recordings.is_available(), "nobody looked yet");
    assert!(block_on(false, recordings.check()).unwrap().is_some_and(|version| !version.is_empty()));
    assert!(recordings.is_available() && recordings.reads_avif());
    for name in ["ffmpeg", "ffprobe"] {
        fs::remove_file(place.path().join(name)).unwrap();
    }
    assert_eq!(block_on(false, recordings.check()).unwrap(), None);
    assert!(!recordings.is_available() && !recordings.reads_avif());
    // Programs of the same names that are something else.
    for name in ["ffmpeg", "ffprobe"] {
        std::os::unix::fs::symlink("/bin/true", place.path().join(name)).unwrap();
    }
    assert!(block_on(false, recordings.check()).is_err());
    assert!(!recordings.is_available());
}

/// AVIF pictures come out as JPEG, and what only pretends to be one does not.
pub fn m2_a_picture_that_only_ffmpeg_reads_is_decoded_in_the_confined_process() {
    if ffmpeg().is_none() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let recordings = Recordings::with(ffmpeg, Some(this_program()), place.path().join("work"));
    let still = |bytes: &[u8]| block_on(false, recordings.still(&bytes.to_vec().into()));
    let words = "-f lavfi -i testsrc=size=192x108:rate=1:duration=1 -frames:v 1 -c:v libaom-av1 -cpu-used 8 -still-picture 1";
    let picture = clip(words, "a.avif");
    let made = still(&picture).unwrap();
    assert!(made.starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG");
    assert!(!made.windows(AUTHOR.len()).any(|part| part == AUTHOR.as_bytes()), "and nothing but the picture");
    let half = picture.get(..picture.len() / 2).unwrap();
    for broken in [half, b"\0\0\0\x1Cftypavif\0\0\0\0avifmif1miaf", b"#EXTM3U\nfile:///etc/passwd", &film()] {
        let answer = still(broken);
        assert!(matches!(answer, Err(Error::Refused(Refused::Damaged))), "{answer:?}");
    }
    assert_eq!(fs::read_dir(place.path().join("work")).unwrap().count(), 0, "nothing is left of the work");
}
