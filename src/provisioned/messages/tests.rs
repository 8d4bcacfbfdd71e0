//! The wording of every message.

use std::io;
use std::path::Path;

use tensorpool::{Error, ErrorKind};
use terraform_plugin::Diagnostic;

use super::*;
use crate::errors::{Subject, Verb};
use crate::evidence::Doubt;
use crate::provisioned::{Descriptor, Object};

const CLUSTER: Descriptor = tensorpool::Cluster::DESCRIPTOR;
const VOLUME: Descriptor = tensorpool::Volume::DESCRIPTOR;

/// Every message: a change of it is seen, and has to be meant.
#[test]
fn every_message_is_worded() {
    let name = Some("train".to_owned());
    let subject = Subject { verb: Verb::Create, noun: "cluster", name, id: Some("c-1".to_owned()) };
    let error = |kind| Error::new(kind, "POST /cluster/create").with_request_id("req_1");
    let failed = error(ErrorKind::RequestFailed).with_message(Some("No capacity".to_owned()));
    let denied = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
    let two = ["c-2".to_owned(), "c-3".to_owned()];
    let mut messages = vec![
        name_taken(&CLUSTER, "train", "c-1"),
        name_twice(&CLUSTER, "train", "c-1"),
        name_of_replaced(&CLUSTER, "train", "c-1"),
        plan_again(&CLUSTER),
        list_incomplete(&CLUSTER, &subject),
        name_in_creation(&CLUSTER, "train"),
        another(&CLUSTER, &subject, "train", "c-1"),
        ambiguous(&CLUSTER, &subject, "train", &error(ErrorKind::Timeout), &[]),
        ambiguous(&CLUSTER, &subject, "train", &error(ErrorKind::Timeout), &two),
        interrupted_ambiguous(&CLUSTER, &subject, "train", &two),
        interrupted_unproved(&CLUSTER, &subject, "c-1", &Doubt::ReadsMayLag),
        perhaps_ours(&CLUSTER, &subject, "train", "c-2"),
        abandoned(&CLUSTER, &subject),
        foreign(&CLUSTER, &subject, "train", "c-0"),
        wrong_id(&CLUSTER, "train", "s-other", "c-1"),
        others_of_the_name(&CLUSTER, "train", "c-1", &two),
        create_failed(&CLUSTER, &subject, &failed, Lock::None),
        create_failed(&CLUSTER, &subject, &failed, Lock::Lifted),
        create_failed(&CLUSTER, &subject, &failed, Lock::Kept),
        create_unfinished(&CLUSTER, &subject, &error(ErrorKind::Deadline)),
        still_provisioning(&CLUSTER, &subject, Some("req_1")),
        only_waits(&CLUSTER, &subject),
        adopted(&CLUSTER, "train", "c-1"),
        no_journal(&CLUSTER, Path::new(".terraform/tensorpool/journal"), &denied),
        absent(&CLUSTER, &subject),
        not_ready(&CLUSTER, &subject, &error(ErrorKind::Deadline)),
        attached(&VOLUME, &Subject { noun: VOLUME.noun, ..subject.clone() }, "c-2, c-3", ""),
    ];
    let read = Subject { verb: Verb::Read, ..subject };
    let doubts = [
        Doubt::OtherAccount,
        Doubt::UnknownAccount,
        Doubt::CreateUnfinished,
        Doubt::ReadsMayLag,
        Doubt::NoControl("GET /me: not found (404)".to_owned()),
        Doubt::StillListed,
        Doubt::ListIncomplete("it says that there is more".to_owned()),
        Doubt::ReadsTooClose,
        Doubt::Refused,
    ];
    messages.extend(doubts.iter().map(|doubt| unproved(&CLUSTER, &read, doubt)));
    let mut text = String::new();
    for Diagnostic { summary, detail, .. } in &messages {
        text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
    }
    insta::assert_snapshot!("every_message", text);
}
