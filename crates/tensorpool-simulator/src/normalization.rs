//! How the API may normalize the values that it receives.

use serde::{Deserialize, Serialize};

/// How names are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// As they were sent.
    AsSent,
    /// Without spaces around them.
    Trimmed,
    /// In lower case.
    LowerCase,
}

/// How container images are returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Containers {
    /// As they were sent.
    AsSent,
    /// With registry and tag: `docker.io/library/image:latest` for `image`.
    Full,
}

impl Names {
    /// Returns the name that is stored.
    pub(crate) fn normalize(self, name: &str) -> String {
        match self {
            Self::AsSent => name.to_owned(),
            Self::Trimmed => name.trim().to_owned(),
            Self::LowerCase => name.to_lowercase(),
        }
    }
}

impl Containers {
    /// Returns the image that is returned.
    pub(crate) fn normalize(self, image: &str) -> String {
        if self == Self::AsSent {
            return image.to_owned();
        }
        let registry = match image.split_once('/') {
            Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => "",
            Some(_) => "docker.io/",
            None => "docker.io/library/",
        };
        let last = image.rsplit('/').next().unwrap_or(image);
        let tag = if last.contains([':', '@']) { "" } else { ":latest" };
        format!("{registry}{image}{tag}")
    }
}

/// Returns the size of a volume for the requested one: rounded up to a multiple of the step.
pub(crate) fn size_gb(requested: u64, step: u64) -> u64 {
    requested.checked_next_multiple_of(step).unwrap_or(requested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_completed_with_registry_and_tag() {
        for (image, normalized) in [
            ("image", "docker.io/library/image:latest"),
            ("image:1", "docker.io/library/image:1"),
            ("owner/image", "docker.io/owner/image:latest"),
            ("nvcr.io/nvidia/image:1", "nvcr.io/nvidia/image:1"),
            ("localhost:5000/image", "localhost:5000/image:latest"),
            ("image@sha256:00", "docker.io/library/image@sha256:00"),
        ] {
            assert_eq!(Containers::Full.normalize(image), normalized);
            assert_eq!(Containers::AsSent.normalize(image), image);
        }
    }

    #[test]
    fn sizes_are_rounded_up_and_names_are_normalized() {
        assert_eq!([size_gb(7, 1), size_gb(7, 10), size_gb(20, 10), size_gb(7, 0)], [7, 10, 20, 7]);
        assert_eq!(size_gb(u64::MAX, 10), u64::MAX);
        let normalized = [Names::AsSent, Names::Trimmed, Names::LowerCase].map(|names| names.normalize(" My Name "));
        assert_eq!(normalized, [" My Name ", "My Name", " my name "]);
    }
}
