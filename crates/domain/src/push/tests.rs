//! A device with real keys behind a push service that writes down what it gets: what arrives can be read there, and nowhere else.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED};
use parvis_jobs::{Registry, Runner};
use parvis_model::handle::Address;
use parvis_model::notification_policy::Verdict;
use parvis_model::time::{DAY, HOUR, MINUTE};
use parvis_model::visibility::Visibility;
use parvis_store::timelines::Range;
use serde_json::Value;

use super::vapid::Vapid;
use super::*;
use crate::accounts::revoke;
use crate::follows::{self as following, Wishes};
use crate::notifications::policy;
use crate::outside::{Found, PushAnswer as Answer, PushRequest as Request, Remote};
use crate::statuses::{self as posts, Draft};
use crate::testing::{Place, Town as TestTown};
use crate::{Town, notifications, timelines};

/// The push service: what it answers, what it got.
#[derive(Debug)]
struct Service {
    answer: Mutex<Answer>,
    got: Mutex<Vec<Request>>,
}

impl Service {
    fn of(town: &TestTown) -> Arc<Self> {
        let service = Arc::new(Self { answer: Mutex::new(Answer::Delivered), got: Mutex::default() });
        town.connect(service.clone());
        service
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn got(&self) -> Vec<Request> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

#[async_trait]
impl Remote for Service {
    async fn account_by_address(&self, _: &Address) -> Result<Option<AccountId>> {
        Ok(None)
    }

    async fn by_url(&self, _: &str) -> Result<Option<Found>> {
        Ok(None)
    }

    async fn picture(&self, _: &str, _: usize) -> Result<Vec<u8>> {
        Err(Error::NotFound)
    }

    async fn push(&self, message: Request) -> Result<Answer> {
        self.got.lock().unwrap().push(message);
        Ok(*self.answer.lock().unwrap())
    }
}

/// A browser: it makes its keys itself and gives the public one away.
struct Device {
    private: PrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Device {
    fn new(seed: u8) -> Self {
        let private = PrivateKey::from_private_key(&ECDH_P256, &[seed; 32]).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Self { private, public, auth: [seed; 16] }
    }

    fn wants(&self, kinds: &str, is_standard: bool) -> Wanted {
        Wanted {
            endpoint: "https://push.example/send/1".to_owned(),
            p256dh: URL_SAFE_NO_PAD.encode(&self.public),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
            is_standard,
            alerts: Alerts::parse(kinds),
            policy: PushPolicy::All,
        }
    }

    fn secret_with(&self, public: &[u8]) -> Vec<u8> {
        let peer = UnparsedPublicKey::new(&ECDH_P256, public);
        agree(&self.private, peer, "no secret", |secret| Ok(secret.to_vec())).unwrap()
    }

    /// As a browser reads RFC 8291, from the body alone.
    fn reads(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        assert_eq!(rest[..4], 4_096_u32.to_be_bytes());
        let (public, record) = rest[5..].split_at(usize::from(rest[4]));
        let info = [b"WebPush: info\0".as_slice(), &self.public, public].concat();
        let secret = derived(&self.auth, &self.secret_with(public), &info, 32);
        let key = derived(salt, &secret, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = derived(salt, &secret, b"Content-Encoding: nonce\0", 12);
        let plain = opened(&key, &nonce, record);
        let (last, text) = plain.split_last().unwrap();
        assert_eq!(*last, 2, "the last record");
        serde_json::from_slice(text).unwrap()
    }

    /// As a browser read the draft before it.
    fn reads_draft(&self, request: &Request) -> Value {
        let part = |header: &str, name: &str| {
            let value = header_of(request, header);
            let found = value.split(';').find_map(|p| p.trim().strip_prefix(name).map(str::to_owned));
            from_base64(&found.unwrap()).unwrap()
        };
        let (salt, public) = (part("encryption", "salt="), part("crypto-key", "dh="));
        let secret = derived(&self.auth, &self.secret_with(&public), b"Content-Encoding: auth\0", 32);
        let length = |key: &[u8]| u16::try_from(key.len()).unwrap().to_be_bytes();
        let context =
            [b"P-256\0".as_slice(), &length(&self.public), &self.public, &length(&public), &public].concat();
        let info = |what: &str| [format!("Content-Encoding: {what}\0").as_bytes(), &context].concat();
        let key = derived(&salt, &secret, &info("aesgcm"), 16);
        let nonce = derived(&salt, &secret, &info("nonce"), 12);
        let plain = opened(&key, &nonce, &request.body);
        let padding = usize::from(u16::from_be_bytes([plain[0], plain[1]]));
        serde_json::from_slice(&plain[2 + padding..]).unwrap()
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derived(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], Length(length))
        .unwrap()
        .fill(&mut out)
        .unwrap();
    out
}

fn opened(key: &[u8], nonce: &[u8], sealed: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).unwrap());
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let mut text = sealed.to_vec();
    key.open_in_place(nonce, Aad::empty(), &mut text).unwrap().to_vec()
}

fn header_of(request: &Request, name: &str) -> String {
    request.headers.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no {name}")).1.clone()
}

async fn heard<F, Fut>(test: F)
where
    F: Fn(TestTown) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let listeners = vec![timelines::on_event, notifications::on_event, on_event];
        test(TestTown::builder().listeners(listeners).place(place).build().await).await;
    }
}

