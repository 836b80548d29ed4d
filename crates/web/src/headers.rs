//! What every page tells the browser besides its content (threats X4, X6): a policy without inline script or style, no sniffing, no framing, no referrer for
//! others. Nothing here allows another origin to read a page: there is no `Access-Control-Allow-Origin` on purpose.

use http::{HeaderMap, HeaderValue, header};

/// Where the forms of a page may lead besides our own origin: the place a client program waits for its code.
#[derive(Clone, Debug)]
pub struct FormTarget(pub String);

/// The policy of a page.
fn policy(form_target: Option<&FormTarget>, media: Option<&str>) -> String {
    let target = form_target.map(|t| format!(" {}", t.0)).unwrap_or_default();
    let media = media.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'{media}; media-src 'self'{media}; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// What a `form-action` source for this redirect address is: its origin, or its scheme when it is a program's own. `None` when the form stays with us,
/// or the address cannot be said in a policy.
#[must_use]
pub fn form_target(redirect_uri: &str) -> Option<FormTarget> {
    let url = url::Url::parse(redirect_uri).ok()?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.:/[]".contains(&b));
    let source = match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        "urn" | "javascript" | "data" | "vbscript" => return None,
        scheme => format!("{scheme}:"),
    };
    plain(&source).then_some(FormTarget(source))
}

/// Sets the headers of a page that its handler left open. `media` is the origin from which files come besides our own.
pub fn set(headers: &mut HeaderMap, form_target: Option<&FormTarget>, media: Option<&str>) {
    let mut default = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "same-origin");
    default(header::CACHE_CONTROL, "private, no-cache");
    default(header::VARY, "Accept-Language, Cookie");
    if let Ok(value) = HeaderValue::from_str(&policy(form_target, media)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_form_may_lead_to_the_program_that_asked_and_nowhere_else() {
        let target = |uri| form_target(uri).map(|t| t.0);
        assert_eq!(target("https://elk.zone/api/callback?x=1").as_deref(), Some("https://elk.zone"));
        assert_eq!(target("http://localhost:9999/cb").as_deref(), Some("http://localhost:9999"));
        assert_eq!(target("tusky://oauth").as_deref(), Some("tusky:"));
        assert_eq!(target("com.example.app:/oauth").as_deref(), Some("com.example.app:"));
        assert_eq!(target("urn:ietf:wg:oauth:2.0:oob"), None);
        assert_eq!(target("javascript:alert(1)"), None);
        assert_eq!(target("https://a.example; script-src *"), None);
    }
}
