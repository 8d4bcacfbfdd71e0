//! Random configurations of every shape, applied and changed with a real Terraform: a slice of what `make shapes` runs.

use std::process::Command;

/// The program `shapes`, which writes the configurations and compares the states with them.
#[test]
fn random_configurations_are_applied_as_they_are_written() {
    let output = Command::new(env!("CARGO_BIN_EXE_shapes"))
        .args(["--seed", "5", "--cases", "16", "--together", "16", "--shrink", "30"])
        .output()
        .expect("cargo has built it");
    let reported = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{reported}{}", String::from_utf8_lossy(&output.stderr));
    println!("{reported}");
}
