//! What is injected at a request: everything that can go wrong there.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use rustix::process;
use tensorpool_simulator::{Action, Fault};

use crate::proxy::Hook;
use crate::run::Processes;
use crate::sandbox::Sandbox;

/// What is done to a running Terraform or provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
    InterruptTwice,
    KillTerraform,
    KillProvider,
}

impl Signal {
    pub fn send(self, processes: &Processes) {
        match self {
            Self::Interrupt => processes.signal_group(process::Signal::INT),
            Self::Terminate => processes.signal_terraform(process::Signal::TERM),
            Self::InterruptTwice => {
                processes.signal_group(process::Signal::INT);
                thread::sleep(Duration::from_millis(300));
                processes.signal_group(process::Signal::INT);
            }
            Self::KillTerraform => processes.signal_terraform(process::Signal::KILL),
            Self::KillProvider => processes.kill_provider(),
        }
    }
}

/// What goes wrong at one request.
#[derive(Clone)]
pub enum Injection {
    /// The API does something to it, and to all that follow or not.
    Api { action: Action, for_ever: bool },
    /// Connections are refused, for a moment or for ever.
    Refused { for_ever: bool },
    /// A signal is sent when the API has acted, before its answer is passed on or after.
    Signaled { signal: Signal, answered: bool },
}

/// All of them, by name.
pub fn all() -> Vec<(String, Injection)> {
    let respond = |status: u16, header: Option<&str>, body: &str| Action::Respond {
        status,
        body: body.to_owned(),
        headers: header
            .map(|value| ("retry-after".to_owned(), value.to_owned()))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    };
    // What is marked holds for all later requests too, in a second try of the same.
    let api = [
        ("cut-before", Action::DropBefore, true),
        ("cut-after", Action::DropAfter, true),
        ("cut-body", Action::CutBody, true),
        ("delay", Action::Delay { ms: 1500 }, true),
        ("429-seconds", respond(429, Some("1"), ""), true),
        ("429-date", respond(429, Some("Thu, 01 Jan 1970 00:00:00 GMT"), ""), false),
        ("429-malformed", respond(429, Some("soon"), ""), false),
        ("429-absent", respond(429, None, ""), false),
        ("500", respond(500, None, r#"{"detail": "Internal error"}"#), true),
        ("500-after", Action::RespondAfter { status: 500, body: String::new() }, true),
        ("502", respond(502, None, "<html>Bad gateway</html>"), false),
        ("503", respond(503, Some("1"), ""), false),
        ("408-after", Action::RespondAfter { status: 408, body: String::new() }, false),
        ("html", Action::RespondAfter { status: 200, body: "<html>Welcome</html>".to_owned() }, true),
        ("empty", Action::RespondAfter { status: 200, body: String::new() }, true),
        ("truncated", Action::RespondAfter { status: 200, body: r#"{"cluster_info": {"id": "c"#.to_owned() }, true),
        ("401", respond(401, None, r#"{"error": "Invalid or missing authentication token"}"#), true),
        // For ever, 404 says that nothing exists at all; no client could know better.
        ("404", respond(404, None, r#"{"detail": "Not found"}"#), false),
        ("409", respond(409, None, r#"{"detail": "Conflict"}"#), true),
    ];
    let mut all = Vec::new();
    for (name, action, also_for_ever) in api {
        all.push((name.to_owned(), Injection::Api { action: action.clone(), for_ever: false }));
        if also_for_ever {
            all.push((format!("{name}-on"), Injection::Api { action, for_ever: true }));
        }
    }
    all.push(("refused".to_owned(), Injection::Refused { for_ever: false }));
    all.push(("refused-on".to_owned(), Injection::Refused { for_ever: true }));
    let signals = [
        ("int", Signal::Interrupt),
        ("term", Signal::Terminate),
        ("int-int", Signal::InterruptTwice),
        ("kill-terraform", Signal::KillTerraform),
        ("kill-provider", Signal::KillProvider),
    ];
    for (name, signal) in signals {
        for (when, answered) in [("before-answer", false), ("after-answer", true)] {
            all.push((format!("{name}-{when}"), Injection::Signaled { signal, answered }));
        }
    }
    all
}

impl Injection {
    /// Arms it for a request of the next run. Its processes are to be set when they run.
    pub fn arm(&self, sandbox: &Sandbox, step: usize) -> Arc<OnceLock<Processes>> {
        let processes = Arc::new(OnceLock::new());
        match self {
            Self::Api { action, for_ever } => sandbox.cloud.add_fault(Fault {
                method: None,
                path: None,
                skip: step as u64,
                times: u64::from(!for_ever),
                chance: 1.0,
                late_ms: 0,
                action: action.clone(),
            }),
            Self::Refused { for_ever } => sandbox.proxy.arm(step, Hook::Refuse { for_ever: *for_ever }),
            Self::Signaled { signal, answered } => {
                let (signal, running) = (*signal, Arc::clone(&processes));
                let what = Box::new(move || signal.send(running.wait()));
                sandbox.proxy.arm(step, Hook::Call { answered: *answered, what });
            }
        }
        processes
    }
}
