//! Lists that lack objects: what a response announces and does not contain, or contains in a form that nobody can read.

use tensorpool::{Api, Error, ErrorKind, Listing};
use terraform_plugin::{Diagnostic, Model};

use crate::create_once::is_complete;
use crate::errors::Subject;

/// All objects of a list. A data source that lacked some of them would have the configuration destroy what it makes for each of
/// them, so it fails instead.
///
/// # Errors
/// When objects may be missing.
pub fn complete<T>(listing: Listing<T>, subject: &Subject) -> Result<Vec<T>, Diagnostic> {
    match listing.lacks() {
        None => Ok(listing.items),
        Some(reason) => {
            let noun = subject.noun;
            let detail = format!(
                "The list of {noun} is incomplete: {reason}. What a configuration makes for each of them, for example with \
                 for_each, would be destroyed for those that are missing.\n\nRun terraform again. If the list stays \
                 incomplete, name the {noun} in the configuration instead of listing them."
            );
            Err(Diagnostic::error(format!("Cannot {}: incomplete list", subject.infinitive()), detail))
        }
    }
}

/// Makes sure that what a list does not contain does not exist.
///
/// # Errors
/// When objects may be missing.
pub async fn ensure_complete<T>(listing: &Listing<T>, api: &Api, noun: &str) -> Result<(), Error> {
    if is_complete(&listing.completeness, api).await {
        return Ok(());
    }
    let reason = listing.lacks().unwrap_or("the API is not there at all");
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
    use tensorpool::Completeness;

    use super::*;
    use crate::errors::Verb;

    #[test]
    fn only_a_list_that_lacks_nothing_is_taken_for_all_there_is() {
        let subject = Subject::new(Verb::LookUp, "clusters");
        let listing = |completeness| Listing { items: vec![1], completeness };
        for whole in [Completeness::Complete, Completeness::NotFound] {
            assert_eq!(complete(listing(whole.clone()), &subject), Ok(vec![1]));
            assert_eq!(warning(&listing(whole), "clusters"), None);
        }
        let cut = listing(Completeness::Incomplete("it says that there is more".to_owned()));
        let warned = warning(&cut, "clusters").expect("it is incomplete");
        let refused = complete(cut, &subject).expect_err("it is incomplete");
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in [&refused, &warned] {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!(text);
    }
}
