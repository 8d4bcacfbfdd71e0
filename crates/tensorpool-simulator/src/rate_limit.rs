//! The limit on the number of requests per second.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The requests of the last second.
#[derive(Default)]
pub(crate) struct RateLimit(VecDeque<Instant>);

impl RateLimit {
    /// Returns whether a request exceeds the limit. One that does not is counted.
    pub fn is_exceeded(&mut self, max: Option<u32>) -> bool {
        let now = Instant::now();
        while self.0.front().is_some_and(|time| now.duration_since(*time) >= Duration::from_secs(1)) {
            self.0.pop_front();
        }
        let Some(max) = max.and_then(|max| usize::try_from(max).ok()) else { return false };
        if self.0.len() >= max {
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
    fn only_the_requests_of_the_last_second_count() {
        let mut limit = RateLimit::default();
        assert_eq!([(); 3].map(|()| limit.is_exceeded(Some(2))), [false, false, true]);
        assert!(!limit.is_exceeded(None));
    }
}
