//! The installation for people who use the provider: into a mirror, and from there by `terraform init`.
#![cfg(unix)]

mod support;

use std::process::Command;

use support::{PROGRAM, Scenario};

#[test]
fn what_is_installed_is_found_by_init_with_what_the_script_prints() {
    let mut scenario = Scenario::new("install");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/install.sh");
    let directory = scenario.path("a folder").display().to_string();
    let output = Command::new(script).args([PROGRAM, &directory]).output().expect("the script can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("it is text");

    let variable = printed.lines().find_map(|line| line.trim().strip_prefix("export TF_CLI_CONFIG_FILE="));
    scenario.set("TF_CLI_CONFIG_FILE", variable.expect("it prints the variable").trim_matches('"'));
    let block = printed.lines().skip_while(|line| !line.contains("terraform {")).take_while(|line| !line.is_empty());
    let block = block.collect::<Vec<_>>().join("\n");
    let cluster = "resource \"tensorpool_cluster\" \"train\" {\n  instance_type = \"1xH100\"\n}";
    scenario.write_file("main.tf", &format!("{block}\n\nprovider \"tensorpool\" {{}}\n\n{cluster}\n"));

    scenario.run(&["init", "-input=false"]).ok();
    let run = scenario.apply().ok();
    assert!(!run.text.contains("development overrides"), "it is installed: {}", run.text);
    scenario.expect_empty_plan();
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}
