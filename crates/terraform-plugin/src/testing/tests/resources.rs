//! The life of a resource.

use serde_json::json;

use super::super::{ForeignObject, InProcess};
use super::*;
use crate::operation::Private;
use crate::testing::books::Book;
use crate::value::Value;

#[tokio::test]
async fn an_object_lives_from_create_to_destroy() {
    let book = book().await;
    let created = book.create(titled("C")).await.ok();
    let expected = json!({
        "id": "book-1", "isbn": "9780131103627", "title": "C", "note": null, "owner": null, "copies": null,
    });
    assert_eq!(created.json(), expected);
    assert_eq!(created.identity(), Some(&Value::object([("id", Value::from("book-1"))])));
    assert!(book.plan(&created, titled("C")).await.ok().is_empty());
    let updated = book.apply(&created, titled("K&R")).await.ok();
    assert_eq!((&updated["id"], &updated["title"]), (&created["id"], &"K&R".into()));
    assert_eq!(book.refresh(&created).await.ok(), Some(updated.clone()));
    let replaced = book.apply(&updated, json!({ "isbn": "9781593278281", "title": "Rust" })).await.ok();
    assert_eq!(replaced["id"], "book-2".into());
    assert_eq!(book.refresh(&updated).await.ok(), None);
    assert_eq!(book.destroy(&replaced).await.ok(), None);
    assert!(book.provider.session().expect("it is configured").all().is_empty());
}

#[tokio::test]
async fn what_was_saved_before_a_failure_or_a_panic_is_kept_and_tainted() {
    let book = book().await;
    for (title, summary) in [("torn", "Torn"), ("cursed", "The provider crashed")] {
        let failed = book.create(titled(title)).await;
        failed.error(summary);
        let left = failed.into_object().expect("it was saved");
        assert!(left.is_tainted());
        let plan = book.plan(&left, titled("C")).await.ok();
        assert_eq!((plan.action(), plan["id"].is_unknown()), (super::super::PlannedAction::Replace, true));
        let healed = book.apply(&left, titled("C")).await.ok();
        assert!(!healed.is_tainted() && healed["id"] != left["id"]);
    }
    assert_eq!(book.provider.session().expect("it is configured").all().len(), 2);
}

#[tokio::test]
async fn a_failed_update_or_destroy_keeps_the_object_as_it_was() {
    let book = book().await;
    let created = book.create(titled("glued")).await.ok();
    let failed = book.apply(&created, titled("torn")).await;
    failed.error("Torn");
    assert_eq!(failed.object(), Some(&created));
    let failed = book.destroy(&created).await;
    failed.error("Glued");
    assert_eq!(failed.result(), Some(&Some(created.clone())));
    // A replacement whose delete fails creates nothing.
    let failed = book.apply(&created, json!({ "isbn": "9781593278281", "title": "glued" })).await;
    failed.error("Glued");
    assert_eq!(failed.object(), Some(&created));
    assert_eq!(book.provider.session().expect("it is configured").all().len(), 1);
}

#[tokio::test]
async fn a_destroy_is_planned_first() {
    let book = book().await;
    let created = book.create(titled("keep")).await.ok();
    assert_eq!(book.destroy(&created).await.error("Book is to be kept").detail, "Its title says so.");
    assert_eq!(book.refresh(&created).await.ok(), Some(created));
}

#[tokio::test]
async fn what_was_deleted_outside_is_created_again() {
    let book = book().await;
    let created = book.create(titled("C")).await.ok();
    book.provider.session().expect("it is configured").remove("book-1");
    // Who does not look does not see it.
    let unread = book.provider.resource("books_book").without_refresh();
    assert!(unread.plan(&created, titled("C")).await.ok().is_empty());
    assert_eq!(book.apply(&created, titled("C")).await.ok()["id"], "book-2".into());
    book.provider.session().expect("it is configured").remove("book-2");
    assert_eq!(book.destroy(&created).await.ok(), None);
}

#[tokio::test]
async fn an_object_is_imported_by_id_and_by_identity_and_read_then() {
    let book = book().await;
    let created = book.create(titled("C")).await.ok();
    assert_eq!(book.import("book-1").await.ok(), created);
    assert_eq!(book.import_identity(json!({ "id": "book-1" })).await.ok(), created);
    book.import("book-2").await.error("No such book");
    book.import("believed-3").await.error("Cannot import non-existent remote object");
    assert_eq!(book.upgrade_identity(0, json!({ "id": "book-1" })).await.ok(), json!({ "id": "book-1" }).into());
    book.upgrade_identity(7, json!({})).await.error("Identity cannot be read");
}

