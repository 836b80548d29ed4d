//! Walks through the tags of somebody's HTML, one after the other, without building a tree: time and memory are linear in the input, whatever it
//! is. Neighbours: [`crate::page`] (what a foreign page says of itself) and [`crate::first_link`] read with it. Not here: making HTML harmless
//! (`sanitise`), which needs a tree.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// What stands next in the text.
pub(crate) enum Piece<'a> {
    /// `<name …>`.
    Open(&'a Tag),
    /// `</name>`.
    Close(&'a str),
    /// Text between tags, entities resolved; a long one comes in parts.
    Text(&'a str),
}

/// Whether to read on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    On,
    Stop,
}

/// Bytes handed over at once.
const CHUNK: usize = 2_048;
/// Chunks without a single tag or text after which the rest is left out: a tag of thousands of attributes takes the parser quadratic time.
const PATIENCE: usize = 8;

/// Reads `html` from its beginning, until `visit` has enough.
pub(crate) fn walk(html: &str, visit: &mut dyn FnMut(Piece<'_>) -> Step) {
    let sink = Sink { visit: RefCell::new(visit), has_moved: Cell::new(false), is_done: Cell::new(false) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let (mut rest, mut silent) = (html, 0);
    while !rest.is_empty() && silent < PATIENCE {
        let mut end = CHUNK.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let Some((chunk, after)) = rest.split_at_checked(end) else { return };
        rest = after;
        queue.push_back(StrTendril::from_slice(chunk));
        // Only a script or the end of interest stops it before the queue is empty, and scripts are not run.
        let _ = tokenizer.feed(&queue);
        if tokenizer.sink.is_done.get() {
            return;
        }
        silent = if tokenizer.sink.has_moved.take() { 0 } else { silent + 1 };
    }
    if silent < PATIENCE {
        tokenizer.end();
    }
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
}

struct Sink<'v> {
    visit: RefCell<&'v mut dyn FnMut(Piece<'_>) -> Step>,
    has_moved: Cell<bool>,
    is_done: Cell<bool>,
}

impl Sink<'_> {
    fn show(&self, piece: Piece<'_>) {
        self.has_moved.set(true);
        if !self.is_done.get() && (self.visit.borrow_mut())(piece) == Step::Stop {
            self.is_done.set(true);
        }
    }
}

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == StartTag => {
                self.show(Piece::Open(&tag));
                if self.is_done.get() {
                    // Gives the word back to `walk`.
                    return TokenSinkResult::Script(());
                }
                // What a tree builder would tell the tokenizer: in these nothing is a tag but their own end.
                return match &*tag.name {
                    "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(Rawtext),
                    "script" => TokenSinkResult::RawData(ScriptData),
                    "plaintext" => TokenSinkResult::Plaintext,
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => self.show(Piece::Close(&tag.name)),
            Token::CharacterTokens(text) => self.show(Piece::Text(&text)),
            Token::CommentToken(_) | Token::DoctypeToken(_) | Token::NullCharacterToken => {
                self.has_moved.set(true);
            }
            Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        let mut seen = Vec::new();
        walk(html, &mut |piece| {
            if let Piece::Open(tag) = piece {
                seen.push(tag.name.to_string());
            }
            Step::On
        });
        seen
    }

    #[test]
    fn what_stands_in_a_script_or_a_title_is_no_tag() {
        let html = "<title>a <b> c</title><script>'<meta>'</script><style><i></style><p>x";
        assert_eq!(names(html), ["title", "script", "style", "p"]);
    }

    #[test]
    fn reading_stops_when_enough_was_read() {
        let mut seen = 0;
        walk(&"<p>".repeat(10_000), &mut |_| {
            seen += 1;
            if seen == 3 { Step::Stop } else { Step::On }
        });
        assert_eq!(seen, 3);
    }

    #[test]
    fn j3_a_tag_without_an_end_is_given_up() {
        let attributes: String = (0..100_000).map(|n| format!("a{n} ")).collect();
        assert!(names(&format!("<p {attributes}><b>")).is_empty());
    }
}
