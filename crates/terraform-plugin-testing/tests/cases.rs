//! Cases, with a real Terraform: what they check, and what they say when they fail.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde_json::json;
use terraform_plugin_testing::case::{Case, Step, containing, elements, matching, plan, query, state};
use terraform_plugin_testing::{Feature, Installation, Workspace, platform};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");
const NOTE: &str = "sample_note.a";
const DATA: &str = "terraform_data.k";

fn workspace(name: &str) -> Workspace {
    Workspace::new(&format!("case-{name}"), "example/sample", Path::new(PROGRAM))
}

fn note(text: &str) -> String {
    format!("resource \"sample_note\" \"a\" {{\n  text = {text:?}\n  tags = [\"x\", \"y\"]\n}}\n")
}

fn data(input: &str) -> String {
    format!(
        "resource \"terraform_data\" \"k\" {{\n  input = {input}\n}}\n\noutput \"k\" {{\n  value = terraform_data.k.output\n}}\n"
    )
}

#[test]
fn a_case_goes_through_its_steps() {
    let workspace = workspace("life");
    let (id, events) = (state::Remembered::new(), Cell::new(0));
    let count = || events.set(events.get() + 1);
    Case::new(&workspace)
        .step(
            Step::config(note("found") + &data("1"))
                .before(count)
                .expect(plan::creates(NOTE))
                .expect(plan::unknown(NOTE, "id"))
                .expect(plan::value(NOTE, "tags", elements(["y", "x"])))
                .check(state::value(NOTE, "id", matching("^n-[0-9]$")))
                .check(state::value(NOTE, "tags", containing(["x"])))
                .check(state::output("k", 1))
                .check(id.set_at(DATA, "id"))
                .after(count),
        )
        .step(
            Step::config(note("found") + &data("2"))
                .expect(plan::updates(DATA))
                .expect(plan::leaves(NOTE))
                .check(id.same_at(DATA, "id"))
                .check(state::count(2)),
        )
        .step(
            Step::config(note("found") + &data("2"))
                .argument(format!("-replace={DATA}"))
                .expect(plan::replaces(DATA))
                .check(id.other_at(DATA, "id")),
        )
        .step(Step::import(NOTE).by_id("n-1").verify_except(["tags"]).check(state::count(1)))
        .step(Step::import(NOTE).verify_except(["tags"]).by_block().changes_again().expect(plan::imports(NOTE)))
        .step(Step::import(NOTE).by_stored_identity().changes_again().verify_except(["tags"]))
        .step(Step::refresh().check(state::exists(NOTE)))
        .step(Step::plan(data("3")).expect(plan::destroys(NOTE)).expect(plan::updates(DATA)))
        .step(Step::plan("resource \"sample_note\" \"b\" {}").error("The argument \"text\" is required"))
        .step(Step::config(note("panic").replace("\"a\"", "\"b\"")).error_matching("panicked: the note says so"))
        .destroyed(|| {
            count();
            true
        })
        .run();
    assert_eq!(events.get(), 3);
}

#[test]
fn a_query_is_a_step() {
    let workspace = workspace("query");
    let list =
        "list \"sample_note\" \"all\" {\n  provider = sample\n  limit    = 2\n  config {\n    prefix = \"q\"\n  }\n}\n";
    Case::new(&workspace)
        .requires(Feature::Queries)
        .step(Step::config(data("1")))
        .step(Step::query(list).expect(query::finds(2)).expect(query::finds_identity(json!({"id": "q0"}))))
        .step(Step::query(list.replace("\"q\"", "\"fail\"")).error("It was asked to fail."))
        .run();
}

/// What a case says when it fails.
fn failure(name: &str, build: impl for<'w> FnOnce(Case<'w>) -> Case<'w>) -> String {
    let mut workspace = workspace(name);
    workspace.keep();
    let case = build(Case::new(&workspace));
    let panic = catch_unwind(AssertUnwindSafe(|| case.run())).expect_err("it fails");
    let text = panic.downcast_ref::<String>().expect("it says why").clone();
    let left = workspace.resources();
    assert!(left.is_empty(), "what failed is destroyed all the same: {left:#?}");
    _ = std::fs::remove_dir_all(workspace.directory());
    text
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{text}\n\nlacks\n\n{part}");
    }
}

