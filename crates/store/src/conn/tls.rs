//! Connecting to PostgreSQL, with TLS through rustls (aws-lc-rs) when the URL asks for it.
//!
//! `sslmode` in the URL: absent or `disable` is plain; `prefer` takes TLS when the server offers it; `require`, `verify-ca` and
//! `verify-full` insist. A certificate is always verified, name included, against the system's roots and the extra CA file: libpq's
//! unverified `require` protects against nobody who can sit in the middle.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::async_connection_wrapper::BlockOn as _;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::stream::{BoxStream, StreamExt, poll_fn};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::own_runtime::OwnRuntime;
use super::postgres::PgConn;
use crate::error::Error;

/// What every session is set to. A client that vanishes in a transaction must not hold its locks for ever.
const SESSION: &str = "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '60s'";

/// Knows how to reach the database.
pub(super) struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    /// Reads the URL and the certificates. `name` is what the server shows this process as.
    pub(super) fn new(url: &str, name: &str, extra_ca_file: Option<&Path>) -> Result<Self, Error> {
        let (url, wants_tls) = sslmode(url);
        // The URL may hold a password, so it is not repeated in the error.
        let mut config: Config =
            url.parse().map_err(|e| Error::Other(format!("the URL of the database is not valid: {e}")))?;
        config.connect_timeout(Duration::from_secs(5));
        config.keepalives_idle(Duration::from_secs(30));
        config.tcp_user_timeout(Duration::from_secs(30));
        config.application_name(name);
        let tls = if wants_tls {
            Some(MakeRustlsConnect::new(client_config(extra_ca_file)?))
        } else {
            config.ssl_mode(SslMode::Disable);
            None
        };
        Ok(Self { config, tls })
    }

    /// A connection for queries. Call on a thread that may block.
    pub(super) fn connect(&self) -> Result<PgConn, Error> {
        let runtime = OwnRuntime::new()?;
        let connection = runtime.block_on(async {
            let made = match &self.tls {
                Some(tls) => {
                    let (client, connection) =
                        self.config.connect(tls.clone()).await.map_err(|e| unreachable(&e))?;
                    AsyncPgConnection::try_from_client_and_connection(client, connection).await
                }
                None => {
                    let (client, connection) =
                        self.config.connect(NoTls).await.map_err(|e| unreachable(&e))?;
                    AsyncPgConnection::try_from_client_and_connection(client, connection).await
                }
            };
            let mut connection = made.map_err(Error::from)?;
            connection.batch_execute(SESSION).await.map_err(Error::from)?;
            Ok::<_, Error>(connection)
        })?;
        Ok(PgConn::new(connection, runtime))
    }

    /// A connection for LISTEN: the client, and the messages, which must be polled for anything to happen.
    pub(super) async fn listener(
        &self,
    ) -> Result<(Client, BoxStream<'static, Result<AsyncMessage, tokio_postgres::Error>>), Error> {
        match &self.tls {
            Some(tls) => {
                let (client, connection) =
                    self.config.connect(tls.clone()).await.map_err(|e| unreachable(&e))?;
                Ok((client, messages(connection)))
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(|e| unreachable(&e))?;
                Ok((client, messages(connection)))
            }
        }
    }
}

fn messages<S>(
    mut connection: Connection<Socket, S>,
) -> BoxStream<'static, Result<AsyncMessage, tokio_postgres::Error>>
where
    S: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    poll_fn(move |cx| connection.poll_message(cx)).boxed()
}

/// tokio-postgres hides the cause (wrong password, unknown database, no TLS) in the source.
fn unreachable(error: &tokio_postgres::Error) -> Error {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::Unavailable(format!("cannot connect to PostgreSQL: {error}{cause}"))
}

/// The URL as tokio-postgres reads it, and whether TLS is wanted. It does not know libpq's two verifying modes.
fn sslmode(url: &str) -> (String, bool) {
    let Some((before, after)) = url.split_once("sslmode=") else { return (url.to_owned(), false) };
    let end = after.find(|c: char| c == '&' || c.is_whitespace()).unwrap_or(after.len());
    let (mode, rest) = after.split_at(end);
    match mode {
        "verify-ca" | "verify-full" => (format!("{before}sslmode=require{rest}"), true),
        mode => (url.to_owned(), mode != "disable"),
    }
}

fn client_config(extra_ca_file: Option<&Path>) -> Result<rustls::ClientConfig, Error> {
    let mut roots = rustls::RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    let (_, unreadable) = roots.add_parsable_certificates(system.certs);
    if unreadable > 0 {
        tracing::debug!(unreadable, "some of the system's root certificates are not readable");
    }
    if let Some(file) = extra_ca_file {
        let bad = |e: &dyn std::fmt::Display| {
            Error::Other(format!("{}: not a readable CA file: {e}", file.display()))
        };
        for certificate in CertificateDer::pem_file_iter(file).map_err(|e| bad(&e))? {
            roots.add(certificate.map_err(|e| bad(&e))?).map_err(|e| bad(&e))?;
        }
    }
    // The provider is named, because with two of them compiled in, rustls would panic at run time.
    let config =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::Other(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifying_modes_become_require_and_the_rest_of_the_url_stays() {
        let (url, tls) = sslmode("postgres://h/db?sslmode=verify-full&connect_timeout=3");
        assert_eq!((url.as_str(), tls), ("postgres://h/db?sslmode=require&connect_timeout=3", true));
        assert!(!sslmode("postgres://h/db").1);
        assert!(!sslmode("postgres://h/db?sslmode=disable").1);
        assert!(sslmode("postgres://h/db?sslmode=prefer").1);
    }

    #[test]
    fn a_wrong_url_is_refused_without_repeating_its_password() {
        let Err(error) = Connector::new("postgres://u:secret@h/db?sslmode=maybe", "parvis-x", None) else {
            panic!("accepted")
        };
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
