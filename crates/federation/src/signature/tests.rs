//! Both schemes from outside: recorded signatures, round trips and the threats S1 to S6 and S9 as far as they are decided
//! without the actor's document.

use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use parvis_model::time::{HOUR, MINUTE, Moment};
use url::Url;

use super::*;

/// Sun, 22 Nov 2026 10:00:00 GMT
const NOW: Moment = Moment(1_795_341_600_000);
const BODY: &[u8] = br#"{"id":"https://away.example/acts/1","type":"Like","actor":"https://away.example/users/bea","object":"https://stadt.example/posts/9"}"#;
const DIGEST: &str = "SHA-256=EIiiq9+jCW8XI0JWrXr3cGfwg7rpSXBgdUJeq+9XnpM=";
/// Made with `openssl dgst -sha256 -sign` over a text written by hand.
const RECORDED_CAVAGE: &str = "aavm0r6GMZk3Qx21Gw189ZeJvUxDJNlQp0xNq190yFs1v9B0in1ztcy0BjYy9Age+cK6ljsEpwyo0WeoRl7JVGOip07Qrv55TYDrA6HMo4VAlefaK/+vxmqdnJI3RmqFFJR+v9U4RoLyFqIb3PARfp2hhqRhr/826FP6hIu6DO+HfWbFRsMfovX1exk4j6xuamt2In7iFOewEyuHgQ6B/htLpKdZdgGXf43/hhd8aTA9wVVcvliXbqssIoIDwubzR/WbDvkasRZ4ayd4OyX/Jzf3/uEJwO7g7eJcbng/fYv+CIuToqb/hTcdPDgPUBjiXeADCWAhbUC6365+DkSvkA==";
const RECORDED_9421: &str = "K/dVlZ2o4kjlleo8UWbCt3+4HJP/GJrnYYQGxpMgLrd7AUPq+EHbBtxR0+kHvZsSq3gxdwxK4361MKAEr1Gk5E3NoZFWaMwJeceHFEhA4KzN4ac+M91idmI0kLfTEj08XicgF992w9nWEBgn7pOTeoTFOftIxkFE4GmT5X+qslJzAgbmj49DKFMBw6iBFYoEiKTTd/08Y4BOigzvs/TqE4KxX6rG5uZJWU/oR0ryiycBMdu/d4rK8bfXjKI2930eF9uXV+eL6RRRFG+1rGhCqnZEEYMEQupDBND2dCdhoLs8eJ2BrdlE7eacYft/0zHxBH7VBAeMbHSpo88NKB2+bg==";

static RSA: LazyLock<Signer> = LazyLock::new(|| signer(KeyKind::Rsa));
static ED25519: LazyLock<Signer> = LazyLock::new(|| signer(KeyKind::Ed25519));

fn signer(kind: KeyKind) -> Signer {
    let key_id = Url::parse("https://away.example/users/bea#main-key").unwrap();
    Signer { key_id, key: Arc::new(KeyPair::generate(kind).unwrap()) }
}

/// A request on its way into stadt.example.
#[derive(Clone)]
struct Mail {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Mail {
    fn signed(scheme: Scheme, signer: &Signer, method: Method, target: &str) -> Self {
        let url = Url::parse(&format!("https://stadt.example{target}")).unwrap();
        let body = if method == Method::POST { BODY } else { b"" };
        let signed_body = (method == Method::POST).then_some(body);
        let headers = sign(scheme, signer, &method, &url, signed_body, NOW).unwrap();
        Self { method, target: target.into(), headers, body: body.into() }.with("host", "stadt.example")
    }

    fn post() -> Self {
        Self::signed(Scheme::Cavage, &RSA, Method::POST, "/inbox")
    }

