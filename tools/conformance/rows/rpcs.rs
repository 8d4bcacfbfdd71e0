//! The RPCs.

use super::Since::{GoPlugin, Minor};
use super::{NO_STORES, Rpc, Served, Since, Test, client, notes, tensorpool};

const PROVIDER: &str = "Provider";

const STORES: &[Test] = &[client("state_stores", "every_rpc_of_state_stores_says_that_there_are_none")];

const SERVICES: &[Test] = &[client("services", "streams_stay_open_and_silent_until_the_shutdown")];

/// An RPC of the provider's service that is served.
const fn served(name: &'static str, since: Since, source: &'static str, tests: &'static [Test]) -> Rpc {
    Rpc { service: PROVIDER, name, since, served: Served::Yes, source, tests }
}

/// An RPC of state stores.
const fn store(name: &'static str, since: Since) -> Rpc {
    Rpc { service: PROVIDER, name, since, served: NO_STORES, source: "wire/service.rs", tests: STORES }
}

/// An RPC of go-plugin.
const fn plugin(service: &'static str, name: &'static str) -> Rpc {
    Rpc { service, name, since: GoPlugin, served: Served::Yes, source: "serve/services.rs", tests: SERVICES }
}

/// All of them.
pub const RPCS: [Rpc; 39] = [
    served(
        "GetMetadata",
        Minor(5, 8),
        "wire/provider.rs",
        &[client("described", "the_metadata_names_what_the_schema_describes")],
    ),
    served(
        "GetProviderSchema",
        Minor(0, 0),
        "wire/provider.rs",
        &[
            notes("resources", "a_note_lives_from_create_to_destroy"),
            client("described", "the_metadata_names_what_the_schema_describes"),
        ],
    ),
    served(
        "GetResourceIdentitySchemas",
        Minor(9, 12),
        "wire/provider.rs",
        &[
            notes("identity", "a_note_is_imported_by_its_identity"),
            client("kinds", "an_identity_goes_through_import_read_and_upgrade"),
        ],
    ),
    served(
        "ValidateProviderConfig",
        Minor(0, 0),
        "wire/provider.rs",
        &[
            tensorpool("provider_configuration", "numbers_out_of_range_are_refused_at_their_arguments"),
            client("malformed", "a_broken_value_is_a_message_that_says_so"),
        ],
    ),
    served(
        "ConfigureProvider",
        Minor(0, 0),
        "wire/provider.rs",
        &[
            tensorpool("provider", "a_missing_key_is_reported_once"),
            client("malformed", "a_broken_value_is_a_message_that_says_so"),
        ],
    ),
    served(
        "StopProvider",
        Minor(0, 0),
        "wire/service.rs",
        &[
            tensorpool("interrupts", "a_create_that_does_not_finish"),
            client("load", "a_stop_ends_64_calls_and_the_provider_goes_on"),
        ],
    ),
    served(
        "ValidateResourceConfig",
        Minor(0, 0),
        "wire/resource.rs",
        &[
            notes("validation", "a_wrong_value_is_an_error_at_its_place"),
            client("wrong_values", "a_wrong_number_is_an_error_at_the_attribute_of_every_kind_of_object"),
        ],
    ),
    served(
        "UpgradeResourceState",
        Minor(0, 0),
        "wire/resource.rs",
        &[
            notes("resources", "a_state_of_an_old_version_is_upgraded"),
            client("life", "a_resource_is_created_read_changed_and_deleted"),
        ],
    ),
    served(
        "UpgradeResourceIdentity",
        Minor(9, 12),
        "wire/resource.rs",
        &[
            notes("identity", "an_identity_of_an_old_version_is_upgraded"),
            client("kinds", "an_identity_goes_through_import_read_and_upgrade"),
        ],
    ),
    served(
        "ReadResource",
        Minor(0, 0),
        "wire/resource.rs",
        &[
            notes("resources", "a_note_that_was_deleted_is_created_again"),
            client("life", "a_resource_is_created_read_changed_and_deleted"),
        ],
    ),
    served(
        "PlanResourceChange",
        Minor(0, 0),
        "wire/resource.rs",
        &[
            notes("resources", "a_note_lives_from_create_to_destroy"),
            client("life", "a_resource_is_created_read_changed_and_deleted"),
        ],
    ),
    served(
        "ApplyResourceChange",
        Minor(0, 0),
        "wire/resource.rs",
        &[
            notes("resources", "a_note_lives_from_create_to_destroy"),
            client("life", "a_resource_is_created_read_changed_and_deleted"),
        ],
    ),
    served(
        "ImportResourceState",
        Minor(0, 0),
        "wire/resource.rs",
        &[
            notes("import", "a_note_is_imported_by_its_id"),
            client("life", "a_resource_is_created_read_changed_and_deleted"),
        ],
    ),
    served(
        "MoveResourceState",
        Minor(5, 8),
        "wire/resource.rs",
        &[notes("moved", "a_memo_becomes_a_note"), client("kinds", "a_move_has_the_identity_of_its_source")],
    ),
    served(
        "GenerateResourceConfig",
        Minor(10, 14),
        "wire/resource.rs",
        &[
            notes("query", "a_configuration_is_generated_for_what_was_found"),
            client("kinds", "a_configuration_is_generated"),
        ],
    ),
    served(
        "ValidateDataResourceConfig",
        Minor(0, 0),
        "wire/data_source.rs",
        &[
            notes("validation", "what_several_arguments_must_be_together_points_at_one_of_them"),
            client("malformed", "a_broken_value_is_a_message_that_says_so"),
        ],
    ),
    served(
        "ReadDataSource",
        Minor(0, 0),
        "wire/data_source.rs",
        &[
            notes("data_sources", "a_note_is_found_by_its_title_or_not_at_all"),
            client("values", "a_value_in_json_is_read_and_answered_in_msgpack"),
        ],
    ),
    served(
        "ValidateEphemeralResourceConfig",
        Minor(7, 10),
        "wire/ephemeral.rs",
        &[
            notes("ephemeral", "a_wrong_configuration_is_refused"),
            client("kinds", "an_ephemeral_resource_is_opened_renewed_and_closed"),
        ],
    ),
    served(
        "OpenEphemeralResource",
        Minor(7, 10),
        "wire/ephemeral.rs",
        &[
            notes("ephemeral", "a_passphrase_works_on_the_first_terraform_that_has_them"),
            client("kinds", "an_ephemeral_resource_is_opened_renewed_and_closed"),
        ],
    ),
    served(
        "RenewEphemeralResource",
        Minor(7, 10),
        "wire/ephemeral.rs",
        &[
            notes("ephemeral", "a_passphrase_is_renewed_for_as_long_as_it_is_used"),
            client("kinds", "an_ephemeral_resource_is_opened_renewed_and_closed"),
        ],
    ),
    served(
        "CloseEphemeralResource",
        Minor(7, 10),
        "wire/ephemeral.rs",
        &[
            notes("ephemeral", "a_passphrase_is_opened_used_and_closed_and_stored_nowhere"),
            client("kinds", "an_ephemeral_resource_is_opened_renewed_and_closed"),
        ],
    ),
    served(
        "GetFunctions",
        Minor(5, 8),
        "wire/function.rs",
        &[client("described", "the_metadata_names_what_the_schema_describes")],
    ),
    served(
        "CallFunction",
        Minor(5, 8),
        "wire/function.rs",
        &[
            notes("functions", "functions_take_single_variadic_and_null_arguments"),
            client("functions", "a_function_is_called"),
        ],
    ),
    served(
        "ValidateListResourceConfig",
        Minor(10, 13),
        "wire/list.rs",
        &[
            notes("query", "what_exists_is_found_with_its_identity"),
            client("kinds", "the_configuration_of_a_search_is_checked"),
        ],
    ),
    served(
        "ListResource",
        Minor(10, 13),
        "wire/list.rs",
        &[notes("query", "what_exists_is_found_with_its_identity"), client("kinds", "a_search_ends_at_its_limit")],
    ),
    served(
        "ValidateActionConfig",
        Minor(10, 14),
        "wire/action.rs",
        &[notes("actions", "an_action_is_invoked_by_hand"), client("kinds", "an_action_is_handed_what_is_write_only")],
    ),
    served(
        "PlanAction",
        Minor(10, 14),
        "wire/action.rs",
        &[
            notes("actions", "an_action_runs_after_the_create_that_triggers_it_and_reports_its_progress"),
            client("kinds", "an_action_reports_its_progress_and_a_stop_ends_it"),
        ],
    ),
    served(
        "InvokeAction",
        Minor(10, 14),
        "wire/action.rs",
        &[
            notes("actions", "an_action_runs_after_the_create_that_triggers_it_and_reports_its_progress"),
            client("kinds", "an_action_is_handed_what_is_write_only"),
        ],
    ),
    store("ValidateStateStoreConfig", Minor(10, 13)),
    store("ConfigureStateStore", Minor(10, 13)),
    store("ReadStateBytes", Minor(10, 15)),
    store("WriteStateBytes", Minor(10, 15)),
    store("LockState", Minor(10, 15)),
    store("UnlockState", Minor(10, 15)),
    store("GetStates", Minor(10, 13)),
    store("DeleteState", Minor(10, 13)),
    plugin("GRPCStdio", "StreamStdio"),
    plugin("GRPCBroker", "StartStream"),
    plugin("GRPCController", "Shutdown"),
];
