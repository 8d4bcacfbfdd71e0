//! The owners of entries: dying, frozen, unknown, or of the same run.

use super::*;

/// A create that ends after Terraform was killed returns its state to no client.
#[tokio::test(start_paused = true)]
async fn what_returns_to_a_terraform_that_was_killed_has_not_returned() {
    for (adopts, fails) in [(false, false), (false, true), (true, false), (true, true)] {
        let directory = Directory::new();
        if adopts {
            directory.with_killed_run(&generated("tf-a")).await;
        }
        let run = directory.run_with(|place| place.with_parent(ParentProcess::ended()));
        let mut open =
            if adopts { adopt(&run, &generated("tf-b")).await } else { begin(&run, &generated("tf-b")).await };
        open.record("c-1", None).await;
        if fails {
            open.mark_failed().await;
        } else {
            open.mark_returned().await;
        }
        drop(run);
        let claimed = claimed(&directory.run(), &generated("tf-c")).await;
        assert_eq!(claimed, adopted("c-1"), "adopts: {adopts}, fails: {fails}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_panics_has_answered_an_error() {
    let directory = Directory::new();
    let run = directory.run();
    let mut open = begin(&run, &generated("tf-a")).await;
    open.record("c-1", None).await;
    let create = tokio::spawn(async move {
        let _open = open;
        panic!("a create panics");
    });
    assert!(create.await.is_err_and(|error| error.is_panic()));
    drop(run);
    let expected = Claimed::Stopped(vec![Reason::AnsweredWithError]);
    assert_eq!(claimed(&directory.run(), &generated("tf-b")).await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_just_dying_is_waited_for() {
    let directory = Directory::new();
    let dying = directory.run();
    let mut open = begin(&dying, &generated("tf-a")).await;
    open.record("c-1", None).await;
    let start = Instant::now();
    let death = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        kill(&dying, open);
    };
    let next = directory.run();
    let intent = generated("tf-b");
    let (claimed, ()) = tokio::join!(claimed(&next, &intent), death);
    assert_eq!(claimed, adopted("c-1"));
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_lives_or_is_frozen_stops_a_create_that_it_might_concern() {
    let directory = Directory::new();
    let frozen = directory.run();
    let _open = begin(&frozen, &generated("tf-a")).await;
    let next = directory.run();
    let start = Instant::now();
    let claim = claim(&next, &generated("tf-b")).await;
    assert_eq!(summary(&claim), Claimed::Stopped(vec![Reason::OwnerAlive]));
    assert!((8..9).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert!(!goes_on(&next, Presence::Absent, claim).await, "that there is nothing yet proves nothing");
    assert_eq!(warnings(&next, Presence::Found).await, 0, "it is in the hands of that run");
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_within_a_second_of_a_stop() {
    let directory = Directory::new();
    let living = directory.run();
    let _open = begin(&living, &generated("tf-a")).await;
    let next = directory.run();
    let stop = CancellationToken::new();
    let start = Instant::now();
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        stop.cancel();
    };
    let intent = generated("tf-b");
    let (claim, ()) = tokio::join!(next.claim(&intent, &stop), stopping);
    assert_eq!(summary(&claim), Claimed::Stopped(vec![Reason::OwnerAlive]));
    assert!(interrupted(&next, &Cloud(Presence::Found), &stop).await.is_empty());
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_owner_of_which_nothing_is_known_stops_a_create_until_its_object_is_proved_absent() {
    let directory = Directory::new();
    directory.with_killed_run(&generated("tf-a")).await;
    let lock = directory.files("lock").pop().expect("there is one");
    fs::remove_file(lock).expect("it can be removed");
    let next = directory.run();
    for presence in [Presence::Found, Presence::Unproved] {
        let claim = claim(&next, &generated("tf-b")).await;
        assert_eq!(summary(&claim), Claimed::Stopped(vec![Reason::OwnerUnknown]));
        assert!(!goes_on(&next, presence, claim).await);
        assert_eq!(warnings(&next, presence).await, 1);
    }
    let claim = claim(&next, &generated("tf-b")).await;
    assert!(goes_on(&next, Presence::Absent, claim).await);
    assert!(directory.files("json").is_empty());
}

#[tokio::test]
async fn two_providers_of_one_run_create_the_same_twice() {
    let directory = Directory::new();
    let of_run = || {
        let settings = Settings { directory: directory.journal(), origin: directory.origin() };
        Journal::of_run(settings, Some("1-5-b".to_owned()))
    };
    let (one, other) = (of_run(), of_run());
    let mut open = begin(&one, &generated("tf-a")).await;
    open.record("c-1", None).await;
    assert_eq!(claimed(&other, &generated("tf-b")).await, Claimed::Fresh);
    open.mark_returned().await;
    drop(one);
    assert_eq!(claimed(&other, &generated("tf-b")).await, Claimed::Fresh);
    drop(other);
    let later = Claimed::Stopped(vec![Reason::Returned]);
    assert_eq!(claimed(&directory.run(), &generated("tf-b")).await, later);
}
