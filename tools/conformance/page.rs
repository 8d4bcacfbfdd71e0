//! The page, in Markdown.

use std::fmt::Write as _;

use crate::check::{SOURCE, is_of};
use crate::definition::{Definition, Method};
use crate::releases::{Release, Releases};
use crate::rows::{Claims, Served, Test};
use crate::sources::Sources;

/// The directory of the page, from which its links lead.
const DIRECTORY: &str = "crates/terraform-plugin";

/// What was read from elsewhere.
pub struct Facts<'a> {
    pub definition: &'a Definition,
    pub sources: &'a Sources,
    pub releases: &'a Releases,
}

/// The whole page.
pub fn page(claims: &Claims, facts: &Facts<'_>) -> String {
    let mut text = opening(claims, facts);
    text += "\n## RPCs\n\n";
    text +=
        "The service `Provider` of the protocol, in the order of its definition, then the services of go-plugin.\n\n";
    text += "| RPC | Since | Served | Source | Tests | Tested on |\n|---|---|---|---|---|---|\n";
    for method in &facts.definition.methods {
        for row in claims.rpcs.iter().filter(|row| is_of(row, method)) {
            text += &line(&[rpc(method), row.since.to_string()], row.served, row.source, row.tests, facts);
        }
    }
    text += "\n## Features\n\n| Feature | Since | Served | Source | Tests | Tested on |\n|---|---|---|---|---|---|\n";
    for row in claims.features() {
        let fields: Vec<_> = row.fields.iter().map(|field| format!("`{field}`")).collect();
        let fields = if fields.is_empty() { String::new() } else { format!("<br>{}", fields.join(", ")) };
        let cells = [format!("{}{fields}", row.what), row.since.to_string()];
        text += &line(&cells, row.served, row.source, row.tests, facts);
    }
    text + "\n## What is not served\n\n" + &missing(claims) + &produced()
}

/// A row of either table.
fn line(cells: &[String], served: Served, source: &str, tests: &[Test], facts: &Facts<'_>) -> String {
    let served = match served {
        Served::Yes => "yes".to_owned(),
        Served::No { answer, .. } => format!("no: {answer}"),
    };
    let from_page = SOURCE.strip_prefix(DIRECTORY).unwrap_or(SOURCE).trim_start_matches('/');
    let source = format!("[{source}]({from_page}/{source})");
    let on = facts.releases.words(tests, facts.sources);
    let tests: Vec<_> = tests.iter().map(|test| format!("[{}]({})", test.name, link(&test.path()))).collect();
    format!("| {} | {served} | {source} | {} | {on} |\n", cells.join(" | "), tests.join("<br>"))
}

/// The way from the page to a file.
fn link(path: &str) -> String {
    let inside = path.strip_prefix(DIRECTORY).and_then(|rest| rest.strip_prefix('/'));
    let beside = || path.strip_prefix("crates/").map(|rest| format!("../{rest}"));
    inside.map(str::to_owned).or_else(beside).unwrap_or_else(|| format!("../../{path}"))
}

fn rpc(method: &Method) -> String {
    let streams = match (method.takes_stream, method.gives_stream) {
        (false, false) => "",
        (false, true) => ", answered by a stream",
        (true, false) => ", asked by a stream",
        (true, true) => ", streams both ways",
    };
    let service = if method.service == "Provider" { String::new() } else { format!("{}/", method.service) };
    format!("`{service}{}`{streams}", method.name)
}

fn opening(claims: &Claims, facts: &Facts<'_>) -> String {
    let of_provider = || claims.rpcs.iter().filter(|row| row.service == "Provider");
    let served = of_provider().filter(|row| row.served == Served::Yes).count();
    let tests: std::collections::BTreeSet<_> = claims.tests().map(|test| (test.path(), test.name)).collect();
    let versions = |releases: &[Release]| {
        let versions: Vec<_> = releases.iter().map(|release| release.version.as_str()).collect();
        versions.join(", ")
    };
    format!(
        "<!-- Written by `make conformance`. A change here is lost; the rows are in tools/conformance/rows. -->\n\n\
         # Conformance with Terraform's plugin protocol 6\n\n\
         `terraform-plugin` serves protocol 6.0 to 6.{minor}: {served} of the {all} RPCs of a provider, and the services with which \
         go-plugin starts and ends it. This page has a row for each RPC and each feature: since when there is such a thing, whether it \
         is served, where in the code, and by which of {tests} tests it is proved. What is not served stands [at the \
         end](#what-is-not-served), with its reason.\n\n\
         - **Since** is the minor version of the protocol, and in brackets the first Terraform that has it.\n\
         - **Tested on** says which versions run the tests that drive a real Terraform or OpenTofu, as far as these have what the \
         test needs. The versions are Terraform {terraform}, and OpenTofu {opentofu}.\n\
         - **Client of the protocol** means that no Terraform takes part: a gRPC client starts a provider's process and speaks to \
         it as Terraform does, with the same handshake and TLS. It sends what no Terraform at hand does, and what none should.\n\
         - **Unit tests** see a part of the crate alone.\n",
        minor = facts.definition.minor,
        all = of_provider().count(),
        tests = tests.len(),
        terraform = versions(&facts.releases.terraform),
        opentofu = versions(&facts.releases.opentofu),
    )
}

