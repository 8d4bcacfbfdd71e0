//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Measures how quickly providers start and what they take, and how the work on clusters grows with their number.
#[derive(Parser)]
pub struct Arguments {
    /// Few runs, and few clusters: to see that it works, not to compare.
    #[arg(long)]
    pub quick: bool,
    /// The numbers of clusters, separated by spaces.
    #[arg(long, value_delimiter = ' ')]
    clusters: Vec<usize>,
    /// The providers whose starts are measured, of protocol 5 or 6. The others are compared with the first.
    #[arg(required = true)]
    pub programs: Vec<PathBuf>,
}

impl Arguments {
    /// The numbers of clusters, those of the command line first.
    pub fn clusters(&self) -> &[usize] {
        match (&self.clusters[..], self.quick) {
            ([], true) => &[1, 10],
            ([], false) => &[1, 10, 100, 1_000],
            (named, _) => named,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_clusters_stand_in_one_argument() {
        let clusters = |arguments: &[&str]| Arguments::parse_from(arguments).clusters().to_vec();
        assert_eq!(clusters(&["bench", "--clusters", "1 30 3000", "provider"]), [1, 30, 3000]);
        assert_eq!(clusters(&["bench", "--quick", "--clusters", "5", "provider"]), [5]);
        assert_eq!(clusters(&["bench", "--quick", "provider"]), [1, 10]);
        assert_eq!(clusters(&["bench", "provider"]), [1, 10, 100, 1_000]);
    }
}
