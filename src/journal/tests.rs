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
        Journal::new(&self.0, None, "https://a")
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let taken = runtime.expect("a runtime can be made").block_on(async { journal.take(wanted).await });
    taken.map(|(entry, _)| entry)
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
        Journal::new(&directory.0, None, "https://b"),
        Journal::new(&directory.0, Some("staging".to_owned()), "https://a"),
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
