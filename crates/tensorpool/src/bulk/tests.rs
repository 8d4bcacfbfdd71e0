//! Which reads a list may answer.

use super::*;
use crate::testing::Lines;

/// An object with one field.
#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: &'static str,
    color: Option<&'static str>,
    is_deleted: bool,
}

impl Item for Thing {
    const LIST: &'static [&'static str] = &["thing", "list"];
    const IS_READ_ALONE: bool = true;

    fn id(&self) -> &str {
        self.id
    }

    fn is_deleted(&self) -> bool {
        self.is_deleted
    }

    fn fields(&self) -> Vec<(&'static str, bool)> {
        vec![("color", self.color.is_some()), ("color.shade", self.color == Some("dark red"))]
    }
}

fn thing(id: &'static str, color: Option<&'static str>) -> Thing {
    Thing { id, color, is_deleted: false }
}

const BOTH: &[Owner] = &[Owner::User, Owner::Organization];

/// A client's lists, and the state of one kind, of which an object was read by itself.
fn listed() -> (Bulk, State<Thing>) {
    let (bulk, mut state) = (Bulk::default(), State::default());
    state.take_read(&thing("a", Some("red")));
    list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red")), thing("b", Some("blue"))]);
    list(&bulk, &mut state, Owner::Organization, vec![thing("c", Some("green"))]);
    (bulk, state)
}

fn list(bulk: &Bulk, state: &mut State<Thing>, owner: Owner, items: Vec<Thing>) {
    let began = bulk.now();
    state.take_list(owner, began, bulk.now(), items);
    state.judge(owner);
}

fn ask(bulk: &Bulk, state: &State<Thing>, id: &str, needs: &[&str]) -> Step<Thing> {
    state.next(id, needs, BOTH, bulk.now(), bulk.changed())
}

#[tokio::test(start_paused = true)]
async fn the_first_few_objects_of_any_two_seconds_are_read_by_themselves() {
    let (bulk, mut state) = (Bulk::default(), State::<Thing>::default());
    let mut count = |id| state.count(id, bulk.now());
    assert_eq!(["a", "b", "a", "c", "b", "d", "e"].map(&mut count), [false, false, false, false, false, true, true]);
    tokio::time::sleep(MAX_AGE).await;
    assert!(count("f"), "they are just two seconds old");
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(["g", "h", "i"].map(&mut count), [false, false, true]);
    assert!((0..100).all(|_| count("j")));
    assert_eq!(state.reads.len(), FEW + 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_list_contains_is_answered_and_what_it_lacks_is_read() {
    let (bulk, mut state) = listed();
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::Answer(thing("b", Some("blue"))));
    assert_eq!(ask(&bulk, &state, "c", &[]), Step::Answer(thing("c", Some("green"))));
    assert_eq!(ask(&bulk, &state, "d", &[]), Step::ReadAlone);
    let gone = Thing { is_deleted: true, ..thing("b", None) };
    list(&bulk, &mut state, Owner::User, vec![gone]);
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::ReadAlone, "a tombstone proves nothing");
}

#[tokio::test(start_paused = true)]
async fn the_list_of_the_organization_is_asked_for_only_if_the_users_lacks_an_object() {
    let (bulk, mut state) = (Bulk::default(), State::default());
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::List(Owner::User));
    state.take_read(&thing("a", Some("red")));
    list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red"))]);
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::Answer(thing("a", Some("red"))));
    assert_eq!(ask(&bulk, &state, "c", &[]), Step::List(Owner::Organization));
    assert_eq!(state.next("c", &[], &[Owner::User], bulk.now(), bulk.changed()), Step::ReadAlone);
}

#[tokio::test(start_paused = true)]
async fn no_answer_is_older_than_two_seconds_or_than_the_last_change() {
    let (bulk, state) = listed();
    tokio::time::sleep(MAX_AGE).await;
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::Answer(thing("b", Some("blue"))));
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::List(Owner::User));

    let (bulk, mut state) = listed();
    let change = bulk.change();
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::List(Owner::User), "it has begun");
    list(&bulk, &mut state, Owner::User, vec![thing("b", Some("blue"))]);
    assert!(matches!(ask(&bulk, &state, "b", &[]), Step::Answer(_)));
    drop(change);
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::List(Owner::User), "it has ended");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_being_asked_for_when_a_read_came_does_not_answer_it() {
    let (bulk, mut state) = listed();
    let (before, began) = (bulk.now(), bulk.now());
    let during = bulk.now();
    state.take_list(Owner::User, began, bulk.now(), vec![thing("b", Some("new"))]);
    assert_eq!(state.next("b", &[], BOTH, during, 0), Step::List(Owner::User));
    for came in [before, bulk.now()] {
        assert_eq!(state.next("b", &[], BOTH, came, 0), Step::Answer(thing("b", Some("new"))));
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_a_list_shows_twice_is_read() {
    let (bulk, mut state) = listed();
    let twice = vec![thing("a", Some("red")), thing("b", Some("blue")), thing("a", Some("green"))];
    list(&bulk, &mut state, Owner::User, twice);
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::Answer(thing("b", Some("blue"))));
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::ReadAlone);
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_a_read_and_its_list_are_on_their_way_is_missed_as_by_any_read() {
    let (bulk, mut state) = listed();
    let came = bulk.now();
    let change = bulk.change();
    list(&bulk, &mut state, Owner::User, vec![thing("b", Some("blue"))]);
    drop(change);
    assert!(matches!(state.next("b", &[], BOTH, came, bulk.changed()), Step::Answer(_)));
}

#[tokio::test(start_paused = true)]
async fn an_item_without_a_field_that_reads_report_or_the_caller_needs_is_no_answer() {
    let (bulk, mut state) = (Bulk::default(), State::default());
    let items = || vec![thing("a", None), thing("b", Some("blue")), thing("c", Some("dark red"))];
    list(&bulk, &mut state, Owner::User, items());
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::ReadAlone, "nothing was read yet");
    state.take_read(&Thing { is_deleted: true, ..thing("d", Some("red")) });
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::ReadAlone, "a tombstone says nothing");
    state.take_read(&thing("b", Some("blue")));
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::ReadAlone);
    assert_eq!(ask(&bulk, &state, "b", &["weight"]), Step::Answer(thing("b", Some("blue"))), "it is no field of these");
    assert_eq!(ask(&bulk, &state, "b", &["color"]), Step::ReadAlone, "its shade is needed too");
    assert_eq!(ask(&bulk, &state, "c", &["color"]), Step::Answer(thing("c", Some("dark red"))));
    // From now on it is known that reads report it.
    state.take_read(&thing("c", Some("dark red")));
    assert_eq!(ask(&bulk, &state, "b", &[]), Step::ReadAlone);
}

