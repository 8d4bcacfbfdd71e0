//! What surrounds the protocol: how go-plugin starts a provider, connects to it and ends it.

use super::Since::GoPlugin;
use super::{Feature, Served, Test, client, tensorpool, unit};

/// Something that is served, and is no field of a message.
const fn served(what: &'static str, source: &'static str, tests: &'static [Test]) -> Feature {
    Feature { since: GoPlugin, what, fields: &[], served: Served::Yes, source, tests }
}

/// Something that is not.
const fn missing(
    what: &'static str,
    answer: &'static str,
    why: &'static str,
    source: &'static str,
    tests: &'static [Test],
) -> Feature {
    Feature { since: GoPlugin, what, fields: &[], served: Served::No { answer, why }, source, tests }
}

/// All of it.
pub const FEATURES: [Feature; 13] = [
    served(
        "The handshake: who started the process, the version, the line on standard output",
        "serve/handshake.rs",
        &[
            client("access", "a_provider_without_a_client_ends_by_itself_and_says_why"),
            unit("serve/handshake", "only_terraform_may_start_a_provider"),
            unit("serve/handshake", "the_line_has_six_fields_and_seven_where_they_are_understood"),
        ],
    ),
    served(
        "TLS of both sides, with the one client whose certificate the process was started with",
        "serve/tls.rs",
        &[
            client("access", "only_the_client_with_the_right_key_is_answered"),
            client("access", "a_certificate_that_has_expired_is_not_enough_even_for_its_owner"),
            client("access", "plain_text_is_not_answered"),
        ],
    ),
    served(
        "A unix socket in a private directory, or TCP on loopback within the range of ports",
        "serve/listener.rs",
        &[
            client("services", "one_that_is_terminated_removes_its_socket"),
            unit("serve/listener", "a_unix_socket_is_private_and_goes_with_its_listener"),
            unit("serve/listener", "tcp_listens_on_loopback_within_the_range"),
        ],
    ),
    served("Health (`grpc.health.v1.Health`)", "serve/mod.rs", &[client("services", "health_knows_the_plugin")]),
    served(
        "Large messages, up to 256 MiB, in both directions",
        "serve/mod.rs",
        &[client("load", "a_message_of_200_mib_passes_both_ways")],
    ),
    served(
        "The end: when the client asks for it, within the two seconds that it waits, and when the client is gone",
        "serve/process.rs",
        &[
            client("services", "streams_stay_open_and_silent_until_the_shutdown"),
            unit("serve/parent", "a_child_notices_that_its_parent_was_killed"),
        ],
    ),
    served(
        "Ctrl-C, which reaches the provider too, ends no change: Terraform stops it",
        "serve/signals.rs",
        &[
            tensorpool("interrupts", "a_change_that_does_not_show"),
            client("services", "an_interrupt_stops_no_change"),
            client("services", "an_interrupt_is_not_for_the_provider"),
        ],
    ),
    served(
        "Log lines as JSON, at the level that Terraform names",
        "serve/logging.rs",
        &[
            tensorpool("debugging", "debug_has_a_line_for_each_attempt_of_a_request"),
            client("identity", "the_progress_of_an_operation_is_in_the_log"),
            unit("serve/logging", "a_line_has_the_keys_of_hclog"),
        ],
    ),
    served(
        "A provider that runs already, under a debugger (`TF_REATTACH_PROVIDERS`)",
        "serve/reattach.rs",
        &[
            tensorpool("reattach", "terraform_attaches_to_a_provider_that_runs"),
            unit("serve/reattach", "the_value_is_what_terraform_reads"),
        ],
    ),
    served(
        "Requests that are empty, broken or of a later protocol: each is answered, and the connection stays",
        "wire/convert.rs",
        &[
            client("malformed", "an_empty_request_is_answered_on_every_rpc"),
            client("malformed", "a_request_that_is_no_message_is_a_status_on_every_rpc"),
            client("malformed", "an_rpc_of_a_later_protocol_is_not_implemented"),
        ],
    ),
    missing(
        "Protocol 5",
        "the start fails with the versions that were offered",
        "Every Terraform since 1.0 and every OpenTofu speak protocol 6.",
        "serve/handshake.rs",
        &[
            client("services", "a_service_that_there_is_not_is_not_implemented"),
            unit("serve/handshake", "protocol_6_must_be_among_the_versions"),
        ],
    ),
    missing(
        "Further connections, and several over one (`GRPCBroker`, multiplexing)",
        "the stream stays open and silent, and the handshake says `false`",
        "Terraform's providers open no connections of their own.",
        "serve/services.rs",
        &[
            client("services", "streams_stay_open_and_silent_until_the_shutdown"),
            unit("serve/handshake", "the_line_has_six_fields_and_seven_where_they_are_understood"),
        ],
    ),
    missing(
        "Reflection (`grpc.reflection.v1.ServerReflection`)",
        "`UNIMPLEMENTED`",
        "Terraform does not ask for it. Tools have the definitions in `terraform-plugin-proto`.",
        "serve/mod.rs",
        &[client("services", "a_service_that_there_is_not_is_not_implemented")],
    ),
];
