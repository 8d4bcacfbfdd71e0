//! Long work shows how far it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// After so many it says something.
const STEP: usize = 100;

/// Says from time to time how far the work is.
pub struct Progress {
    count: usize,
    begin: Instant,
    done: AtomicUsize,
    wrong: AtomicUsize,
}

impl Progress {
    pub fn of(count: usize) -> Self {
        Self { count, begin: Instant::now(), done: AtomicUsize::new(0), wrong: AtomicUsize::new(0) }
    }

    /// One more is done.
    pub fn step(&self, is_wrong: bool) {
        let wrong = self.wrong.fetch_add(usize::from(is_wrong), Ordering::Relaxed) + usize::from(is_wrong);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(STEP) {
            println!("  {done} of {} in {} s, {wrong} wrong", self.count, self.begin.elapsed().as_secs());
        }
    }
}
