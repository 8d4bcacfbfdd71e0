//! The socket that Terraform connects to.

use std::io;
use std::net::SocketAddr;
#[cfg(any(unix, test))]
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::Connected;

use super::environment::Environment;

/// A client that has not finished the TLS handshake by then never will.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// How many clients may be in their handshake at once. Others are turned away: every user of the machine can connect by TCP, and
/// must not use up the files that this process may open.
const MAX_UNPROVED: usize = 256;
/// After a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(10);

/// Where the server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The kind of the socket, in the words of Go's `net` package.
    pub network: &'static str,
    pub place: String,
}

impl Address {
    #[cfg(any(unix, test))]
    pub fn unix(path: &Path) -> Self {
        Self { network: "unix", place: path.display().to_string() }
    }

    pub fn tcp(address: SocketAddr) -> Self {
        Self { network: "tcp", place: address.to_string() }
    }

    /// Whether the file system keeps other users of the machine away.
    pub fn is_private(&self) -> bool {
        self.network == "unix"
    }
}

/// An open socket. Dropping it removes the file.
pub(super) struct Listener {
    socket: Socket,
    address: Address,
    /// The private directory that holds the socket's file.
    _directory: Option<tempfile::TempDir>,
}

enum Socket {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    Tcp(tokio::net::TcpListener),
}

impl Listener {
    /// A unix socket. Where there are none, and with TLS also where none can be made, because there is no directory for
    /// temporary files or its path is too long: TCP on loopback. Without TLS the file system has to keep strangers away.
    pub fn open(environment: &Environment, has_tls: bool) -> io::Result<Self> {
        #[cfg(unix)]
        return match Self::unix(environment) {
            Err(error) if has_tls => {
                tracing::info!("Terraform connects by TCP, as there is no unix socket: {error}");
                Self::tcp(environment).map_err(|_| error)
            }
            listener => listener,
        };
        #[cfg(not(unix))]
        {
            _ = has_tls;
            Self::tcp(environment)
        }
    }

