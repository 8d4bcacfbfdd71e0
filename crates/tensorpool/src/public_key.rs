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
mod tests {
    use std::hash::DefaultHasher;

    use super::*;

    /// Keys generated by `ssh-keygen`, and the fingerprints that `ssh-keygen -lf` prints.
    const KEYS: &[(&str, &str)] = &[
        (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6 me@home",
            "SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE",
        ),
        (
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDOjfnpapRMIb+posXQUL2C5f7ysrn9CpbuR2VHldIc7NhnDUitLopTH8PF\
             miRuoc9cObQZW3TymT56gQcIg28fqNcUBOThIltWUvxTeJADqWDCNraBvsqDi5DvNrcDXQcEJpNrWtJ02fFrawV6szsXTNeV\
             yI/4XlrK1Vp2wMJTG7JCTlHCl9PrEdmGLUySBvLkTnlzanz4h2yySjUn8jP5WuOEYYBSjYz0Uh+ilKmAl+AdwexdDs7vNgWz\
             /cVWFEWLVDzZ5B74b6op0xuv+hGERl5dkhWGy1jOEFMEtNrZIxMbNa41iH4OSS1tMnwYQ6J+7FZMCcQRXb9Dg74w80xF me@\
             home",
            "SHA256:jIkp2fGKt7jCzpXc2ojrKMqoBAF3fipAdiUIF4JVDAQ",
        ),
        (
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGeaS75f6fs6RLf0ZTyw2cTS\
             RyiSNIRSqEYjwSmlRvO+4F0m7CfaqMzohCZFuImRv+rOpBdj2j/dYZXYsGeCtDY= me@home",
            "SHA256:yZqJPZW2Jaa6Z1xN5k9IGwDTfKtzm+N8ibCclJolgJ0",
        ),
        (
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAGBiFJw1lnVhDO5rhKTdRuj\
             qrHjDOn2LUArfYdMnB3AwNBpB5MJEosoYjJB3o4EQOJWbeK+cwOe9W6IS8lrx+ADUQCNpzwUsLc1XZ8fLTKJwY5rRJaXRtOe\
             NWcbibdhPlVQwCWKCQUbpOS+XeJ2EBeGgQ+YpAL4WVIFSDRWFn2jpQQTVA== me@home",
            "SHA256:b9AuRWyStPfVRS0hWz6SvFbHx4jGpNy52QEpmuP+Jlw",
        ),
    ];

    #[test]
    fn fingerprints_are_those_of_ssh_keygen() {
        for (text, fingerprint) in KEYS {
            let key = PublicKey::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(key.fingerprint(), *fingerprint, "{text}");
            assert_eq!(key.to_string(), *text);
        }
    }

    #[test]
    fn the_comment_and_spaces_are_not_compared() {
        let (text, _) = KEYS[0];
        let (bare, comment) = text.rsplit_once(' ').expect("it has a comment");
        let key = PublicKey::parse(text).expect("it is a key");
        assert_eq!(key.comment(), Some(comment));
        let spaced = format!("\n{} \t my laptop \r\n", bare.replace(' ', "   "));
        let spaced = PublicKey::parse(&spaced).expect("spaces are allowed");
        assert_eq!(spaced.comment(), Some("my laptop"));
        assert_eq!(key, spaced);
        assert_eq!(PublicKey::parse(bare).expect("a comment is optional").comment(), None);
        assert_ne!(key, PublicKey::parse(KEYS[1].0).expect("it is a key"));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let ed25519 = KEYS[0].0;
        let type_of_another = ed25519.replace("ssh-ed25519", "ssh-rsa");
        let cut = &ed25519[..ed25519.len() / 2];
        let no_base64 = ed25519.replace("AAAA", "AA*A");
        let two = format!("{ed25519}\n{ed25519}");
        for (text, error) in [
            (" \n", PublicKeyError::Empty),
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", PublicKeyError::PrivateKey),
            ("-----BEGIN RSA PRIVATE KEY-----", PublicKeyError::PrivateKey),
            ("PuTTY-User-Key-File-3: ssh-ed25519", PublicKeyError::PrivateKey),
            ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU", PublicKeyError::PrivateKey),
            (&two, PublicKeyError::SeveralLines),
            ("~/.ssh/id_ed25519.pub", PublicKeyError::UnknownType),
            ("ssh-ed25519", PublicKeyError::NoBlob("ssh-ed25519".to_owned())),
            (&no_base64, PublicKeyError::NotBase64("ssh-ed25519".to_owned())),
            (
                &type_of_another,
                PublicKeyError::OtherType { outer: "ssh-rsa".to_owned(), inner: "ssh-ed25519".to_owned() },
            ),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", PublicKeyError::Damaged),
            ("ssh-ed25519 AAAA", PublicKeyError::Damaged),
            // Its only field is one control character.
            ("ssh-ed25519 AAAAAQc=", PublicKeyError::Damaged),
        ] {
            assert_eq!(PublicKey::parse(text), Err(error), "{text}");
        }
        assert!(PublicKey::parse(cut).is_err());
    }

    #[test]
    fn equal_keys_have_the_same_hash_and_others_have_not() {
        let hash = |text: &str| {
            let mut hasher = DefaultHasher::new();
            PublicKey::parse(text).expect("it is a key").hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(KEYS[0].0), hash(&KEYS[0].0.replace("me@home", "you")));
        assert_ne!(hash(KEYS[0].0), hash(KEYS[1].0));
    }

    #[test]
    fn a_key_has_the_type_in_front_of_it_and_debug_output_shows_its_fingerprint() {
        for (text, fingerprint) in KEYS {
            let key: PublicKey = text.parse().expect("it is a key");
            let (algorithm, _) = text.split_once(' ').expect("it has a type");
            assert_eq!(key.algorithm(), algorithm);
            assert_eq!(format!("{key:?}"), format!("PublicKey({algorithm} {fingerprint})"));
        }
    }
}