#[tokio::test(start_paused = true)]
async fn lists_in_which_no_item_has_what_reads_report_answer_nothing_any_more() {
    let (bulk, mut state) = listed();
    list(&bulk, &mut state, Owner::User, Vec::new());
    assert!(state.may_answer(), "an empty list lacks nothing");
    list(&bulk, &mut state, Owner::Organization, vec![thing("c", None), thing("d", None)]);
    assert!(!state.may_answer());
    for id in ["a", "b", "c"] {
        assert_eq!(ask(&bulk, &state, id, &[]), Step::ReadAlone);
    }
    let before = bulk.now();
    list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red"))]);
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::ReadAlone);
    let seen = state.seen("a", BOTH, before);
    assert_eq!(seen, Step::Answer(thing("a", Some("red"))), "a wait may use it");
    state.take_failure(&Error::new(ErrorKind::Forbidden, "GET /thing/list"));
    assert_eq!(state.seen("a", BOTH, before), Step::ReadAlone);
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_shown_what_a_list_has_that_began_after_its_last_look() {
    let (bulk, mut state) = listed();
    let look = bulk.now();
    assert_eq!(state.seen("a", BOTH, look), Step::List(Owner::User));
    assert!(!state.is_newer(Owner::User, look));
    list(&bulk, &mut state, Owner::User, vec![thing("a", None), Thing { is_deleted: true, ..thing("b", None) }]);
    assert!(state.is_newer(Owner::User, look) && !state.is_newer(Owner::Organization, look));
    assert_eq!(state.seen("a", BOTH, look), Step::Answer(thing("a", None)), "also what says little");
    assert_eq!(state.seen("b", BOTH, look), Step::List(Owner::Organization), "a tombstone shows nothing");
    list(&bulk, &mut state, Owner::Organization, Vec::new());
    assert_eq!(state.seen("b", BOTH, look), Step::ReadAlone);
    bulk.note_change();
    assert_eq!(state.seen("a", BOTH, look), Step::Answer(thing("a", None)), "it proves nothing, so it may be older");
    assert_eq!(state.seen("a", BOTH, bulk.now()), Step::List(Owner::User));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_pass_pauses_lists_for_a_minute_and_another_one_ends_them() {
    let failed = |kind| Error::new(kind, "GET /thing/list");
    let (bulk, mut state) = listed();
    state.take_failure(&failed(ErrorKind::Server));
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::ReadAlone);
    list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red"))]);
    assert_eq!(
        state.seen("a", BOTH, bulk.now()),
        Step::ReadAlone,
        "another one that was on its way says nothing either"
    );
    tokio::time::sleep(PAUSE).await;
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::List(Owner::User));
    list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red"))]);
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::Answer(thing("a", Some("red"))));
    state.take_failure(&failed(ErrorKind::Forbidden));
    tokio::time::sleep(PAUSE * 100).await;
    assert_eq!(ask(&bulk, &state, "a", &[]), Step::ReadAlone);
}

#[test]
fn a_kind_has_many_waits_only_as_long_as_they_last() {
    let kind = Arc::<Kind<Thing>>::default();
    let mut waits: Vec<_> = (0..=FEW).map(|_| WaitOf::begin(Arc::clone(&kind))).collect();
    assert!(kind.has_many_waits());
    drop(waits.pop());
    assert!(!kind.has_many_waits());
}

#[tokio::test(start_paused = true)]
async fn it_is_logged_once_that_objects_are_read_one_by_one() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let (bulk, mut state) = listed();
    list(&bulk, &mut state, Owner::User, vec![thing("a", None)]);
    state.take_failure(&Error::new(ErrorKind::Forbidden, "GET /thing/list"));
    assert_eq!(lines.messages(), ["objects are read one by one: no item of a list reports color, which a read does"]);
}
