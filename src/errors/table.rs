//! The table of all failures: what each kind is called, and what to do next.

use tensorpool::{DEFAULT_ENDPOINT, ErrorKind};

use super::verb::Verb;

/// Where the endpoint is configured.
const ENDPOINT: &str = "the argument endpoint of the provider, or the environment variable TENSORPOOL_ENGINE";

/// The wording of one kind of failure of one action.
pub struct Row {
    /// A few words for the summary.
    pub what: &'static str,
    /// What to do next.
    pub remedy: String,
}

/// The table of all failures: every action by every kind of error.
pub fn row(verb: Verb, kind: ErrorKind) -> Row {
    let again = match verb {
        Verb::Delete => "Run the destroy again: the object is still in the state.",
        Verb::Update => "Run terraform apply again: the object is still in the state.",
        _ => "Run terraform again.",
    };
    let row = |what, remedy: &str| Row { what, remedy: remedy.to_owned() };
    match kind {
        ErrorKind::NotFound => {
            row("not found", "Check the id. The object may belong to another account, or have been deleted.")
        }
        ErrorKind::Unauthorized => row(
            "API key not accepted",
            "Check the API key: the argument api_key of the provider, or the environment variable TENSORPOOL_KEY.",
        ),
        ErrorKind::PaymentRequired => {
            row("balance too low", "Add to the balance in TensorPool's web dashboard, then run terraform again.")
        }
        ErrorKind::Forbidden => row(
            "access denied",
            "The API key is valid but may not do this. Use a key of the owner, or of a member of the organization.",
        ),
        ErrorKind::Conflict => {
            row("conflict", "The object is not in a state for this, or its name is taken. See the API's message.")
        }
        ErrorKind::Invalid => row("invalid request", "Correct the configuration and run terraform again."),
        ErrorKind::RateLimited => row(
            "too many requests",
            "Wait a little and run terraform again.\nFewer operations at once (-parallelism) or a higher max_retries in the provider \
             block help.",
        ),
        ErrorKind::Server => row("API failure", again),
        ErrorKind::UnexpectedStatus => Row {
            what: "unexpected response",
            remedy: format!("Check that the endpoint is the TensorPool API: {ENDPOINT}.\n{again}"),
        },
        ErrorKind::Connect => Row {
            what: "no connection",
            remedy: format!("Check the network and the endpoint: {ENDPOINT}.\nThen run terraform again."),
        },
        ErrorKind::Timeout => row("no response in time", again),
        ErrorKind::Transport => row("connection lost", again),
        ErrorKind::InvalidResponse => Row {
            what: "unreadable response",
            remedy: format!("Check that the endpoint is the TensorPool API: {ENDPOINT}.\n{again}"),
        },
        ErrorKind::WrongObject => row(
            "response about another object",
            "The response was not used, and nothing was changed. Run terraform again.\nIf it happens again, ask TensorPool.",
        ),
        ErrorKind::RequestFailed => row(
            "request failed",
            "See the message of the API. If it does not help, ask TensorPool and give them the request id.",
        ),
        ErrorKind::Deadline => Row { what: "out of time", remedy: format!("{again}{}", more_time(verb)) },
        ErrorKind::Stopped => row("interrupted", again),
    }
}

/// What to do about a 404 of a path that there may not be. `is_object` is whether an object was asked for.
pub fn wrong_path(is_object: bool) -> String {
    let endpoint = format!(
        "This may not be the TensorPool API, or the URL may have a path too many. Check the endpoint: {ENDPOINT}. That of TensorPool \
         is {DEFAULT_ENDPOINT}."
    );
    if is_object {
        format!(
            "{endpoint}\nIf it is right, check the id: the object may belong to another account, or have been deleted."
        )
    } else {
        endpoint
    }
}

/// How to wait longer, where the user can say so.
fn more_time(verb: Verb) -> String {
    match verb {
        Verb::Create | Verb::Read | Verb::Update | Verb::Delete => {
            let name = verb.infinitive();
            format!(
                "\nFor a longer limit, set {name} in the timeouts block of the resource, for example {name} = \"2h\"."
            )
        }
        Verb::Import | Verb::LookUp | Verb::Cancel | Verb::Protect | Verb::Rotate => String::new(),
    }
}
