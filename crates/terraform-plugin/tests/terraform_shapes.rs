//! Random configurations of every shape, applied and changed with a real Terraform: a slice of what `make shapes` runs.

use std::path::Path;
use std::process::Command;

/// The example `shapes`, which writes the configurations and compares the states with them.
#[test]
fn random_configurations_are_applied_as_they_are_written() {
    let test = std::env::current_exe().expect("a test is a program");
    let profile = test.parent().and_then(Path::parent).expect("it is in target");
    let shapes = profile.join("examples").join(format!("shapes{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(shapes)
        .args(["--seed", "5", "--cases", "16", "--together", "16", "--shrink", "30"])
        .output()
        .expect("the example is built by cargo test, or by cargo build --examples");
    let reported = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{reported}{}", String::from_utf8_lossy(&output.stderr));
    println!("{reported}");
}
