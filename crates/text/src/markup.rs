//! The few lines of HTML writing that `compose` and `sanitise` share: escaping, and paragraphs from plain text.
//! Pages are not written here but by templates in `web`, which escape by themselves.

/// Escapes text for element content and for attribute values in double quotes.
pub(crate) fn escape_into(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}

/// The text cut to at most `max` bytes, at a character boundary.
pub(crate) fn cut(text: &str, max: usize) -> &str {
    let end = text.floor_char_boundary(max);
    text.get(..end).unwrap_or_default()
}

/// Plain text as `<p>` with `<br />`: an empty line ends a paragraph. `line` writes one line's HTML.
pub(crate) fn paragraphs(text: &str, mut line: impl FnMut(&mut String, &str)) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut inside = false;
    for raw in text.trim().lines() {
        let content = raw.trim_end();
        if content.trim_start().is_empty() {
            if inside {
                html.push_str("</p>");
                inside = false;
            }
            continue;
        }
        html.push_str(if inside { "<br />" } else { "<p>" });
        inside = true;
        line(&mut html, content);
    }
    if inside {
        html.push_str("</p>");
    }
    html
}
