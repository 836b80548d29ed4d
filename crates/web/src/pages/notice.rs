//! A page that says one thing and shows one way on: after a form was sent.

use crate::frame::Frame;
use crate::page::{Answer, page};
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "sign_in/notice.html")]
struct Notice {
    frame: Frame,
    paragraphs: Vec<String>,
    way: Option<(&'static str, String)>,
}

/// A sentence by its key.
#[derive(Clone, Copy, Debug)]
pub enum Say<'a> {
    /// As it is.
    Key(&'a str),
    /// With one text put in.
    With(&'a str, &'static str, &'a str),
}

/// Says `texts` under `title`; `way` is a path of ours with its words.
///
/// # Errors
/// Internal.
pub fn said(visitor: &Visitor, title: &str, texts: &[Say<'_>], way: Option<(&'static str, &str)>) -> Answer {
    let frame = Frame::titled(visitor, title).hidden_from_search();
    let words = |say: &Say<'_>| match say {
        Say::Key(key) => frame.say(key),
        Say::With(key, name, value) => frame.say_with(key, name, value),
    };
    let paragraphs = texts.iter().map(words).collect();
    let way = way.map(|(path, key)| (path, frame.say(key)));
    page(&Notice { frame, paragraphs, way })
}

/// The same with plain sentences.
///
/// # Errors
/// Internal.
pub fn notice(visitor: &Visitor, title: &str, texts: &[&str], way: Option<(&'static str, &str)>) -> Answer {
    let texts: Vec<Say<'_>> = texts.iter().map(|key| Say::Key(key)).collect();
    said(visitor, title, &texts, way)
}
