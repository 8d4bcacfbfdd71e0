//! checkov: a policy of a team's own reads a plan, and fails one with an unprotected cluster.

use std::path::Path;

use serde_json::Value;

use crate::problem::{Problem, expect};
use crate::program::{Ended, run as run_program, source, succeed};
use crate::session::Session;
use crate::{client, installed};

pub fn run() -> Result<(), Problem> {
    let programs = installed::python("checkov", "tests/clients/checkov/requirements.txt")?;
    let session = client::session("checkov", &["tests/clients/checkov/main.tf"])?;
    succeed(&mut session.command(&["init", "-input=false"]))?;
    let unprotected = ["tensorpool_cluster.training"].as_slice();
    check(&session, &programs, &["-var=protected=true"], &[])?;
    check(&session, &programs, &["-var=protected=false"], unprotected)?;
    // The argument is left out.
    check(&session, &programs, &[], unprotected)
}

/// Plans with these variables, and checks which resources the policy fails.
fn check(session: &Session, programs: &Path, variables: &[&str], failing: &[&str]) -> Result<(), Problem> {
    succeed(session.command(&["plan", "-input=false", "-out=saved.plan"]).args(variables))?;
    let plan = succeed(&mut session.command(&["show", "-json", "saved.plan"]))?;
    std::fs::write(session.path("plan.json"), plan)?;
    let mut checkov = session.program(programs.join("python"));
    checkov.args(["-m", "checkov.main", "--file", "plan.json", "--external-checks-dir"]);
    checkov.arg(source("tests/clients/checkov"));
    checkov.args(["--check", "CKV2_TENSORPOOL_1", "--skip-download", "--quiet", "--compact", "--output", "json"]);
    let Ended { code, stdout, text } = run_program(checkov.env("HOME", session.path("")))?;
    let report: Value = serde_json::from_str(&stdout).map_err(|error| Problem::Failed(format!("{error}: {text}")))?;
    let failed = report["results"]["failed_checks"].as_array().into_iter().flatten();
    let failed: Vec<_> = failed.filter_map(|check| check["resource"].as_str()).collect();
    let checked = (&report["summary"]["passed"], &report["summary"]["failed"]);
    let is_right = checked == (&(2 - failing.len()).into(), &failing.len().into()) && failed == failing;
    let has_code = code == Some(i32::from(!failing.is_empty()));
    expect(is_right && has_code, || format!("{variables:?}: exit code {code:?}\n{text}"))
}
