//! The credentials of the provider: where the API key comes from, and whether the API accepts it.

use std::sync::{Mutex, PoisonError};

use tensorpool::{Api, Error, ErrorKind, Secret};
use terraform_plugin::schema::{Validator, predicate};
use terraform_plugin::value::Value;
use terraform_plugin::{Attr, AttributePath, Diagnostic, Diagnostics};
use tokio::sync::OnceCell;

use crate::errors::{Subject, Verb};

/// The environment variable that holds the API key, as for the official command line client.
pub const KEY_VARIABLE: &str = "TENSORPOOL_KEY";
/// A name under which other clouds' users look for the key. It is only mentioned, never read for a key.
const MISTAKEN_VARIABLE: &str = "TENSORPOOL_API_KEY";

/// Returns the API key: the one that is configured, or else the one in the environment.
///
/// # Errors
/// Returns an error if there is none.
pub fn api_key(configured: Attr<String>, environment: impl Fn(&str) -> Option<String>) -> Result<Secret, Diagnostics> {
    if let Some(key) = configured.into_known().or_else(|| environment(KEY_VARIABLE)) {
        return Ok(Secret::new(key));
    }
    let mistaken = match environment(MISTAKEN_VARIABLE) {
        Some(_) => format!("\n\n{MISTAKEN_VARIABLE} is set, but {KEY_VARIABLE} is what is read."),
        None => String::new(),
    };
    let detail = format!(
        "The provider needs a TensorPool API key. Set the environment variable {KEY_VARIABLE}, which keeps the key out of \
         files, or the argument api_key of the provider block. Keys are created in TensorPool's web dashboard.{mistaken}\n\n\
         A .env file, in which the official command line client keeps the key, is not read."
    );
    Err(Diagnostic::error("Missing API key", detail).at(AttributePath::of("api_key")).into())
}

/// Refuses an empty API key. It is most likely a variable without a value, and the key of the environment may be another
/// account's.
#[must_use]
pub fn not_empty() -> impl Validator {
    let check = |key: &Value| if key.as_str() == Some("") { Err(String::new()) } else { Ok(()) };
    predicate(check).saying(format!(
        "must not be empty: to use the environment variable {KEY_VARIABLE}, remove the argument or set it to null"
    ))
}

/// Whether the API accepts the key. It is asked once for each process, by the first plan of a create: every other
/// operation sends requests of its own, whose answers say the same.
#[derive(Debug, Default)]
pub struct Validation {
    skip: bool,
    result: OnceCell<Mutex<Diagnostics>>,
}

impl Validation {
    /// A validation that is skipped if the user wishes so.
    #[must_use]
    pub fn new(skip: bool) -> Self {
        Self { skip, result: OnceCell::new() }
    }

    /// Asks the API, and returns what is wrong to the first caller alone: one mistake is reported once.
    ///
    /// # Errors
    /// Returns an error if the API rejects the key, or there is no TensorPool API at the endpoint.
    pub async fn run(&self, api: &Api) -> Result<(), Diagnostics> {
        if self.skip || api.client().known_account().is_some() {
            return Ok(());
        }
        let result = self.result.get_or_init(async || {
            let problem = api.account().await.err().and_then(|error| problem(&error));
            Mutex::new(problem.map(Diagnostics::from).unwrap_or_default())
        });
        let problems = std::mem::take(&mut *result.await.lock().unwrap_or_else(PoisonError::into_inner));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// What a failure says of the key and of the endpoint; `None` if it may pass, and the apply shows it.
fn problem(error: &Error) -> Option<Diagnostic> {
    use ErrorKind::{Connect, Forbidden, InvalidResponse, NotFound, Unauthorized, UnexpectedStatus};
    if !matches!(error.kind(), Connect | Forbidden | InvalidResponse | NotFound | Unauthorized | UnexpectedStatus) {
        tracing::warn!("the credentials could not be validated: {error}");
        return None;
    }
    let mut diagnostic = Subject::new(Verb::Read, "account").failed(error);
    diagnostic.detail.push_str(
        "\n\nThe provider reads the account before the first create is planned, to validate its configuration. To skip this, \
         set skip_credentials_validation = true in the provider block.",
    );
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(names: &'static [&'static str]) -> impl Fn(&str) -> Option<String> {
        move |name| names.contains(&name).then(|| format!("from {name}"))
    }

    #[test]
    fn a_configured_key_goes_before_the_one_of_the_environment() {
        let key = |configured: Attr<String>, names| {
            let key = api_key(configured, environment(names));
            key.ok().map(|key| key.expose().to_owned())
        };
        assert_eq!(key("mine".into(), &[KEY_VARIABLE]).as_deref(), Some("mine"));
        assert_eq!(key(Attr::Null, &[KEY_VARIABLE]).as_deref(), Some("from TENSORPOOL_KEY"));
        assert_eq!(key(Attr::Null, &[MISTAKEN_VARIABLE]), None);
    }

    #[test]
    fn only_failures_that_another_attempt_cannot_pass_are_problems() {
        let problems: Vec<_> =
            ErrorKind::ALL.into_iter().filter(|kind| problem(&Error::new(*kind, "GET /user/info")).is_some()).collect();
        let expected = "[NotFound, Unauthorized, Forbidden, UnexpectedStatus, Connect, InvalidResponse]";
        assert_eq!(format!("{problems:?}"), expected);
    }

    #[test]
    fn each_message_says_what_to_do() {
        let missing = api_key(Attr::Null, environment(&[MISTAKEN_VARIABLE])).expect_err("there is no key");
        let rejected = problem(&Error::new(ErrorKind::Unauthorized, "GET /user/info")).expect("it is a problem");
        let texts = missing.iter().chain([&rejected]).map(|one| format!("## {}\n\n{}", one.summary, one.detail));
        insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n\n"));
    }
}