    /// A socket in a directory that only this user may enter.
    #[cfg(unix)]
    fn unix(environment: &Environment) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        let mut builder = tempfile::Builder::new();
        builder.prefix("terraform-plugin-").permissions(std::fs::Permissions::from_mode(0o700));
        let directory = match &environment.socket_directory {
            Some(parent) => builder.tempdir_in(parent)?,
            None => builder.tempdir()?,
        };
        let path = directory.path().join("plugin.sock");
        let socket = Socket::Unix(tokio::net::UnixListener::bind(&path)?);
        Ok(Self { socket, address: Address::unix(&path), _directory: Some(directory) })
    }

    /// The first free port of the client's range, on loopback only.
    fn tcp(environment: &Environment) -> io::Result<Self> {
        let (first, last) = (environment.ports.0.unwrap_or(10_000), environment.ports.1.unwrap_or(25_000));
        for port in first..=last {
            if let Ok(listener) = std::net::TcpListener::bind(("127.0.0.1", port)) {
                listener.set_nonblocking(true)?;
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let address = Address::tcp(listener.local_addr()?);
                return Ok(Self { socket: Socket::Tcp(listener), address, _directory: None });
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, format!("no free port from {first} to {last}")))
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    async fn accept(&self) -> io::Result<Connection> {
        Ok(match &self.socket {
            #[cfg(unix)]
            Socket::Unix(listener) => Connection::new(listener.accept().await?.0),
            Socket::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                // Calls are small, and each is waited for: none is to wait for the acknowledgement of the one before.
                stream.set_nodelay(true)?;
                Connection::new(stream)
            }
        })
    }

    /// Accepts connections until `stop`. With TLS, a connection is handed on only once its client has proved itself;
    /// one that fails or dawdles holds up no other. The first that is handed on cancels `connected`.
    pub async fn run(
        self,
        tls: Option<Arc<rustls::ServerConfig>>,
        accepted: mpsc::Sender<io::Result<Connection>>,
        connected: CancellationToken,
        stop: CancellationToken,
    ) {
        let acceptor = tls.map(TlsAcceptor::from);
        let unproved = Arc::new(Semaphore::new(MAX_UNPROVED));
        while let Some(connection) = stop.run_until_cancelled(self.accept()).await {
            let Ok(connection) = connection else {
                // Perhaps there are too many open files for the moment.
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let Ok(slot) = Arc::clone(&unproved).try_acquire_owned() else { continue };
            let (acceptor, accepted, connected) = (acceptor.clone(), accepted.clone(), connected.clone());
            tokio::spawn(async move {
                let slot = slot;
                let connection = match acceptor {
                    None => connection,
                    Some(acceptor) => {
                        let handshake = tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(connection)).await;
                        let Ok(Ok(secured)) = handshake else {
                            tracing::warn!("a connection without the right certificate was refused");
                            return;
                        };
                        Connection::new(secured)
                    }
                };
                drop(slot);
                connected.cancel();
                // The server may have ended already: then nothing takes the connection.
                _ = accepted.send(Ok(connection)).await;
            });
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Send {}
impl<S: AsyncRead + AsyncWrite + Send> Stream for S {}

/// A connection of any kind.
pub(super) struct Connection(Pin<Box<dyn Stream>>);

impl Connection {
    fn new(stream: impl AsyncRead + AsyncWrite + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn tcp_listens_on_loopback_within_the_range() {
        let environment = Environment { ports: (Some(10_000), Some(25_000)), ..Environment::default() };
        let listener = Listener::tcp(&environment).expect("a port is free");
        assert_eq!(listener.address().network, "tcp");
        assert!(!listener.address().is_private());
        let address: SocketAddr = listener.address().place.parse().expect("it is an address");
        assert!(address.ip().is_loopback() && (10_000..=25_000).contains(&address.port()));
    }

    /// Only unix has such sockets.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_unix_socket_is_private_and_goes_with_its_listener() {
        use std::os::unix::fs::PermissionsExt as _;
        let listener = Listener::open(&Environment::default(), false).expect("a socket can be made");
        assert!(listener.address().is_private());
        let directory = Path::new(&listener.address().place).parent().expect("it has a directory").to_owned();
        let mode = std::fs::metadata(&directory).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop(listener);
        assert!(!directory.exists());
    }

    /// Only unix has such sockets.
    #[cfg(unix)]
    #[tokio::test]
    async fn without_a_place_for_its_socket_a_server_with_tls_listens_on_loopback_and_one_without_not_at_all() {
        let nowhere = Environment { socket_directory: Some("/nowhere".into()), ..Environment::default() };
        let listener = Listener::open(&nowhere, true).expect("a port is free");
        assert_eq!(listener.address().network, "tcp");
        assert!(Listener::open(&nowhere, false).is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
    }

    #[tokio::test]
    async fn what_one_end_of_a_connection_writes_the_other_reads() {
        let (near, mut far) = tokio::io::duplex(64);
        // What it writes stays in its buffer until it is flushed.
        let mut connection = Connection::new(tokio::io::BufStream::new(near));
        let mut read = [0; 4];
        connection.write_all(b"ping").await.expect("it is written");
        let early = tokio::time::timeout(Duration::from_millis(20), far.read_exact(&mut read)).await;
        assert!(early.is_err(), "it was sent at once");
        let rest = async {
            connection.flush().await.expect("it is sent");
            far.read_exact(&mut read).await.expect("it has come");
            assert_eq!(&read, b"ping");
            far.write_all(b"pong").await.expect("it is sent");
            connection.read_exact(&mut read).await.expect("it has come");
            assert_eq!(&read, b"pong");
            connection.shutdown().await.expect("it ends");
            assert_eq!(far.read(&mut read).await.expect("it has ended"), 0);
        };
        tokio::time::timeout(Duration::from_secs(10), rest).await.expect("nothing waits");
    }

    #[tokio::test]
    async fn a_client_that_is_handed_on_has_connected() {
        let listener = Listener::tcp(&Environment::default()).expect("a port is free");
        let place = listener.address().place.clone();
        let (accepted, mut connections) = mpsc::channel(1);
        let (connected, stop) = (CancellationToken::new(), CancellationToken::new());
        let running = tokio::spawn(listener.run(None, accepted, connected.clone(), stop.clone()));
        assert!(!connected.is_cancelled());
        let _client = tokio::net::TcpStream::connect(place).await.expect("it listens");
        assert!(connections.recv().await.is_some());
        assert!(connected.is_cancelled());
        stop.cancel();
        running.await.expect("it ends");
    }
}
