//! The parent on Windows, where a process keeps the PID of a parent that has ended.
//!
//! So a thread waits for the parent, from the first question on. The process table would not do: a process that has ended stays
//! in it for as long as any program has a handle of it, for example the shell that started it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use sysinfo::Process;

use super::table::read;

/// In seconds.
const CLOCK_MARGIN: u64 = 60;

static ENDED: AtomicBool = AtomicBool::new(false);

/// Zero if it cannot be found.
pub fn id() -> u32 {
    // The parent of a process is the same for as long as it lives.
    static ID: OnceLock<u32> = OnceLock::new();
    *ID.get_or_init(|| watch().unwrap_or_default())
}

pub fn has_ended(id: u32) -> bool {
    id != self::id() || ENDED.load(Ordering::Relaxed)
}

/// Finds the parent and begins to wait for it.
fn watch() -> Option<u32> {
    let own = sysinfo::get_current_pid().ok()?;
    let id = read(&[own])?.process(own)?.parent()?;
    let table = read(&[own, id])?;
    // Without this process in it, it could not be read.
    let begun = table.process(own)?.start_time();
    // What is younger than its child is another process, which has got the PID of a parent that has ended. By much, as the clock
    // may have been set back in between: a parent that lives must not count as ended.
    if table.process(id).is_none_or(|parent| parent.start_time() > begun + CLOCK_MARGIN) {
        ENDED.store(true, Ordering::Relaxed);
    } else {
        let wait = move || {
            // It cannot be waited for where it may not be opened, and then its start is not known; or because it has ended.
            let has_ended = |parent: &Process| parent.wait().is_some() || parent.start_time() != 0;
            if table.process(id).is_some_and(has_ended) {
                ENDED.store(true, Ordering::Relaxed);
            }
        };
        thread::Builder::new().name("parent".to_owned()).spawn(wait).ok()?;
    }
    Some(id.as_u32())
}
