//! The end of the chain: the guard looks at the URL, then the request goes out. The only place that makes HTTP clients.
//!
//! A resolver is not told the port of a request, and exceptions are exact `ip:port` pairs. So each port with an exception
//! has a client of its own, whose resolver knows that port; everything else goes through a client that allows none.

use std::sync::Arc;
use std::time::Duration;

use http::Extensions;
use reqwest::{Client, Request, Response, redirect};
use reqwest_middleware::{Middleware, Next};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::guard::Guard;
use super::resolver::GuardedResolver;
use super::{ClientError, Settings};

/// Connections that nobody used for this long are closed.
const IDLE: Duration = Duration::from_secs(60);
/// Header lists beyond this many bytes end an HTTP/2 answer; HTTP/1 has hyper's own limits.
const LONGEST_HEADERS: u32 = 64 * 1024;

/// Sends requests to where the guard lets them.
pub(super) struct Transport {
    guard: Arc<Guard>,
    usual: Client,
    by_port: Vec<(u16, Client)>,
}

impl Transport {
    pub(super) fn new(settings: &Settings) -> Result<Self, ClientError> {
        let guard = Arc::new(Guard {
            allow_http: settings.allow_http,
            allow_loopback: settings.allow_loopback,
            exceptions: settings.allowed_private_addresses.clone(),
        });
        let tls = tls(settings)?;
        let mut ports: Vec<u16> = guard.exceptions.iter().map(std::net::SocketAddr::port).collect();
        ports.sort_unstable();
        ports.dedup();
        let by_port = ports
            .into_iter()
            .filter(|port| *port != 0)
            .map(|port| Ok((port, client(settings, &tls, &guard, port)?)))
            .collect::<Result<Vec<_>, ClientError>>()?;
        let usual = client(settings, &tls, &guard, 0)?;
        Ok(Self { guard, usual, by_port })
    }

    /// The client without exceptions, as the base of the middleware chain (which ends before it).
    pub(super) fn usual(&self) -> Client {
        self.usual.clone()
    }
}

#[async_trait::async_trait]
impl Middleware for Transport {
    async fn handle(
        &self,
        request: Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        self.guard.check_url(request.url()).map_err(reqwest_middleware::Error::middleware)?;
        let port = request.url().port_or_known_default();
        let own = self.by_port.iter().find(|(known, _)| Some(*known) == port);
        Ok(own.map_or(&self.usual, |(_, client)| client).execute(request).await?)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the guarded client that the rule points to")]
fn client(
    settings: &Settings,
    tls: &ClientConfig,
    guard: &Arc<Guard>,
    port: u16,
) -> Result<Client, ClientError> {
    let user_agent = format!("Parvis/{} (+{}://{}/)", settings.version, settings.scheme, settings.domain);
    Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(GuardedResolver { guard: Arc::clone(guard), port })
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .gzip(true)
        .user_agent(user_agent)
        .connect_timeout(settings.limits.connect)
        // The callers have tighter limits; this one is for whoever uses the chain without them.
        .timeout(settings.limits.media_total)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(settings.limits.per_host)
        .http2_max_header_list_size(LONGEST_HEADERS)
        .build()
        .map_err(|error| ClientError::Build(error.to_string()))
}

/// TLS with aws-lc-rs, the system's certificates and, for tests, one file more.
fn tls(settings: &Settings) -> Result<ClientConfig, ClientError> {
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    for error in &native.errors {
        tracing::warn!(%error, "a system certificate cannot be read");
    }
    roots.add_parsable_certificates(native.certs);
    if let Some(file) = &settings.extra_ca_file {
        let bad = |error: String| ClientError::ExtraCa(file.display().to_string(), error);
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| bad(error.to_string()))? {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Build(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