fn runner(town: &TestTown) -> Runner<Town> {
    Runner::new(town.db().clone(), town.handle(), crate::jobs::add_to(Registry::default()))
}

/// Somebody with a device; the token is `bearer`.
async fn subscribed(town: &TestTown, who: AccountId, wanted: Wanted) -> (String, TokenId) {
    let bearer = town.token(who, "read push").await;
    let token = town.grant_of(&bearer).await.unwrap().token;
    let text = bearer.clone();
    town.write(move |tx| subscribe(tx, who, token, &text, &wanted)).await;
    (bearer, token)
}

async fn says(town: &TestTown, who: AccountId, text: &str) {
    let draft = Draft { text: text.to_owned(), visibility: Visibility::Public, ..Draft::default() };
    town.write(move |tx| posts::publish(tx, who, &draft)).await;
}

#[tokio::test]
async fn a_device_can_read_what_the_town_tells_it() {
    heard(|town| async move {
        let service = Service::of(&town);
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let device = Device::new(3);
        let (bearer, _) = subscribed(&town, ana, device.wants("mention", true)).await;
        says(&town, bea, "@ana is the <square> open?").await;
        runner(&town).run_due().await.unwrap();
        let [request] = &service.got()[..] else { panic!("one message") };
        assert_eq!(request.endpoint.as_str(), "https://push.example/send/1");
        assert_eq!(header_of(request, "content-encoding"), "aes128gcm");
        assert_eq!(header_of(request, "ttl"), "172800");
        assert_eq!(header_of(request, "topic").len(), 32);
        let told = device.reads(&request.body);
        assert_eq!(told["access_token"], bearer);
        assert_eq!(told["notification_type"], "mention");
        assert_eq!(told["title"], "bea mentioned you");
        assert_eq!(told["body"], "@ana is the <square> open?");
        assert_eq!(told["preferred_locale"], "en");
        assert!(told["notification_id"].is_i64() && told["icon"].as_str().unwrap().starts_with("http"));
        let sender = header_of(request, "authorization");
        let (jwt, key) = sender.strip_prefix("vapid t=").unwrap().split_once(",k=").unwrap();
        assert_eq!(key, Vapid::of(town.secrets()).unwrap().public_key());
        let (text, signature) = jwt.rsplit_once('.').unwrap();
        signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, from_base64(key).unwrap())
            .verify(text.as_bytes(), &from_base64(signature).unwrap())
            .unwrap();
        let claims: Value =
            serde_json::from_slice(&from_base64(text.split_once('.').unwrap().1).unwrap()).unwrap();
        assert_eq!(claims["aud"], "https://push.example");
        runner(&town).run_due().await.unwrap();
        assert!(service.got().is_empty(), "told once");
    })
    .await;
}

