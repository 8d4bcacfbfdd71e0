//! The files: whole or not there, whatever happens, and of any version.

use super::*;

#[tokio::test]
async fn a_journal_that_is_off_knows_nothing() {
    let journal = Journal::off();
    assert!(journal.begin(&generated("n")).await.is_ok_and(|open| open.is_none()));
    assert_eq!(claimed(&journal, &generated("n")).await, Claimed::Fresh);
}

#[tokio::test]
async fn what_has_returned_is_not_adopted_although_the_mark_cannot_be_written() {
    let directory = Directory::new();
    let run = directory.run();
    let mut open = begin(&run, &generated("tf-a")).await;
    open.record("c-1", None).await;
    // No file of such a long name can be created, but others can be removed.
    let store = Store::tagged(directory.journal(), "x".repeat(300));
    open.place = directory.run_with(|place| place.with_store(store)).0.expect("the journal is on");
    open.mark_returned().await;
    drop(run);
    assert!(directory.files("json").is_empty());
    assert_eq!(claimed(&directory.run(), &generated("tf-b")).await, Claimed::Fresh);
}

#[test]
fn of_processes_that_race_for_an_entry_one_adopts_it() {
    let runtime = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime can be created")
    };
    for _ in 0..20 {
        let directory = Directory::new();
        runtime().block_on(directory.with_killed_run(&named("train")));
        let runs: Vec<_> = std::iter::repeat_with(|| directory.run()).take(4).collect();
        let open: Vec<Claim> = std::thread::scope(|scope| {
            let race = |run| scope.spawn(move || runtime().block_on(claim(run, &named("train"))));
            let racers: Vec<_> = runs.iter().map(race).collect();
            racers.into_iter().map(|racer| racer.join().expect("it does not panic")).collect()
        });
        let winners = open.iter().filter(|claim| matches!(claim, Claim::Adopt(..))).count();
        assert_eq!((winners, directory.files("json").len(), directory.files("tmp").len()), (1, 1, 0));
    }
}

#[tokio::test]
async fn parallel_creates_have_entries_of_their_own() {
    let directory = Directory::new();
    let runs = [Arc::new(directory.run()), Arc::new(directory.run())];
    let mut creates = tokio::task::JoinSet::new();
    for number in 0..20 {
        let journal = Arc::clone(&runs[number % 2]);
        creates.spawn(async move { begin(&journal, &named(&format!("n-{number}"))).await });
    }
    let open = creates.join_all().await;
    assert_eq!((open.len(), directory.files("json").len(), directory.files("lock").len()), (20, 20, 2));
}

