//! Letters into a folder and to a mail server that this test plays on loopback.

use std::time::UNIX_EPOCH;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;

const FROM: &str = "Town of Clairval <no-reply@clairval.example>";

fn letter() -> Message {
    Message {
        id: "letter-1".into(),
        to: "Ana@town.example".parse().unwrap(),
        subject: "Confirm your address".into(),
        text: "Hello\nhttps://clairval.example/confirm?token=abc".into(),
        html: None,
        written_at: UNIX_EPOCH + Duration::from_secs(1_795_320_000),
    }
}

fn text(message: &Message) -> String {
    String::from_utf8(written(message, &FROM.parse().unwrap()).unwrap().formatted()).unwrap()
}

fn header<'a>(letter: &'a str, name: &str) -> Vec<&'a str> {
    let (head, _) = letter.split_once("\r\n\r\n").unwrap();
    head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

#[tokio::test]
async fn a_letter_in_the_folder_can_be_read() {
    let place = tempfile::tempdir().unwrap();
    let mailer = Mailer::folder(place.path().join("mail"), FROM).unwrap();
    mailer.send(&letter()).await.unwrap();
    mailer.send(&letter()).await.unwrap();
    let letter = std::fs::read_to_string(place.path().join("mail/letter-1.eml")).unwrap();
    assert_eq!(header(&letter, "From"), [r#""Town of Clairval" <no-reply@clairval.example>"#]);
    assert_eq!(header(&letter, "To"), ["Ana@town.example"]);
    assert_eq!(header(&letter, "Subject"), ["Confirm your address"]);
    assert_eq!(header(&letter, "Message-ID"), ["<letter-1@clairval.example>"]);
    assert_eq!(header(&letter, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!(header(&letter, "Date"), ["Sun, 22 Nov 2026 04:00:00 +0000"]);
    assert!(letter.contains("https://clairval.example/confirm?token=abc"), "{letter}");
    assert_eq!(std::fs::read_dir(place.path().join("mail")).unwrap().count(), 1, "sent twice, there once");
}

#[test]
fn a_letter_may_have_both_forms() {
    let letter = text(&Message { html: Some("<p>Hello</p>".into()), ..letter() });
    assert!(header(&letter, "Content-Type").first().unwrap().starts_with("multipart/alternative"));
    let (plain, html) = (letter.find("text/plain").unwrap(), letter.find("text/html").unwrap());
    assert!(plain < html && letter.contains("<p>Hello</p>"));
}

#[test]
fn a7_a_subject_or_an_id_cannot_add_a_header() {
    for subject in [
        "Hi\r\nBcc: eve@evil.example",
        "Hi\nBcc: eve@evil.example",
        "Hi\rBcc: eve@evil.example",
        "é\r\nBcc: x",
    ] {
        let letter = text(&Message { subject: subject.into(), ..letter() });
        assert!(header(&letter, "Bcc").is_empty(), "{letter}");
        assert_eq!(header(&letter, "Subject").len(), 1);
    }
    for id in ["", "../x", "a b", "x@y>\r\nBcc: eve@evil.example"] {
        let refused = written(&Message { id: id.into(), ..letter() }, &FROM.parse().unwrap()).unwrap_err();
        assert!(refused.is_permanent(), "{refused}");
    }
}

#[tokio::test]
async fn without_a_mail_server_a_letter_waits() {
    let refused = Mailer::nowhere().send(&letter()).await.unwrap_err();
    assert!(matches!(refused, Error::NotConfigured) && !refused.is_permanent());
}

#[tokio::test]
async fn settings_that_are_wrong_are_refused_at_once() {
    assert!(matches!(Mailer::smtp("http://mail.example", FROM), Err(Error::Smtp(_))));
    assert!(matches!(Mailer::smtp("smtp://localhost:25", "nobody"), Err(Error::Unwritable(_))));
    assert!(Mailer::smtp("smtps://parvis:secret@mail.example", FROM).is_ok());
}

/// Plays a mail server for one connection and answers every RCPT with `verdict`. Returns what it was told.
async fn serve(stream: TcpStream, verdict: &str) -> Vec<String> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut told = Vec::new();
    let mut in_data = false;
    write.write_all(b"220 mail.example\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.get(..4).unwrap_or_default() {
            _ if in_data && line == "." => {
                in_data = false;
                "250 taken"
            }
            _ if in_data => "",
            "EHLO" => "250 mail.example",
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "RCPT" => verdict,
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        told.push(line.clone());
        if !answer.is_empty() {
            write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
        if line == "." || line == "QUIT" || (line.starts_with("RCPT") && !verdict.starts_with('2')) {
            break;
        }
    }
    told
}

async fn send_to_server(verdict: &str) -> (Result<(), Error>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailer = Mailer::smtp(&format!("smtp://{}", listener.local_addr().unwrap()), FROM).unwrap();
    let letter = letter();
    let served = async {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream, verdict).await
    };
    tokio::join!(mailer.send(&letter), served)
}

#[tokio::test]
async fn a_letter_reaches_the_mail_server() {
    let (sent, told) = send_to_server("250 fine").await;
    sent.unwrap();
    let said = |start: &str| told.iter().filter(|line| line.starts_with(start)).cloned().collect::<Vec<_>>();
    assert_eq!(said("MAIL FROM:"), ["MAIL FROM:<no-reply@clairval.example>"]);
    assert_eq!(said("RCPT TO:"), ["RCPT TO:<Ana@town.example>"]);
    assert_eq!(said("Message-ID:"), ["Message-ID: <letter-1@clairval.example>"]);
}

#[tokio::test]
async fn a_refusal_for_now_and_one_for_good_are_told_apart() {
    let (sent, _) = send_to_server("450 later").await;
    assert!(!sent.unwrap_err().is_permanent());
    let (sent, _) = send_to_server("550 nobody here").await;
    assert!(sent.unwrap_err().is_permanent());
}