#[tokio::test]
async fn programs_of_before_the_standard_get_messages_of_the_draft() {
    heard(|town| async move {
        let service = Service::of(&town);
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let device = Device::new(5);
        subscribed(&town, ana, device.wants("follow mention", false)).await;
        town.write(move |tx| following::follow(tx, bea, ana, &Wishes::default(), None)).await;
        runner(&town).run_due().await.unwrap();
        let [request] = &service.got()[..] else { panic!("one message") };
        assert_eq!(header_of(request, "content-encoding"), "aesgcm");
        assert!(header_of(request, "authorization").starts_with("WebPush "));
        let key = Vapid::of(town.secrets()).unwrap().public_key();
        assert!(header_of(request, "crypto-key").ends_with(&format!(";p256ecdsa={key}")));
        assert_eq!(device.reads_draft(request)["title"], "bea follows you");
    })
    .await;
}

#[tokio::test]
async fn a_device_is_told_only_of_what_its_owner_wants() {
    heard(|town| async move {
        let service = Service::of(&town);
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let device = Device::new(7);
        let (_, token) = subscribed(&town, ana, device.wants("follow", true)).await;
        let jobs = runner(&town);
        says(&town, bea, "@ana one").await;
        jobs.run_due().await.unwrap();
        assert!(service.got().is_empty(), "mentions are not wanted");
        let mentions = Alerts::parse("mention");
        for (policy, follows, expected) in [
            (PushPolicy::Nobody, false, 0),
            (PushPolicy::Followed, false, 0),
            (PushPolicy::Follower, false, 0),
            (PushPolicy::All, false, 1),
            (PushPolicy::Follower, true, 1),
            (PushPolicy::Followed, true, 0),
        ] {
            let alerts = mentions.clone();
            town.write(move |tx| {
                change(tx, token, Some(&alerts), Some(policy))?;
                if follows {
                    following::follow(tx, bea, ana, &Wishes::default(), None)?;
                }
                Ok(())
            })
            .await;
            says(&town, bea, &format!("@ana {policy:?} {follows}")).await;
            jobs.run_due().await.unwrap();
            assert_eq!(service.got().len(), expected, "{policy:?} {follows}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_held_back_wakes_no_device() {
    heard(|town| async move {
        let service = Service::of(&town);
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let device = Device::new(8);
        subscribed(&town, ana, device.wants("mention", true)).await;
        let writes = async || {
            let draft =
                Draft { text: "@ana a word".to_owned(), visibility: Visibility::Direct, ..Draft::default() };
            town.write(move |tx| posts::publish(tx, bea, &draft)).await;
            runner(&town).run_due().await.unwrap();
            service.got().len()
        };
        assert_eq!(writes().await, 0, "she waits among the requests");
        let waiting =
            town.read(move |c| notifications::requests::page(c, ana, Range::newest(9))).await[0].row.id;
        town.write(move |tx| notifications::requests::accept(tx, ana, &[waiting])).await;
        assert_eq!(writes().await, 1, "let through");
        let quiet = policy::Change { for_not_following: Some(Verdict::Drop), ..policy::Change::default() };
        town.write(move |tx| policy::change(tx, ana, quiet)).await;
        assert_eq!(writes().await, 1, "who was let through stays so");
        town.write(move |tx| crate::blocks::block(tx, ana, bea, None)).await;
        town.write(move |tx| crate::blocks::unblock(tx, ana, bea)).await;
        assert_eq!(writes().await, 0, "a block ends that");
    })
    .await;
}

#[tokio::test]
async fn a5_nothing_is_told_to_a_device_whose_token_was_revoked_or_of_what_is_gone() {
    heard(|town| async move {
        let service = Service::of(&town);
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let device = Device::new(9);
        let (_, token) = subscribed(&town, ana, device.wants("mention", true)).await;
        says(&town, bea, "@ana dismissed before it was told").await;
        town.write(move |tx| notifications::clear(tx, ana)).await;
        runner(&town).run_due().await.unwrap();
        assert!(service.got().is_empty());

        says(&town, bea, "@ana for a device that is signed out").await;
        town.write(move |tx| revoke::everything(tx, ana)).await;
        assert!(town.db().read(move |c| of_token(c, token)).await.is_err(), "the subscription went too");
        says(&town, bea, "@ana and after").await;
        runner(&town).run_due().await.unwrap();
        assert!(service.got().is_empty());
    })
    .await;
}

#[tokio::test]
async fn f6_a_device_that_is_gone_is_forgotten_and_a_busy_service_is_asked_again() {
    heard(|town| async move {
        let service = Service::of(&town);
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let device = Device::new(11);
        let (_, token) = subscribed(&town, ana, device.wants("mention", true)).await;
        let jobs = runner(&town);
        service.answers(Answer::Later(Some(5 * MINUTE)));
        says(&town, bea, "@ana one").await;
        jobs.run_due().await.unwrap();
        assert_eq!(service.got().len(), 1);
        town.clock.advance(5 * MINUTE - 1);
        jobs.run_due().await.unwrap();
        assert!(service.got().is_empty(), "not before it said");
        town.clock.advance(1);
        service.answers(Answer::Delivered);
        jobs.run_due().await.unwrap();
        assert_eq!(service.got().len(), 1);

        service.answers(Answer::Later(None));
        says(&town, bea, "@ana two").await;
        let mut asked = 0;
        for _ in 0..40 {
            jobs.run_due().await.unwrap();
            asked += service.got().len();
            town.clock.advance(HOUR);
        }
        assert_eq!(asked, 7, "and given up in the end");

        says(&town, bea, "@ana too late").await;
        jobs.run_due().await.unwrap();
        service.got();
        town.clock.advance(3 * DAY);
        service.answers(Answer::Delivered);
        jobs.run_due().await.unwrap();
        assert!(service.got().is_empty(), "what is old is no news");

        service.answers(Answer::Refused);
        says(&town, bea, "@ana three").await;
        jobs.run_due().await.unwrap();
        assert_eq!(service.got().len(), 1);
        assert!(town.db().read(move |c| of_token(c, token)).await.is_ok());
        service.answers(Answer::Gone);
        says(&town, bea, "@ana four").await;
        jobs.run_due().await.unwrap();
        assert_eq!(service.got().len(), 1);
        assert!(matches!(town.db().read(move |c| of_token(c, token)).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn f6_an_endpoint_is_https_and_has_neither_password_nor_our_own_name() {
    let town = TestTown::builder()
        .settings(|s| {
            s.development = false;
            s.scheme = parvis_config::Scheme::Https;
        })
        .build()
        .await;
    let ana = town.resident("ana").await;
    let bearer = town.token(ana, "push").await;
    let token = town.grant_of(&bearer).await.unwrap().token;
    let device = Device::new(13);
    let try_with = async |endpoint: String| {
        let (wanted, bearer) = (Wanted { endpoint, ..device.wants("mention", true) }, bearer.clone());
        town.db().write(move |tx| subscribe(tx, ana, token, &bearer, &wanted)).await
    };
    for bad in [
        String::new(),
        "nonsense".to_owned(),
        "http://push.example/x".to_owned(),
        "ftp://push.example/x".to_owned(),
        "file:///etc/passwd".to_owned(),
        "https://ana:secret@push.example/x".to_owned(),
        "https://town.example/inbox".to_owned(),
        format!("https://push.example/{}", "x".repeat(2_048)),
        format!("https://push.example/{}", "\u{e9}".repeat(700)),
    ] {
        assert!(matches!(try_with(bad.clone()).await, Err(Error::Invalid(_))), "{bad}");
    }
    let good = format!("https://push.example/{}", "x".repeat(2_000));
    assert_eq!(try_with(good.clone()).await.unwrap().endpoint, good);
}

#[tokio::test]
async fn an_account_has_so_many_devices_and_the_oldest_make_way() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        let device = Device::new(15);
        let mut tokens = Vec::new();
        for _ in 0..32 {
            tokens.push(subscribed(&town, ana, device.wants("mention", true)).await.1);
        }
        let kept = town.read(move |c| Ok(rows::in_force_of_account(c, ana, 100)?)).await;
        assert_eq!(kept.len(), 30);
        let (first, last) = (tokens[0], tokens[31]);
        assert!(town.db().read(move |c| of_token(c, first)).await.is_err());
        assert!(town.db().read(move |c| of_token(c, last)).await.is_ok());
        assert!(!String::from_utf8_lossy(&kept[0].token_sealed).contains("token"));
    })
    .await;
}
