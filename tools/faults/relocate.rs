//! Files that Terraform wrote with one endpoint, as it would have written them with another.
//!
//! A copy of a sandbox has a cloud at a port of its own. The provider keeps in private state at which endpoint an object was
//! found, and takes another one for another account.

use std::io::{self, Cursor, Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tensorpool::fingerprint;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// How a state holds the private data of an object.
const PRIVATE: &str = "\"private\": \"";

/// The endpoint before and after, and the texts by which it is known.
pub struct Relocation(Vec<(String, String)>);

impl Relocation {
    /// From one endpoint to another.
    pub fn new(from: &str, to: &str) -> Self {
        Self(vec![(from.to_owned(), to.to_owned()), (fingerprint(from), fingerprint(to))])
    }

    /// A file.
    pub fn file(&self, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        match (bytes.starts_with(b"PK"), std::str::from_utf8(&bytes)) {
            (true, _) => self.plan(&bytes),
            (false, Ok(text)) => Ok(self.text(text).into_bytes()),
            (false, Err(_)) => Ok(bytes),
        }
    }

    /// A saved plan, which is an archive.
    fn plan(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
        let mut relocated = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).map_err(io::Error::other)?;
            let mut content = Vec::new();
            file.read_to_end(&mut content)?;
            let name = file.name().map_err(io::Error::other)?.into_owned();
            relocated.start_file(name, SimpleFileOptions::default()).map_err(io::Error::other)?;
            let content = match String::from_utf8(content) {
                Ok(text) => self.text(&text).into_bytes(),
                Err(binary) => self.binary(binary.into_bytes()),
            };
            relocated.write_all(&content)?;
        }
        Ok(relocated.finish().map_err(io::Error::other)?.into_inner())
    }

    /// A text, for example a state.
    fn text(&self, text: &str) -> String {
        let mut relocated = String::with_capacity(text.len());
        let mut parts = text.split(PRIVATE);
        relocated.extend(parts.next());
        for part in parts {
            let (private, rest) = part.split_once('"').unwrap_or((part, ""));
            relocated.push_str(PRIVATE);
            match STANDARD.decode(private) {
                Ok(bytes) => STANDARD.encode_string(self.replaced(&String::from_utf8_lossy(&bytes)), &mut relocated),
                Err(_) => relocated.push_str(private),
            }
            relocated.push('"');
            relocated.push_str(rest);
        }
        self.replaced(&relocated)
    }

    /// Binary data that holds texts. Only what keeps its length can be replaced: the fingerprint.
    fn binary(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for (from, to) in self.0.iter().filter(|(from, to)| from.len() == to.len()) {
            let mut begin = 0;
            while let Some(at) = bytes[begin..].windows(from.len()).position(|window| window == from.as_bytes()) {
                bytes[begin + at..][..to.len()].copy_from_slice(to.as_bytes());
                begin += at + to.len();
            }
        }
        bytes
    }

    fn replaced(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}
