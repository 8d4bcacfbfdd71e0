//! How a case ended, and the table of all ends.

use std::collections::BTreeMap;

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The user noticed nothing.
    Ok,
    /// An error or an end; what exists is in the state.
    State,
    /// It costs nothing, is in no state, and the next apply adopts it.
    Free,
    /// What is not in the state was named at once.
    Reported,
    /// What is not in the state was named by the next plan.
    Journal,
    /// The next apply named what exists and how to import it, and that helped.
    Import,
    /// A message advised what else to do, and that helped.
    Advice,
    /// What must not be.
    Violation(String),
}

impl Outcome {
    /// Of what was checked, in a sandbox in which secrets were found in these files.
    pub fn of(checked: Result<Self, String>, leaks: &[String]) -> Self {
        match checked {
            Ok(_) if !leaks.is_empty() => Self::Violation(format!("a secret is in {}", leaks.join(", "))),
            Ok(outcome) => outcome,
            Err(problem) => Self::Violation(problem),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::State => "in-state",
            Self::Free => "free",
            Self::Reported => "reported",
            Self::Journal => "journal",
            Self::Import => "import",
            Self::Advice => "advice",
            Self::Violation(_) => "WRONG",
        }
    }
}

/// Prints which faults or worlds ended how, for each row: a row, a name in it and its outcome.
pub fn print_table<'a>(ends: impl IntoIterator<Item = (String, String, &'a Outcome)>) {
    let mut rows: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
    for (row, name, outcome) in ends {
        rows.entry(row).or_default().entry(outcome.word()).or_default().push(name);
    }
    for (row, outcomes) in rows {
        println!("\n{row}");
        for (word, mut names) in outcomes {
            names.sort_unstable();
            println!("  {word:9} {}", names.join(" "));
        }
    }
}
