//! The listener: accepts connections, limits their headers and waits for the last answer when it is told to stop (threats J5, R17).

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::files;

/// Until all headers of a request are there.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Headers of a request.
const HEADERS_MAX: usize = 100;
/// Bytes of the headers of a request.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// How long a stop waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(25);

/// Serves until `stop` is cancelled and the requests under way are answered.
pub async fn serve(listener: TcpListener, routes: Router, stop: CancellationToken) {
    let mut server = Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX);
    server.http2().timer(TokioTimer::new()).max_header_list_size(64 * 1024).max_concurrent_streams(100);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => connection(&server, &graceful, stream, peer, routes.clone()),
            Err(error) => {
                // Out of file descriptors, most likely: wait for some to be given back.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests that did not end in time were cut off");
    }
}

/// RFC 9112 §3.2: a request of HTTP/1.1 names its host once. With none or two, whoever stands in front of us may read another one (threats S5).
fn names_one_host(request: &Request) -> bool {
    request.version() != Version::HTTP_11 || request.headers().get_all(header::HOST).iter().count() == 1
}

fn no_host() -> Response {
    (StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")], "one Host header, please\n").into_response()
}

#[expect(
    clippy::disallowed_methods,
    reason = "connections are awaited by GracefulShutdown, which a tracker would do twice"
)]
fn connection(
    server: &Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
) {
    let _slower = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let routes = routes.clone();
        async move {
            if !names_one_host(&request) {
                return Ok(no_host());
            }
            routes.oneshot(request).await.map(files::without_false_length)
        }
    });
    let connection =
        graceful.watch(server.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned());
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, %peer, "a connection ended early");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s5_a_request_names_its_host_once() {
        let with = |version, hosts: &[&str]| {
            let mut request = Request::builder().version(version);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            names_one_host(&request.body(axum::body::Body::empty()).unwrap())
        };
        assert!(with(Version::HTTP_11, &["a.example"]));
        assert!(!with(Version::HTTP_11, &[]));
        assert!(!with(Version::HTTP_11, &["a.example", "a.example"]));
        assert!(with(Version::HTTP_2, &[]), "there it stands in :authority");
        assert!(with(Version::HTTP_10, &[]));
    }
}
