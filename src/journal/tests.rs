//! The journal as the runs of one directory use it. Time stands still but for waits, so none of them takes any.

use std::fs;

use serde_json::{Value, json};
use tensorpool::{Error, ErrorKind, fingerprint};

use super::*;

const TYPE: &str = "tensorpool_cluster";

/// The fingerprint of a key, as the client has it.
pub(super) fn key_fingerprint(key: &str) -> String {
    fingerprint(key).chars().take(4).collect()
}

/// A working directory, which is deleted in the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let random: String = std::iter::repeat_with(fastrand::lowercase).take(12).collect();
        let path = std::env::temp_dir().join(format!("tensorpool-journal-{random}"));
        fs::create_dir_all(&path).expect("it can be created");
        Self(path)
    }

    fn origin(&self) -> Origin {
        self.origin_of(Path::new("."), "https://a", "key")
    }

    /// The origin of a subdirectory, in which Terraform's data directory is.
    fn origin_of(&self, directory: &Path, endpoint: &str, key: &str) -> Origin {
        let directory = self.0.join(directory);
        Origin::read(Path::new(".terraform"), &directory, None, endpoint, &key_fingerprint(key), None)
    }

    /// The journal of another run.
    fn run(&self) -> Journal {
        self.run_from(self.origin())
    }

    fn run_from(&self, origin: Origin) -> Journal {
        let run = std::iter::repeat_with(fastrand::lowercase).take(12).collect();
        Journal::of_run(Settings { directory: self.journal(), origin }, Some(run))
    }

    fn journal(&self) -> PathBuf {
        self.0.join("tensorpool/journal")
    }

    fn files(&self, extension: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.journal()).expect("it was created").map(|file| file.expect("it is there").path());
        files.filter(|path| path.extension().is_some_and(|end| end == extension)).collect()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be created");
        fs::write(&path, text).expect("it can be written");
        path
    }

    /// An entry of a run that was killed after the API had returned the id.
    async fn with_killed_run(&self, intent: &Intent<'_>) {
        let run = self.run();
        let mut open = begin(&run, intent).await;
        open.record("c-1", Some("req_1")).await;
        kill(&run, open);
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn configuration() -> &'static Value {
    static CONFIGURATION: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({"size": 8}));
    &CONFIGURATION
}

fn named(name: &str) -> Intent<'_> {
    Intent { type_name: TYPE, name, generated: false, configuration: configuration() }
}

fn generated(name: &str) -> Intent<'_> {
    Intent { generated: true, ..named(name) }
}

async fn begin(journal: &Journal, intent: &Intent<'_>) -> OpenEntry {
    journal.begin(intent).await.expect("it can be written").expect("the journal is on")
}

/// A kill: nothing is dropped, and the lock ends.
fn kill(journal: &Journal, open: OpenEntry) {
    std::mem::forget(open);
    journal.0.as_ref().expect("the journal is on").store.release_lock();
}

/// A claim in a word.
#[derive(Debug, PartialEq)]
enum Claimed {
    Fresh,
    Adopted(Option<String>),
    Stopped(Vec<Reason>),
    Corrupt,
}

fn summary(claim: &Claim) -> Claimed {
    match claim {
        Claim::Fresh => Claimed::Fresh,
        Claim::Adopt(entry, _) => Claimed::Adopted(entry.id.clone()),
        Claim::Stop(Stops { entries, .. }) if entries.is_empty() => Claimed::Corrupt,
        Claim::Stop(Stops { entries, .. }) => Claimed::Stopped(entries.iter().map(|(_, reason)| *reason).collect()),
    }
}

async fn claim(journal: &Journal, intent: &Intent<'_>) -> Claim {
    journal.claim(intent, &CancellationToken::new()).await
}

async fn claimed(journal: &Journal, intent: &Intent<'_>) -> Claimed {
    summary(&claim(journal, intent).await)
}

fn adopted(id: &str) -> Claimed {
    Claimed::Adopted(Some(id.to_owned()))
}

