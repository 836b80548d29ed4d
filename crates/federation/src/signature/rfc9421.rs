//! Reading signatures of RFC 9421 in the profile of the Fediverse: one signature with `created` and `keyid`, covering
//! `@method`, `@target-uri` (or its parts) and, with a body, `content-digest`.
//!
//! Component parameters (`;sf`, `;req`, …) and components of responses are refused: nobody here sends them, and each is
//! one more way to mean something else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parvis_model::time::Moment;

use super::verify::{fresh, has_body, header, joined, normal_authority, unexpired};
use super::{Claim, KeyKind, Received, Scheme, SignatureError};

const INPUT: SignatureError = SignatureError::Malformed("Signature-Input");
const SIGNATURE: SignatureError = SignatureError::Malformed("Signature");
/// More covered components or parameters than this are refused.
const MOST: usize = 32;

/// Reads and judges `Signature-Input` and `Signature`. Digest, host and duplicates have been checked.
pub(super) fn parse(request: &Received<'_>, now: Moment) -> Result<Claim, SignatureError> {
    let input = Input::read(header(request.headers, "signature-input")?)?;
    let signature = labelled(header(request.headers, "signature")?, input.label)?;
    required(request, &input)?;
    let signed_at =
        Moment::from_seconds(input.integer("created")?.ok_or(SignatureError::NotCovered("created"))?);
    fresh(signed_at, now)?;
    if let Some(expires) = input.integer("expires")? {
        unexpired(Moment::from_seconds(expires), now)?;
    }
    let key_id =
        input.text("keyid").filter(|id| !id.is_empty()).ok_or(SignatureError::NotCovered("keyid"))?;
    let algorithm = match input.get("alg") {
        None => None,
        Some(Value::Text(name)) if name == "rsa-v1_5-sha256" => Some(KeyKind::Rsa),
        Some(Value::Text(name)) if name == "ed25519" => Some(KeyKind::Ed25519),
        Some(_) => return Err(SignatureError::Algorithm),
    };
    let text = signature_base(request, &input)?;
    Ok(Claim {
        scheme: Scheme::Rfc9421,
        key_id: key_id.to_owned(),
        algorithm,
        covered: input.components.iter().map(|name| (*name).to_owned()).collect(),
        signed_at,
        signature,
        texts: vec![text],
    })
}

/// What the signature must cover, so that it cannot be used for another request.
fn required(request: &Received<'_>, input: &Input<'_>) -> Result<(), SignatureError> {
    let covers = |name: &str| input.components.contains(&name);
    if !covers("@method") {
        return Err(SignatureError::NotCovered("@method"));
    }
    let has_query = request.path_and_query.contains('?');
    if !covers("@target-uri")
        && !(covers("@authority") && covers("@path") && (covers("@query") || !has_query))
    {
        return Err(SignatureError::NotCovered("@target-uri"));
    }
    if has_body(request.method) && !covers("content-digest") {
        return Err(SignatureError::NotCovered("content-digest"));
    }
    Ok(())
}

/// The text that was signed (RFC 9421 §2.5).
fn signature_base(request: &Received<'_>, input: &Input<'_>) -> Result<String, SignatureError> {
    let mut base = String::new();
    for name in &input.components {
        base.push_str(&format!("\"{name}\": {}\n", component(request, name)?));
    }
    base.push_str(&format!("\"@signature-params\": {}", input.raw));
    Ok(base)
}

fn component(request: &Received<'_>, name: &str) -> Result<String, SignatureError> {
    let authority = || normal_authority(request.scheme, request.authority).ok_or(SignatureError::Host);
    let target = request.path_and_query;
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    Ok(match name {
        "@method" => request.method.as_str().to_owned(),
        "@target-uri" => format!("{}://{}{target}", request.scheme, authority()?),
        "@authority" => authority()?,
        "@scheme" => request.scheme.to_owned(),
        "@request-target" => target.to_owned(),
        "@path" => path.to_owned(),
        "@query" => format!("?{}", query.unwrap_or_default()),
        name if name.starts_with('@')
            || matches!(name, "signature" | "signature-input" | "authorization") =>
        {
            return Err(INPUT);
        }
        name => joined(request.headers, name).ok_or(INPUT)?,
    })
}

/// The signature of this label: `label=:base64:` and nothing beside it.
fn labelled(header: &str, label: &str) -> Result<Vec<u8>, SignatureError> {
    let encoded = header
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix("=:"))
        .and_then(|rest| rest.strip_suffix(':'))
        .ok_or(SIGNATURE)?;
    STANDARD.decode(encoded).map_err(|_| SIGNATURE)
}

/// A parameter's value; the kinds that nobody reads are only recognised.
#[derive(Debug, PartialEq, Eq)]
enum Value {
    Integer(i64),
    Text(String),
    Other,
}

/// `Signature-Input` with its one member (RFC 9421 §4.1).
#[derive(Debug)]
struct Input<'a> {
    label: &'a str,
    components: Vec<&'a str>,
    parameters: Vec<(&'a str, Value)>,
    /// The member's value as it was sent, which is what `@signature-params` signs.
    raw: &'a str,
}

