//! Directories of pages: copied, compared, and put in the place of others.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use terraform_plugin_testing::files_below;

use crate::problem::{Problem, at};

/// The files of a directory, by their path in it.
pub type Pages = BTreeMap<PathBuf, String>;

/// Reads all files below a directory; none if there is no such directory.
pub fn read(directory: &Path) -> Result<Pages, Problem> {
    if !directory.is_dir() {
        return Ok(Pages::new());
    }
    let read = |path: PathBuf| {
        let file = directory.join(&path);
        Ok((path, fs::read_to_string(&file).map_err(at(&file))?))
    };
    files_below(directory).map_err(at(directory))?.into_iter().map(read).collect()
}

/// Writes the files that a directory lacks or has otherwise, and removes those that it has more.
pub fn write(pages: &Pages, directory: &Path) -> Result<(), Problem> {
    let before = read(directory)?;
    for path in before.keys().filter(|path| !pages.contains_key(*path)) {
        let path = directory.join(path);
        fs::remove_file(&path).map_err(at(&path))?;
    }
    for (path, text) in pages.iter().filter(|(path, text)| before.get(*path) != Some(text)) {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        fs::write(&path, text).map_err(at(&path))?;
    }
    Ok(())
}

/// What differs between the pages that there are and those that there should be, one a line.
pub fn differences(are: &Pages, should_be: &Pages) -> Vec<String> {
    let paths: std::collections::BTreeSet<_> = are.keys().chain(should_be.keys()).collect();
    let differs = |path: &&PathBuf| are.get(*path) != should_be.get(*path);
    let line = |path: &PathBuf| match (are.get(path), should_be.get(path)) {
        (None, _) => format!("{} is missing", path.display()),
        (_, None) => format!("{} is more than is generated", path.display()),
        (Some(is), Some(should_be)) => {
            let number = is.lines().zip(should_be.lines()).take_while(|(is, should_be)| is == should_be).count();
            let line = should_be.lines().nth(number).unwrap_or("nothing more");
            format!("{}, line {}: generated is\n    {line}", path.display(), number + 1)
        }
    };
    paths.into_iter().filter(differs).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_the_file_and_the_line() {
        let pages = |files: &[(&str, &str)]| {
            files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect::<Pages>()
        };
        let are = pages(&[("a.md", "1\n2\n3\n"), ("b.md", "1\n"), ("d.md", "same")]);
        let should_be = pages(&[("a.md", "1\ntwo\n3\n"), ("c.md", "1\n"), ("d.md", "same")]);
        assert_eq!(
            differences(&are, &should_be),
            ["a.md, line 2: generated is\n    two", "b.md is more than is generated", "c.md is missing"]
        );
    }
}