    fn post_9421() -> Self {
        Self::signed(Scheme::Rfc9421, &RSA, Method::POST, "/inbox")
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    fn again(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    fn get(&self, name: &str) -> String {
        self.headers.get(name).unwrap().to_str().unwrap().to_owned()
    }

    /// Changes the text of a header.
    fn rewriting(self, name: &'static str, from: &str, to: &str) -> Self {
        let before = self.get(name);
        assert!(before.contains(from), "{before}");
        self.with(name, &before.replace(from, to))
    }

    fn parse(&self, now: Moment) -> Result<Claim, SignatureError> {
        let (headers, body) = (&self.headers, self.body.as_slice());
        let (method, path_and_query) = (&self.method, self.target.as_str());
        parse(
            &Received { method, path_and_query, headers, body, authority: "stadt.example", scheme: "https" },
            now,
        )
    }

    fn check(&self, signer: &Signer) -> Result<(), SignatureError> {
        self.parse(NOW)?.check(signer.key.public())
    }

    fn refusal(&self) -> SignatureError {
        self.check(&RSA).unwrap_err()
    }
}

/// A POST signed by hand with any coverage; what the well-behaved signer would never send.
fn by_hand(parameters: &str, text: &str) -> Mail {
    use base64::Engine as _;
    let made = RSA.key.sign(text.as_bytes()).unwrap();
    let made = base64::engine::general_purpose::STANDARD.encode(made);
    let signature = format!("keyId=\"{}\",{parameters},signature=\"{made}\"", RSA.key_id);
    Mail { method: Method::POST, target: "/inbox".into(), headers: HeaderMap::new(), body: BODY.into() }
        .with("host", "stadt.example")
        .with("date", &NOW.to_http_date())
        .with("digest", DIGEST)
        .with("signature", &signature)
}

fn recorded() -> PublicKey {
    PublicKey::from_pem(include_str!("testdata/pub.pem")).unwrap()
}

#[test]
fn signatures_made_by_openssl_are_accepted() {
    let mail = by_hand("a=1", "")
        .with("content-type", "application/activity+json")
        .with(
            "signature",
            &format!(
                r#"keyId="https://away.example/users/bea#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature="{RECORDED_CAVAGE}""#
            ),
        );
    let claim = mail.parse(NOW).unwrap();
    assert_eq!(claim.key_id(), "https://away.example/users/bea#main-key");
    assert_eq!(claim.check(&recorded()), Ok(()));
    assert_eq!(claim.check(RSA.key.public()), Err(SignatureError::Mismatch));

    let digest = DIGEST.replace("SHA-256=", "sha-256=:") + ":";
    let input = r#"sig1=("@method" "@target-uri" "content-digest");created=1795341600;keyid="https://away.example/users/bea#main-key""#;
    let mail = by_hand("a=1", "")
        .with("content-digest", &digest)
        .with("signature-input", input)
        .with("signature", &format!("sig1=:{RECORDED_9421}:"));
    let claim = mail.parse(NOW).unwrap();
    assert_eq!((claim.scheme(), claim.signed_at()), (Scheme::Rfc9421, NOW));
    assert_eq!(claim.check(&recorded()), Ok(()));
}

#[test]
fn what_we_sign_we_accept() {
    for (signer, stranger) in [(&*RSA, &*ED25519), (&*ED25519, &*RSA)] {
        for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
            for target in ["/inbox", "/", "/users/ana/outbox?page=2&min_id=", "/stra%C3%9Fe?q=%20"] {
                for method in [Method::POST, Method::GET] {
                    let mail = Mail::signed(scheme, signer, method, target);
                    assert_eq!(mail.check(signer), Ok(()), "{scheme:?} {target}");
                    assert_eq!(mail.check(stranger), Err(SignatureError::Mismatch));
                }
            }
        }
    }
}

#[test]
fn our_signatures_cover_exactly_what_the_fediverse_expects() {
    let covered = |mail: Mail| mail.parse(NOW).unwrap().covered().join(" ");
    assert_eq!(covered(Mail::post()), "(request-target) date digest host");
    assert_eq!(covered(Mail::signed(Scheme::Cavage, &RSA, Method::GET, "/")), "(request-target) date host");
    assert_eq!(covered(Mail::post_9421()), "@method @target-uri content-digest");
    assert_eq!(covered(Mail::signed(Scheme::Rfc9421, &RSA, Method::GET, "/")), "@method @target-uri");
}

#[test]
fn headers_are_read_in_the_shapes_that_travel() {
    let mail = Mail::post();
    assert_eq!(mail.clone().rewriting("signature", "\",", "\" , ").check(&RSA), Ok(()));
    assert_eq!(
        mail.clone().rewriting("signature", "(request-target) date", "(request-target)  Date").check(&RSA),
        Ok(())
    );
    assert_eq!(mail.clone().with("host", "STADT.example:443").check(&RSA), Err(SignatureError::Mismatch));
    // A key id with a comma, and a login at the reverse proxy, confuse nobody.
    assert_eq!(
        mail.clone().rewriting("signature", "#main-key", "#a,b").parse(NOW).unwrap().key_id(),
        "https://away.example/users/bea#a,b"
    );
    assert_eq!(mail.with("authorization", "Signature keyId=\"x\"").check(&RSA), Ok(()));
}

#[test]
fn a_signature_made_without_the_query_string_is_accepted() {
    let mut mail = Mail::signed(Scheme::Cavage, &RSA, Method::GET, "/users/ana/outbox");
    mail.target.push_str("?page=1");
    assert_eq!(mail.check(&RSA), Ok(()));
    mail.target = "/users/ana?page=1".into();
    assert_eq!(mail.refusal(), SignatureError::Mismatch);
}

#[test]
fn created_and_expires_are_signed_and_judged_by_our_clock() {
    let text = |created: i64, expires: i64| {
        let target = format!("(request-target): post /inbox\n(created): {created}\n(expires): {expires}");
        let mail = by_hand(
            &format!(
                "created={created},expires=\"{expires}\",headers=\"(request-target) (created) (expires) host digest\""
            ),
            &format!("{target}\nhost: stadt.example\ndigest: {DIGEST}"),
        );
        mail.without("date").check(&RSA)
    };
    let now = NOW.seconds();
    assert_eq!(text(now, now + 10), Ok(()));
    assert_eq!(text(now - 60, now - 50), Ok(()));
    assert_eq!(text(now - 3 * 3600, now - 2 * 3600), Err(SignatureError::TooOld));
    assert_eq!(text(now - 13 * 3600, now), Err(SignatureError::TooOld));
    assert_eq!(text(now + 2 * 3600, now + 3 * 3600), Err(SignatureError::Ahead));
}

#[test]
fn s1_unsigned_and_garbage_signatures_are_refused() {
    assert_eq!(Mail::post().without("signature").refusal(), SignatureError::Missing);
    for garbage in [
        "",
        "x",
        "keyId",
        "keyId=\"a",
        "keyId=\"a\"x",
        ",,,",
        "a=b",
        "keyId=\"\",signature=\"\"",
        "sig1=:AAAA:",
    ] {
        let refusal = Mail::post().with("signature", garbage).refusal();
        assert_eq!(refusal, SignatureError::Malformed("Signature"), "{garbage}");
        assert!(Mail::post_9421().with("signature", garbage).check(&RSA).is_err(), "{garbage}");
        assert!(Mail::post_9421().with("signature-input", garbage).check(&RSA).is_err(), "{garbage}");
    }
    assert_eq!(
        Mail::post().rewriting("signature", "signature=\"", "signature=\"%").refusal(),
        SignatureError::Malformed("Signature")
    );
    assert_eq!(Mail::post_9421().without("signature").refusal(), SignatureError::Missing);
    assert_eq!(
        Mail::post_9421().rewriting("signature-input", "sig1", "sig2").refusal(),
        SignatureError::Malformed("Signature")
    );
    for stamp in ["18446744073709551615", "-1", "1e9", ""] {
        let mail =
            by_hand(&format!("created={stamp},headers=\"(request-target) host digest (created)\""), "");
        assert_eq!(mail.refusal(), SignatureError::Malformed("Signature"), "{stamp}");
    }
}

#[test]
fn s2_the_signature_covers_target_host_digest_and_date_and_the_digest_matches() {
    let full = ["(request-target)", "host", "digest", "date"];
    for left_out in full {
        let covered: Vec<&str> = full.into_iter().filter(|name| *name != left_out).collect();
        let value = |name: &str| match name {
            "(request-target)" => "post /inbox".to_owned(),
            "host" => "stadt.example".to_owned(),
            "digest" => DIGEST.to_owned(),
            _ => NOW.to_http_date(),
        };
        let text: Vec<String> = covered.iter().map(|name| format!("{name}: {}", value(name))).collect();
        let mail = by_hand(&format!("headers=\"{}\"", covered.join(" ")), &text.join("\n"));
        assert_eq!(mail.refusal(), SignatureError::NotCovered(left_out));
    }
    let mut mail = Mail::post();
    mail.body.push(b' ');
    assert_eq!(mail.refusal(), SignatureError::Digest);
    assert_eq!(Mail::post().with("digest", &digest_value(b"")).refusal(), SignatureError::Digest);
    assert_eq!(Mail::post().with("digest", &format!("{DIGEST},{DIGEST}")).refusal(), SignatureError::Digest);
    assert_eq!(Mail::post().without("digest").refusal(), SignatureError::Malformed("Signature"));
    for (component, missing) in [
        ("\"@method\" ", "@method"),
        ("\"@target-uri\" ", "@target-uri"),
        (" \"content-digest\"", "content-digest"),
    ] {
        let mail = Mail::post_9421().rewriting("signature-input", component, "");
        assert_eq!(mail.refusal(), SignatureError::NotCovered(missing));
    }
    for (parameter, missing) in
        [(";created=1795341600", "created"), (";keyid=\"https://away.example/users/bea#main-key\"", "keyid")]
    {
        let mail = Mail::post_9421().rewriting("signature-input", parameter, "");
        assert_eq!(mail.refusal(), SignatureError::NotCovered(missing));
    }
    let mut mail = Mail::post_9421();
    mail.body.clear();
    assert_eq!(mail.refusal(), SignatureError::Digest);
}

#[test]
fn s3_a_signature_for_another_request_is_refused() {
    for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
        let good = Mail::signed(scheme, &RSA, Method::POST, "/inbox");
        let elsewhere = Mail { target: "/users/ana/inbox".into(), ..good.clone() };
        assert_eq!(elsewhere.refusal(), SignatureError::Mismatch);
        let otherwise = Mail { method: Method::PUT, ..good.clone() };
        assert_eq!(otherwise.refusal(), SignatureError::Mismatch);
        for host in ["away.example", "stadt.example:8443", "stadt.example/", "x@stadt.example", ""] {
            assert_eq!(good.clone().with("host", host).refusal(), SignatureError::Host, "{host}");
        }
        assert_eq!(good.without("host").refusal(), SignatureError::Host);
        let get = Mail::signed(scheme, &RSA, Method::GET, "/users/ana?page=1");
        assert!(Mail { target: "/users/ana?page=2".into(), ..get }.check(&RSA).is_err());
    }
    // A captured request to another town, its host put right: the host is signed.
    let url = Url::parse("https://dorf.example/inbox").unwrap();
    let headers = sign(Scheme::Cavage, &RSA, &Method::POST, &url, Some(BODY), NOW).unwrap();
    let mail = Mail { headers, ..Mail::post() }.with("host", "stadt.example");
    assert_eq!(mail.refusal(), SignatureError::Mismatch);
}

#[test]
fn s4_old_and_future_signatures_are_refused() {
    for mail in [Mail::post(), Mail::post_9421()] {
        for (now, expected) in [
            (NOW.plus(12 * HOUR), None),
            (NOW.minus(HOUR), None),
            (NOW.plus(12 * HOUR + MINUTE), Some(SignatureError::TooOld)),
            (NOW.minus(HOUR + MINUTE), Some(SignatureError::Ahead)),
            (Moment(0), Some(SignatureError::Ahead)),
            (Moment(i64::MAX), Some(SignatureError::TooOld)),
        ] {
            assert_eq!(mail.parse(now).err(), expected, "{now}");
        }
    }
    assert_eq!(Mail::post().with("date", "yesterday").refusal(), SignatureError::Malformed("Date"));
}

#[test]
fn s5_headers_that_come_twice_are_refused_whichever_is_right() {
    for name in ["signature", "digest", "host", "date"] {
        let mail = Mail::post();
        let value = mail.get(name);
        assert_eq!(mail.again(name, &value).refusal(), SignatureError::Duplicate(name));
    }
    for name in ["signature", "signature-input", "content-digest"] {
        let mail = Mail::post_9421();
        let value = mail.get(name);
        assert_eq!(mail.again(name, &value).refusal(), SignatureError::Duplicate(name));
    }
    let twice = Mail::post().again("content-length", "1").again("content-length", "2");
    assert_eq!(twice.refusal(), SignatureError::Duplicate("content-length"));
    let twice = Mail::post().rewriting("signature", "keyId=", "keyId=\"x\",keyId=");
    assert_eq!(twice.refusal(), SignatureError::Duplicate("Signature"));
}

#[test]
fn s6_the_key_decides_the_algorithm() {
    for named in ["hmac-sha256", "none", "rsa-sha1", "RSA-SHA256", ""] {
        let mail = Mail::post().rewriting("signature", "hs2019", named);
        assert_eq!(mail.refusal(), SignatureError::Algorithm, "{named}");
    }
    for named in ["\"hmac-sha256\"", "\"rsa-pss-sha512\"", "\"none\"", "none", "1"] {
        let mail =
            Mail::post_9421().rewriting("signature-input", ";created", &format!(";alg={named};created"));
        assert_eq!(mail.refusal(), SignatureError::Algorithm, "{named}");
    }
    assert_eq!(Mail::post().rewriting("signature", "hs2019", "ed25519").refusal(), SignatureError::Algorithm);
    assert_eq!(Mail::post().check(&ED25519), Err(SignatureError::Mismatch));
    assert_eq!(Mail::post().rewriting("signature", "hs2019", "rsa-sha256").check(&RSA), Ok(()));
}

#[test]
fn s9_the_host_is_compared_as_a_host() {
    let mail = Mail::post_9421();
    for host in ["stadt.example", "STADT.EXAMPLE", "stadt.example:443", "stadt.example:"] {
        assert_eq!(mail.clone().with("host", host).check(&RSA), Ok(()), "{host}");
    }
    for host in ["stadt.example.evil.example", "stadt.example:80", "evil.example#stadt.example", "[::1]"] {
        assert_eq!(mail.clone().with("host", host).refusal(), SignatureError::Host, "{host}");
    }
}
