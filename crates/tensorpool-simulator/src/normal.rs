//! What the API may make of values that it was sent.

use serde::{Deserialize, Serialize};

use crate::options::Variants;

/// How names are kept.
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

/// How images of containers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Containers {
    /// As they were sent.
    AsSent,
    /// With the registry and the tag: `image` as `docker.io/library/image:latest`.
    Full,
}

impl Names {
    /// The name that is kept of one that was sent.
    pub(crate) fn kept(self, name: &str) -> String {
        match self {
            Self::AsSent => name.to_owned(),
            Self::Trimmed => name.trim().to_owned(),
            Self::LowerCase => name.to_lowercase(),
        }
    }
}

impl Containers {
    /// What is shown of an image.
    pub(crate) fn shown(self, image: &str) -> String {
        if self == Self::AsSent {
            return image.to_owned();
        }
        let place = match image.split_once('/') {
            Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => "",
            Some(_) => "docker.io/",
            None => "docker.io/library/",
        };
        let last = image.rsplit('/').next().unwrap_or(image);
        let tag = if last.contains([':', '@']) { "" } else { ":latest" };
        format!("{place}{image}{tag}")
    }
}

impl Variants {
    /// The size that a volume gets, by the one that was asked for.
    pub(crate) fn size_gb(&self, asked: u64) -> u64 {
        asked.checked_next_multiple_of(self.size_step_gb).unwrap_or(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_gets_what_it_lacks() {
        for (image, shown) in [
            ("image", "docker.io/library/image:latest"),
            ("image:1", "docker.io/library/image:1"),
            ("owner/image", "docker.io/owner/image:latest"),
            ("nvcr.io/nvidia/image:1", "nvcr.io/nvidia/image:1"),
            ("localhost:5000/image", "localhost:5000/image:latest"),
            ("image@sha256:00", "docker.io/library/image@sha256:00"),
        ] {
            assert_eq!(Containers::Full.shown(image), shown);
            assert_eq!(Containers::AsSent.shown(image), image);
        }
    }

    #[test]
    fn sizes_are_rounded_up_and_names_are_kept_as_is_chosen() {
        let size = |size_step_gb, asked| Variants { size_step_gb, ..Variants::default() }.size_gb(asked);
        assert_eq!([size(1, 7), size(10, 7), size(10, 20), size(0, 7)], [7, 10, 20, 7]);
        assert_eq!(size(10, u64::MAX), u64::MAX);
        let kept = [Names::AsSent, Names::Trimmed, Names::LowerCase].map(|names| names.kept(" My Name "));
        assert_eq!(kept, [" My Name ", "My Name", " my name "]);
    }
}
