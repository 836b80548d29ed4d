//! Files in a bucket of a store that speaks S3, by the object_store crate. The address is the operator's, so this is not the client that fetches what
//! strangers name (docs/adr/0010).

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::{
    Attribute, Attributes, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutOptions,
    RetryConfig,
    aws::AmazonS3Builder,
    buffered::BufWriter,
    client::{HttpClient, HttpConnector},
    path::Path,
};
use tokio::io::AsyncWriteExt as _;

use crate::{Found, Key, Opened, Part};

/// Parts in which a large file is sent; S3 takes none below 5 MiB but the last.
const PIECE: usize = 8 * 1024 * 1024;
/// To connect, TLS included.
const CONNECT: Duration = Duration::from_secs(5);
/// Between two pieces of an answer.
const SILENCE: Duration = Duration::from_secs(20);
/// Times that a request is made again, and how long that may go on.
const TRIES: usize = 3;
const TRYING: Duration = Duration::from_secs(30);

/// Where a bucket is and who may write into it.
#[derive(Clone)]
pub struct BucketSettings {
    /// Such as `https://s3.example/`.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// `https://bucket.s3.example/key` instead of `https://s3.example/bucket/key`.
    pub is_virtual_hosted: bool,
}

/// A bucket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
}

impl Bucket {
    /// Opens a bucket; nothing is asked of it yet.
    ///
    /// # Errors
    /// The settings fit nothing.
    pub fn open(settings: &BucketSettings) -> io::Result<Self> {
        let allow_http = settings.endpoint.starts_with("http://");
        let options = ClientOptions::new().with_allow_http(allow_http);
        let retry = RetryConfig { max_retries: TRIES, retry_timeout: TRYING, ..RetryConfig::default() };
        let store = AmazonS3Builder::new()
            .with_endpoint(settings.endpoint.trim_end_matches('/'))
            .with_region(&settings.region)
            .with_bucket_name(&settings.bucket)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(&settings.secret_access_key)
            .with_virtual_hosted_style_request(settings.is_virtual_hosted)
            .with_allow_http(allow_http)
            .with_client_options(options)
            .with_http_connector(Straight { allow_http })
            .with_retry(retry)
            // Not every store that speaks S3 knows tags and deleting several at once.
            .with_disable_tagging(true)
            .with_disable_bulk_delete(true)
            .build()
            .map_err(io::Error::other)?;
        Ok(Self { store: Arc::new(store) })
    }

    /// One in memory, for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { store: Arc::new(object_store::memory::InMemory::new()) }
    }

    /// Stores a file.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> io::Result<()> {
        let options = PutOptions { attributes: attributes(key), ..PutOptions::default() };
        self.store.put_opts(&path(key), bytes.into(), options).await.map_err(failed)?;
        Ok(())
    }

    /// Stores what is in an open file, piece by piece.
    pub async fn put_file(&self, key: &Key, file: std::fs::File) -> io::Result<()> {
        let mut file = tokio::fs::File::from_std(file);
        let store = Arc::clone(&self.store);
        let mut writer = BufWriter::with_capacity(store, path(key), PIECE)
            .with_max_concurrency(2)
            .with_attributes(attributes(key));
        match tokio::io::copy(&mut file, &mut writer).await {
            Ok(_) => writer.shutdown().await,
            Err(error) => {
                writer.abort().await.map_err(failed)?;
                Err(error)
            }
        }
    }

    /// Opens a part of a file; `None` if there is no file.
    pub async fn open_part(&self, key: &Key, part: Part) -> io::Result<Option<Found>> {
        let path = path(key);
        let mut options = GetOptions::default();
        if part != Part::Whole {
            let Some(about) = present(self.store.head(&path).await)? else { return Ok(None) };
            let Some(range) = part.of(about.size) else { return Ok(Some(Found::OutOfRange(about.size))) };
            options.range = Some(GetRange::Bounded(range));
        }
        let Some(answer) = present(self.store.get_opts(&path, options).await)? else { return Ok(None) };
        let (length, range) = (answer.meta.size, answer.range.clone());
        let body = answer.into_stream().map_err(failed).boxed();
        Ok(Some(Found::Part(Opened { length, range, body })))
    }

    /// How long a file is; `None` if there is no file.
    pub async fn length(&self, key: &Key) -> io::Result<Option<u64>> {
        Ok(present(self.store.head(&path(key)).await)?.map(|about| about.size))
    }

    /// Deletes a file; one that is gone already is no error.
    pub async fn delete(&self, key: &Key) -> io::Result<()> {
        present(self.store.delete(&path(key)).await).map(|_| ())
    }
}

/// Goes where the settings say and nowhere else: no redirects, no proxies of the environment (docs/adr/0010).
#[derive(Debug)]
struct Straight {
    allow_http: bool,
}

