//! Workspaces without a Terraform that runs in them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

/// A workspace in an empty directory, which is gone when the first of the two is dropped.
fn workspace() -> (tempfile::TempDir, Workspace) {
    let directory = tempfile::tempdir().expect("a directory");
    let built = Installation::DevOverride { address: "example/none", program: Path::new("/none/program") };
    let workspace = Workspace::create(&directory.path().join("w"), &built).expect("it can be created");
    (directory, workspace)
}

#[test]
fn a_workspace_is_gone_with_its_test_unless_it_is_kept_or_the_test_fails() {
    let (_directory, one) = workspace();
    let path = one.directory().to_owned();
    assert!(path.is_dir() && !one.is_kept());
    drop(one);
    assert!(!path.exists());

    let (_directory, mut kept) = workspace();
    let path = kept.directory().to_owned();
    kept.keep();
    assert!(kept.is_kept());
    drop(kept);
    assert!(path.is_dir());

    let (_directory, failed) = workspace();
    let path = failed.directory().to_owned();
    let test = move || assert!(failed.is_kept(), "this test fails");
    catch_unwind(AssertUnwindSafe(test)).expect_err("it fails");
    assert!(path.is_dir(), "it shows why");
}

#[test]
fn a_variable_is_set_until_it_is_set_otherwise_or_taken_back() {
    let (_directory, mut workspace) = workspace();
    let of_test = |workspace: &Workspace| {
        let command = workspace.command(&["version"]);
        let text = |text: &OsStr| text.to_string_lossy().into_owned();
        let all = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?))));
        all.filter(|(name, _)| name.starts_with("TEST_")).collect::<Vec<_>>()
    };
    let is = |expected: &[(&str, &str)]| {
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    workspace.set("TEST_A", "1");
    workspace.set("TEST_B", "1");
    workspace.set("TEST_A", "2");
    assert_eq!(of_test(&workspace), is(&[("TEST_A", "2"), ("TEST_B", "1")]));
    workspace.unset("TEST_A");
    assert_eq!(of_test(&workspace), is(&[("TEST_B", "1")]));
}