#[test]
fn a_failed_check_names_the_step_and_both_sides() {
    let text = failure("wrong-state", |case| {
        case.step(Step::config(data("1"))).step(Step::config(data("2")).check(state::value(DATA, "output", 3)))
    });
    let check = "step 2 of 2, a configuration: check failed: output of terraform_data.k\n  expected: 3\n  found:    2";
    says(&text, &[check, "The workspace is /"]);
    let text = failure("wrong-plan", |case| case.step(Step::config(data("1")).expect(plan::updates(DATA))));
    let check = "step 1 of 1, a configuration: check failed: terraform_data.k is updated\n  expected: update\n  found:    create";
    says(&text, &[check, "`terraform plan -input=false -json", "Plan: 1 to add, 0 to change, 0 to destroy."]);
}

#[test]
fn a_plan_that_follows_and_is_not_empty_is_a_failure() {
    let text = failure("not-empty", |case| case.step(Step::config(data("timestamp()"))));
    let why = "the plan that follows is not empty, without a refresh: update of input, output at terraform_data.k";
    says(&text, &["step 1 of 1, a configuration: ", why]);
    let text = failure("empty", |case| case.step(Step::config(data("1")).changes_again()));
    says(&text, &["check failed: the plan is not empty\n  expected: changes\n  found:    an empty plan"]);
}

#[test]
fn an_error_that_does_not_come_or_another_one_is_a_failure() {
    let text = failure("no-error", |case| case.step(Step::config(data("1")).error("out of cheese")));
    says(&text, &["expected an error with \"out of cheese\", but it succeeded"]);
    let text = failure("other-error", |case| case.step(Step::config(note("panic")).error("out of cheese")));
    says(&text, &["expected an error with \"out of cheese\", but it failed with [", "the note says so"]);
    let text = failure("error", |case| case.step(Step::config(note("panic"))));
    says(&text, &["step 1 of 1, a configuration: Terraform failed", "`terraform apply", "error: The provider crashed"]);
    let text = failure("no-warning", |case| case.step(Step::config(data("1")).warning("Slow")));
    says(&text, &["expected a warning \"Slow\", but there was none"]);
}

#[test]
fn an_import_that_finds_another_object_is_a_failure() {
    let text = failure("import", |case| case.step(Step::config(note("milk"))).step(Step::import(NOTE).verify()));
    let differences = "what was imported is not what the state has:\n  tags[0]: the state has \"x\", the import nothing\n  \
                       tags[1]: the state has \"y\", the import nothing\n  text: the state has \"milk\", the import \"found\"";
    says(&text, &["step 2 of 2, the import of sample_note.a: ", differences]);
    let text =
        failure("import-block", |case| case.step(Step::config(note("milk"))).step(Step::import(NOTE).by_block()));
    says(&text, &["the import changes the object: ", "expected: no-op\n  found:    update"]);
}

#[test]
fn what_is_left_outside_of_terraform_is_a_failure() {
    let text = failure("left", |case| case.step(Step::config(data("1"))).destroyed(|| false));
    says(&text, &["after the destroy at the end, something is left"]);
}

/// A step after the first, which creates an object.
fn applied<'a>(case: Case<'a>, step: Step<'a>) -> Case<'a> {
    case.step(Step::config(data("1"))).step(step)
}

#[test]
fn a_refresh_and_a_destroy_are_checked_too() {
    let text = failure("refresh", |case| applied(case, Step::refresh().check(state::count(7))));
    says(&text, &["step 2 of 2, a refresh: check failed", "expected: 7\n  found:    1"]);
    let text = failure("destroy", |case| applied(case, Step::destroy().check(state::exists(DATA))));
    says(&text, &["step 2 of 2, a destroy: check failed"]);
}

#[test]
fn an_import_by_a_block_cannot_be_kept() {
    let import = || Step::import(NOTE).by_block().keep();
    let text = failure("kept-block", |case| case.step(Step::config(note("milk"))).step(import()));
    says(&text, &["step 2 of 2, the import of sample_note.a: only the command imports into the state of a case"]);
}

#[test]
fn a_provider_in_a_mirror_is_installed_before_the_first_step() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("case-mirror");
    let mirror = Installation::Mirror { address: "example/sample", program: Path::new(PROGRAM), version: "1.2.3" };
    let workspace = Workspace::create(&directory, &mirror).expect("the directory can be created");
    Case::new(&workspace).step(Step::config(note("milk")).check(state::value(NOTE, "text", "milk"))).run();
    let version = workspace.json(&["version", "-json"]);
    assert_eq!(version["platform"], platform().as_str());
    let of_provider = version["provider_selections"].as_object().expect("it is installed");
    assert_eq!(of_provider.values().collect::<Vec<_>>(), ["1.2.3"]);
}
