//! What a whole provider does, called as Terraform calls it.

mod objects;
mod planned;
mod resources;

use serde_json::{Value as Json, json};

use super::books::Books;
use super::{Config, InProcess, ResourceHandle};

async fn provider() -> InProcess<Books> {
    InProcess::new(Books).configure(Config::empty()).await.expect("it is configured")
}

async fn book() -> ResourceHandle<Books> {
    provider().await.resource("books_book")
}

/// The configuration of a book.
fn titled(title: &str) -> Json {
    json!({ "isbn": "9780131103627", "title": title })
}
