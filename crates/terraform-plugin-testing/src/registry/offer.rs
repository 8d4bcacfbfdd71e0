//! The release that a registry offers.

use std::path::Path;

use crate::files::files_below;

/// A release that a registry offers, with everything that a test may want to falsify.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Namespace and type, for example `acme/notes`.
    pub provider: String,
    /// The version.
    pub version: String,
    /// The files of the release, by name, as they were packed.
    pub files: Vec<(String, Vec<u8>)>,
    /// The public key that the registry names for the namespace, armored.
    pub public_key: String,
    /// The identifier of the key, sixteen hexadecimal digits.
    pub key_id: String,
}

impl Offer {
    /// Reads the files of a release.
    ///
    /// # Panics
    /// If they cannot be read.
    #[must_use]
    pub fn read(provider: &str, version: &str, folder: &Path, public_key: &str, key_id: &str) -> Self {
        let files = files_below(folder).expect("the release can be read").into_iter().map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read(folder.join(&path)).expect("a file of the release can be read"))
        });
        Self {
            provider: provider.to_owned(),
            version: version.to_owned(),
            files: files.collect(),
            public_key: public_key.to_owned(),
            key_id: key_id.to_owned(),
        }
    }

    /// The content of the file whose name ends so, to be changed.
    ///
    /// # Panics
    /// If there is none.
    pub fn file(&mut self, end: &str) -> &mut Vec<u8> {
        let file = self.files.iter_mut().find(|(name, _)| name.ends_with(end));
        &mut file.unwrap_or_else(|| panic!("there is no file {end}")).1
    }

    /// Takes the file whose name ends so out of the release.
    pub fn remove(&mut self, end: &str) {
        self.files.retain(|(name, _)| !name.ends_with(end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_release_are_found_by_the_ends_of_their_names() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in [("notes_1.0.0_linux_amd64.zip", "PK"), ("notes_1.0.0_SHA256SUMS", "sums")] {
            std::fs::write(folder.path().join(name), content).expect("it can be written");
        }
        let mut offer = Offer::read("acme/notes", "1.0.0", folder.path(), "a key", "its id");
        assert_eq!((offer.public_key.as_str(), offer.key_id.as_str()), ("a key", "its id"));
        offer.file("_SHA256SUMS").push(b'!');
        assert_eq!(offer.file("_SHA256SUMS"), b"sums!");
        offer.remove("_SHA256SUMS");
        assert_eq!(offer.files, [("notes_1.0.0_linux_amd64.zip".to_owned(), b"PK".to_vec())]);
    }
}