/// What is not served, with the reason, which several features and RPCs may share.
fn missing(claims: &Claims) -> String {
    let features = claims.features().map(|row| (row.what.to_owned(), row.served, false));
    let rpcs = claims.rpcs.iter().map(|row| (format!("`{}`", row.name), row.served, true));
    let mut reasons: Vec<(&str, [Vec<String>; 2])> = Vec::new();
    for (name, served, is_rpc) in features.chain(rpcs) {
        let Served::No { why, .. } = served else { continue };
        let at = reasons.iter().position(|(known, _)| *known == why).unwrap_or(reasons.len());
        if at == reasons.len() {
            reasons.push((why, Default::default()));
        }
        reasons[at].1[usize::from(is_rpc)].push(name);
    }
    // What lacks RPCs is what most readers look for.
    reasons.sort_by_key(|(_, [_, rpcs])| rpcs.is_empty());
    let mut text = String::new();
    for (why, [features, rpcs]) in reasons {
        let (features, rpcs) = (features.join("; "), rpcs.join(", "));
        _ = match (features.as_str(), rpcs.as_str()) {
            (features, "") => writeln!(text, "- **{features}**: {why}"),
            ("", rpcs) => writeln!(text, "- **{rpcs}**: {why}"),
            (features, rpcs) => writeln!(text, "- **{features}** ({rpcs}): {why}"),
        };
    }
    text
}

fn produced() -> String {
    "\n## How this page is made\n\n\
     `make conformance` writes it, and `make test` fails where it would write another one. The rows are written by hand in \
     `tools/conformance/rows/`; what can be read is read. The RPCs, fields and capabilities are those of the definitions in \
     `proto/`: an RPC, a capability or a version without a row is an error, as is a field that there is not. The tests are looked \
     for in their sources: one that is not there or is ignored is an error, and one of the tests of an RPC has to call it. The \
     files of the crate have to be there, and that of an RPC to have its function. The versions come from `tools/terraform.py` and \
     the workflow of the matrix, and what a version has from `crates/terraform-plugin-testing/src/feature.rs`. That the tests pass \
     is no part of it: `make test` runs them on one Terraform, `make matrix` on all.\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Feature, Rpc, Since, client, unit};

    const NO: Served = Served::No { answer: "`UNIMPLEMENTED`", why: "Nobody has wings." };
    const CALLED: Test = client("raw", "it_is_called");
    const RPCS: [Rpc; 2] = [
        Rpc {
            service: "Provider",
            name: "ListWings",
            since: Since::Minor(1, 2),
            served: Served::Yes,
            source: "wire/wing.rs",
            tests: &[CALLED],
        },
        Rpc {
            service: "Provider",
            name: "Fly",
            since: Since::Minor(1, 2),
            served: NO,
            source: "wire/wing.rs",
            tests: &[CALLED],
        },
    ];
    const FEATURES: [Feature; 2] = [
        Feature {
            since: Since::Minor(1, 2),
            what: "Wings of any length",
            fields: &["Wing.length", "Wing.span"],
            served: Served::Yes,
            source: "wing.rs",
            tests: &[unit("wing", "a_wing_has_a_length")],
        },
        Feature {
            since: Since::GoPlugin,
            what: "Flight",
            fields: &[],
            served: NO,
            source: "wing.rs",
            tests: &[CALLED],
        },
    ];

    fn written() -> String {
        let method = |name: &str, gives_stream| Method {
            service: "Provider".to_owned(),
            name: name.to_owned(),
            takes_stream: false,
            gives_stream,
        };
        let methods = vec![method("Fly", false), method("ListWings", true)];
        let definition = Definition { minor: 1, methods, ..Definition::default() };
        let claims = Claims { rpcs: &RPCS, features: &[&FEATURES] };
        let workflow = "jobs:\n  opentofu:\n    strategy:\n      matrix:\n        opentofu: [1.11.14]\n";
        let releases = Releases::read(&["1.14.9".to_owned()], workflow).expect("there are versions");
        let facts = Facts { definition: &definition, sources: &Sources::default(), releases: &releases };
        page(&claims, &facts)
    }

    #[test]
    fn a_row_has_all_that_is_known() {
        let page = written();
        let raw = "[it_is_called](../terraform-plugin-testing/tests/raw.rs) | client of the protocol |";
        let wing = "[wire/wing.rs](src/wire/wing.rs)";
        let fly = format!("| `Fly` | 6.1 (1.2) | no: `UNIMPLEMENTED` | {wing} | {raw}\n");
        let list = format!("| `ListWings`, answered by a stream | 6.1 (1.2) | yes | {wing} | {raw}\n");
        // In the order of the definition.
        assert!(page.contains(&format!("{fly}{list}")), "{page}");
        let length = "| Wings of any length<br>`Wing.length`, `Wing.span` | 6.1 (1.2) | yes | [wing.rs](src/wing.rs) | \
                      [a_wing_has_a_length](src/wing.rs) | unit tests |\n";
        assert!(page.contains(length), "{page}");
    }

    #[test]
    fn what_is_not_served_stands_together_with_its_reason() {
        let page = written();
        assert!(page.contains("- **Flight** (`Fly`): Nobody has wings.\n"), "{page}");
        assert!(page.contains("1 of the 2 RPCs"), "{page}");
    }

    #[test]
    fn no_cell_breaks_its_row() {
        let page = written();
        let rows = page.lines().filter(|line| line.starts_with('|'));
        assert!(rows.clone().count() > 6);
        assert!(rows.clone().all(|row| row.matches('|').count() == 7), "{page}");
    }
}
