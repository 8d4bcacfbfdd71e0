//! The handle of a running simulator: how long it runs, its log, its faults and its asynchronous requests.

mod support;

use std::time::{Duration, Instant, SystemTime};

use support::{Cloud, at_once};
use tensorpool_simulator::{Action, Fault, Options, Simulator};

#[tokio::test]
async fn a_simulator_stops_when_it_is_dropped() {
    let options = || Options { listen: ([127, 0, 0, 1], 0).into(), ..at_once() };
    let started = Simulator::start(options()).await.expect("the address is free");
    let spawned = Simulator::spawn(options()).expect("the address is free");
    let http = reqwest::Client::new();
    for simulator in [started, spawned] {
        let url = format!("{}/healthz", simulator.url());
        let responds = async || http.get(&url).send().await.is_ok();
        assert!(responds().await, "{url}");
        drop(simulator);
        let begin = Instant::now();
        while responds().await {
            assert!(begin.elapsed() < Duration::from_secs(20), "{url} still responds");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn a_spawned_simulator_says_why_it_does_not_start() {
    let cloud = Cloud::new().await;
    let address = cloud.simulator.url().replace("http://", "").parse().expect("it is an address");
    let error = Simulator::spawn(Options { listen: address, ..at_once() }).err().expect("it is in use");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse, "{error}");
}

#[tokio::test]
async fn the_log_and_the_faults_are_cleared() {
    let cloud = Cloud::new().await;
    let respond = Action::Respond { status: 503, body: String::new(), headers: [].into() };
    cloud.simulator.add_fault(Fault::once("GET", "/me", respond).always());
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 503);
    cloud.simulator.clear_faults();
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 200);
    assert_eq!(cloud.simulator.requests().len(), 2);
    cloud.simulator.clear_requests();
    assert!(cloud.simulator.requests().is_empty());
}

#[tokio::test]
async fn asynchronous_requests_are_returned_with_their_object_and_their_end() {
    let cloud = Cloud::with(Options { provision: Duration::from_hours(1), ..at_once() }).await;
    let (cluster, request) = cloud.create_cluster("train", 1).await;
    let [known] = &cloud.simulator.asynchronous_requests()[..] else { panic!("one was started") };
    assert_eq!((Some(&known.id), &known.object_id), (request.as_ref(), &cluster));
    assert_eq!(known.request_type, "CLUSTER_CLAIM");
    let left = SystemTime::UNIX_EPOCH + Duration::from_millis(known.ends_at);
    let left = left.duration_since(SystemTime::now()).expect("it ends later");
    assert!((Duration::from_mins(50)..=Duration::from_hours(1)).contains(&left), "{left:?}");
}
