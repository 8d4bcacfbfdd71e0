//! The asynchronous requests that have not ended, and how far they are.

use crate::clock::Moment;
use crate::state::request::Request;
use crate::world::World;

/// An asynchronous request that has not ended.
pub(super) struct InFlight {
    pub id: String,
    pub request_type: String,
    pub object_id: String,
    pub status: String,
    pub percent: u64,
    pub seconds_left: String,
}

impl InFlight {
    /// Returns all of them, in the order in which they end.
    pub fn of_all(world: &World, now: Moment) -> Vec<Self> {
        world.objects.request.all_running().map(|request| Self::of(world, request, now)).collect()
    }

    fn of(world: &World, request: &Request, now: Moment) -> Self {
        let elapsed = now.saturating_sub(request.started_at).min(request.duration_ms);
        Self {
            id: request.id.clone(),
            request_type: request.request_type.clone(),
            object_id: request.object_id.clone(),
            status: request.status(now, &world.options),
            percent: elapsed * 100 / request.duration_ms.max(1),
            seconds_left: seconds(request.duration_ms - elapsed),
        }
    }
}

/// Returns a duration in seconds with one decimal.
fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::objects::request::NewRequest;
    use crate::options::Options;

    #[test]
    fn a_running_request_shows_how_far_it_is_and_how_long_it_takes_still() {
        let mut world = World::new(Options::default());
        let id = world.start_request(NewRequest::new("CLUSTER_CLAIM", "c-1", Duration::from_secs(20)));
        let began = world.objects.request.requests[&id].started_at;
        for (elapsed, percent, left, status) in [
            (0, 0, "20.0", "PENDING"),
            (5_000, 25, "15.0", "PROCESSING"),
            (19_900, 99, "0.1", "PROCESSING"),
            (30_000, 100, "0.0", "COMPLETED"),
        ] {
            let [shown] = &InFlight::of_all(&world, began + elapsed)[..] else { panic!("it has not taken effect") };
            let of = (shown.id.as_str(), shown.request_type.as_str(), shown.object_id.as_str());
            assert_eq!(of, (id.as_str(), "CLUSTER_CLAIM", "c-1"));
            let progress = (shown.percent, shown.seconds_left.as_str(), shown.status.as_str());
            assert_eq!(progress, (percent, left, status), "{elapsed}");
        }
    }

    #[test]
    fn durations_are_in_seconds() {
        assert_eq!([0, 99, 100, 12_345].map(seconds), ["0.0", "0.0", "0.1", "12.3"]);
    }
}
