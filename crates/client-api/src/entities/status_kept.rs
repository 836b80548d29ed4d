//! Writing a post into the body of an answer: what lasts of it is rendered once and copied from then on. Equal to what [`Status`](super::Status) gives
//! (`tests::kept_posts`).

use parvis_domain::views::StatusView;
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde::Serialize;
use serde_json::Result;

use super::status::{Lasting, Passing};

/// Appends a post, for the viewer for whom its view was loaded.
///
/// # Errors
/// None in practice: nothing in it refuses to be rendered.
pub fn write(view: &StatusView, viewer: Option<AccountId>, urls: &Urls, out: &mut Vec<u8>) -> Result<()> {
    let kept = view.rendered(|| serde_json::to_vec(&Lasting::of(view, urls)).ok());
    match kept.as_deref() {
        Some(Some(kept)) => out.extend_from_slice(kept),
        _ => serde_json::to_writer(&mut *out, &Lasting::of(view, urls))?,
    }
    go_on(out, &Passing::of(view, viewer, urls))?;
    out.pop();
    out.extend_from_slice(b",\"reblog\":");
    match &view.boost_of {
        Some(original) => write(original, viewer, urls, out)?,
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
    Ok(())
}

/// Appends members to an object that has some and was closed.
fn go_on<T: Serialize>(out: &mut Vec<u8>, members: &T) -> Result<()> {
    out.pop();
    let place = out.len();
    serde_json::to_writer(&mut *out, members)?;
    if let Some(opening) = out.get_mut(place) {
        *opening = b',';
    }
    Ok(())
}
