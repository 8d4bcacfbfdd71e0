//! What works where: a row for each feature, a column for each version.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::suite::{Outcome, Result};

/// The results of every version.
#[derive(Default)]
pub struct Table {
    versions: Vec<(String, Option<Vec<Result>>)>,
}

impl Table {
    /// Adds what a version's tests came to.
    pub fn add(&mut self, version: &str, results: Vec<Result>) {
        self.versions.push((version.to_owned(), Some(results)));
    }

    /// Notes that a version could not be had.
    pub fn not_available(&mut self, version: &str) {
        self.versions.push((version.to_owned(), None));
    }

    /// Every test that failed, in words.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        self.versions.iter().flat_map(|(version, results)| {
            let failed = results.iter().flatten().filter(|result| result.outcome == Outcome::Failed);
            failed.map(move |result| format!("failed on {version}: {} ({})", result.test, result.feature))
        })
    }
}

/// What a version's tests of one feature came to.
fn cell(feature: &str, version: &str, results: Option<&Vec<Result>>) -> String {
    let Some(results) = results else { return "not available here".to_owned() };
    let count = |outcome| results.iter().filter(|one| one.feature == feature && one.outcome == outcome).count();
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    match (count(Outcome::Failed), count(Outcome::Passed), count(Outcome::LeftOut)) {
        (0, 0, 0) => "-".to_owned(),
        (0, 0, _) => format!("not in {minor}"),
        (0, passed, 0) => format!("pass ({passed})"),
        (0, passed, left_out) => format!("pass ({passed}), {left_out} not in {minor}"),
        (failed, ..) => format!("FAIL ({failed})"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.versions.iter().flat_map(|(_, results)| results.iter().flatten());
        let features: BTreeSet<&str> = all.map(|result| result.feature.as_str()).collect();
        let mut columns: Vec<Vec<String>> =
            vec![std::iter::once("feature".to_owned()).chain(features.iter().map(ToString::to_string)).collect()];
        for (version, results) in &self.versions {
            let cells = features.iter().map(|feature| cell(feature, version, results.as_ref()));
            columns.push(std::iter::once(version.clone()).chain(cells).collect());
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
        table.add("1.10.5", vec![result("actions", Outcome::LeftOut), result("cluster", Outcome::Passed)]);
        table.not_available("1.11.4");
        table.add("1.14.9", vec![result("actions", Outcome::Passed), result("cluster", Outcome::Failed)]);
        assert_eq!(
            table.to_string(),
            "feature  1.10.5       1.11.4              1.14.9\n\
             actions  not in 1.10  not available here  pass (1)\n\
             cluster  pass (1)     not available here  FAIL (1)\n"
        );
        assert_eq!(table.failures().collect::<Vec<_>>(), ["failed on 1.14.9: t (cluster)"]);
    }
}
