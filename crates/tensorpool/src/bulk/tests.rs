//! Which reads a list may answer.

use super::*;

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

    fn reported(&self) -> Vec<&'static str> {
        reported(&[("id", true), ("color", self.color.is_some())])
    }
}

fn thing(id: &'static str, color: Option<&'static str>) -> Thing {
    Thing { id, color, is_deleted: false }
}

const BOTH: &[Owner] = &[Owner::User, Owner::Organization];

/// A client's lists, and the state of one kind, in which "a" has been compared.
fn compared() -> (Bulk, State<Thing>) {
    let (bulk, mut state) = (Bulk::default(), State::default());
    state.read_alone("a", &["color"]);
    state.take_read(&thing("a", Some("red")));
    list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red")), thing("b", Some("blue"))]);
    list(&bulk, &mut state, Owner::Organization, vec![thing("c", Some("green"))]);
    (bulk, state)
}

fn list(bulk: &Bulk, state: &mut State<Thing>, owner: Owner, items: Vec<Thing>) {
    let began = bulk.now();
    state.take_list(owner, began, bulk.now(), items);
}

fn ask(bulk: &Bulk, state: &mut State<Thing>, id: &str, needs: &[&str]) -> Step<Thing> {
    state.next(id, needs, BOTH, bulk.now(), bulk.changed())
}

#[tokio::test(start_paused = true)]
async fn the_first_few_reads_of_any_two_seconds_are_sent_by_themselves() {
    let (bulk, mut state) = (Bulk::default(), State::<Thing>::default());
    let mut count = || state.count(bulk.now());
    assert_eq!([count(), count(), count(), count()], [false, false, false, true]);
    tokio::time::sleep(MAX_AGE).await;
    assert!(count(), "they are just two seconds old");
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!([count(), count(), count()], [false, false, true]);
}

#[tokio::test(start_paused = true)]
async fn what_a_list_contains_is_answered_and_what_it_lacks_is_read() {
    let (bulk, mut state) = compared();
    assert_eq!(ask(&bulk, &mut state, "b", &["color"]), Step::Answer(thing("b", Some("blue"))));
    assert_eq!(ask(&bulk, &mut state, "c", &["color"]), Step::Answer(thing("c", Some("green"))));
    assert_eq!(ask(&bulk, &mut state, "d", &[]), Step::ReadAlone);
    let gone = Thing { is_deleted: true, ..thing("b", None) };
    list(&bulk, &mut state, Owner::User, vec![gone]);
    assert_eq!(ask(&bulk, &mut state, "b", &[]), Step::ReadAlone, "a tombstone proves nothing");
}

#[tokio::test(start_paused = true)]
async fn the_list_of_the_organization_is_asked_for_only_if_the_users_lacks_an_object() {
    let (bulk, mut state) = (Bulk::default(), State::default());
    assert_eq!(ask(&bulk, &mut state, "a", &[]), Step::List(Owner::User));
    state.read_alone("a", &[]);
    state.take_read(&thing("a", None));
    list(&bulk, &mut state, Owner::User, vec![thing("a", None)]);
    assert_eq!(ask(&bulk, &mut state, "a", &[]), Step::Answer(thing("a", None)));
    assert_eq!(ask(&bulk, &mut state, "c", &[]), Step::List(Owner::Organization));
    assert_eq!(state.next("c", &[], &[Owner::User], bulk.now(), bulk.changed()), Step::ReadAlone);
}

#[tokio::test(start_paused = true)]
async fn no_answer_is_older_than_two_seconds_or_than_the_last_change() {
    let (bulk, mut state) = compared();
    tokio::time::sleep(MAX_AGE).await;
    assert_eq!(ask(&bulk, &mut state, "b", &[]), Step::Answer(thing("b", Some("blue"))));
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(ask(&bulk, &mut state, "b", &[]), Step::List(Owner::User));

    let (bulk, mut state) = compared();
    let change = bulk.change();
    assert_eq!(ask(&bulk, &mut state, "b", &[]), Step::List(Owner::User), "it has begun");
    list(&bulk, &mut state, Owner::User, vec![thing("b", Some("blue"))]);
    assert!(matches!(ask(&bulk, &mut state, "b", &[]), Step::Answer(_)));
    drop(change);
    assert_eq!(ask(&bulk, &mut state, "b", &[]), Step::List(Owner::User), "it has ended");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_being_asked_for_when_a_read_came_does_not_answer_it() {
    let (bulk, mut state) = compared();
    let (before, began) = (bulk.now(), bulk.now());
    let during = bulk.now();
    state.take_list(Owner::User, began, bulk.now(), vec![thing("b", Some("new"))]);
    assert_eq!(state.next("b", &[], BOTH, during, 0), Step::List(Owner::User));
    for came in [before, bulk.now()] {
        assert_eq!(state.next("b", &[], BOTH, came, 0), Step::Answer(thing("b", Some("new"))));
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_is_believed_once_it_was_compared() {
    let (bulk, mut state) = (Bulk::default(), State::default());
    list(&bulk, &mut state, Owner::User, vec![thing("a", None), thing("b", Some("blue"))]);
    assert_eq!(ask(&bulk, &mut state, "a", &[]), Step::ReadAlone, "nothing was compared");
    state.take_read(&thing("a", None));
    assert_eq!(ask(&bulk, &mut state, "a", &[]), Step::Answer(thing("a", None)));
    assert_eq!(ask(&bulk, &mut state, "b", &["color"]), Step::ReadAlone, "the first that has a color");
    state.take_read(&thing("b", Some("blue")));
    assert_eq!(ask(&bulk, &mut state, "b", &["color"]), Step::Answer(thing("b", Some("blue"))));
    // A field that the caller holds and the API never reports is compared too.
    assert_eq!(ask(&bulk, &mut state, "b", &["weight"]), Step::ReadAlone);
    state.take_read(&thing("b", Some("blue")));
    assert!(matches!(ask(&bulk, &mut state, "b", &["weight"]), Step::Answer(_)));
}

#[tokio::test(start_paused = true)]
async fn lists_that_report_less_than_reads_answer_nothing_any_more() {
    for list_comes_first in [true, false] {
        let (bulk, mut state) = (Bulk::default(), State::default());
        let items = vec![thing("a", None), thing("b", None)];
        if list_comes_first {
            list(&bulk, &mut state, Owner::User, items.clone());
        }
        state.read_alone("a", &[]);
        state.take_read(&thing("a", Some("red")));
        if !list_comes_first {
            list(&bulk, &mut state, Owner::User, items);
        }
        assert!(state.is_unusable());
        for id in ["a", "b", "c"] {
            assert_eq!(ask(&bulk, &mut state, id, &[]), Step::ReadAlone);
        }
        list(&bulk, &mut state, Owner::User, vec![thing("a", Some("red"))]);
        assert_eq!(ask(&bulk, &mut state, "a", &[]), Step::ReadAlone);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_is_limited() {
    let (bulk, mut state) = (Bulk::default(), State::default());
    for _ in 0..100 {
        state.count(bulk.now());
        state.read_alone("a", &["color"]);
        state.take_read(&thing("a", None));
        state.take_read(&thing("a", None));
    }
    assert_eq!((state.samples.len(), state.awaited.len()), (SAMPLES, 0));
    tokio::time::sleep(MAX_AGE * 2).await;
    state.count(bulk.now());
    assert_eq!(state.reads.len(), 1);
}