#[tokio::test]
async fn an_old_state_is_upgraded_and_a_foreign_one_moved() {
    let book = book().await;
    let upgraded = book.upgrade(0, json!({ "name": "C", "isbn": "9780131103627" })).await.ok();
    assert_eq!((&upgraded["title"], &upgraded["id"]), (&"C".into(), &"book-0".into()));
    let newer = book.upgrade(7, json!({})).await;
    let detail = &newer.error("State cannot be read").detail;
    assert!(detail.starts_with("The state of this books_book cannot be used: it was written by a newer"), "{detail}");
    let source = |ty: &str| ForeignObject::new(ty, &json!({ "id": "book-7", "name": "C" }));
    let moved = book.move_from(source("shop_book")).await.ok();
    assert_eq!((&moved["id"], &moved["title"]), (&"book-7".into(), &"C".into()));
    let stored = source("shop_book").schema_version(2).private(br#"{"shelf":3}"#.to_vec());
    assert_eq!(book.move_from(stored).await.ok().private().get("shelf"), Some(&json!(3)));
    book.move_from(source("shop_book").schema_version(3)).await.error("Move not supported");
    let smudged = book.move_from(ForeignObject::new("shop_book", &json!({ "id": "b", "name": "smudged" }))).await;
    assert!(smudged.has_failed() && smudged.result().is_none());
    let other = source("shop_toy").of_provider("registry.terraform.io/example/shop").schema_version(2).private(vec![1]);
    let refused = book.move_from(other).await;
    assert!(refused.error("Move not supported").detail.contains("registry.terraform.io/example/shop"));
}

#[tokio::test]
async fn a_configuration_is_generated_for_an_object() {
    let book = book().await;
    let created = book.create(titled("C")).await.ok();
    let config = book.generate_config(&created).await.ok();
    assert_eq!((config.get("title"), config.get("id")), (Some(&"C".into()), Some(&Value::Null)));
}

#[tokio::test]
async fn what_a_test_writes_by_hand_is_an_object_as_well() {
    let book = book().await;
    let by_model = book.stored(Book { id: "book-9".into(), ..book.create(titled("C")).await.ok().model() });
    let by_json = book.stored(json!({ "id": "book-9", "isbn": "9780131103627", "title": "C" }));
    assert_eq!(by_model, by_json);
    assert_eq!(book.refresh(&by_json).await.ok(), None);
    let mut private = Private::default();
    private.set("noted", true);
    let object = by_json.with_private(private.clone()).with_identity(None).tainted();
    assert_eq!((object.private(), object.identity(), object.is_tainted()), (&private, None, true));
}

#[tokio::test]
async fn write_only_values_private_data_and_provider_meta_reach_the_provider() {
    let provider = provider().await.provider_meta(json!({ "team": "library" }));
    let book = provider.resource("books_book");
    let config = json!({ "isbn": "9780131103627", "title": "C", "note": "secret" });
    let created = book.create(config.clone()).await.ok();
    assert_eq!((&created["owner"], &created["note"]), (&"library".into(), &Value::Null));
    assert_eq!(created.private().get("noted"), Some(&json!(true)));
    assert!(book.plan(&created, config.clone()).await.ok().is_empty());
    // A Terraform that does not know them.
    let old = InProcess::new(Books).terraform("1.10.5").configure(Config::empty()).await.expect("it is configured");
    assert!(old.warnings().iter().any(|one| one.summary == "Old Terraform"));
    let refused = old.resource("books_book").create(config).await;
    refused.error("Write-only attribute not supported");
    assert!(refused.object().is_none() && refused.plan().is_none());
    let created = old.resource("books_book").create(titled("C")).await.ok();
    assert_eq!(created.identity(), None);
}

#[tokio::test]
async fn a_stop_reaches_what_runs() {
    let book = book().await;
    let (created, ()) = tokio::join!(book.create(titled("endless")), async {
        while book.provider.session().is_some_and(|shelf| shelf.all().is_empty()) {
            tokio::task::yield_now().await;
        }
        book.provider.stop().await;
    });
    created.warning("Stopped");
    let created = created.ok();
    // Later calls run, until the user's interrupt ends what only reads.
    assert!(book.refresh(&created).await.ok().is_some());
    book.provider.interrupt();
    assert_eq!(book.destroy(&created).await.ok(), None);
}
