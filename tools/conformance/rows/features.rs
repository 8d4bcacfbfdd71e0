//! The features of the first protocol 6, and of the small versions after it: 6.0 to 6.4.

use super::Since::Minor;
use super::{Feature, SHAPES, Served, Since, Test, client, codec, notes, tensorpool, unit};

/// What came with Terraform 1.0.
const FIRST: Since = Minor(0, 0);

/// A feature of the first version that is served.
const fn first(
    what: &'static str,
    fields: &'static [&'static str],
    source: &'static str,
    tests: &'static [Test],
) -> Feature {
    Feature { since: FIRST, what, fields, served: Served::Yes, source, tests }
}

/// All of them.
pub const FEATURES: [Feature; 21] = [
    first(
        "Attributes: required, optional, computed, sensitive, deprecated; descriptions in Markdown or plain text",
        &["Schema.Attribute.type", "Schema.Attribute.sensitive", "Schema.Attribute.description_kind"],
        "wire/schema.rs",
        &[
            SHAPES,
            unit("wire/schema/tests", "every_flag_of_an_attribute_is_sent"),
            unit("wire/schema/tests", "clients_get_what_the_author_wrote_and_what_the_framework_adds"),
        ],
    ),
    first(
        "Nested attributes: an object, and lists, sets and maps of objects",
        &["Schema.Attribute.nested_type", "Schema.Object.nesting"],
        "wire/schema.rs",
        &[
            SHAPES,
            notes("resources", "the_elements_of_a_set_have_defaults_and_keep_what_they_got"),
            unit("wire/schema/tests", "every_nesting_has_its_number_and_only_blocks_say_how_often_they_stand"),
        ],
    ),
    first(
        "Blocks: one, and lists and sets of them, with a least and a greatest number",
        &["Schema.NestedBlock.nesting", "Schema.NestedBlock.min_items", "Schema.NestedBlock.max_items"],
        "wire/schema.rs",
        &[
            SHAPES,
            notes("validation", "in_a_nested_block_paths_lead_in_and_out"),
            unit("wire/schema/tests", "every_nesting_has_its_number_and_only_blocks_say_how_often_they_stand"),
        ],
    ),
    Feature {
        since: FIRST,
        what: "Blocks as maps and groups",
        fields: &["Schema.NestedBlock.nesting"],
        served: Served::No {
            answer: "no schema has one",
            why: "The framework has no such blocks. Maps of objects are nested attributes.",
        },
        source: "wire/schema.rs",
        tests: &[unit("wire/schema/tests", "every_nesting_has_its_number_and_only_blocks_say_how_often_they_stand")],
    },
    first(
        "Values: written as MessagePack, read as MessagePack or JSON",
        &["DynamicValue.msgpack", "DynamicValue.json"],
        "value/msgpack/mod.rs",
        &[
            SHAPES,
            client("values", "a_value_in_json_is_read_and_answered_in_msgpack"),
            codec("value_properties", "values_survive_the_wire"),
        ],
    ),
    first(
        "Numbers of any size and with every digit",
        &["DynamicValue.msgpack"],
        "value/number.rs",
        &[
            notes("resources", "a_float_of_the_language_is_planned_once"),
            codec("value_golden/numbers", "all_other_numbers_are_decimal_digits"),
            codec("value_properties", "numbers_survive_text"),
        ],
    ),
    first(
        "Values of dynamic type",
        &["DynamicValue.msgpack"],
        "value/msgpack/decode.rs",
        &[
            notes("wrong_values", "what_is_unknown_in_a_collection_or_a_block_plans_and_applies"),
            codec("value_golden/main", "dynamic_values_carry_their_type"),
        ],
    ),
    first(
        "Unknown values, and what is known of them: not null, a prefix, bounds, lengths (refinements, which Terraform sends since 1.6)",
        &["DynamicValue.msgpack"],
        "value/msgpack/refinements.rs",
        &[
            notes("wrong_values", "what_is_unknown_in_a_collection_or_a_block_plans_and_applies"),
            client("values", "what_is_known_of_an_unknown_value_goes_through_a_plan"),
            codec("value_golden/unknown", "what_is_known_of_an_unknown_value_is_kept"),
        ],
    ),
    first(
        "Errors and warnings at the attribute that they are about",
        &["Diagnostic.severity", "Diagnostic.attribute", "AttributePath.steps"],
        "wire/convert.rs",
        &[
            notes("validation", "a_wrong_value_is_an_error_at_its_place"),
            notes("validation", "what_is_unusual_is_a_warning_and_shows_no_secret"),
        ],
    ),
    first(
        "Replacement, with the attributes that cause it",
        &["PlanResourceChange.Response.requires_replace"],
        "framework/planning.rs",
        &[
            notes("resources", "a_note_lives_from_create_to_destroy"),
            notes("modifiers", "a_replacement_can_depend_on_a_condition"),
        ],
    ),
    first(
        "Upgrades of states from older versions of a schema",
        &["UpgradeResourceState.Request.version", "RawState.json"],
        "schema/upgrade.rs",
        &[
            notes("resources", "a_state_of_an_old_version_is_upgraded"),
            unit("schema/upgrade", "every_old_version_is_led_to_the_present_one"),
        ],
    ),
    Feature {
        since: FIRST,
        what: "States of Terraform 0.11 and older",
        fields: &["RawState.flatmap"],
        served: Served::No {
            answer: "an error that says which Terraform wrote the state",
            why: "Their form has no types. Terraform 0.12 writes such a state anew.",
        },
        source: "wire/convert.rs",
        tests: &[client("values", "a_state_of_terraform_0_11_is_refused_with_the_reason")],
    },
    first(
        "Imports by an id",
        &["ImportResourceState.Request.id", "ImportResourceState.ImportedResource.state"],
        "wire/resource.rs",
        &[notes("import", "a_note_is_imported_by_its_id"), notes("import", "a_configuration_is_generated")],
    ),
    Feature {
        since: FIRST,
        what: "Several objects by one import",
        fields: &["ImportResourceState.Response.imported_resources"],
        served: Served::No {
            answer: "one object, or none",
            why: "An import gives the object that was named. Others are imported by their own ids, and found by lists.",
        },
        source: "wire/resource.rs",
        tests: &[client("life", "a_resource_is_created_read_changed_and_deleted")],
    },
    first(
        "Private data, kept with an object and handed back to the next operation",
        &[
            "ReadResource.Request.private",
            "PlanResourceChange.Response.planned_private",
            "ApplyResourceChange.Response.private",
        ],
        "operation.rs",
        &[
            tensorpool("cluster_interrupted", "a_resume_that_is_interrupted_goes_on_again"),
            client("capabilities", "for_other_clients_the_values_are_known_after_apply"),
            client("malformed", "a_broken_value_is_a_message_that_says_so"),
        ],
    ),
    first(
        "What a module says to the provider (`provider_meta`)",
        &["GetProviderSchema.Response.provider_meta", "ApplyResourceChange.Request.provider_meta"],
        "wire/served.rs",
        &[notes("provider_meta", "a_module_identifies_itself_to_the_provider")],
    ),
    first(
        "The version of Terraform, for the provider to read",
        &["ConfigureProvider.Request.terraform_version"],
        "wire/provider.rs",
        &[unit("testing/tests/resources", "write_only_values_private_data_and_provider_meta_reach_the_provider")],
    ),
    Feature {
        since: Minor(1, 1),
        what: "The number of nested attributes, which the protocol gave up: it is never sent",
        fields: &["Schema.Object.min_items", "Schema.Object.max_items"],
        served: Served::Yes,
        source: "wire/schema.rs",
        tests: &[unit("wire/schema/tests", "every_nesting_has_its_number_and_only_blocks_say_how_often_they_stand")],
    },
    Feature {
        since: Minor(2, 2),
        what: "The legacy type system, with which Terraform only logs what it refuses otherwise",
        fields: &["PlanResourceChange.Response.legacy_type_system", "ApplyResourceChange.Response.legacy_type_system"],
        served: Served::No {
            answer: "always `false`",
            why: "It was made for the first SDK. Plans and states of the framework hold to all of Terraform's rules.",
        },
        source: "wire/resource.rs",
        tests: &[client("described", "no_answer_asks_for_the_legacy_type_system"), SHAPES],
    },
    Feature {
        since: Minor(3, 3),
        what: "Plans of a destroy, which the provider may refuse",
        fields: &["ServerCapabilities.plan_destroy"],
        served: Served::Yes,
        source: "framework/resource_plan.rs",
        tests: &[
            notes("resources", "a_destroy_can_be_refused_while_it_is_planned"),
            client("described", "clients_may_rely_on_every_capability"),
        ],
    },
    Feature {
        since: Minor(4, 6),
        what: "Calls before any question for the schema",
        fields: &["ServerCapabilities.get_provider_schema_optional"],
        served: Served::Yes,
        source: "wire/provider.rs",
        tests: &[
            client("described", "clients_may_rely_on_every_capability"),
            client("kinds", "an_identity_goes_through_import_read_and_upgrade"),
        ],
    },
];
