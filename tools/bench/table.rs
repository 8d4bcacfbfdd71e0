//! A table in plain text, with columns that stand below each other.

use std::fmt;

/// A table. Columns of figures are aligned to the right, columns of words to the left.
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    fn column(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(at)).map(String::as_str)
    }

    fn line(&self, cells: &[String]) -> String {
        let cell = |(at, text): (usize, &String)| {
            let width = self.column(at).chain([&*self.head[at]]).map(|cell| cell.chars().count()).max().unwrap_or(0);
            if self.column(at).all(is_figure) { format!("{text:>width$}") } else { format!("{text:width$}") }
        };
        cells.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

/// Whether a cell holds a figure, or says that there is none.
fn is_figure(cell: &str) -> bool {
    cell.trim_start_matches('-').is_empty()
        || cell.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit())
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in std::iter::once(&self.head).chain(&self.rows) {
            writeln!(f, "  {}", self.line(line))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_to_the_right_and_words_to_the_left() {
        let mut table = Table::new(&["program", "size", "threads"]);
        table.add(vec!["provider-of-many".to_owned(), "9.5 MiB".to_owned(), "2".to_owned()]);
        table.add(vec!["other".to_owned(), "104.0 MiB".to_owned(), "-".to_owned()]);
        assert_eq!(
            table.to_string(),
            "  program                size  threads\n\
             \x20 provider-of-many    9.5 MiB        2\n\
             \x20 other             104.0 MiB        -\n"
        );
    }

    #[test]
    fn a_table_without_rows_is_its_head() {
        assert_eq!(Table::new(&["a", "b"]).to_string(), "  a  b\n");
    }
}
