//! The newest version in a change log, whose headings are `## 1.2.3 (January 2, 2027)`, or `(Unreleased)` before that.

/// The heading of the newest version.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heading<'a> {
    pub version: &'a str,
    pub is_released: bool,
}

/// The first heading of the second level; `None` if the change log has none, or it names no version.
pub(crate) fn newest(changelog: &str) -> Option<Heading<'_>> {
    let heading = changelog.lines().find_map(|line| line.strip_prefix("## "))?.trim();
    let (version, date) = heading.split_once(' ').unwrap_or((heading, ""));
    let date = date.trim().trim_start_matches('(').trim_end_matches(')');
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    is_version.then_some(Heading { version, is_released: !date.is_empty() && !date.eq_ignore_ascii_case("unreleased") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_heading_names_the_version_and_whether_it_is_released() {
        for (changelog, expected) in [
            ("# Changelog\n\n## 0.2.0 (March 3, 2027)\n\n## 0.1.0 (January 2, 2027)\n", Some(("0.2.0", true))),
            ("## 0.2.0 (Unreleased)\n", Some(("0.2.0", false))),
            ("## 0.2.0\n", Some(("0.2.0", false))),
            ("## Unreleased\n\n## 0.1.0 (January 2, 2027)\n", None),
            ("# 0.1.0\n", None),
        ] {
            let heading = newest(changelog).map(|heading| (heading.version, heading.is_released));
            assert_eq!(heading, expected, "{changelog}");
        }
    }
}
