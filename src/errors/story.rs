//! What happened, in words: the step that failed, the response to it, and what is known in addition.

use std::time::Duration;

use tensorpool::{Circumstances, Error, ErrorKind};

use super::table::row;
use super::verb::Verb;

/// What happened to an object while something was done to it.
pub fn story(verb: Verb, object: &str, error: &Error) -> String {
    let doing = verb.gerund();
    let mut story = match error.kind() {
        ErrorKind::Deadline => {
            let limit = error.circumstances().elapsed.map(|limit| format!(" after {}", duration(limit)));
            let message = error.message().map(|message| format!(": {message}")).unwrap_or_default();
            let limit = limit.unwrap_or_default();
            format!("Timed out{limit} while {doing} {object}. Last step: {}{message}", error.operation())
        }
        _ => format!("While {doing} {object}: {}{}", error.operation(), response(verb, error)),
    };
    end_sentence(&mut story);
    let Circumstances { endpoint, unsent, .. } = error.circumstances();
    let endpoint = endpoint.as_ref().filter(|_| error.kind() != ErrorKind::Connect && is_endpoint_in_doubt(error));
    let more = [
        unsent.then(|| " No request was sent.".to_owned()),
        endpoint.map(|endpoint| format!(" Endpoint: {endpoint}.")),
        error.last_status().map(|status| format!(" Last status: {status}.")),
        error.cause().map(|cause| format!(" Earlier failure: {cause}.")),
        error.request_id().map(|id| format!(" Request id: {id}.")),
    ];
    story.extend(more.into_iter().flatten());
    story
}

/// Whether the response may be that of another server than the API.
pub fn is_endpoint_in_doubt(error: &Error) -> bool {
    use ErrorKind::{Connect, InvalidResponse, UnexpectedStatus};
    error.may_be_wrong_path()
        || error.circumstances().excerpt.is_some()
        || matches!(error.kind(), Connect | InvalidResponse | UnexpectedStatus)
}

/// How the API responded.
fn response(verb: Verb, error: &Error) -> String {
    let Circumstances { endpoint, excerpt, .. } = error.circumstances();
    let what = row(verb, error.kind()).what;
    let response = match (error.kind(), error.status(), endpoint) {
        (ErrorKind::RequestFailed, ..) => " reported that the request FAILED".to_owned(),
        (ErrorKind::Stopped, ..) => " was interrupted".to_owned(),
        (_, Some(status), _) => format!(" returned {status}"),
        (ErrorKind::Connect, None, Some(endpoint)) => format!(" failed: {what} to {endpoint}"),
        (_, None, _) => format!(" failed: {what}"),
    };
    let message = match error.message() {
        Some(message) => format!(": {message}"),
        None if error.status().is_some() && excerpt.is_none() => " and no message".to_owned(),
        None => String::new(),
    };
    let excerpt = excerpt.as_ref().map(|excerpt| format!(" ({excerpt})")).unwrap_or_default();
    format!("{response}{message}{excerpt}{}", retries(error.circumstances()))
}

/// How often and for how long a request was sent again.
fn retries(circumstances: &Circumstances) -> String {
    let retries = match circumstances.retries {
        0 => return String::new(),
        1 => "1 retry".to_owned(),
        retries => format!("{retries} retries"),
    };
    match circumstances.elapsed {
        Some(elapsed) if elapsed.as_secs() > 0 => format!(", after {retries} over {}", duration(elapsed)),
        Some(_) => format!(", after {retries} within 1s"),
        None => format!(", after {retries}"),
    }
}

fn end_sentence(text: &mut String) {
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
}

/// A time as the arguments of the provider write it, for example `1m30s`.
fn duration(time: Duration) -> String {
    let (hours, minutes, seconds) = (time.as_secs() / 3600, time.as_secs() / 60 % 60, time.as_secs() % 60);
    let parts = [(hours, "h"), (minutes, "m"), (seconds, "s")];
    let text: String = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .flat_map(|(count, unit)| [count.to_string(), (*unit).to_owned()])
        .collect();
    if text.is_empty() { "less than 1s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_in_arguments() {
        let texts = [0, 8, 90, 3600, 5400, 3601].map(|seconds| duration(Duration::from_secs(seconds)));
        assert_eq!(texts, ["less than 1s", "8s", "1m30s", "1h", "1h30m", "1h1s"]);
    }
}
