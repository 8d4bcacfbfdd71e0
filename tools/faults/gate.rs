//! The way between the provider and the simulator: it counts requests, and does something at one of them.
//!
//! Every request comes on a connection of its own, so that the gate can close between two of them.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// What happens at a request.
pub enum Hook {
    /// Nobody listens when it comes: for a moment, or until [`Gate::open`].
    Refuse { for_ever: bool },
    /// Something is done when the API has acted and its answer is not passed on yet, or when it has been.
    Call { answered: bool, what: Box<dyn FnOnce() + Send> },
}

struct State {
    hook: Option<(usize, Hook)>,
    seen: usize,
    open: bool,
}

/// A listener before the simulator.
#[derive(Clone)]
pub struct Gate {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

const CLOSED_FOR: Duration = Duration::from_millis(400);

impl Gate {
    /// A gate to an address.
    pub fn new(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = State { hook: None, seen: 0, open: true };
        let gate = Self { address, state: Arc::new(Mutex::new(state)) };
        let accepting = gate.clone();
        thread::spawn(move || accepting.accept(listener, upstream));
        Ok(gate)
    }

    /// The URL to give to the provider.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins to count anew.
    pub fn arm(&self, at: usize, hook: Hook) {
        let mut state = self.state();
        state.seen = 0;
        if at == 0
            && let Hook::Refuse { .. } = hook
        {
            state.open = false;
        }
        state.hook = Some((at, hook));
    }

    /// Lifts what was ordered.
    pub fn open(&self) {
        let mut state = self.state();
        state.hook = None;
        state.open = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(&self, listener: TcpListener, upstream: SocketAddr) {
        let mut listener = Some(listener);
        let mut closed: Option<Instant> = None;
        loop {
            let for_ever = matches!(self.state().hook, Some((_, Hook::Refuse { for_ever: true })));
            if !self.state().open {
                listener = None;
                let since = *closed.get_or_insert_with(Instant::now);
                if !for_ever && since.elapsed() > CLOSED_FOR {
                    self.open();
                }
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            closed = None;
            let Some(open) = &listener else {
                listener = TcpListener::bind(self.address).ok();
                continue;
            };
            _ = open.set_nonblocking(true);
            match open.accept() {
                Ok((client, _)) => {
                    let gate = self.clone();
                    thread::spawn(move || _ = gate.pass(client, upstream));
                }
                Err(_) => thread::sleep(Duration::from_millis(2)),
            }
            if Arc::strong_count(&self.state) == 1 {
                return;
            }
        }
    }

    fn pass(&self, mut client: TcpStream, upstream: SocketAddr) -> io::Result<()> {
        client.set_nonblocking(false)?;
        client.set_read_timeout(Some(Duration::from_mins(2)))?;
        let request = read_request(&mut client)?;
        if request.is_empty() {
            return Ok(());
        }
        let hook = self.arrived();
        let mut server = TcpStream::connect(upstream)?;
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

    /// Counts a request. The answer is what is done at it.
    fn arrived(&self) -> Option<(bool, Box<dyn FnOnce() + Send>)> {
        let mut state = self.state();
        let index = state.seen;
        state.seen += 1;
        if matches!(&state.hook, Some((at, Hook::Refuse { .. })) if index + 1 == *at) {
            state.open = false;
        }
        let is_now = matches!(&state.hook, Some((at, Hook::Call { .. })) if index == *at);
        match state.hook.take_if(|_| is_now) {
            Some((_, Hook::Call { answered, what })) => Some((answered, what)),
            _ => None,
        }
    }
}

/// One whole request, told to be the last of its connection.
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
