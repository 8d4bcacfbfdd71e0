//! Where a provider listens.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncRead, AsyncWrite};

/// Where a provider listens.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// A unix socket.
    Unix(PathBuf),
    /// TCP, on loopback.
    Tcp(SocketAddr),
}

/// A connection of any kind.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Address {
    /// Reads the two fields of a handshake.
    pub(crate) fn parse(network: &str, place: &str) -> Option<Self> {
        match network {
            "unix" => Some(Self::Unix(place.into())),
            "tcp" => place.parse().ok().map(Self::Tcp),
            _ => None,
        }
    }

    /// Connects to it, without TLS.
    ///
    /// # Errors
    /// If nothing listens there, or this system has no sockets of this kind.
    pub async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Unix(path) => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
            #[cfg(not(unix))]
            Self::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
            Self::Tcp(address) => {
                let stream = tokio::net::TcpStream::connect(address).await?;
                // As Go does.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }

    /// The file of a unix socket.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Unix(path) => Some(path),
            Self::Tcp(_) => None,
        }
    }
}
