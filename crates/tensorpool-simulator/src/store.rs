//! The data file, which keeps the simulated cloud across restarts.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::world::World;

/// An open data file, and its content.
pub(crate) struct Store {
    path: PathBuf,
    written: String,
}

impl Store {
    /// Opens a data file and restores the world from it. Creates the file if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, parsed or written.
    pub fn open(path: &Path, world: &mut World) -> io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => world.restore(serde_json::from_str(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut store = Self { path: path.to_owned(), written: String::new() };
        // A file that cannot be written is an error now, and not with the first cluster.
        store.save(world)?;
        Ok(store)
    }

    /// Writes the world if it has changed. The file is replaced as a whole, so it is never half written.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn save(&mut self, world: &World) -> io::Result<()> {
        let text = world.save()?;
        if text == self.written {
            return Ok(());
        }
        // The folder of a name without one is empty, which stands for the current folder.
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&self.path)?;
        self.written = text;
        Ok(())
    }
}