#[tokio::test]
async fn a_process_reads_the_entries_of_others_and_none_of_its_own() {
    let directory = Directory::new();
    let (one, other) = (directory.run(), directory.run());
    let _open = begin(&one, &generated("tf-a")).await;
    let seen = async |journal: &Journal| journal.0.as_ref().expect("it is on").survey().await.entries.len();
    assert_eq!((seen(&one).await, seen(&other).await), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_temporary_file_is_never_an_entry_and_goes_with_its_owner() {
    let directory = Directory::new();
    let run = directory.run();
    let open = begin(&run, &generated("tf-a")).await;
    // A crash between writing and renaming.
    let temporary = open.entry.path.with_extension("tmp");
    fs::rename(&open.entry.path, &temporary).expect("it can be renamed");
    let next = directory.run();
    assert_eq!(claimed(&next, &generated("tf-b")).await, Claimed::Fresh);
    assert!(temporary.exists(), "its owner lives");
    kill(&run, open);
    assert_eq!(claimed(&next, &generated("tf-b")).await, Claimed::Fresh);
    assert!(!temporary.exists());
    assert_eq!(claimed(&next, &generated("tf-b")).await, Claimed::Fresh);
    assert!(directory.files("lock").is_empty(), "nothing refers to the lock");
}

#[tokio::test(start_paused = true)]
async fn a_crash_in_the_middle_of_an_adoption_leaves_the_entry_as_it_was() {
    let directory = Directory::new();
    directory.with_killed_run(&generated("tf-a")).await;
    let run = directory.run();
    let open = adopt(&run, &generated("tf-b")).await;
    // The entry has its new owner, and the mark is in the temporary file.
    let adopted_text = fs::read_to_string(&open.entry.path).expect("it is there");
    let before = Entry { adopted: false, ..(*open.entry).clone() };
    fs::write(open.entry.path.with_extension("tmp"), adopted_text).expect("it can be written");
    fs::write(&open.entry.path, format::to_text(&before)).expect("it can be written");
    kill(&run, open);
    assert_eq!(claimed(&directory.run(), &generated("tf-b")).await, adopted("c-1"));
    assert!(directory.files("tmp").is_empty());
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_is_reported_once_and_stops_nothing() {
    let directory = Directory::new();
    directory.write("tensorpool", "a file where the directory should be");
    let journal = directory.run();
    assert_eq!(claimed(&journal, &generated("a")).await, Claimed::Fresh);
    assert!(journal.begin(&named("a")).await.is_err_and(|(path, _)| path == directory.journal()));
    assert!(journal.begin(&named("b")).await.is_ok_and(|open| open.is_none()));
    assert!(corrupt(&journal).await.is_empty());
}

/// On Windows it is for those for whom its directory is, as is the state.
#[cfg(unix)]
#[tokio::test]
async fn an_entry_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new();
    let run = directory.run();
    let open = begin(&run, &named("train")).await;
    let mode = fs::metadata(&open.entry.path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[tokio::test]
async fn an_entry_says_when_its_create_began_and_when_its_id_was_known() {
    let directory = Directory::new();
    let before = SystemTime::now();
    directory.with_killed_run(&named("train")).await;
    let Claim::Adopt(entry, _open) = claim(&directory.run(), &named("train")).await else { panic!("it is adopted") };
    for time in [entry.begun_at, entry.recorded_at] {
        let time = time.expect("it is written down");
        let second = Duration::from_secs(1);
        assert!(time + second >= before && time <= SystemTime::now(), "{time:?} {before:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_cannot_be_read_is_reported_and_stops_a_generated_name() {
    let directory = Directory::new();
    directory.write("tensorpool/journal/orphan-entry.json", "\u{0}\u{0}");
    let journal = directory.run();
    assert_eq!(corrupt(&journal).await.iter().count(), 1);
    assert_eq!(claimed(&journal, &named("train")).await, Claimed::Fresh, "its name is unique");
    let claim = claim(&journal, &generated("tf-a")).await;
    assert_eq!(summary(&claim), Claimed::Corrupt);
    assert!(!goes_on(&journal, Presence::Absent, claim).await);
    // A newer version of the provider says at least of which type it is.
    let newer = json!({"version": 3, "type": "tensorpool_storage"}).to_string();
    directory.write("tensorpool/journal/orphan-entry.json", &newer);
    assert_eq!(claimed(&journal, &generated("tf-a")).await, Claimed::Fresh);
    let storage = Intent { type_name: "tensorpool_storage", ..generated("tf-a") };
    assert_eq!(claimed(&journal, &storage).await, Claimed::Corrupt);
}

#[tokio::test(start_paused = true)]
async fn an_entry_of_version_1_is_reported_and_never_adopted() {
    let endpoint = "HTTPS://a/";
    let first = json!({
        "version": 1, "type": TYPE, "name": "train", "generated_name": true, "configuration": "0123",
        "endpoint": fingerprint(endpoint), "workspace": "default", "account": key_fingerprint("key"), "run": "1-1",
    });
    // The last line was cut off by a kill.
    let text = format!("{first}\n\n{}\n\n{{\"retu", json!({"id": "c-1", "request_id": "req_1"}));
    let directory = Directory::new();
    directory.write("tensorpool/journal/orphan-entry.jsonl", &text);
    directory.write("tensorpool/journal/orphan.lock", "");
    let journal = directory.run_from(directory.origin_of(Path::new("."), endpoint, "key"));
    assert_eq!(warnings(&journal, Presence::Found).await, 1);
    for intent in [generated("tf-a"), named("train")] {
        let claim = claim(&journal, &intent).await;
        assert_eq!(summary(&claim), Claimed::Stopped(vec![Reason::ConfigurationUnknown]));
        assert!(!goes_on(&journal, Presence::Found, claim).await);
    }
    let other = directory.run_from(directory.origin_of(Path::new("."), "https://b", "key"));
    assert_eq!(claimed(&other, &generated("tf-a")).await, Claimed::Fresh);
    journal.confirm_saved(TYPE, "c-1", None).await;
    assert!(directory.files("jsonl").is_empty());
}

/// An entry of the first release, as its file holds it. If this fails, a change has orphaned the entries that users have.
#[tokio::test(start_paused = true)]
async fn an_entry_that_version_0_1_0_wrote_is_adopted() {
    let text = include_str!("entries/version_2.json");
    let directory = Directory::new();
    directory.write("tensorpool/journal/orphan-entry.json", text);
    directory.write("tensorpool/journal/orphan.lock", "");
    let origin = Origin::read(
        Path::new(".terraform"),
        Path::new("/nowhere"),
        None,
        "https://engine.tensorpool.dev",
        &key_fingerprint("key"),
        Some("u-1"),
    );
    let journal = directory.run_from(origin);
    let configuration = json!({
        "instance_type": "1xH100",
        "num_nodes": 1,
        "deletion_protection": false,
        "public_keys": ["ssh-ed25519 AAAA"],
        "container": "pytorch",
    });
    let intent = Intent { configuration: &configuration, ..generated("tf-b") };
    let Claim::Adopt(entry, _open) = claim(&journal, &intent).await else { panic!("it is adopted") };
    assert_eq!(
        (&*entry.name, entry.id.as_deref(), entry.request_id.as_deref()),
        ("tf-abcdefghij", Some("c-1"), Some("req_1"))
    );
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_897_944);
    assert_eq!((entry.begun_at, entry.recorded_at), (Some(moment), Some(moment)));
    assert_eq!(entry.run.as_deref(), Some("4711-99-b"));
    assert_eq!(format::to_text(&Entry { locked: true, ..*entry }), text, "it is written in the same form");
}