impl<'a> Input<'a> {
    fn read(header: &'a str) -> Result<Self, SignatureError> {
        let (label, raw) = header.split_once('=').ok_or(INPUT)?;
        if !is_key(label) {
            return Err(INPUT);
        }
        let mut rest = raw.strip_prefix('(').ok_or(INPUT)?;
        let mut components = Vec::new();
        loop {
            rest = rest.trim_start_matches(' ');
            if let Some(after) = rest.strip_prefix(')') {
                rest = after;
                break;
            }
            let (name, after) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).ok_or(INPUT)?;
            let plain =
                name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"@-_.".contains(&b));
            if !plain || name.is_empty() || components.contains(&name) || components.len() >= MOST {
                return Err(INPUT);
            }
            // A blank or the end must follow: `;` would begin parameters of the component.
            if !after.starts_with([' ', ')']) {
                return Err(INPUT);
            }
            components.push(name);
            rest = after;
        }
        let mut parameters: Vec<(&str, Value)> = Vec::new();
        while let Some(after) = rest.strip_prefix(';') {
            let after = after.trim_start_matches(' ');
            let end = after.find(|c: char| !is_key_letter(c)).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            if !is_key(name) || parameters.iter().any(|(seen, _)| *seen == name) || parameters.len() >= MOST {
                return Err(INPUT);
            }
            let (value, after) = after.strip_prefix('=').map_or(Ok((Value::Other, after)), bare_item)?;
            parameters.push((name, value));
            rest = after;
        }
        // What is left is garbage or a second signature.
        if rest.is_empty() { Ok(Self { label, components, parameters, raw }) } else { Err(INPUT) }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, SignatureError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(_) => Err(INPUT),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

fn is_key_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '*')
}

fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '*') && name.chars().all(is_key_letter)
}

/// Reads one bare item of structured fields (RFC 9651 §3.3) and gives what follows it.
fn bare_item(text: &str) -> Result<(Value, &str), SignatureError> {
    if let Some(rest) = text.strip_prefix('"') {
        let mut read = String::new();
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => return Ok((Value::Text(read), rest.get(at + 1..).ok_or(INPUT)?)),
                '\\' => match letters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => read.push(escaped),
                    _ => return Err(INPUT),
                },
                ' '..='~' => read.push(letter),
                _ => return Err(INPUT),
            }
        }
        return Err(INPUT);
    }
    let (item, rest) = text.split_at(text.find([';', ',', ' ']).unwrap_or(text.len()));
    match item.parse::<i64>() {
        Ok(number) if item.len() <= 16 && !item.starts_with('+') => Ok((Value::Integer(number), rest)),
        _ if item.is_empty() => Err(INPUT),
        _ => Ok((Value::Other, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::{KeyPair, PublicKey};
    use http::{HeaderMap, Method};

    /// RFC 9421 appendix B.2.6, with the key test-key-ed25519 of B.1.4. Ed25519 signatures are deterministic, so the text
    /// that is signed must be right to the last byte.
    #[test]
    fn the_ed25519_example_of_the_rfc_comes_out_to_the_byte() {
        let headers: HeaderMap = [
            ("host", "example.com"),
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ]
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
        let request = Received {
            method: &Method::POST,
            path_and_query: "/foo?param=Value&Pet=dog",
            headers: &headers,
            body: br#"{"hello": "world"}"#,
            authority: "example.com",
            scheme: "https",
        };
        let input = Input::read(
            r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#,
        )
        .unwrap();
        let base = signature_base(&request, &input).unwrap();
        let expected =
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
        let public = PublicKey::from_pem(
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----",
        )
        .unwrap();
        assert!(public.verifies(base.as_bytes(), &STANDARD.decode(expected).unwrap()));
        let private =
            STANDARD.decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF").unwrap();
        let pair = KeyPair::from_pkcs8_der(&private).unwrap();
        assert_eq!(STANDARD.encode(pair.sign(base.as_bytes()).unwrap()), expected);
        // It is a fine signature, and not one for an inbox: the body could be exchanged.
        assert_eq!(required(&request, &input).unwrap_err(), SignatureError::NotCovered("@target-uri"));
    }

    #[test]
    fn signature_inputs_that_mean_something_else_are_refused() {
        for bad in [
            "",
            "sig1",
            "sig1=",
            "sig1=()x",
            "Sig1=()",
            r#"sig1=("@method";req)"#,
            r#"sig1=("@method""@path")"#,
            r#"sig1=("@method" "@method")"#,
            r#"sig1=("Date")"#,
            r#"sig1=("date)"#,
            r#"sig1=("");created=1"#,
            r#"sig1=("@method");created=1;created=2"#,
            r#"sig1=("@method");created="#,
            r#"sig1=("@method");keyid="open"#,
            r#"sig1=("@method");keyid="a\n""#,
            r#"sig1=("@method"), sig2=("@method")"#,
        ] {
            assert!(Input::read(bad).is_err(), "{bad}");
        }
        let good = Input::read(r#"sig1=("@method" "a-b");created=-5;keyid="a\"b";tag=x;n;h=:aa=:"#).unwrap();
        assert_eq!(good.integer("created").unwrap(), Some(-5));
        assert_eq!(good.text("keyid"), Some("a\"b"));
        assert_eq!(good.get("n"), Some(&Value::Other));
    }
}
