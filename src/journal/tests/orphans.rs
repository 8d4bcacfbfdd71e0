//! What is reported, and when an entry is forgotten.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_another_account_cannot_see_is_not_forgotten() {
    let directory = Directory::new();
    directory.with_killed_run(&generated("tf-a")).await;
    let other = directory.run_from(directory.origin_of(Path::new("."), "https://a", "another key"));
    let claim = claim(&other, &generated("tf-b")).await;
    assert_eq!(summary(&claim), Claimed::Stopped(vec![Reason::OtherAccount]));
    assert!(!goes_on(&other, Presence::Absent, claim).await);
    assert_eq!(warnings(&other, Presence::Absent).await, 1);
    let next = directory.run();
    assert_eq!(warnings(&next, Presence::Found).await, 1, "it is reported to its own account");
    assert_eq!(warnings(&next, Presence::Absent).await, 0);
    assert!(directory.files("json").is_empty(), "its own account knows that it does not exist");
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_forgotten_when_its_object_is_found_in_a_state() {
    let directory = Directory::new();
    let run = directory.run();
    let mut open = begin(&run, &named("train")).await;
    open.record("c-1", None).await;
    open.mark_returned().await;
    run.confirm_saved(TYPE, "c-1", None).await;
    assert_eq!(directory.files("json").len(), 1, "it is in no state before the run has ended");
    drop(run);
    for (journal, type_name, id, left) in [
        (directory.run(), TYPE, "c-2", 1),
        (directory.run(), "tensorpool_storage", "c-1", 1),
        (directory.run_from(directory.origin_of(Path::new("."), "https://b", "key")), TYPE, "c-1", 1),
        (directory.run_from(directory.origin_of(Path::new("."), "https://a", "another key")), TYPE, "c-1", 0),
    ] {
        journal.confirm_saved(type_name, id, None).await;
        assert_eq!(directory.files("json").len(), left, "{type_name} {id}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_returned_and_was_not_saved_is_reported_by_its_name() {
    let directory = Directory::new();
    let run = directory.run();
    let mut open = begin(&run, &named("train")).await;
    open.record("c-1", None).await;
    open.mark_returned().await;
    drop(run);
    let next = directory.run();
    assert_eq!(warnings(&next, Presence::Found).await, 0, "it may be in the state, which was not read yet");
    let count = async |name| unsaved_creates(&next, &Cloud(Presence::Found), name).await.iter().count();
    assert_eq!((count("train").await, count("other").await), (1, 0));
    assert!(unsaved_creates(&next, &Cloud(Presence::Absent), "train").await.is_empty());
    assert!(directory.files("json").is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_returned_and_no_run_finds_in_a_state_is_reported_by_the_second() {
    let directory = Directory::new();
    let run = directory.run();
    let mut open = begin(&run, &generated("tf-a")).await;
    open.record("c-1", None).await;
    open.mark_returned().await;
    drop(run);
    let first = directory.run();
    assert_eq!(warnings(&first, Presence::Found).await, 0, "it may be in the state, which was not read yet");
    assert_eq!(warnings(&first, Presence::Found).await, 0, "a run configures its provider several times");
    let second = directory.run();
    assert_eq!(warnings(&second, Presence::Found).await, 1);
    second.confirm_saved(TYPE, "c-1", None).await;
    assert_eq!(warnings(&directory.run(), Presence::Found).await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_entry_without_an_id_is_forgotten_when_its_name_is_found_in_a_state() {
    let directory = Directory::new();
    let run = directory.run();
    let open = begin(&run, &named("train")).await;
    directory.run().confirm_saved(TYPE, "c-1", Some("train")).await;
    assert_eq!(directory.files("json").len(), 1, "its run lives, and is about to learn the id");
    kill(&run, open);
    let from = |key| directory.run_from(directory.origin_of(Path::new("."), "https://a", key));
    for (journal, type_name, name, left) in [
        (from("key"), TYPE, Some("other"), 1),
        (from("key"), TYPE, None, 1),
        (from("key"), "tensorpool_storage", Some("train"), 1),
        (from("another key"), TYPE, Some("train"), 1),
        (from("key"), TYPE, Some("train"), 0),
    ] {
        journal.confirm_saved(type_name, "c-1", name).await;
        assert_eq!(directory.files("json").len(), left, "{type_name} {name:?}");
    }
}
