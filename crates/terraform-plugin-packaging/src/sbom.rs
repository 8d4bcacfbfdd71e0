//! The list of what a program is made of, for people and programs that look for known weaknesses: an SBOM in the form of
//! [CycloneDX](https://cyclonedx.org), by `cargo cyclonedx`.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::error::{Error, Result, at};
use crate::platform::Platform;
use crate::program::run;
use crate::provider::Provider;

/// The file in the folder of a program, and the end of its name in a release.
pub const FILE: &str = "cdx.json";
/// What the tool calls the file, without its end, which it writes into the folder of every package of the workspace.
const SCRATCH: &str = "terraform-plugin-packaging-sbom";

/// Writes the SBOM of a program for a platform. The same sources give the same bytes.
pub(crate) fn write(provider: &Provider, platform: Platform, tool: &OsStr, file: &Path) -> Result<()> {
    let mut command = Command::new(tool);
    command.args(["cyclonedx", "--format", "json", "--spec-version", "1.5", "--no-build-deps"]);
    command.args(["--target", platform.target, "--override-filename", SCRATCH]).current_dir(&provider.folder);
    let ran = run(&mut command);
    let written = provider.folder.join(format!("{SCRATCH}.json"));
    let content = fs::read(&written).map_err(at(&written));
    for package in &provider.packages {
        _ = fs::remove_file(package.join(format!("{SCRATCH}.json")));
    }
    ran?;
    let sbom = serde_json::from_slice(&content?);
    let sbom = sbom.map_err(|error| Error::Unexpected { what: "the SBOM".to_owned(), why: error.to_string() })?;
    fs::write(file, format!("{:#}\n", reproducible(sbom, &provider.folder))).map_err(at(file))
}

/// Without what differs from one run to the next or from one machine to another: when it was written, a random number, and the folder of
/// the sources.
fn reproducible(mut sbom: Value, folder: &Path) -> Value {
    if let Some(sbom) = sbom.as_object_mut() {
        sbom.remove("serialNumber");
    }
    if let Some(metadata) = sbom["metadata"].as_object_mut() {
        metadata.remove("timestamp");
    }
    replace(&mut sbom, &format!("file://{}", folder.display()), "file://.");
    sbom
}

/// Replaces a part of every text in a JSON value.
fn replace(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => *text = text.replace(from, to),
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, from, to)),
        Value::Object(values) => values.values_mut().for_each(|value| replace(value, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn neither_the_time_nor_a_folder_is_in_an_sbom() {
        let written = json!({
            "bomFormat": "CycloneDX",
            "serialNumber": "urn:uuid:63caef45-95c1-49d1-9e1b-bd9dd4146b96",
            "metadata": { "timestamp": "2026-12-01T00:00:00Z", "component": { "bom-ref": "path+file:///home/me/p#notes@1.0.0" } },
            "dependencies": [{ "ref": "path+file:///home/me/p/crates/a#1.0.0", "dependsOn": ["registry+https://example.com#b@2.0.0"] }],
        });
        let expected = json!({
            "bomFormat": "CycloneDX",
            "metadata": { "component": { "bom-ref": "path+file://.#notes@1.0.0" } },
            "dependencies": [{ "ref": "path+file://./crates/a#1.0.0", "dependsOn": ["registry+https://example.com#b@2.0.0"] }],
        });
        assert_eq!(reproducible(written, Path::new("/home/me/p")), expected);
    }
}
