//! What a create finds that earlier runs left, from here or from elsewhere.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_killed_run_leaves_what_it_knew() {
    let directory = Directory::new();
    directory.with_killed_run(&named("train")).await;
    let next = directory.run();
    assert_eq!(warnings(&next, Presence::Found).await, 1);
    assert_eq!(claimed(&next, &named("other")).await, Claimed::Fresh);
    let other = json!({"size": 9});
    assert_eq!(claimed(&next, &Intent { configuration: &other, ..named("train") }).await, Claimed::Fresh);
    let Claim::Adopt(entry, _open) = claim(&next, &named("train")).await else { panic!("it is adopted") };
    assert_eq!((entry.id.as_deref(), entry.request_id.as_deref()), (Some("c-1"), Some("req_1")));
    assert_eq!(claimed(&next, &named("train")).await, Claimed::Fresh, "it is adopted once");
}

/// How the next run judges an entry whose create got this far and no further.
#[tokio::test(start_paused = true)]
async fn a_kill_before_and_after_each_mark_leaves_what_is_true() {
    let intent = generated("tf-a");
    let next = generated("tf-b");
    for (case, step, expected) in [
        ("begun", 0, Claimed::Adopted(None)),
        ("recorded", 1, adopted("c-1")),
        ("returned", 2, Claimed::Stopped(vec![Reason::Returned])),
        ("failed with a state", 3, Claimed::Stopped(vec![Reason::AnsweredWithError])),
        ("failed without a state", 4, Claimed::Adopted(None)),
        ("discarded", 5, Claimed::Fresh),
    ] {
        let directory = Directory::new();
        let run = directory.run();
        let mut open = begin(&run, &intent).await;
        if (1..=3).contains(&step) {
            open.record("c-1", None).await;
        }
        match step {
            2 => open.mark_returned().await,
            3 | 4 => open.mark_failed().await,
            5 => open.discard().await,
            _ => std::mem::forget(open),
        }
        release_lock(&run);
        assert_eq!(claimed(&directory.run(), &next).await, expected, "{case}");
    }
}

/// The same for an entry that was adopted: an entry is good for one adoption, and what was not recorded was not adopted.
#[tokio::test(start_paused = true)]
async fn an_entry_is_good_for_one_adoption() {
    let intent = generated("tf-a");
    for (case, step, expected) in [
        ("adopted", 0, Claimed::Stopped(vec![Reason::AdoptedBefore])),
        ("recorded", 1, Claimed::Stopped(vec![Reason::AdoptedBefore])),
        ("returned", 2, Claimed::Stopped(vec![Reason::Returned])),
        ("failed with a state", 3, Claimed::Stopped(vec![Reason::AnsweredWithError])),
        ("failed without a state", 4, adopted("c-1")),
        ("discarded", 5, Claimed::Fresh),
        ("given up", 6, adopted("c-1")),
    ] {
        let directory = Directory::new();
        directory.with_killed_run(&intent).await;
        let run = directory.run();
        let mut open = adopt(&run, &intent).await;
        if (1..=3).contains(&step) {
            open.record("c-1", None).await;
        }
        match step {
            2 => open.mark_returned().await,
            3 | 4 => open.mark_failed().await,
            5 => open.discard().await,
            6 => drop(open),
            _ => std::mem::forget(open),
        }
        release_lock(&run);
        assert_eq!(claimed(&directory.run(), &intent).await, expected, "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_checkout_in_another_directory_counts_only_with_a_remote_backend() {
    let directory = Directory::new();
    let remote = json!({"backend": {"type": "s3", "config": {"bucket": "b", "key": "k", "token": "t-1"}}});
    let rotated = json!({"backend": {"type": "s3", "config": {"bucket": "b", "key": "k", "token": "t-2"}}});
    for (one, other) in [("local-1", "local-2"), ("ci-1", "ci-2")] {
        directory.write(&format!("{one}/main.tf"), "");
        directory.write(&format!("{other}/main.tf"), "");
    }
    directory.write("ci-1/.terraform/terraform.tfstate", &remote.to_string());
    directory.write("ci-2/.terraform/terraform.tfstate", &rotated.to_string());
    for (one, other, expected) in [("local-1", "local-2", Claimed::Fresh), ("ci-1", "ci-2", adopted("c-1"))] {
        let origin = |path: &str| directory.origin_of(Path::new(path), "https://a", "key");
        let run = directory.run_from(origin(one));
        let mut open = begin(&run, &generated("tf-a")).await;
        open.record("c-1", None).await;
        kill(&run, open);
        assert_eq!(claimed(&directory.run_from(origin(other)), &generated("tf-b")).await, expected, "{other}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_backends_in_one_directory_are_two_states() {
    let directory = Directory::new();
    let backend = |path: &str| {
        let text = json!({"backend": {"type": "local", "config": {"path": path}}}).to_string();
        directory.write(".terraform/terraform.tfstate", &text);
        directory.origin()
    };
    let run = directory.run_from(backend("dev.tfstate"));
    let mut open = begin(&run, &generated("tf-a")).await;
    open.record("c-1", None).await;
    open.mark_returned().await;
    drop(run);
    let prod = directory.run_from(backend("prod.tfstate"));
    assert_eq!(claimed(&prod, &generated("tf-b")).await, Claimed::Fresh);
    let dev = directory.run_from(backend("dev.tfstate"));
    assert_eq!(claimed(&dev, &generated("tf-b")).await, Claimed::Stopped(vec![Reason::Returned]));
}

#[tokio::test(start_paused = true)]
async fn entries_of_another_endpoint_or_workspace_are_left_alone() {
    let directory = Directory::new();
    directory.with_killed_run(&generated("tf-a")).await;
    let workspace = Origin::read(
        Path::new(".terraform"),
        directory.0.path(),
        Some("staging"),
        "https://a",
        &key_fingerprint("key"),
        None,
    );
    for other in [directory.origin_of(Path::new("."), "https://b", "key"), workspace] {
        let journal = directory.run_from(other);
        assert_eq!(warnings(&journal, Presence::Absent).await, 0);
        assert_eq!(claimed(&journal, &generated("tf-b")).await, Claimed::Fresh);
    }
    let same = directory.run_from(directory.origin_of(Path::new("."), "HTTPS://A:443/", "key"));
    assert_eq!(claimed(&same, &generated("tf-b")).await, adopted("c-1"));
}

#[tokio::test(start_paused = true)]
async fn the_workspace_that_terraform_selected_counts_if_the_variable_is_not_set() {
    let directory = Directory::new();
    directory.write(".terraform/environment", "staging\n");
    directory.with_killed_run(&generated("tf-a")).await;
    fs::remove_file(directory.0.path().join(".terraform/environment")).expect("it was written");
    assert_eq!(claimed(&directory.run(), &generated("tf-b")).await, Claimed::Fresh);
    let read = |workspace| {
        Origin::read(Path::new(".terraform"), directory.0.path(), workspace, "https://a", &key_fingerprint("key"), None)
    };
    assert_eq!(claimed(&directory.run_from(read(Some("staging"))), &generated("tf-b")).await, adopted("c-1"));
}
