//! The three cookies of the pages, all `HttpOnly`, `SameSite=Lax`, for the whole site, and over https only when the town has it: the session, the
//! nonce of forms before there is a session, and the chosen language. None of them is a credential of the client API (threats X6).

use axum_extra::extract::cookie::CookieJar;
use http::{HeaderMap, HeaderValue};
use parvis_config::{Scheme, Settings};

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Who is signed in.
    Session,
    /// Ties forms to a browser that is not signed in.
    Forms,
    /// The language chosen by hand.
    Language,
}

/// Reads and makes the cookies of a town.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    is_secure: bool,
}

impl Cookies {
    /// For a town with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self { is_secure: settings.scheme == Scheme::Https }
    }

    /// The name: with the `__Host-` prefix over https, so that no neighbouring site can plant one.
    const fn name(self, purpose: Purpose) -> &'static str {
        match (self.is_secure, purpose) {
            (true, Purpose::Session) => "__Host-parvis_session",
            (true, Purpose::Forms) => "__Host-parvis_forms",
            (true, Purpose::Language) => "__Host-parvis_language",
            (false, Purpose::Session) => "parvis_session",
            (false, Purpose::Forms) => "parvis_forms",
            (false, Purpose::Language) => "parvis_language",
        }
    }

    /// The value that the browser sent, if it has the length of one of ours.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, purpose: Purpose) -> Option<String> {
        let jar = CookieJar::from_headers(headers);
        let value = jar.get(self.name(purpose))?.value();
        (!value.is_empty() && value.len() <= 200).then(|| value.to_owned())
    }

    /// The `Set-Cookie` of a value of ours (letters, digits, `-`, `_`) that lasts `days`, or until the browser closes.
    #[must_use]
    pub fn set(self, purpose: Purpose, value: &str, days: Option<u32>) -> Option<HeaderValue> {
        let age = days.map(|d| format!("; Max-Age={}", u64::from(d) * 86_400)).unwrap_or_default();
        self.header(purpose, value, &age)
    }

    /// The `Set-Cookie` that makes a browser forget.
    #[must_use]
    pub fn forget(self, purpose: Purpose) -> Option<HeaderValue> {
        self.header(purpose, "", "; Max-Age=0")
    }

    fn header(self, purpose: Purpose, value: &str, age: &str) -> Option<HeaderValue> {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let name = self.name(purpose);
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_cookies_are_bound_to_the_host_and_no_script_reads_them() {
        let strict = Settings { scheme: Scheme::Https, ..Settings::default() };
        let set = Cookies::new(&strict).set(Purpose::Session, "abc", Some(1)).expect("a header");
        assert_eq!(set, "__Host-parvis_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400");
        let trial = Cookies::new(&Settings::default()).set(Purpose::Forms, "abc", None).expect("a header");
        assert_eq!(trial, "parvis_forms=abc; Path=/; HttpOnly; SameSite=Lax");
    }
}
