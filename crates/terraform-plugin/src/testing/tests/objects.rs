//! Everything that is no resource.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::super::UNKNOWN;
use super::*;
use crate::value::Value;

#[tokio::test]
async fn a_configuration_is_validated_and_may_fail() {
    let errors = InProcess::new(Books).configure(json!({ "closed": true })).await.err().expect("it is closed");
    assert_eq!(errors.iter().next().map(|one| one.summary.as_str()), Some("Closed"));
    let errors = InProcess::new(Books).configure(json!({ "open": true })).await.err().expect("it is not known");
    assert_eq!(errors.iter().next().map(|one| one.summary.as_str()), Some("Unsupported argument"));
    assert!(InProcess::new(Books).session().is_none());
    let warned = InProcess::new(Books).configure(json!({ "shut": false })).await.expect("it is deprecated only");
    assert_eq!(warned.warnings().iter().next().map(|one| one.summary.as_str()), Some("Deprecated argument"));
    // A provider that puts nothing off is configured, also where it could.
    let deferring = InProcess::new(Books).deferring().configure(Config::empty()).await.expect("it is configured");
    assert!(deferring.session().is_some());
}

#[tokio::test]
async fn every_configuration_is_validated_also_where_nothing_is_configured() {
    let provider = InProcess::new(Books);
    provider.data_source("books_book").validate(json!({})).await.error("Missing required argument");
    provider.ephemeral("books_card").validate(json!({})).await.error("Missing required argument");
    provider.list("books_book").validate(json!({ "title": "" })).await.error("Invalid attribute value");
    provider.action("books_dust").validate(json!({ "shelves": 0 })).await.error("Invalid attribute value");
}

#[tokio::test]
async fn what_fails_gives_nothing() {
    let provider = provider().await;
    let read = provider.data_source("books_book").read(json!({ "title": "D" })).await;
    read.error("No such book");
    let opened = provider.ephemeral("books_card").open(json!({ "reader": "banned" })).await;
    opened.error("Banned");
    let planned = provider.action("books_dust").plan(json!({ "shelves": 21 })).await;
    planned.error("Too many shelves");
    assert!(read.result().is_none() && opened.result().is_none() && planned.result().is_none());
}

#[tokio::test]
async fn a_data_source_is_read() {
    let provider = provider().await;
    provider.resource("books_book").create(titled("C")).await.ok();
    let source = provider.data_source("books_book");
    let found = source.read(json!({ "title": "C" })).await.ok();
    assert_eq!((found.json(), &found["id"]), (json!({ "title": "C", "id": "book-1" }), &"book-1".into()));
    source.read(json!({ "title": "D" })).await.error("No such book");
    source.read(json!({})).await.error("Missing required argument");
    source.read(json!({ "title": UNKNOWN })).await.error("Configuration is not known yet");
}

#[tokio::test]
async fn an_ephemeral_resource_is_opened_renewed_and_closed() {
    let card = provider().await.ephemeral("books_card");
    let mut opened = card.open(json!({ "reader": "Ada" })).await.ok();
    assert_eq!(opened.values()["number"], "Ada-1".into());
    assert_eq!(opened.renew_at(), Some(SystemTime::UNIX_EPOCH + Duration::from_mins(1)));
    card.renew(&mut opened).await.ok();
    assert_eq!((opened.renew_at(), opened.private().get("renewed")), (None, Some(&json!(true))));
    card.close(opened).await.ok();
    let lost = card.open(json!({ "reader": "nobody" })).await.ok();
    card.close(lost).await.error("Lost");
}

#[tokio::test]
async fn a_search_gives_what_it_found_also_if_it_fails() {
    let provider = provider().await;
    for title in ["A", "torn", "B"] {
        _ = provider.resource("books_book").create(titled(title)).await;
    }
    let found = provider.list("books_book").list(Config::empty()).await.ok();
    let names: Vec<_> = found.iter().map(super::super::FoundObject::display_name).collect();
    assert_eq!((names, found[0].resource()), (vec!["A", "torn", "B"], None));
    assert_eq!(found[0].identity(), &Value::object([("id", Value::from("book-1"))]));
    let found = provider.list("books_book").include_resource().limit(1).list(json!({ "title": "B" })).await.ok();
    assert_eq!(found[0].resource().map(|book| book["id"].clone()), Some("book-3".into()));
    let failed = provider.list("books_book").list(json!({ "title": "torn" })).await;
    failed.error("Torn");
    assert_eq!(failed.result().map(Vec::len), Some(1));
    // A limit of none is no limit.
    for (limit, expected) in [(1, 1), (2, 2), (3, 3), (4, 3), (0, 3)] {
        let found = provider.list("books_book").limit(limit).list(Config::empty()).await.ok();
        assert_eq!(found.len(), expected, "with a limit of {limit}");
    }
}

#[tokio::test]
async fn an_action_gives_its_progress_also_if_it_fails() {
    let dust = provider().await.action("books_dust");
    assert_eq!(dust.invoke(json!({ "shelves": "2" })).await.ok(), ["shelf 1", "shelf 2"]);
    let failed = dust.invoke(json!({ "shelves": 9 })).await;
    failed.error("Too high");
    assert_eq!(failed.result().map(Vec::len), Some(3));
    dust.invoke(json!({ "shelves": 0 })).await.error("Invalid attribute value");
    dust.plan(json!({ "shelves": UNKNOWN })).await.ok();
    dust.invoke(json!({ "shelves": UNKNOWN })).await.error("Configuration is not known yet");
}

#[tokio::test]
async fn a_function_is_called_as_the_language_calls_it() {
    let isbn = InProcess::new(Books).function("isbn");
    assert_eq!(isbn.call([json!("978-0-13-110362-7")]).await, Ok("9780131103627".into()));
    assert_eq!(isbn.call([json!(9_780_131_103_627_u64)]).await, Ok("9780131103627".into()));
    assert_eq!(isbn.call([Value::unknown()]).await, Ok(Value::unknown()));
    for (arguments, text, argument) in [
        (vec![json!("none")], "That is no ISBN", Some(0)),
        (vec![json!(null)], "argument must not be null", Some(0)),
        (vec![json!(["a"])], "string required", Some(0)),
        (vec![json!("a"), json!("b")], "Function \"isbn\" expects only 1 argument(s)", Some(1)),
        (vec![], "isbn takes 1 arguments, got: 0", None),
    ] {
        let failed = isbn.call(arguments).await.expect_err("it fails");
        assert_eq!((failed.text(), failed.argument()), (text, argument));
        assert_eq!(failed.to_string(), text);
    }
}

#[tokio::test]
async fn an_interrupt_ends_what_only_reads() {
    let provider = InProcess::new(Books);
    provider.interrupt();
    let failed = provider.function("isbn").call([json!("9780131103627")]).await.expect_err("it is interrupted");
    assert!(failed.text().starts_with("The call was stopped"), "{failed}");
}

#[test]
#[should_panic(expected = "the provider has no resource \"books_toy\"; it has [\"books_book\"]")]
fn what_a_provider_does_not_have_is_a_mistake_of_the_test() {
    _ = InProcess::new(Books).resource("books_toy");
}
