//! How long a request has been complete when the provider sees it.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use tensorpool_simulator::{AsynchronousRequest, LoggedRequest};

use crate::cloud::Cloud;
use crate::figures::{NONE, milliseconds, percentile};
use crate::table::Table;

/// The milliseconds that creates take, one run each: spread evenly over the second that lies between two polls, as it is chance
/// between which two a request ends.
const PROVISIONS: [u64; 5] = [2_000, 2_200, 2_400, 2_600, 2_800];

/// The one when there is no time for all.
const QUICK: [u64; 1] = [2_500];

/// What the creates of some runs came to.
#[derive(Default)]
struct Discovery {
    /// From the end of each request to the poll that saw it.
    delays: Vec<Duration>,
    polls: usize,
}

impl Discovery {
    /// Adds the requests of a run. What was never polled after its end is left out.
    fn add(&mut self, requests: &[AsynchronousRequest], log: &[LoggedRequest]) {
        let mut polls: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for request in log {
            if let Some(id) = request.path.strip_prefix("/request/info/") {
                polls.entry(id).or_default().push(request.received_at);
            }
        }
        for request in requests {
            let Some(polls) = polls.get(&*request.id) else { continue };
            self.polls += polls.len();
            // No request is polled again once it was seen to be complete. A poll that arrives in the very millisecond may be the one.
            let seen = polls.iter().max().filter(|last| **last + 1 >= request.ends_at);
            self.delays.extend(seen.map(|last| Duration::from_millis(last.saturating_sub(request.ends_at))));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of polls to print")]
    fn row(&self, count: usize) -> Vec<String> {
        let delay = |share| percentile(&self.delays, share).map_or(NONE.to_owned(), milliseconds);
        let polls = self.polls as f64 / self.delays.len().max(1) as f64;
        vec![
            count.to_string(),
            self.delays.len().to_string(),
            format!("{polls:.1}"),
            delay(0.5),
            delay(0.9),
            delay(1.0),
        ]
    }
}

/// Creates these numbers of clusters, several times, and prints the delays.
pub fn run(counts: &[usize], is_quick: bool) -> io::Result<()> {
    let provisions: &[u64] = if is_quick { &QUICK } else { &PROVISIONS };
    println!("\nDiscovery: from the moment in which a create is complete to the poll that saw it");
    println!("  a request may be polled once a second");
    let times: Vec<_> = provisions.iter().map(ToString::to_string).collect();
    println!("  runs in which every create takes so many milliseconds: {}", times.join(", "));
    let mut table = Table::new(&["clusters", "requests", "polls for each", "median", "90 %", "most"]);
    for &count in counts {
        let mut discovery = Discovery::default();
        for &provision in provisions {
            // What exists at the end goes with its simulator.
            let cloud = Cloud::with_clusters(count, Duration::from_millis(provision), Duration::ZERO)?;
            cloud.run(&["apply", "-auto-approve"])?;
            discovery.add(&cloud.simulator.asynchronous_requests(), &cloud.simulator.requests());
        }
        table.add(discovery.row(count));
    }
    print!("{table}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_lasts_from_the_end_to_the_last_poll() {
        let request = |id: &str, ends_at| AsynchronousRequest {
            id: id.to_owned(),
            request_type: "CLUSTER_CLAIM".to_owned(),
            object_id: "c-1".to_owned(),
            ends_at,
        };
        let poll = |path: &str, received_at| LoggedRequest {
            received_at,
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: String::new(),
            body: None,
            authorized: true,
            user_agent: String::new(),
            client_type: String::new(),
            status: Some(200),
            took_ms: Some(0),
        };
        let mut discovery = Discovery::default();
        let log = [
            poll("/request/info/a", 900),
            poll("/request/info/a", 1_900),
            poll("/request/info/b", 1_100),
            poll("/cluster/c-1", 9_000),
        ];
        discovery.add(&[request("a", 1_500), request("b", 1_101), request("never", 1_000), request("b", 5_000)], &log);
        assert_eq!(discovery.delays, [400, 0].map(Duration::from_millis));
        assert_eq!(discovery.row(1)[3..], ["400 ms", "400 ms", "400 ms"]);
        assert_eq!(Discovery::default().row(1)[3..], [NONE; 3]);
    }
}
