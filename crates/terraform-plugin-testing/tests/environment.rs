//! What is read of the environment: each test here starts itself in another process, with variables of its own.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use terraform_plugin_testing::case::{Case, Step, query};
use terraform_plugin_testing::{Feature, Workspace, has, left_out_without_tool, requires, terraform};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");
/// What a query printed.
const FOUND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/case/recorded/query.jsonl");
/// The list of the tests that were left out.
const SKIPPED: &str = "TERRAFORM_PLUGIN_TESTING_SKIPPED";
/// Is set in the other process.
const AGAIN: &str = "TERRAFORM_PLUGIN_TESTING_AGAIN";

/// Programs that say that they are this, each in a folder of its own, and find what is recorded.
const CLIS: [(&str, &str); 3] =
    [("new/terraform", "Terraform v1.14.0"), ("old/terraform", "Terraform v1.11.0"), ("tofu/tofu", "OpenTofu v1.11.0")];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("environment")
}

/// The path of such a program.
fn cli(name: &str) -> String {
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(|| {
        for (name, version) in CLIS {
            let program = folder().join(name);
            fs::create_dir_all(program.parent().expect("it is in a folder")).expect("it can be created");
            let script = format!(
                "#!/bin/sh\ncase \"$1\" in\n  version) echo '{version}' ;;\n  query) cat '{FOUND}' ;;\n  *) echo '{{}}' ;;\nesac\n"
            );
            fs::write(&program, script).expect("it can be written");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
    });
    folder().join(name).display().to_string()
}

fn is_other_process() -> bool {
    std::env::var_os(AGAIN).is_some()
}

/// Runs a test of this file in another process with these variables. Returns whether it passed, and what it printed.
fn again(test: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new(std::env::current_exe().expect("this process is known"));
    command.args(["--exact", test, "--nocapture"]).env(AGAIN, "1").env_remove("REQUIRE_TOOLS").env_remove(SKIPPED);
    let Output { status, stdout, stderr } =
        command.envs(variables.iter().copied()).output().expect("it can be started");
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

#[test]
fn a_test_is_left_out_where_the_cli_lacks_what_it_needs() {
    const TEST: &str = "a_test_is_left_out_where_the_cli_lacks_what_it_needs";
    if is_other_process() {
        let goes_on = requires(Feature::Queries);
        assert_eq!(goes_on, has(Feature::Queries));
        return println!("it goes on: {goes_on}");
    }
    let (old, new) = (cli("old/terraform"), cli("new/terraform"));
    let list = folder().join("skipped");
    _ = fs::remove_file(&list);
    let skipped = (SKIPPED, list.to_str().expect("it is a text"));
    let (passed, printed) = again(TEST, &[("TF", &new), skipped]);
    assert!(passed && printed.contains("it goes on: true") && !printed.contains("left out"), "{printed}");
    assert!(!list.exists());
    let why = format!("left out, as Terraform 1.11.0 does not have what it needs, queries: {TEST}\n");
    let (passed, printed) = again(TEST, &[("TF", &old), skipped]);
    assert!(passed && printed.contains("it goes on: false") && printed.contains(&why), "{printed}");
    assert_eq!(fs::read_to_string(&list).expect("it was written"), format!("{TEST}\n"));
}

#[test]
fn a_tool_that_is_missing_leaves_a_test_out_or_fails_it() {
    const TEST: &str = "a_tool_that_is_missing_leaves_a_test_out_or_fails_it";
    if is_other_process() {
        return left_out_without_tool("there is no npm\nas the path says");
    }
    let (passed, printed) = again(TEST, &[]);
    assert!(passed && printed.contains(&format!("left out, as there is no npm: {TEST}\n")), "{printed}");
    let (passed, printed) = again(TEST, &[("REQUIRE_TOOLS", "1")]);
    let why = "REQUIRE_TOOLS is set, but there is no npm\nas the path says";
    assert!(!passed && printed.contains(why) && !printed.contains("left out"), "{printed}");
}

#[test]
fn the_cli_is_the_one_that_is_named_or_the_first_on_the_path() {
    const TEST: &str = "the_cli_is_the_one_that_is_named_or_the_first_on_the_path";
    if is_other_process() {
        return println!("at hand: {}.", terraform().display());
    }
    let (old, new, tofu) = (cli("old/terraform"), cli("new/terraform"), cli("tofu/tofu"));
    let path = |names: &[&str]| {
        let folders = names.iter().map(|name| folder().join(name).display().to_string());
        folders.collect::<Vec<_>>().join(":")
    };
    for (variable, folders, expected) in [
        (new.as_str(), &["old"][..], &new),
        ("", &["tofu", "old", "new"], &old),
        ("", &["tofu"], &tofu),
        ("tofu", &["old", "tofu"], &tofu),
    ] {
        let (passed, printed) = again(TEST, &[("TF", variable), ("PATH", &path(folders))]);
        assert!(passed && printed.contains(&format!("at hand: {expected}.\n")), "{printed}");
    }
}

#[test]
fn what_a_query_finds_is_checked() {
    if is_other_process() {
        let workspace = Workspace::new("environment-query", "example/sample", Path::new(PROGRAM));
        let case = |number| {
            Case::new(&workspace).step(Step::query("# What is found is recorded.").expect(query::finds(number)))
        };
        case(2).run();
        let panic = catch_unwind(AssertUnwindSafe(|| case(3).run())).expect_err("two are found");
        let text = panic.downcast_ref::<String>().expect("it says why");
        let check = "step 1 of 1, a query: check failed: the number of objects that were found\n  expected: 3";
        assert!(text.starts_with(check), "{text}");
        return println!("it was checked");
    }
    let (passed, printed) = again("what_a_query_finds_is_checked", &[("TF", &cli("new/terraform"))]);
    assert!(passed && printed.contains("it was checked"), "{printed}");
}
