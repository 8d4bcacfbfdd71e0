//! Lists that lack objects: what a response announces and does not contain, or contains in a form that nobody can read.

use tensorpool::{Api, Error, ErrorKind, Listing};
use terraform_plugin::{Diagnostic, Model};

use crate::create_once::is_complete;
use crate::errors::Subject;

/// Why a 404 is no empty list.
const NOT_THERE: &str = "the API answers 404, and not only to this request";

/// All objects of a list. A data source that lacked some of them would have the configuration destroy what it makes for each of
/// them, so it fails instead.
///
/// # Errors
/// When objects may be missing.
pub async fn complete<T>(listing: Listing<T>, api: &Api, subject: &Subject) -> Result<Vec<T>, Diagnostic> {
    if ensure_complete(&listing, api, subject.noun).await.is_ok() {
        return Ok(listing.items);
    }
    let (noun, reason) = (subject.noun, listing.lacks().unwrap_or(NOT_THERE));
    let detail = format!(
        "The list of {noun} is incomplete: {reason}. What a configuration makes for each of them, for example with for_each, would \
         be destroyed for those that are missing.\n\nRun terraform again. If the list stays incomplete, name the {noun} in the \
         configuration instead of listing them."
    );
    Err(Diagnostic::error(format!("Cannot {}: incomplete list", subject.infinitive()), detail))
}

/// Makes sure that what a list does not contain does not exist.
///
/// # Errors
/// When objects may be missing.
pub async fn ensure_complete<T>(listing: &Listing<T>, api: &Api, noun: &str) -> Result<(), Error> {
    if is_complete(&listing.completeness, api).await {
        return Ok(());
    }
    let reason = listing.lacks().unwrap_or(NOT_THERE);
    let message = format!("the list is incomplete: {reason}");
    Err(Error::new(ErrorKind::InvalidResponse, format!("list of {noun}")).with_message(Some(message)))
}

/// Warns who searches that there may be more than what was found.
pub async fn warn<C, M: Model, T>(search: &terraform_plugin::Listing<C, M>, found: &Listing<T>, noun: &str) {
    if let Some(warning) = warning(found, noun) {
        search.warn(warning).await;
    }
}

fn warning<T>(listing: &Listing<T>, noun: &str) -> Option<Diagnostic> {
    let reason = listing.lacks()?;
    let detail = format!("There may be more {noun} than the search found: the list is incomplete, as {reason}.");
    Some(Diagnostic::warning(format!("Incomplete list of {noun}"), detail))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tensorpool::{Completeness, Scope};
    use tensorpool_simulator::{Options, Simulator};

    use super::*;
    use crate::errors::Verb;
    use crate::testing::{KEY, client};

    #[tokio::test]
    async fn only_a_list_that_lacks_nothing_is_taken_for_all_there_is() {
        let subject = Subject::new(Verb::LookUp, "clusters");
        let listing = |completeness| Listing { items: vec![1], completeness };
        let cloud = Simulator::spawn(Options { api_key: KEY.to_owned(), ..Options::default() }).expect("it starts");
        let api = |url: &str| client(url).scoped(Scope::detached(Duration::from_secs(5)));
        let (there, nowhere) = (api(&cloud.url()), api("http://127.0.0.1:9"));
        for whole in [Completeness::Complete, Completeness::NotFound] {
            assert_eq!(complete(listing(whole.clone()), &there, &subject).await, Ok(vec![1]));
            assert_eq!(warning(&listing(whole), "clusters"), None);
        }
        let cut = || listing(Completeness::Incomplete("it says that there is more".to_owned()));
        let warned = warning(&cut(), "clusters").expect("it is incomplete");
        let refused = complete(cut(), &there, &subject).await.expect_err("it is incomplete");
        let gone = complete(listing(Completeness::NotFound), &nowhere, &subject).await.expect_err("it is not there");
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in [&refused, &gone, &warned] {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!(text);
    }
}
