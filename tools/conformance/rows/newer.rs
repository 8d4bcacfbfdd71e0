//! The features of 6.5 and later.

use super::Since::Minor;
use super::{Feature, Served, Since, Test, client, notes, unit};

/// A feature that is served.
const fn served(
    since: Since,
    what: &'static str,
    fields: &'static [&'static str],
    source: &'static str,
    tests: &'static [Test],
) -> Feature {
    Feature { since, what, fields, served: Served::Yes, source, tests }
}

const STORES: &[Test] = &[client("state_stores", "every_rpc_of_state_stores_says_that_there_are_none")];

/// State stores, in the two parts in which the protocol got them.
const fn stores(since: Since, what: &'static str, fields: &'static [&'static str]) -> Feature {
    Feature { since, what, fields, served: super::NO_STORES, source: "wire/service.rs", tests: STORES }
}

/// All of them.
pub const FEATURES: [Feature; 21] = [
    served(
        Minor(5, 8),
        "Functions: single, variadic, null and unknown arguments, also before the provider is configured",
        &[
            "Function.variadic_parameter",
            "Function.Parameter.allow_null_value",
            "Function.Parameter.allow_unknown_values",
        ],
        "framework/function.rs",
        &[
            notes("functions", "functions_take_single_variadic_and_null_arguments"),
            notes("functions", "an_unknown_argument_makes_an_unknown_result"),
            client("functions", "a_function_is_called"),
        ],
    ),
    served(
        Minor(5, 8),
        "Errors of functions at the argument that they are about",
        &["FunctionError.text", "FunctionError.function_argument"],
        "framework/function.rs",
        &[notes("functions", "an_error_names_the_argument"), client("functions", "a_function_is_called")],
    ),
    served(
        Minor(5, 8),
        "Moves of an object to another type, also from another provider",
        &["ServerCapabilities.move_resource_state", "MoveResourceState.Request.source_provider_address"],
        "framework/resource.rs",
        &[
            notes("moved", "a_memo_becomes_a_note"),
            notes("moved", "what_cannot_be_moved_is_reported"),
            unit("testing/tests/resources", "an_old_state_is_upgraded_and_a_foreign_one_moved"),
        ],
    ),
    served(
        Minor(6, 9),
        "Deferred answers, where the client allows them: by an object, or by the provider for everything",
        &["ClientCapabilities.deferral_allowed", "Deferred.reason"],
        "framework/outcome.rs",
        &[
            client("deferred", "everything_is_put_off_until_the_configuration_is_known"),
            client("deferred", "a_client_that_cannot_wait_has_the_provider_configured"),
            unit("framework/tests/faulty", "only_a_terraform_that_allows_it_is_put_off"),
            unit("wire/convert", "every_reason_of_a_deferral_has_its_number"),
        ],
    ),
    served(
        Minor(7, 10),
        "Ephemeral resources, whose values reach neither plan nor state",
        &["GetProviderSchema.Response.ephemeral_resource_schemas", "OpenEphemeralResource.Response.result"],
        "framework/ephemeral.rs",
        &[
            notes("ephemeral", "a_passphrase_is_opened_used_and_closed_and_stored_nowhere"),
            notes("ephemeral", "a_passphrase_works_on_the_first_terraform_that_has_them"),
        ],
    ),
    served(
        Minor(7, 10),
        "Renewal of what is open, at a time that the provider names, with private data until the end",
        &["OpenEphemeralResource.Response.renew_at", "RenewEphemeralResource.Response.private"],
        "framework/ephemeral.rs",
        &[
            notes("ephemeral", "a_passphrase_is_renewed_for_as_long_as_it_is_used"),
            client("kinds", "an_ephemeral_resource_is_opened_renewed_and_closed"),
        ],
    ),
    served(
        Minor(8, 11),
        "Write-only attributes, and an error where the client would store them",
        &["ClientCapabilities.write_only_attributes_allowed", "Schema.Attribute.write_only"],
        "framework/validation.rs",
        &[
            notes("write_only", "a_secret_is_used_and_stored_nowhere"),
            notes("write_only", "a_terraform_that_would_store_it_is_reported"),
            unit("framework/planning/tests", "write_only_values_are_in_no_plan"),
        ],
    ),
    served(
        Minor(9, 12),
        "Identities of resources, in reads, plans and applies",
        &[
            "ReadResource.Response.new_identity",
            "PlanResourceChange.Response.planned_identity",
            "ApplyResourceChange.Response.new_identity",
        ],
        "framework/identified.rs",
        &[
            notes("identity", "every_operation_gives_the_same_identity"),
            notes("identity", "a_state_from_before_identities_gets_one_when_it_is_read"),
            client("identity", "what_is_not_in_the_state_is_kept_from_the_create_on"),
        ],
    ),
    served(
        Minor(9, 12),
        "Imports by an identity",
        &["ImportResourceState.Request.identity", "ResourceIdentitySchema.IdentityAttribute.required_for_import"],
        "wire/resource.rs",
        &[
            notes("identity", "a_note_is_imported_by_its_identity"),
            client("kinds", "an_identity_goes_through_import_read_and_upgrade"),
        ],
    ),
    served(
        Minor(9, 12),
        "Upgrades of identities from older versions of their schema, and of objects that have none yet",
        &["ResourceIdentitySchema.version", "UpgradeResourceIdentity.Request.version"],
        "schema/identity.rs",
        &[
            notes("identity", "an_identity_of_an_old_version_is_upgraded"),
            client("kinds", "an_object_from_before_identities_has_none_to_upgrade"),
            client("kinds", "an_identity_goes_through_import_read_and_upgrade"),
        ],
    ),
    served(
        Minor(9, 12),
        "Identities of moved objects: of the source, and of what it becomes",
        &["MoveResourceState.Request.source_identity", "MoveResourceState.Response.target_identity"],
        "framework/resource.rs",
        &[client("kinds", "a_move_has_the_identity_of_its_source")],
    ),
    served(
        Minor(10, 13),
        "Lists, for `terraform query`: identities, names, whole objects where they are asked for, up to a limit",
        &[
            "ListResource.Request.limit",
            "ListResource.Request.include_resource_object",
            "ListResource.Event.resource_object",
        ],
        "framework/list.rs",
        &[
            notes("query", "what_exists_is_found_with_its_identity"),
            notes("query", "a_limit_and_whole_objects_are_honoured"),
            client("kinds", "a_search_ends_at_its_limit"),
            client("kinds", "a_search_ends_when_no_caller_listens_any_more"),
        ],
    ),
    served(
        Minor(10, 13),
        "Warnings of a list about one object, past which it goes on",
        &["ListResource.Event.diagnostic"],
        "framework/list.rs",
        &[client("identity", "a_list_goes_on_past_what_it_cannot_read")],
    ),
    served(
        Minor(10, 13),
        "The version of the identity of what is moved",
        &["MoveResourceState.Request.source_identity_schema_version"],
        "wire/resource.rs",
        &[client("kinds", "a_move_has_the_identity_of_its_source")],
    ),
    stores(
        Minor(10, 13),
        "State stores: checked, configured, listed, deleted",
        &["GetProviderSchema.Response.state_store_schemas", "GetMetadata.Response.state_stores"],
    ),
    served(
        Minor(10, 14),
        "Actions: planned, then invoked with a stream of their progress",
        &["ActionSchema.schema", "InvokeAction.Event.Progress.message", "InvokeAction.Event.Completed.diagnostics"],
        "framework/action.rs",
        &[
            notes("actions", "an_action_runs_after_the_create_that_triggers_it_and_reports_its_progress"),
            notes("actions", "an_action_that_fails_says_why"),
            client("kinds", "an_action_reports_its_progress_and_a_stop_ends_it"),
        ],
    ),
    served(
        Minor(10, 14),
        "Configurations that the provider generates from a state",
        &["ServerCapabilities.generate_resource_config", "GenerateResourceConfig.Response.config"],
        "framework/generate.rs",
        &[
            notes("query", "a_configuration_is_generated_for_what_was_found"),
            client("kinds", "a_configuration_is_generated"),
            unit("framework/generate", "only_what_a_user_would_write_is_left"),
        ],
    ),
    served(
        Minor(10, 15),
        "What to use in place of something deprecated",
        &["Schema.Attribute.deprecation_message", "Schema.Block.deprecation_message"],
        "wire/schema.rs",
        &[
            notes("deprecation", "what_is_deprecated_is_reported_with_what_to_use_instead"),
            unit("wire/schema/tests", "every_flag_of_an_attribute_is_sent"),
        ],
    ),
    stores(
        Minor(10, 15),
        "State stores: states in chunks of a size that both sides agree on, and locks",
        &["StateStoreClientCapabilities.chunk_size", "StateRange.start", "LockState.Response.lock_id"],
    ),
    served(
        Minor(11, 16),
        "Values that a plan generates once: the client stores its private data for the second plan",
        &["ClientCapabilities.store_planned_private", "PlanResourceChange.Request.planned_private"],
        "framework/generated.rs",
        &[
            notes("drafts", "a_plan_shows_what_is_random"),
            notes("drafts", "a_terraform_that_stores_nothing_knows_it_after_apply"),
            client("capabilities", "a_client_that_stores_it_has_the_generated_values_in_both_plans"),
            client("capabilities", "a_change_keeps_the_values_and_a_replacement_makes_new_ones"),
        ],
    ),
    served(
        Minor(11, 16),
        "Blocks that the provider chooses where they are left out, and an error where the client knows none",
        &["ClientCapabilities.computed_blocks_allowed", "Schema.Block.computed"],
        "framework/computed_blocks.rs",
        &[
            notes("drafts", "reminders_that_are_left_out_are_chosen"),
            notes("drafts", "a_terraform_that_cannot_leave_them_out_is_reported"),
            client("capabilities", "a_block_that_is_left_out_is_chosen"),
            client("capabilities", "a_client_that_knows_no_computed_blocks_gets_an_error_that_asks_for_them"),
        ],
    ),
];
