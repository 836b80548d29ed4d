//! Consent of a person to a client program (RFC 6749 §4.1). What may be asked and what comes of it is decided in `domain::oauth::authorize`; the
//! endpoints that programs call themselves are in `client-api`.

use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use parvis_domain::Town;
use parvis_domain::oauth::OAuthError;
use parvis_domain::oauth::authorize::{self, Checked, Granted, Refused, Request};
use parvis_domain::oauth::redirect::OUT_OF_BAND;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::headers;
use crate::page::{Answer, page};
use crate::pages::notice::{Say, said};
use crate::redirects;
use crate::trouble::Trouble;
use crate::visitor::{Me, Visitor};

/// The parameters of a request, in the order in which the form sends them again.
const PARAMETERS: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

#[derive(askama::Template)]
#[template(path = "oauth/consent.html")]
struct Consent {
    frame: Frame,
    app: String,
    website: Option<String>,
    handle: String,
    rights: Vec<String>,
    /// Where the browser goes afterwards.
    place: Option<String>,
    request: Vec<(&'static str, String)>,
}

#[derive(askama::Template)]
#[template(path = "oauth/code.html")]
struct Code {
    frame: Frame,
    code: String,
}

fn request<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Request {
    let own = |name| value(name).map(str::to_owned);
    Request {
        response_type: own("response_type").unwrap_or_default(),
        client_id: own("client_id").unwrap_or_default(),
        redirect_uri: own("redirect_uri").unwrap_or_default(),
        scope: own("scope"),
        state: own("state"),
        code_challenge: own("code_challenge"),
        code_challenge_method: own("code_challenge_method"),
    }
}

/// `GET /oauth/authorize`: sign-in first, then the question.
///
/// # Errors
/// `BadRequest` for a repeated parameter (RFC 6749 §3.1); the way to the sign-in page.
pub async fn show(State(town): State<Town>, visitor: Visitor, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if PARAMETERS.iter().any(|name| pairs.iter().filter(|(n, _)| n == name).count() > 1) {
        return Err(Trouble::BadRequest);
    }
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let asked = request(value);
    match town.db().read(move |c| authorize::check(c, &asked)).await? {
        // Before anybody signs in for a program that cannot be answered, it is told so.
        Err(refused) => refuse(&visitor, &refused),
        Ok(checked) => {
            let me = visitor.signed_in()?;
            let sent_again = PARAMETERS.into_iter().filter_map(|n| value(n).map(|v| (n, v.to_owned())));
            question(&town, &visitor, me, &checked, sent_again.collect())
        }
    }
}

fn question(
    town: &Town,
    visitor: &Visitor,
    me: &Me,
    checked: &Checked,
    request: Vec<(&'static str, String)>,
) -> Answer {
    let frame = Frame::titled(visitor, "consent-title").hidden_from_search();
    let rights = checked.scopes.iter().map(|scope| match scope {
        "read" => frame.say("scope-read"),
        "write" => frame.say("scope-write"),
        "follow" => frame.say("scope-follow"),
        "push" => frame.say("scope-push"),
        "profile" => frame.say("scope-profile"),
        "admin:read" | "admin:write" => frame.say("scope-admin"),
        part => part_in_words(&frame, part),
    });
    let target = headers::form_target(&checked.redirect_uri).filter(|_| checked.redirect_uri != OUT_OF_BAND);
    let mut response = page(&Consent {
        rights: rights.collect(),
        app: checked.app.name.clone(),
        website: checked.app.website.clone(),
        handle: format!("@{}@{}", me.username, town.urls().domain()),
        place: target.as_ref().map(|t| t.0.clone()),
        request,
        frame,
    })?;
    if let Some(target) = target {
        response.extensions_mut().insert(target);
    }
    Ok(response)
}

/// "Administer: reports" for `admin:read:reports`.
fn staff_part_in_words(frame: &Frame, scope: &str, action: &str, part: &str) -> String {
    let what = match part {
        "accounts" => "scope-admin-accounts",
        "reports" => "scope-admin-reports",
        "domain_allows" => "scope-admin-domain-allows",
        "domain_blocks" => "scope-admin-domain-blocks",
        "ip_blocks" => "scope-admin-ip-blocks",
        "email_domain_blocks" => "scope-admin-email-domain-blocks",
        "canonical_email_blocks" => "scope-admin-canonical-email-blocks",
        _ => return frame.say_with("scope-other", "scope", scope),
    };
    let key = if action == "read" { "scope-admin-read" } else { "scope-admin-write" };
    frame.say_with(key, "what", &frame.say(what))
}

/// "Read: your bookmarks" for `read:bookmarks`.
fn part_in_words(frame: &Frame, scope: &str) -> String {
    if let Some((action, part)) = scope.strip_prefix("admin:").and_then(|s| s.split_once(':')) {
        return staff_part_in_words(frame, scope, action, part);
    }
    let (family, part) = scope.split_once(':').unwrap_or((scope, ""));
    let what = match part {
        "accounts" => "scope-what-accounts",
        "blocks" => "scope-what-blocks",
        "bookmarks" => "scope-what-bookmarks",
        "collections" => "scope-what-collections",
        "conversations" => "scope-what-conversations",
        "favourites" => "scope-what-favourites",
        "filters" => "scope-what-filters",
        "follows" => "scope-what-follows",
        "lists" => "scope-what-lists",
        "media" => "scope-what-media",
        "mutes" => "scope-what-mutes",
        "notifications" => "scope-what-notifications",
        "reports" => "scope-what-reports",
        "search" => "scope-what-search",
        "statuses" => "scope-what-statuses",
        _ => return frame.say_with("scope-other", "scope", scope),
    };
    let key = if family == "read" { "scope-part-read" } else { "scope-part-write" };
    frame.say_with(key, "what", &frame.say(what))
}

/// `POST /oauth/authorize`. Everything is checked again: the form came back from a browser.
///
/// # Errors
/// The way to the sign-in page, when the session ended meanwhile.
pub async fn decide(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let me = visitor.signed_in()?.id;
    let asked = request(|name| Some(sent.text(name)).filter(|v| !v.is_empty()));
    let checked = match town.db().read(move |c| authorize::check(c, &asked)).await? {
        Ok(checked) => checked,
        Err(refused) => return refuse(&visitor, &refused),
    };
    match sent.text("decision") {
        "allow" => {}
        "deny" => return refuse(&visitor, &authorize::deny(&checked)),
        _ => return Err(Trouble::BadRequest),
    }
    Ok(match town.db().write(move |tx| authorize::grant(tx, me, &checked)).await? {
        Granted::GoTo(address) => redirects::see_other(&address),
        Granted::Show(code) => redirects::see_other(&format!("/oauth/authorize/native?code={code}")),
    })
}

/// Back to the program, or a page of ours when nobody knows whose address it gave (threats A1).
fn refuse(visitor: &Visitor, refused: &Refused) -> Answer {
    let error = match refused {
        Refused::Back(address) => return Ok(redirects::see_other(address)),
        Refused::OnPage(error) => *error,
    };
    let (title, text) = match error {
        OAuthError::AccessDenied => ("consent-refused-title", Say::Key("consent-refused-text")),
        OAuthError::InvalidClient => ("consent-bad-title", Say::Key("consent-bad-client")),
        OAuthError::InvalidRedirect => ("consent-bad-title", Say::Key("consent-bad-redirect")),
        other => ("consent-bad-title", Say::With("consent-bad-request", "reason", other.description())),
    };
    let code = if error == OAuthError::AccessDenied { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let answer: Response = said(visitor, title, &[text], None)?;
    Ok((code, answer).into_response())
}

/// The query of the page with the code.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Shown {
    #[serde(default)]
    code: String,
}

/// `GET /oauth/authorize/native?code=`: for programs without an address to return to.
///
/// # Errors
/// The way to the sign-in page; `BadRequest` for what is no code.
pub async fn code(visitor: Visitor, Query(shown): Query<Shown>) -> Answer {
    visitor.signed_in()?;
    let is_code = |text: &str| {
        (20..=100).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if !is_code(&shown.code) {
        return Err(Trouble::BadRequest);
    }
    page(&Code {
        frame: Frame::titled(&visitor, "consent-code-title").hidden_from_search(),
        code: shown.code,
    })
}
