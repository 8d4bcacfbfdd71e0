//! The way between the provider and the simulator: it counts requests, and does something at one of them.
//!
//! Every request comes on a connection of its own, so that the proxy can close between two of them.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What happens at a request.
pub enum Hook {
    /// The connection is refused: for a moment, or until [`Proxy::open`].
    Refuse { for_ever: bool },
    /// Something is done when the API has acted and its answer is not passed on yet, or when it has been.
    Call { answered: bool, what: Box<dyn FnOnce() + Send> },
}

struct State {
    hook: Option<(usize, Hook)>,
    seen: usize,
    /// Whether connections are to be accepted.
    open: bool,
    /// Whether they are.
    listening: bool,
    ended: bool,
}

/// A listener before the simulator. It ends when it is dropped.
pub struct Proxy(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    upstream: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

const CLOSED_FOR: Duration = Duration::from_millis(400);

impl Proxy {
    /// A proxy to an address.
    pub fn new(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = State { hook: None, seen: 0, open: true, listening: true, ended: false };
        let inner = Arc::new(Inner { address, upstream, state: Mutex::new(state), changed: Condvar::new() });
        let accepting = Arc::clone(&inner);
        thread::spawn(move || accepting.accept(listener));
        Ok(Self(inner))
    }

    /// The URL to give to the provider.
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// Counts from zero again.
    pub fn arm(&self, at: usize, hook: Hook) {
        let refuses_the_first = at == 0 && matches!(hook, Hook::Refuse { .. });
        {
            let mut state = self.0.state();
            state.seen = 0;
            state.hook = Some((at, hook));
        }
        if refuses_the_first {
            self.0.close();
        }
    }

    /// Removes the hook, and accepts connections again.
    pub fn open(&self) {
        let mut state = self.0.state();
        state.hook = None;
        state.open = true;
        self.0.changed.notify_all();
        let listening = self.0.changed.wait_while(state, |state| !state.listening && !state.ended);
        drop(listening.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.0.state().ended = true;
        self.0.changed.notify_all();
        self.0.wake();
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the wait for a connection, so that the listener reads the state again.
    fn wake(&self) {
        _ = TcpStream::connect(self.address);
    }

    /// Returns when connections are refused.
    fn close(&self) {
        self.state().open = false;
        self.wake();
        let closed = self.changed.wait_while(self.state(), |state| state.listening && !state.open && !state.ended);
        drop(closed.unwrap_or_else(PoisonError::into_inner));
    }

    fn accept(self: Arc<Self>, first: TcpListener) {
        let mut listener = first;
        loop {
            while let Ok((client, _)) = listener.accept() {
                if !self.state().open || self.state().ended {
                    break;
                }
                let proxy = Arc::clone(&self);
                thread::spawn(move || _ = proxy.pass(client));
            }
            drop(listener);
            listener = match self.reopened() {
                Some(again) => again,
                None => return,
            };
        }
    }

    /// Waits until connections are to be accepted again. `None` if that is never.
    fn reopened(&self) -> Option<TcpListener> {
        let mut state = self.state();
        state.listening = false;
        self.changed.notify_all();
        let for_ever = matches!(state.hook, Some((_, Hook::Refuse { for_ever: true })));
        let limit = if for_ever { Duration::MAX } else { CLOSED_FOR };
        let waited = self.changed.wait_timeout_while(state, limit, |state| !state.open && !state.ended);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let listener = (!state.ended).then(|| TcpListener::bind(self.address).ok()).flatten();
        if !state.open {
            state.hook = None;
        }
        state.open = true;
        state.listening = listener.is_some();
        state.ended |= listener.is_none();
        self.changed.notify_all();
        listener
    }

    fn pass(&self, mut client: TcpStream) -> io::Result<()> {
        client.set_nonblocking(false)?;
        client.set_read_timeout(Some(Duration::from_mins(2)))?;
        let request = read_request(&mut client)?;
        if request.is_empty() {
            return Ok(());
        }
        let hook = self.arrived();
        let mut server = TcpStream::connect(self.upstream)?;
        server.write_all(&request)?;
        let mut answer = Vec::new();
        // A connection that is cut ends in an error; what came before it is passed on all the same.
        let ended = server.read_to_end(&mut answer);
        match hook {
            Some((false, what)) => what(),
            hook => {
                client.write_all(&answer)?;
                if let Some((_, what)) = hook {
                    client.shutdown(Shutdown::Write)?;
                    thread::sleep(Duration::from_millis(10));
                    what();
                }
            }
        }
        ended?;
        client.shutdown(Shutdown::Write)
    }

    /// Counts a request. Returns what is done at it.
    fn arrived(&self) -> Option<(bool, Box<dyn FnOnce() + Send>)> {
        let mut state = self.state();
        let index = state.seen;
        state.seen += 1;
        let refuses_the_next = matches!(&state.hook, Some((at, Hook::Refuse { .. })) if index + 1 == *at);
        let is_now = matches!(&state.hook, Some((at, Hook::Call { .. })) if index == *at);
        let hook = state.hook.take_if(|_| is_now);
        drop(state);
        if refuses_the_next {
            self.close();
        }
        match hook {
            Some((_, Hook::Call { answered, what })) => Some((answered, what)),
            _ => None,
        }
    }
}

/// One whole request, marked as the last of its connection.
fn read_request(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 << 10]);
    loop {
        let read = client.read(&mut chunk)?;
        if read == 0 {
            return Ok(Vec::new());
        }
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let head_length = head.len();
        if bytes.len() >= head_length + 4 + length.unwrap_or_default() {
            bytes.splice(head_length..head_length, b"\r\nconnection: close".iter().copied());
            return Ok(bytes);
        }
    }
}
