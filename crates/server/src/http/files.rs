//! Stored pictures, video and sound, and those of other servers through us; whole or the part that a player asks for. Served so that a browser can do nothing with them but show them (threats M5, O3).

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use parvis_domain::foreign_pictures::{self, Which};
use parvis_domain::media::{self, About, Served};
use parvis_domain::{Error, Town};
use parvis_media::{Found, Part};
use parvis_model::ids::{AccountId, EmojiId, MediaId};

/// `/media/…` and `/media_proxy/…`.
pub fn router(town: Town) -> Router {
    Router::new()
        .route("/media/{*key}", get(stored))
        .route("/media_proxy/{id}/{size}/{mark}", get(proxied))
        .route("/media_proxy/accounts/{id}/{what}/{mark}", get(of_account))
        .route("/media_proxy/emojis/{id}/{mark}", get(emoji))
        .with_state(town)
}

/// Names are never used again, so a file never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// A copy goes and is made anew, perhaps of another picture; and what a person or server is shut out for must go soon.
const A_DAY: &str = "public, max-age=86400";

async fn stored(
    State(town): State<Town>,
    method: Method,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(public) = public_address(&town, &key) {
        return harmless((StatusCode::FOUND, [(header::LOCATION, public)]).into_response());
    }
    if method == Method::HEAD {
        return told(media::about(&town, &key).await, FOREVER);
    }
    answer(media::stored_part(&town, &key, part(&headers)).await, FOREVER)
}

/// Where everybody can read it without us, if the operator says so. What is not served here is not named either.
fn public_address(town: &Town, key: &str) -> Option<String> {
    let s3 = &town.settings().s3;
    let public = s3.public_url.as_ref().filter(|_| s3.bucket.is_some())?;
    let is_served = media::is_served(key);
    is_served.then(|| format!("{}/{key}", public.as_str().trim_end_matches('/')))
}

/// The mark is that of the file's source, or there is nothing here.
async fn proxied(
    State(town): State<Town>,
    method: Method,
    Path((id, size, mark)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Ok(id), true) = (id.parse::<MediaId>(), matches!(size.as_str(), "small" | "original")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if method == Method::HEAD {
        return told(media::about_proxied(&town, id, &mark, size == "small").await, A_DAY);
    }
    answer(media::proxied(&town, id, &mark, size == "small", part(&headers)).await, A_DAY)
}

/// The mark in the address only makes it another one when the picture is another one.
async fn of_account(
    State(town): State<Town>,
    method: Method,
    Path((id, what, _)): Path<(String, String, String)>,
) -> Response {
    let Ok(id) = id.parse::<AccountId>() else { return StatusCode::NOT_FOUND.into_response() };
    let which = match what.as_str() {
        "avatar" => Which::Avatar(id),
        "header" => Which::Header(id),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    picture(&town, &method, which).await
}

async fn emoji(State(town): State<Town>, method: Method, Path((id, _)): Path<(String, String)>) -> Response {
    let Ok(id) = id.parse::<EmojiId>() else { return StatusCode::NOT_FOUND.into_response() };
    picture(&town, &method, Which::Emoji(id)).await
}

async fn picture(town: &Town, method: &Method, which: Which) -> Response {
    if *method == Method::HEAD {
        return told(foreign_pictures::about(town, which).await, A_DAY);
    }
    answer(foreign_pictures::shown(town, which).await, A_DAY)
}

/// The part that is asked for (RFC 9110 §14.2). Several parts at a time, other units and nonsense get everything.
fn part(headers: &HeaderMap) -> Part {
    // We give no validators, so nobody can know that theirs is the same file (RFC 9110 §13.1.5).
    let asked = headers.get(header::RANGE).filter(|_| !headers.contains_key(header::IF_RANGE));
    let asked = asked.and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|text| text.trim().strip_prefix("bytes=")).map(str::trim);
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let read = |text: &str| match text.split_once('-')? {
        ("", last) => number(last).map(Part::Last),
        (start, "") => number(start).map(Part::From),
        (start, last) => {
            let (start, last): (u64, u64) = (number(start)?, number(last)?);
            (start <= last).then_some(Part::Between(start, last))
        }
    };
    asked.and_then(read).unwrap_or_default()
}

/// Nobody knows how long the answer to GET would be.
#[derive(Clone, Copy)]
struct UnknownLength;

/// Routers write `Content-Length: 0` into answers to HEAD, which would be that of the answer to GET (RFC 9110 §8.6); after the last of them it goes.
pub fn without_false_length(mut response: Response) -> Response {
    if response.extensions().get::<UnknownLength>().is_some() {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// The answer to HEAD: what is known of a file. Nothing is opened or fetched for it, so of what is not here it says neither type nor length.
fn told(about: Result<About, Error>, lasting: &'static str) -> Response {
    let about = match about {
        Ok(about) => about,
        Err(error) => return answer(Err(error), lasting),
    };
    let mut response = StatusCode::OK.into_response();
    if about.length.is_none() {
        response.extensions_mut().insert(UnknownLength);
    }
    let headers = response.headers_mut();
    if let Some(mime) = about.mime {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    }
    if let Some(length) = about.length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    harmless(response)
}

fn answer(found: Result<Served, Error>, lasting: &'static str) -> Response {
    match found {
        Ok(Served { mime, content: Found::Part(opened) }) => {
            let (length, range) = (opened.length, opened.range.clone());
            let mut response = Body::from_stream(opened.body).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
            if range != (0..length) {
                let told = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
                if let Ok(told) = HeaderValue::from_str(&told) {
                    headers.insert(header::CONTENT_RANGE, told);
                }
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            }
            harmless(response)
        }
        Ok(Served { content: Found::OutOfRange(length), .. }) => {
            let told = (header::CONTENT_RANGE, format!("bytes */{length}"));
            harmless((StatusCode::RANGE_NOT_SATISFIABLE, [told]).into_response())
        }
        Err(Error::Internal(error)) => {
            tracing::warn!(%error, "a file could not be served");
            harmless(StatusCode::SERVICE_UNAVAILABLE.into_response())
        }
        Err(_) => harmless(StatusCode::NOT_FOUND.into_response()),
    }
}

fn harmless(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_ask_for_parts_and_nonsense_gets_everything() {
        let asked = |range: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static(range));
            part(&headers)
        };
        assert_eq!(asked("bytes=0-"), Part::From(0));
        assert_eq!(asked("bytes=5-9"), Part::Between(5, 9));
        assert_eq!(asked("bytes=-500"), Part::Last(500));
        for nonsense in [
            "",
            "bytes=",
            "bytes=-",
            "bytes=9-5",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=0-1,3-4",
            "pages=1-2",
            "bytes=99999999999999999999-",
        ] {
            assert_eq!(asked(nonsense), Part::Whole, "{nonsense}");
        }
        assert_eq!(part(&HeaderMap::new()), Part::Whole);
    }
}
