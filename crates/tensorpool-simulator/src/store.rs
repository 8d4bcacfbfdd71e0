//! Keeps the simulated cloud in a file, so that it survives a restart.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::world::World;

/// The file, and what was last written to it.
pub(crate) struct Store {
    path: PathBuf,
    written: String,
}

impl Store {
    /// Opens the file, and brings back what it holds.
    pub fn open(path: &Path, world: &mut World) -> io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => world.restore(serde_json::from_str(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut store = Self { path: path.to_owned(), written: String::new() };
        // A place that cannot be written to shows at once, not with the first cluster.
        store.save(world)?;
        Ok(store)
    }

    /// Writes what has changed. The file is replaced as a whole, so that it is never half written.
    pub fn save(&mut self, world: &World) -> io::Result<()> {
        let text = world.save()?;
        if text == self.written {
            return Ok(());
        }
        let directory = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let mut file = tempfile::NamedTempFile::new_in(directory.unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        file.persist(&self.path)?;
        self.written = text;
        Ok(())
    }
}
