//! What the registry responds to each path.
//!
//! The protocol: <https://developer.hashicorp.com/terraform/internals/provider-registry-protocol>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::offer::Offer;

/// Where the registry's protocol begins on this server.
const PROTOCOL: &str = "/v1/providers/";
/// Where the files of the release lie.
const FILES: &str = "/files/";

/// The responses by path. There is nothing at any other path.
#[derive(Debug)]
pub(super) struct Responses(BTreeMap<String, Vec<u8>>);

impl Responses {
    pub(super) fn of(offer: &Offer, port: u16) -> Self {
        let platforms: Vec<_> =
            offer.files.iter().filter_map(|(name, _)| platform(name).map(|its| (name, its))).collect();
        let versions = json!({ "versions": [{
            "version": offer.version,
            "protocols": ["6.0"],
            "platforms": platforms.iter().map(|(_, (os, arch))| json!({ "os": os, "arch": arch })).collect::<Vec<_>>(),
        }]});
        let base = format!("{PROTOCOL}{}", offer.provider);
        let mut responses = BTreeMap::from([
            ("/.well-known/terraform.json".to_owned(), json!({ "providers.v1": PROTOCOL })),
            (format!("{base}/versions"), versions),
        ]);
        for (name, (os, arch)) in platforms {
            let path = format!("{base}/{}/download/{os}/{arch}", offer.version);
            responses.insert(path, package(offer, name, os, arch, port));
        }
        let mut responses: BTreeMap<_, _> =
            responses.into_iter().map(|(path, body)| (path, body.to_string().into_bytes())).collect();
        responses.extend(offer.files.iter().map(|(name, content)| (format!("{FILES}{name}"), content.clone())));
        Self(responses)
    }

    /// What stands at a path.
    pub(super) fn at(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).cloned()
    }
}

/// The platform of an archive, by its name: `..._1.0.0_linux_amd64.zip`.
fn platform(name: &str) -> Option<(&str, &str)> {
    let mut parts = name.strip_suffix(".zip")?.rsplit('_');
    let arch = parts.next()?;
    Some((parts.next()?, arch))
}

/// The description of one archive, which is what Terraform downloads it by.
fn package(offer: &Offer, name: &str, os: &str, arch: &str, port: u16) -> Value {
    let url = |name: &str| format!("https://localhost:{port}{FILES}{name}");
    let named = |end: &str| {
        let file = offer.files.iter().find(|(name, _)| name.ends_with(end));
        file.map(|(name, _)| name.as_str()).unwrap_or_default()
    };
    let sums = offer.files.iter().find(|(name, _)| name.ends_with("_SHA256SUMS")).map(|(_, content)| content);
    let sums = String::from_utf8_lossy(sums.map(Vec::as_slice).unwrap_or_default()).into_owned();
    let sum = sums.lines().find_map(|line| line.strip_suffix(name)).unwrap_or_default().trim();
    json!({
        "protocols": ["6.0"],
        "os": os,
        "arch": arch,
        "filename": name,
        "download_url": url(name),
        "shasums_url": url(named("_SHA256SUMS")),
        "shasums_signature_url": url(named("_SHA256SUMS.sig")),
        "shasum": sum,
        "signing_keys": { "gpg_public_keys": [{ "key_id": offer.key_id, "ascii_armor": offer.public_key }] },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_archive_has_a_description_and_nothing_else_does() {
        let file = |name: &str, content: &str| (name.to_owned(), content.as_bytes().to_vec());
        let offer = Offer {
            provider: "acme/notes".into(),
            version: "1.0.0".into(),
            files: vec![
                file("notes_1.0.0_linux_arm64.zip", "PK"),
                file("notes_1.0.0_SHA256SUMS", "abc  notes_1.0.0_linux_arm64.zip\n"),
                file("notes_1.0.0_SHA256SUMS.sig", "\u{7f}"),
            ],
            public_key: String::new(),
            key_id: "95D2A1F0C0FFEE00".into(),
        };
        let responses = Responses::of(&offer, 8443);
        let body = |path: &str| responses.at(path).map(|body| serde_json::from_slice::<Value>(&body).expect("JSON"));
        let package = body("/v1/providers/acme/notes/1.0.0/download/linux/arm64").expect("it is described");
        assert_eq!(package["shasum"], "abc");
        assert_eq!(package["download_url"], "https://localhost:8443/files/notes_1.0.0_linux_arm64.zip");
        assert_eq!(package["shasums_signature_url"], "https://localhost:8443/files/notes_1.0.0_SHA256SUMS.sig");
        let versions = body("/v1/providers/acme/notes/versions").expect("there are versions");
        assert_eq!(versions["versions"][0]["platforms"], json!([{ "os": "linux", "arch": "arm64" }]));
        assert!(body("/v1/providers/acme/notes/1.0.0/download/linux/amd64").is_none());
        assert_eq!(responses.at("/files/notes_1.0.0_linux_arm64.zip"), Some(b"PK".to_vec()));
    }
}
