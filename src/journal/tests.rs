use super::*;

const TYPE: &str = "tensorpool_cluster";

struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let random: String = std::iter::repeat_with(fastrand::lowercase).take(12).collect();
        Self(std::env::temp_dir().join(format!("tensorpool-journal-{random}")))
    }

    /// The journal of another run in the same directory.
    fn run(&self) -> Journal {
        Journal::new(&self.0, None, "https://a", "key")
    }

    /// The journal of a later run of Terraform. It is not this process's parent that tells them apart here.
    fn later_run(&self) -> Journal {
        let Some(place) = self.run().0 else { return Journal::default() };
        let mut place = Arc::into_inner(place).expect("nobody else has it");
        place.origin.run = "another".to_owned();
        Journal(Some(Arc::new(place)))
    }

    fn files(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.0.join("tensorpool/journal")).expect("it was made");
        files
            .map(|file| file.expect("it can be read").path())
            .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
            .collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn wanted(name: &str) -> Wanted<'_> {
    Wanted { type_name: TYPE, name, generated: false, configuration: "c" }
}

fn take(journal: &Journal, wanted: &Wanted<'_>) -> Option<Entry> {
    waited(journal.take(wanted)).map(|(entry, _)| entry)
}

#[test]
fn a_killed_run_leaves_what_it_knew() {
    let directory = Directory::new();
    let killed = directory.run();
    let open = killed.begin(&wanted("train")).expect("it can be written").expect("it is on");
    open.answered("c-1", Some("req_1"));
    // As long as the run lives, its entry is not left behind.
    assert!(directory.run().left_behind(TYPE).is_empty());
    assert!(take(&directory.run(), &wanted("train")).is_none());
    drop(open);
    drop(killed);
    let next = directory.run();
    let left = next.left_behind(TYPE);
    assert_eq!((left.len(), next.damaged().len()), (1, 0));
    assert_eq!((left[0].name.as_str(), left[0].id.as_deref()), ("train", Some("c-1")));
    assert!(take(&next, &wanted("other")).is_none());
    assert!(take(&next, &Wanted { configuration: "d", ..wanted("train") }).is_none());
    assert_eq!(take(&next, &wanted("train")).and_then(|entry| entry.request_id).as_deref(), Some("req_1"));
    assert!(take(&next, &wanted("train")).is_none(), "it is taken once");
}

#[test]
fn an_entry_is_forgotten_when_its_object_is_seen_in_a_state() {
    let directory = Directory::new();
    let journal = directory.run();
    let open = journal.begin(&wanted("train")).expect("it can be written").expect("it is on");
    open.answered("c-1", None);
    open.returned();
    directory.run().seen(TYPE, "c-2");
    assert_eq!(directory.files().len(), 1);
    directory.run().seen(TYPE, "c-1");
    assert!(directory.files().is_empty());
}

#[test]
fn a_made_up_name_is_taken_over_only_if_the_create_never_returned() {
    let directory = Directory::new();
    let made_up = Wanted { generated: true, ..wanted("tf-cluster-a") };
    let killed = directory.run();
    let open = killed.begin(&made_up).expect("it can be written").expect("it is on");
    open.answered("c-1", None);
    open.returned();
    _ = killed.begin(&Wanted { name: "tf-cluster-b", ..made_up }).expect("it can be written");
    // This process ends in order, so the first has returned and the second has not.
    drop(killed);
    let next = Wanted { name: "tf-cluster-c", ..made_up };
    assert_eq!(take(&directory.run(), &next).map(|entry| entry.name).as_deref(), Some("tf-cluster-b"));
}

#[test]
fn entries_of_others_are_not_ours() {
    let directory = Directory::new();
    _ = directory.run().begin(&wanted("train")).expect("it can be written");
    for other in [
        Journal::new(&directory.0, None, "https://b", "key"),
        Journal::new(&directory.0, Some("staging".to_owned()), "https://a", "key"),
        Journal::default(),
    ] {
        assert!(other.left_behind(TYPE).is_empty());
    }
    assert_eq!(directory.run().left_behind(TYPE).len(), 1);
}

