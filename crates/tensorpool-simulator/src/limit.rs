//! How many requests there may be in a second.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The requests of the last second.
#[derive(Default)]
pub(crate) struct Limit(VecDeque<Instant>);

impl Limit {
    /// Counts a request. Says whether it is one too many; such a request does not count.
    pub fn is_exceeded(&mut self, most: Option<u32>) -> bool {
        let now = Instant::now();
        while self.0.front().is_some_and(|time| now.duration_since(*time) >= Duration::from_secs(1)) {
            self.0.pop_front();
        }
        let Some(most) = most.and_then(|most| usize::try_from(most).ok()) else { return false };
        if self.0.len() >= most {
            return true;
        }
        self.0.push_back(now);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requests_of_a_second_are_counted() {
        let mut limit = Limit::default();
        assert_eq!([(); 3].map(|()| limit.is_exceeded(Some(2))), [false, false, true]);
        assert!(!limit.is_exceeded(None));
    }
}