async fn adopt(journal: &Journal, intent: &Intent<'_>) -> OpenEntry {
    match claim(journal, intent).await {
        Claim::Adopt(_, open) => open,
        claim => panic!("it is not adopted: {:?}", summary(&claim)),
    }
}

/// A cloud that says the same about every object.
struct Cloud(Presence);

#[async_trait::async_trait]
impl Lookup for Cloud {
    const TYPE_NAME: &'static str = TYPE;
    const NOUN: &'static str = "cluster";

    async fn presence(&self, _: &str, _: Option<SystemTime>) -> Result<Presence, Error> {
        Ok(self.0)
    }

    async fn ids_of_name(&self, _: &str) -> Result<Vec<String>, Error> {
        match self.0 {
            Presence::Found => Ok(vec!["c-1".to_owned()]),
            Presence::Absent => Ok(Vec::new()),
            Presence::Unproved => Err(Error::new(ErrorKind::Server, "GET /cluster/list")),
        }
    }
}

async fn warnings(journal: &Journal, presence: Presence) -> usize {
    interrupted(journal, &Cloud(presence), &CancellationToken::new()).await.iter().count()
}

async fn goes_on(journal: &Journal, presence: Presence, claim: Claim) -> bool {
    match claim {
        Claim::Stop(stops) => ensure_not_created(journal, &Cloud(presence), stops).await.is_ok(),
        Claim::Fresh | Claim::Adopt(..) => panic!("it does not stop"),
    }
}

#[tokio::test]
async fn a_journal_that_is_off_knows_nothing() {
    let journal = Journal::off();
    assert!(journal.begin(&generated("n")).await.is_ok_and(|open| open.is_none()));
    assert_eq!(claimed(&journal, &generated("n")).await, Claimed::Fresh);
}

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
        run.0.as_ref().expect("the journal is on").store.release_lock();
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
        run.0.as_ref().expect("the journal is on").store.release_lock();
        assert_eq!(claimed(&directory.run(), &intent).await, expected, "{case}");
    }
}

/// A create that ends after Terraform was killed returns its state to no client.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn what_returns_to_a_terraform_that_was_killed_has_not_returned() {
    for (adopts, fails) in [(false, false), (false, true), (true, false), (true, true)] {
        let directory = Directory::new();
        if adopts {
            directory.with_killed_run(&generated("tf-a")).await;
        }
        let mut place = Arc::into_inner(directory.run().0.expect("the journal is on")).expect("it is not shared");
        place.parent = 0;
        let run = Journal(Some(Arc::new(place)));
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

#[tokio::test]
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

#[tokio::test]
async fn what_has_returned_is_not_adopted_although_the_mark_cannot_be_written() {
    let directory = Directory::new();
    let run = directory.run();
    let mut open = begin(&run, &generated("tf-a")).await;
    open.record("c-1", None).await;
    fs::create_dir(open.entry.path.with_extension("json.tmp")).expect("it can be created");
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

#[tokio::test(start_paused = true)]
async fn a_temporary_file_is_never_an_entry_and_goes_with_its_owner() {
    let directory = Directory::new();
    let run = directory.run();
    let open = begin(&run, &generated("tf-a")).await;
    // A crash between writing and renaming.
    let temporary = open.entry.path.with_extension("json.tmp");
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
    fs::write(open.entry.path.with_extension("json.tmp"), adopted_text).expect("it can be written");
    fs::write(&open.entry.path, before.to_text()).expect("it can be written");
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
        &directory.0,
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
    fs::remove_file(directory.0.join(".terraform/environment")).expect("it was written");
    assert_eq!(claimed(&directory.run(), &generated("tf-b")).await, Claimed::Fresh);
    let read = |workspace| {
        Origin::read(Path::new(".terraform"), &directory.0, workspace, "https://a", &key_fingerprint("key"), None)
    };
    assert_eq!(claimed(&directory.run_from(read(Some("staging"))), &generated("tf-b")).await, adopted("c-1"));
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
