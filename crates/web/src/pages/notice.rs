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

/// Says `texts` under `title`; `way` is a path of ours with its words. All by their keys.
///
/// # Errors
/// Internal.
pub fn notice(visitor: &Visitor, title: &str, texts: &[&str], way: Option<(&'static str, &str)>) -> Answer {
    let frame = Frame::titled(visitor, title).hidden_from_search();
    let paragraphs = texts.iter().map(|key| frame.say(key)).collect();
    let way = way.map(|(path, key)| (path, frame.say(key)));
    page(&Notice { frame, paragraphs, way })
}
