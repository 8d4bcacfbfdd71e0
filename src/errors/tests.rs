//! The wording of every failure.

use terraform_plugin::Diagnostic;

use std::time::Duration;

use tensorpool::{Error, ErrorKind, FieldError};

use super::*;

fn subject(verb: Verb) -> Subject {
    Subject { verb, noun: "cluster", name: Some("train".to_owned()), id: Some("c-1".to_owned()) }
}

fn error(kind: ErrorKind) -> Error {
    let status = match kind {
        ErrorKind::NotFound => Some(404),
        ErrorKind::Unauthorized => Some(401),
        ErrorKind::PaymentRequired => Some(402),
        ErrorKind::Forbidden => Some(403),
        ErrorKind::Conflict => Some(409),
        ErrorKind::Invalid => Some(422),
        ErrorKind::RateLimited => Some(429),
        ErrorKind::Server => Some(503),
        ErrorKind::UnexpectedStatus => Some(302),
        _ => None,
    };
    let error =
        Error::new(kind, "DELETE /cluster/c-1").with_message(Some("The API's own words".to_owned())).with_json(true);
    let error = match kind {
        ErrorKind::RequestFailed => error.with_request_id("req_1"),
        ErrorKind::Deadline => error.with_request_id("req_1").with_last_status(Some("PROCESSING".to_owned())),
        _ => error,
    };
    match status {
        Some(status) => error.status_code(status),
        None => error,
    }
}

/// The wording of every kind of failure of every action: a change of it is seen, and has to be meant.
#[test]
fn every_failure_is_worded() {
    let verbs = [
        Verb::Create,
        Verb::Read,
        Verb::Update,
        Verb::Delete,
        Verb::Import,
        Verb::LookUp,
        Verb::Cancel,
        Verb::Protect,
        Verb::Rotate,
    ];
    let mut text = String::new();
    for verb in verbs {
        for kind in ErrorKind::ALL {
            let Diagnostic { summary, detail, .. } = subject(verb).failed(&error(kind));
            text.extend(["## ", &summary, "\n\n", &detail, "\n\n"]);
        }
    }
    assert_eq!(text.matches("## ").count(), verbs.len() * ErrorKind::ALL.len());
    insta::assert_snapshot!("every_failure", text);
}

#[test]
fn a_complaint_about_a_field_points_at_its_attribute() {
    let field = |location: &[&str]| FieldError {
        location: location.iter().map(|step| (*step).to_owned()).collect(),
        message: "wrong".to_owned(),
    };
    let fields = vec![field(&["body", "tp_cluster_name"]), field(&["body", "public_keys", "1"]), field(&["body"])];
    let error = error(ErrorKind::Invalid).with_fields(fields);
    let attributes = [("tp_cluster_name", "name"), ("public_keys", "public_keys")];
    let diagnostics = subject(Verb::Create).refused(&error, &attributes);
    let paths: Vec<_> =
        diagnostics.iter().map(|one| one.path.as_ref().map(ToString::to_string).unwrap_or_default()).collect();
    assert_eq!(paths, ["name", "public_keys[1]", ""]);
}

/// What is known of a failure in addition to its kind.
#[test]
fn the_circumstances_of_a_failure_are_worded() {
    let account = Subject::new(Verb::Read, "account");
    let known = |kind, retries: u32, seconds| {
        Error::new(kind, "GET /user/info").with_circumstances(|it| {
            it.endpoint = Some("http://127.0.0.1:1 (from the environment variable TENSORPOOL_ENGINE)".to_owned());
            (it.retries, it.elapsed) = (retries, Some(Duration::from_secs(seconds)));
        })
    };
    let page =
        |error: Error| error.with_circumstances(|it| it.excerpt = Some("text/html: <html><title>Welcome".to_owned()));
    let refused = known(ErrorKind::Connect, 4, 7).with_message(Some("Connection refused (os error 111)".to_owned()));
    let router = Some("Not Found".to_owned());
    let failures = [
        (account.clone(), refused.with_circumstances(|it| it.unsent = true)),
        (account.clone(), page(known(ErrorKind::InvalidResponse, 4, 7).status_code(200))),
        (account.clone(), page(known(ErrorKind::NotFound, 0, 0).status_code(404))),
        (subject(Verb::Read), known(ErrorKind::NotFound, 0, 0).status_code(404).with_message(router)),
        (subject(Verb::Read), known(ErrorKind::Server, 4, 65).status_code(500)),
        (subject(Verb::Update), known(ErrorKind::Server, 1, 0).status_code(502)),
        (subject(Verb::Update), page(known(ErrorKind::Server, 4, 5).status_code(502))),
        (subject(Verb::Delete), known(ErrorKind::Deadline, 0, 5400).with_last_status(Some("PENDING".to_owned()))),
    ];
    let mut text = String::new();
    for (subject, error) in failures {
        let Diagnostic { summary, detail, .. } = subject.failed(&error);
        text.extend(["## ", &summary, "\n\n", &detail, "\n\n"]);
    }
    insta::assert_snapshot!("circumstances", text);
}
