//! Deliveries made by hand: signed by whoever the test says, and then spoilt as the test wants.

use std::net::{Ipv4Addr, SocketAddr};

use parvis_federation::signature::{Scheme, Signer, sign};
use parvis_model::time::Moment;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::answer::Answer;
use crate::peers::Actor;
use crate::town::Town;

/// A delivery on its way to a town's inbox.
#[derive(Debug, Clone)]
pub struct Letter {
    url: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Who can send to a town.
pub trait Sender {
    /// Whose key signs.
    fn signer(&self) -> &Signer;

    /// A delivery to the town's inbox for everybody, as a good server would send it now.
    fn letter(&self, town: &Town, activity: &Value) -> Letter {
        Letter::signed(
            self.signer(),
            Scheme::Cavage,
            town,
            "/inbox",
            activity.to_string().into_bytes(),
            town.clock_now(),
        )
    }

    /// Sends it.
    fn send(&self, town: &Town, activity: &Value) -> impl Future<Output = Answer> {
        self.letter(town, activity).post()
    }
}

impl Sender for Actor {
    fn signer(&self) -> &Signer {
        &self.signer
    }
}

impl Letter {
    /// Signs a body for an inbox.
    #[must_use]
    pub fn signed(
        signer: &Signer,
        scheme: Scheme,
        town: &Town,
        path: &str,
        body: Vec<u8>,
        at: Moment,
    ) -> Self {
        Self::made(signer, scheme, town.url(path), body, at)
    }

    /// As [`Letter::signed`], in the usual scheme, for a town in a process of its own.
    #[must_use]
    pub fn to_program(signer: &Signer, inbox: &str, body: Vec<u8>, at: Moment) -> Self {
        Self::made(signer, Scheme::Cavage, inbox.to_owned(), body, at)
    }

    fn made(signer: &Signer, scheme: Scheme, url: String, body: Vec<u8>, at: Moment) -> Self {
        let target = url.parse().expect("a URL");
        let mut headers = sign(scheme, signer, &Method::POST, &target, Some(&body), at).expect("a signature");
        headers.insert("content-type", HeaderValue::from_static(crate::ACTIVITY));
        Self { url, headers, body }
    }

    /// Not signed at all.
    #[must_use]
    pub fn unsigned(town: &Town, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(crate::ACTIVITY));
        Self { url: town.url("/inbox"), headers, body: body.into() }
    }

    /// With a header changed.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"));
        self
    }

    /// With a header a second time.
    #[must_use]
    pub fn again(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"));
        self
    }

    /// Without a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// The text of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// With another body than the one that was signed.
    #[must_use]
    pub fn saying(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// To another path than the one that was signed.
    #[must_use]
    pub fn to(mut self, town: &Town, path: &str) -> Self {
        self.url = town.url(path);
        self
    }

    /// Sends it.
    pub async fn post(self) -> Answer {
        let request = crate::town::client().post(&self.url).headers(self.headers).body(self.body);
        Answer::to(request).await
    }

    /// Sends it with this Host header over a connection of its own, and gives the status.
    pub async fn post_as_host(&self, host: &str) -> u16 {
        self.post_with(host, "").await
    }

    /// As [`Letter::post_as_host`], with more lines in the head.
    pub async fn post_with(&self, host: &str, more: &str) -> u16 {
        let path = self.url.splitn(4, '/').nth(3).unwrap_or_default();
        let port = self.url.split(['/', ':']).find_map(|part| part.parse::<u16>().ok()).expect("a port");
        let mut head = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\n{more}connection: close\r\ncontent-length: {}\r\n",
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
        }
        head.push_str("\r\n");
        let answer = crate::raw(
            SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            &[head.as_bytes(), &self.body].concat(),
        )
        .await;
        answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer}"))
    }
}
