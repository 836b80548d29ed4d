//! What the town says of itself: about, rules, legal notice. The texts are settings.

use axum::extract::State;
use parvis_domain::Town;

use crate::frame::Frame;
use crate::page::{Answer, page};
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "town/about.html")]
struct About {
    frame: Frame,
    description: String,
    contact: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "town/rules.html")]
struct Rules {
    frame: Frame,
    rules: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "town/legal.html")]
struct Legal {
    frame: Frame,
    /// Paragraphs of lines.
    paragraphs: Vec<Vec<String>>,
    contact: Option<String>,
}

/// `GET /about`.
///
/// # Errors
/// Internal.
pub async fn about(State(town): State<Town>, visitor: Visitor) -> Answer {
    let own = &town.settings().town;
    let mut frame = Frame::titled(&visitor, "link-about");
    frame.canonical = Some(town.urls().page("/about"));
    page(&About { frame, description: own.description.clone(), contact: own.contact_email.clone() })
}

/// `GET /about/rules`.
///
/// # Errors
/// Internal.
pub async fn rules(State(town): State<Town>, visitor: Visitor) -> Answer {
    let mut frame = Frame::titled(&visitor, "rules-title");
    frame.canonical = Some(town.urls().page("/about/rules"));
    page(&Rules { frame, rules: town.settings().town.rules.clone() })
}

/// `GET /about/legal`.
///
/// # Errors
/// Internal.
pub async fn legal(State(town): State<Town>, visitor: Visitor) -> Answer {
    let own = &town.settings().town;
    let mut frame = Frame::titled(&visitor, "legal-title");
    frame.canonical = Some(town.urls().page("/about/legal"));
    page(&Legal { frame, paragraphs: paragraphs(&own.legal_notice), contact: own.contact_email.clone() })
}

/// Plain text → paragraphs of lines, parted by blank lines.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => last.push(line.to_owned()),
            Some(last) if last.is_empty() => {}
            _ => paragraphs.push(Vec::new()),
        }
    }
    paragraphs.retain(|p| !p.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs() {
        let read = paragraphs("\n\nVille de Clairval\n1 place de la Mairie\n\n  \nHébergeur : X\n");
        assert_eq!(read, [vec!["Ville de Clairval", "1 place de la Mairie"], vec!["Hébergeur : X"]]);
        assert!(paragraphs(" \n").is_empty());
    }
}
