//! The public keys of a cluster, in every way in which people come by them: planned, applied and empty.

mod support;

use std::collections::HashMap;

use serde_json::{Value, json};
use support::Scenario;

const A: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
const B: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What the clusters of the table refer to.
const AROUND: &str = r#"
variable "a" { type = string }
variable "b" {}
variable "both" { type = list(string) }
variable "map" { type = map(string) }
variable "none" { default = null }
variable "secret" {
  type      = list(string)
  sensitive = true
}
resource "tensorpool_ssh_key" "a" {
  name       = "a"
  public_key = var.a
}
resource "terraform_data" "a" {
  input = var.a
}
resource "terraform_data" "both" {
  input = var.both
}
resource "terraform_data" "none" {
  input = var.a == "" ? var.both : null
}
"#;

/// A name, what stands after `public_keys =`, and the keys that the cluster then has.
fn table() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    vec![
        ("absent", "", vec![]),
        ("empty", "[]", vec![]),
        ("null", "null", vec![]),
        ("null-variable", "var.none", vec![]),
        ("null-conditional", "var.none == null ? null : var.both", vec![]),
        ("null-unknown", "terraform_data.none.output", vec![]),
        ("null-in-time", "terraform_data.a.output == \"\" ? var.both : null", vec![]),
        ("null-compact", "compact([var.none, var.a])", vec![A]),
        ("resource", "[tensorpool_ssh_key.a.public_key]", vec![A]),
        ("resource-whole", "tensorpool_ssh_key.a[*].public_key", vec![A]),
        ("variable", "[var.a, var.b]", vec![A, B]),
        ("variable-list", "var.both", vec![A, B]),
        ("variable-secret", "var.secret", vec![A, B]),
        ("for", "[for key in var.both : trimspace(key)]", vec![A, B]),
        ("for-if", "[for key in var.both : key if key != var.b]", vec![A]),
        ("for-map", "[for name, key in var.map : \"${key} ${name}\"]", vec![A, B]),
        ("values", "values(var.map)", vec![A, B]),
        ("set", "toset(var.both)", vec![B, A]),
        ("twice", "[var.a, var.a]", vec![A, A]),
        ("twice-comment", "[var.a, \"${var.a} me@home\"]", vec![A, A]),
        ("twice-concat", "concat(var.both, [var.a])", vec![A, B, A]),
        ("distinct", "distinct(concat(var.both, var.both))", vec![A, B]),
        ("unknown", "[terraform_data.a.output]", vec![A]),
        ("unknown-list", "terraform_data.both.output", vec![A, B]),
        ("unknown-some", "[var.b, terraform_data.a.output]", vec![B, A]),
        ("unknown-twice", "[terraform_data.a.output, terraform_data.a.output]", vec![A, A]),
        ("unknown-for", "[for key in terraform_data.both.output : key if key != \"\"]", vec![A, B]),
        ("unknown-set", "toset(terraform_data.both.output)", vec![B, A]),
        ("splat", "[for key in [terraform_data.a] : key.output]", vec![A]),
        ("split", "compact(split(\"\\n\", \"${var.a}\\n${var.b}\"))", vec![A, B]),
    ]
}

fn configuration(around: &str) -> String {
    table().into_iter().fold(around.to_owned(), |all, (name, expression, _)| {
        let keys = if expression.is_empty() { String::new() } else { format!("  public_keys = {expression}\n") };
        all + &format!(
            "resource \"tensorpool_cluster\" \"{name}\" {{\n  name = \"{name}\"\n  instance_type = \"1xH100\"\n{keys}}}\n"
        )
    })
}

/// The type and the key of each.
fn without_comments(keys: &Value) -> Vec<String> {
    let keys = keys.as_array().expect("it is a list").iter();
    let plain = |key: &Value| {
        let text = key.as_str().expect("it is a text");
        text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    };
    keys.map(plain).collect()
}

#[test]
fn keys_from_everywhere_are_planned_applied_and_empty() {
    let scenario = Scenario::new("public-keys");
    let variables = json!({"a": A, "b": B, "both": [A, B], "secret": [A, B], "map": {"a": A, "b": B}});
    scenario.write_file("terraform.tfvars.json", &variables.to_string());
    scenario.write(&configuration(AROUND));
    scenario.apply().ok();
    scenario.expect_empty_plan();
    let address = |resource: &Value| resource["address"].as_str().expect("it has one").to_owned();
    let states: HashMap<_, _> =
        scenario.resources().iter().map(|resource| (address(resource), resource["values"].clone())).collect();
    for (name, _, keys) in table() {
        let held = &states[&format!("tensorpool_cluster.{name}")]["public_keys"];
        assert_eq!(without_comments(held), keys, "{name}");
    }

    // Another comment and another order make no other keys, whoever gives them.
    let commented = format!("{A} me@home");
    let variables = json!({"a": commented, "b": B, "both": [commented, B], "secret": [B, commented],
        "map": {"a": commented, "b": B}});
    scenario.write_file("terraform.tfvars.json", &variables.to_string());
    // What is known after the apply may be another key, so only what is known now is compared.
    let run = scenario.plan().ok();
    let replaced = run.text.lines().filter(|line| line.contains("\"planned_change\"") && line.contains("\"replace\""));
    for line in replaced {
        let waits = table().into_iter().any(|(name, expression, _)| {
            line.contains(&format!("tensorpool_cluster.{name}\"")) && expression.contains("terraform_data")
        });
        assert!(waits, "{line}");
    }
}