#[test]
fn damage_is_told_and_harms_nothing() {
    let directory = Directory::new();
    _ = directory.run().begin(&wanted("train")).expect("it can be written");
    let file = directory.files().pop().expect("it was written");
    // A line that a kill cut off.
    let text = fs::read_to_string(&file).expect("it can be read") + "{\"id\": \"c-";
    fs::write(&file, &text).expect("it can be written");
    assert_eq!(directory.run().left_behind(TYPE).first().and_then(|entry| entry.id.clone()), None);
    fs::write(&file, "\u{0}\u{0}").expect("it can be written");
    assert!(directory.run().left_behind(TYPE).is_empty());
    assert_eq!(directory.run().damaged(), [file]);
}

#[test]
fn a_place_that_cannot_be_written_is_told_once() {
    let directory = Directory::new();
    fs::write(&directory.0, "a file where the directory should be").expect("it can be written");
    let journal = directory.run();
    assert!(journal.begin(&wanted("a")).is_err());
    assert!(journal.begin(&wanted("b")).is_ok_and(|open| open.is_none()));
    _ = fs::remove_file(&directory.0);
}

#[test]
fn parallel_creates_have_entries_of_their_own() {
    let directory = Directory::new();
    let runs = [directory.run(), directory.run()];
    std::thread::scope(|scope| {
        for number in 0..40 {
            let journal = &runs[number % 2];
            scope.spawn(move || {
                journal.begin(&wanted(&format!("n-{number}"))).map(|open| open.is_some()).expect("it can be written")
            });
        }
    });
    assert_eq!(directory.files().len(), 40);
}

/// A cloud as one account sees it.
struct Sees(bool);

#[async_trait::async_trait]
impl Lookup for Sees {
    const TYPE_NAME: &'static str = TYPE;
    const NOUN: &'static str = "cluster";

    async fn exists(&self, _: &str) -> Result<bool, tensorpool::Error> {
        Ok(self.0)
    }

    async fn id_of(&self, _: &str) -> Result<Option<String>, tensorpool::Error> {
        Ok(self.0.then(|| "c-1".to_owned()))
    }
}

fn waited<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime can be made").block_on(work)
}

#[test]
fn what_another_account_cannot_see_is_not_forgotten() {
    let directory = Directory::new();
    let killed = directory.run();
    killed.begin(&wanted("train")).expect("it can be written").expect("it is on").answered("c-1", None);
    drop(killed);
    let other = Journal::new(&directory.0, None, "https://a", "another key");
    assert!(waited(review(&other, &Sees(false))).into_iter().next().is_none());
    let (entry, open) = waited(other.take(&wanted("train"))).expect("it is left behind");
    assert_eq!(entry.id.as_deref(), Some("c-1"));
    open.nothing_made();
    drop((open, other));
    let next = directory.run();
    assert_eq!(waited(review(&next, &Sees(true))).into_iter().count(), 1, "its own account is told");
    _ = waited(review(&next, &Sees(false)));
    assert!(directory.files().is_empty(), "its own account knows that it is gone");
}

#[test]
fn a_made_up_name_that_no_plan_has_seen_stops_a_create_of_another_run_alone() {
    let directory = Directory::new();
    let made_up = Wanted { generated: true, ..wanted("tf-cluster-a") };
    let earlier = directory.run();
    let open = earlier.begin(&made_up).expect("it can be written").expect("it is on");
    open.answered("c-1", None);
    open.returned();
    drop(earlier);
    let next = Wanted { name: "tf-cluster-b", ..made_up };
    let stopped =
        |journal: &Journal, wanted: &Wanted<'_>| waited(none_made_before(journal, &Sees(true), wanted)).is_err();
    assert!(stopped(&directory.later_run(), &next));
    assert!(!stopped(&directory.later_run(), &Wanted { configuration: "d", ..next }));
    // Two provider blocks of one configuration are two processes of one run.
    assert!(!stopped(&directory.run(), &next));
    assert!(waited(none_made_before(&directory.later_run(), &Sees(false), &next)).is_ok(), "it is gone");
}
