//! One connection over which a request is asked after the other. As little as possible happens here, so that what is measured is the server.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What came back.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub status: u16,
    /// Of the body.
    pub bytes: usize,
}

impl Connection {
    /// Opens one.
    pub fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, read: vec![0; 256 * 1024] })
    }

    /// Sends a whole request and waits for the whole answer.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request)?;
        let mut have = 0;
        loop {
            have += self.more(have)?;
            let head = self.read.get(..have).unwrap_or_default();
            let Some(end) = head.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(head.get(..end).unwrap_or_default()).to_ascii_lowercase();
            let (status, bytes) = parse(&head).ok_or_else(|| Error::new(ErrorKind::InvalidData, head))?;
            let mut rest = (end + 4 + bytes).saturating_sub(have);
            while rest > 0 {
                rest = rest.saturating_sub(self.more(0)?);
            }
            return Ok(Answer { status, bytes });
        }
    }

    /// Reads what has come, behind the first `from` bytes.
    fn more(&mut self, from: usize) -> Result<usize> {
        match self.stream.read(self.read.get_mut(from..).unwrap_or_default())? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            n => Ok(n),
        }
    }
}

/// Status and length.
fn parse(head: &str) -> Option<(u16, usize)> {
    let status = head.get(9..12)?.parse().ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    Some((status, length.trim().parse().ok()?))
}