impl HttpConnector for Straight {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        #[expect(clippy::disallowed_methods, reason = "the address is the operator's: docs/adr/0010")]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(!self.allow_http)
            // Lengths are those of the files.
            .no_gzip()
            .http1_only()
            .connect_timeout(CONNECT)
            // No limit for the whole: a large file may take long, as long as it comes.
            .read_timeout(SILENCE)
            .build();
        let failed = |error| object_store::Error::Generic { store: "S3", source: Box::new(error) };
        client.map(HttpClient::new).map_err(failed)
    }
}

/// What the bucket says of the file, should it serve it by itself: the type that we found.
fn attributes(key: &Key) -> Attributes {
    let mime = crate::mime_of(key.as_str()).unwrap_or("application/octet-stream");
    Attributes::from_iter([
        (Attribute::ContentType, mime),
        (Attribute::CacheControl, "public, max-age=31536000, immutable"),
    ])
}

fn path(key: &Key) -> Path {
    Path::from(key.as_str())
}

fn failed(error: object_store::Error) -> io::Error {
    io::Error::other(error)
}

fn present<T>(result: object_store::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(bucket: &Bucket, key: &Key, part: Part) -> Option<Bytes> {
        match bucket.open_part(key, part).await.unwrap()? {
            Found::Part(opened) => Some(opened.bytes().await.unwrap()),
            Found::OutOfRange(_) => None,
        }
    }

    /// Answers one request after the other with this, until it is asked no more; returns where, and how often it was.
    fn answering(answer: String) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
        use std::io::{BufRead as _, BufReader, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut line = String::new();
                while stream.read_line(&mut line).unwrap() > 2 {
                    line.clear();
                }
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        (address, asked)
    }

    #[tokio::test]
    async fn f3_a_store_that_sends_us_elsewhere_is_not_followed() {
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nETag: \"a\"\r\n\
                  Connection: close\r\n\r\nabc";
        let (elsewhere, asked_elsewhere) = answering(ok.to_owned());
        let (redirecting, asked) = answering(format!(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/town/a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        let open = |endpoint: String| {
            let settings = BucketSettings {
                endpoint,
                region: "here".to_owned(),
                bucket: "town".to_owned(),
                access_key_id: "key".to_owned(),
                secret_access_key: "secret".to_owned(),
                is_virtual_hosted: false,
            };
            Bucket::open(&settings).unwrap()
        };
        let key: Key = "attachments/ab/0123.jpg".parse().unwrap();
        let error = open(redirecting).open_part(&key, Part::Whole).await;
        assert!(error.is_err(), "{error:?}");
        let seen = |count: &std::sync::atomic::AtomicUsize| count.load(std::sync::atomic::Ordering::SeqCst);
        assert_eq!((seen(&asked), seen(&asked_elsewhere)), (1, 0));
        let straight = open(elsewhere);
        assert_eq!(read(&straight, &key, Part::Whole).await.as_deref(), Some(b"abc".as_slice()));
    }

    #[tokio::test]
    async fn a_file_is_stored_read_in_parts_and_deleted() {
        let bucket = Bucket::in_memory();
        let key: Key = "attachments/ab/0123.mp4".parse().unwrap();
        assert_eq!(read(&bucket, &key, Part::Whole).await, None);
        assert_eq!(read(&bucket, &key, Part::Last(1)).await, None);
        bucket.put(&key, Bytes::from_static(b"0123456789")).await.unwrap();
        for (part, bytes) in [
            (Part::Whole, b"0123456789".as_slice()),
            (Part::Between(2, 4), b"234"),
            (Part::From(8), b"89"),
            (Part::Last(3), b"789"),
        ] {
            assert_eq!(read(&bucket, &key, part).await.as_deref(), Some(bytes), "{part:?}");
        }
        let beyond = bucket.open_part(&key, Part::From(10)).await.unwrap();
        assert!(matches!(beyond, Some(Found::OutOfRange(10))), "{beyond:?}");
        let mut file = tempfile::tempfile().unwrap();
        let large: Vec<u8> = (0..3 * PIECE).map(|n| u8::try_from(n % 251).unwrap()).collect();
        io::Write::write_all(&mut file, &large).unwrap();
        io::Seek::rewind(&mut file).unwrap();
        bucket.put_file(&key, file).await.unwrap();
        assert!(read(&bucket, &key, Part::Whole).await.unwrap() == large);
        assert_eq!(bucket.length(&key).await.unwrap(), u64::try_from(large.len()).ok());
        bucket.delete(&key).await.unwrap();
        bucket.delete(&key).await.unwrap();
        assert_eq!(bucket.length(&key).await.unwrap(), None);
        assert_eq!(read(&bucket, &key, Part::Whole).await, None);
    }
}
