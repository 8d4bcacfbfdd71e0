//! What works where: a row for each feature, a column for each CLI.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::suite::{Outcome, Result};

/// The results of every CLI.
#[derive(Default)]
pub struct Table {
    columns: Vec<(String, Option<Vec<Result>>)>,
}

impl Table {
    /// Adds what a CLI's tests came to.
    pub fn add(&mut self, cli: &str, results: Vec<Result>) {
        self.columns.push((cli.to_owned(), Some(results)));
    }

    /// Notes that a CLI could not be had.
    pub fn not_available(&mut self, cli: &str) {
        self.columns.push((cli.to_owned(), None));
    }

    /// Every test that failed, in words.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        self.columns.iter().flat_map(|(cli, results)| {
            let failed = results.iter().flatten().filter(|result| result.outcome == Outcome::Failed);
            failed.map(move |result| format!("failed on {cli}: {} ({})", result.test, result.feature))
        })
    }
}

/// What a CLI's tests of one feature came to.
fn cell(feature: &str, results: Option<&Vec<Result>>) -> String {
    let Some(results) = results else { return "not available here".to_owned() };
    let count = |outcome| results.iter().filter(|one| one.feature == feature && one.outcome == outcome).count();
    match (count(Outcome::Failed), count(Outcome::Passed), count(Outcome::LeftOut)) {
        (0, 0, 0) => "-".to_owned(),
        (0, 0, left_out) => format!("left out ({left_out})"),
        (0, passed, 0) => format!("pass ({passed})"),
        (0, passed, left_out) => format!("pass ({passed}), left out ({left_out})"),
        (failed, ..) => format!("FAIL ({failed})"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.columns.iter().flat_map(|(_, results)| results.iter().flatten());
        let features: BTreeSet<&str> = all.map(|result| result.feature.as_str()).collect();
        let mut columns: Vec<Vec<String>> =
            vec![std::iter::once("feature".to_owned()).chain(features.iter().map(ToString::to_string)).collect()];
        for (cli, results) in &self.columns {
            let cells = features.iter().map(|feature| cell(feature, results.as_ref()));
            columns.push(std::iter::once(cli.clone()).chain(cells).collect());
        }
        let widths: BTreeMap<usize, usize> =
            columns.iter().map(|column| column.iter().map(String::len).max().unwrap_or(0)).enumerate().collect();
        for row in 0..=features.len() {
            let cells =
                columns.iter().enumerate().map(|(at, column)| format!("{:width$}", column[row], width = widths[&at]));
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_what_passed_failed_and_is_not_there() {
        let result = |feature: &str, outcome| Result { feature: feature.to_owned(), test: "t".to_owned(), outcome };
        let mut table = Table::default();
        let passed = result("cluster", Outcome::Passed);
        table.add("OpenTofu 1.12.6", vec![result("actions", Outcome::LeftOut), passed.clone(), passed]);
        table.not_available("1.11.4");
        table.add("Terraform 1.14.9", vec![result("actions", Outcome::Passed), result("cluster", Outcome::Failed)]);
        assert_eq!(
            table.to_string(),
            "feature  OpenTofu 1.12.6  1.11.4              Terraform 1.14.9\n\
             actions  left out (1)     not available here  pass (1)\n\
             cluster  pass (2)         not available here  FAIL (1)\n"
        );
        assert_eq!(table.failures().collect::<Vec<_>>(), ["failed on Terraform 1.14.9: t (cluster)"]);
    }
}
