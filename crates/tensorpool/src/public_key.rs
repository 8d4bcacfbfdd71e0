//! SSH public keys in OpenSSH's format: a type, a blob in base64, and a comment.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// The key types of OpenSSH, each with the number of fields in its blob, including the type.
const TYPES: [(&str, usize); 8] = [
    ("ssh-ed25519", 2),
    ("ssh-rsa", 3),
    ("ssh-dss", 5),
    ("ecdsa-sha2-nistp256", 3),
    ("ecdsa-sha2-nistp384", 3),
    ("ecdsa-sha2-nistp521", 3),
    ("sk-ssh-ed25519@openssh.com", 3),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 4),
];

/// An SSH public key. Two keys are equal if their types and blobs are; the comment is not compared.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: String,
    blob: Vec<u8>,
    comment: Option<String>,
}

/// Why a text is not a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// The text is empty.
    #[error("it is empty")]
    Empty,
    /// The text is a private key.
    #[error("it is a private key, which must stay secret; the public one is in the file that ends in .pub")]
    PrivateKey,
    /// The text has more than one line.
    #[error("it has several lines; a public key is one line")]
    SeveralLines,
    /// The text does not begin with a key type.
    #[error("it does not begin with a known key type, for example ssh-ed25519 or ssh-rsa")]
    UnknownType,
    /// There is nothing after the type.
    #[error("the key itself is missing after the type {0}")]
    NoBlob(String),
    /// The blob is not base64.
    #[error("what follows the type {0} is not base64")]
    NotBase64(String),
    /// The type inside the blob is another one.
    #[error("it begins with the type {outer}, but the key itself is of the type {inner}")]
    OtherType {
        /// The type in front of the blob.
        outer: String,
        /// The type inside the blob.
        inner: String,
    },
    /// The blob is too short or too long.
    #[error("the key itself is truncated or corrupt")]
    Damaged,
}

impl PublicKey {
    /// Parses a key as it is written in a file that ends in `.pub`.
    ///
    /// # Errors
    /// Returns an error if the text is not a public key. The error never contains what might be a secret.
    pub fn parse(text: &str) -> Result<Self, PublicKeyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PublicKeyError::Empty);
        }
        if is_private(text) {
            return Err(PublicKeyError::PrivateKey);
        }
        if text.lines().count() > 1 {
            return Err(PublicKeyError::SeveralLines);
        }
        let (algorithm, rest) = next_word(text);
        let Some((_, fields)) = TYPES.iter().find(|(name, _)| *name == algorithm) else {
            return Err(PublicKeyError::UnknownType);
        };
        let (blob, comment) = next_word(rest);
        if blob.is_empty() {
            return Err(PublicKeyError::NoBlob(algorithm.to_owned()));
        }
        let blob = STANDARD
            .decode(blob)
            .or_else(|_| STANDARD_NO_PAD.decode(blob))
            .map_err(|_| PublicKeyError::NotBase64(algorithm.to_owned()))?;
        let found = read_fields(&blob).ok_or(PublicKeyError::Damaged)?;
        match found.first() {
            Some(inner) if *inner == algorithm.as_bytes() => {}
            // What is not printable is not a type.
            Some(inner) if inner.iter().all(u8::is_ascii_graphic) => {
                let inner = String::from_utf8_lossy(inner).into_owned();
                return Err(PublicKeyError::OtherType { outer: algorithm.to_owned(), inner });
            }
            _ => return Err(PublicKeyError::Damaged),
        }
        if found.len() != *fields {
            return Err(PublicKeyError::Damaged);
        }
        let comment = (!comment.is_empty()).then(|| comment.to_owned());
        Ok(Self { algorithm: algorithm.to_owned(), blob, comment })
    }

    /// Returns the type, for example `ssh-ed25519`.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Returns the comment, which is usually a user and a machine.
    #[must_use]
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// Returns the fingerprint as `ssh-keygen -l` prints it: `SHA256:` and the hash of the blob in base64 without padding.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.blob);
        format!("SHA256:{}", STANDARD_NO_PAD.encode(hash))
    }
}

impl FromStr for PublicKey {
    type Err = PublicKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        (&self.algorithm, &self.blob) == (&other.algorithm, &other.blob)
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.algorithm, &self.blob).hash(state);
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, STANDARD.encode(&self.blob))?;
        self.comment.iter().try_for_each(|comment| write!(f, " {comment}"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.algorithm, self.fingerprint())
    }
}

/// Splits a text after its first word.
fn next_word(text: &str) -> (&str, &str) {
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

/// Whether a text is a private key: it has the header of one, or begins like one of OpenSSH without its header.
fn is_private(text: &str) -> bool {
    text.contains("PRIVATE KEY") || text.starts_with("PuTTY-User-Key-File") || text.starts_with("b3BlbnNzaC1rZXktdjE")
}

/// Reads the fields of a blob, each of which is preceded by its length in four bytes. `None` if they do not fill it exactly.
fn read_fields(mut blob: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = Vec::new();
    while !blob.is_empty() {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let (field, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        fields.push(field);
        blob = rest;
    }
    Some(fields)
}

#[cfg(test)]
mod tests;
