//! Whether what is claimed holds, as far as the definitions and the sources say it.

use std::collections::BTreeSet;

use crate::Problem;
use crate::definition::{Definition, Method};
use crate::rows::{Claims, Feature, Rpc, Since, Test};
use crate::sources::Sources;

/// Where the crate's sources lie.
pub const SOURCE: &str = "crates/terraform-plugin/src";

/// The text of a file below the root; `None` if there is none.
pub type Text<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What does not hold.
pub fn problems(claims: &Claims, definition: &Definition, sources: &Sources, text: Text<'_>) -> Vec<Problem> {
    let mut problems = every_rpc_has_its_row(claims, definition);
    for row in claims.rpcs {
        let name = format!("{}/{}", row.service, row.name);
        problems.extend(served_there(&name, row.source, Some(row), text));
        problems.extend(tested(&name, row.tests, sources));
        if !row.tests.iter().filter_map(|test| sources.of(*test)).any(|test| test.names.contains(&snake_case(row.name)))
        {
            problems.push(format!("{name}: none of its tests calls {}", snake_case(row.name)));
        }
    }
    for row in claims.features() {
        problems.extend(served_there(row.what, row.source, None, text));
        problems.extend(tested(row.what, row.tests, sources));
        let unknown = row.fields.iter().filter(|field| !definition.fields.contains(**field));
        problems.extend(unknown.map(|field| format!("{}: the protocol has no {field}", row.what)));
    }
    problems.extend(every_version_has_a_row(claims, definition));
    problems
}

fn every_rpc_has_its_row(claims: &Claims, definition: &Definition) -> Vec<Problem> {
    let rows_of = |method: &Method| claims.rpcs.iter().filter(|row| is_of(row, method)).count();
    let rows = definition.methods.iter().filter_map(|method| match rows_of(method) {
        1 => None,
        0 => Some(format!("{}/{} has no row", method.service, method.name)),
        _ => Some(format!("{}/{} has more than one row", method.service, method.name)),
    });
    let without = claims.rpcs.iter().filter(|row| !definition.methods.iter().any(|method| is_of(row, method)));
    rows.chain(without.map(|row| format!("{}/{} is no RPC", row.service, row.name))).collect()
}

/// Whether a row is about a method.
pub fn is_of(row: &Rpc, method: &Method) -> bool {
    row.service == method.service && row.name == method.name
}

/// The file that serves something is there, and for an RPC it has the function of that name.
fn served_there(name: &str, source: &str, rpc: Option<&Rpc>, text: Text<'_>) -> Option<Problem> {
    let Some(text) = text(&format!("{SOURCE}/{source}")) else {
        return Some(format!("{name}: there is no {SOURCE}/{source}"));
    };
    let function = snake_case(rpc?.name);
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let has = text.split(|character| !is_part(character)).any(|word| word == function);
    (!has).then(|| format!("{name}: {SOURCE}/{source} has no {function}"))
}

/// A row has tests, and there are such tests, that are not ignored.
fn tested(name: &str, tests: &[Test], sources: &Sources) -> Vec<Problem> {
    if tests.is_empty() {
        return vec![format!("{name}: it has no test")];
    }
    let missing = tests.iter().filter(|test| sources.of(**test).is_none());
    missing.map(|test| format!("{name}: {} has no test {}", test.path(), test.name)).collect()
}

/// Rows are in the order of versions, there is one for each version up to that of the definition, and each capability is in one.
fn every_version_has_a_row(claims: &Claims, definition: &Definition) -> Vec<Problem> {
    let rows: Vec<&Feature> = claims.features().collect();
    let mut problems = Vec::new();
    for pair in rows.windows(2).filter(|pair| pair[0].since > pair[1].since) {
        problems.push(format!("{}: it stands after what is newer", pair[1].what));
    }
    let of_rpcs = claims.rpcs.iter().map(|row| row.since);
    let minors: BTreeSet<u64> = rows.iter().map(|row| row.since).chain(of_rpcs).filter_map(minor).collect();
    let with_rows: BTreeSet<u64> = rows.iter().filter_map(|row| minor(row.since)).collect();
    let expected = 0..=definition.minor;
    problems.extend(
        expected.clone().filter(|minor| !with_rows.contains(minor)).map(|minor| {
            format!("6.{minor} has no row of a feature, though the definition is of 6.{}", definition.minor)
        }),
    );
    let newer = minors.into_iter().filter(|minor| !expected.contains(minor));
    problems
        .extend(newer.map(|minor| format!("a row is of 6.{minor}, but the definition is of 6.{}", definition.minor)));
    let unnamed = |capability: &&str| !rows.iter().any(|row| row.fields.contains(capability));
    problems.extend(definition.capabilities().filter(unnamed).map(|capability| format!("{capability} is in no row")));
    problems
}

fn minor(since: Since) -> Option<u64> {
    match since {
        Since::Minor(minor, _) => Some(minor),
        Since::GoPlugin => None,
    }
}

/// `GetFunctions` is `get_functions` in Rust.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Served, client};

    const TEST: Test = client("raw", "it_is_called");
    const OTHER: Test = client("raw", "it_is_not");

    const fn rpc(name: &'static str, source: &'static str, tests: &'static [Test]) -> Rpc {
        Rpc { service: "Provider", name, since: Since::Minor(0, 0), served: Served::Yes, source, tests }
    }

    const fn feature(since: Since, fields: &'static [&'static str]) -> Feature {
        Feature { since, what: "Wings", fields, served: Served::Yes, source: "wire.rs", tests: &[TEST] }
    }

    fn definition() -> Definition {
        let method = |name: &str| Method {
            service: "Provider".to_owned(),
            name: name.to_owned(),
            takes_stream: false,
            gives_stream: false,
        };
        let fields = ["ServerCapabilities.fly", "Wing.length"].map(str::to_owned).into();
        Definition { minor: 1, methods: vec![method("GetFunctions")], fields }
    }

    fn found(rpcs: Vec<Rpc>, features: Vec<Feature>) -> Vec<Problem> {
        let claims = Claims { rpcs: rpcs.leak(), features: vec![&*features.leak()].leak() };
        let tests = "#[test]\nfn it_is_called() { get_functions(); }\n#[test]\nfn it_is_not() {}".to_owned();
        let sources = Sources::read([TEST].into_iter(), |_| Ok(tests.clone())).expect("it is Rust");
        let text = |path: &str| (path == format!("{SOURCE}/wire.rs")).then(|| "fn get_functions() {}".to_owned());
        problems(&claims, &definition(), &sources, &text)
    }

    const RIGHT: Rpc = rpc("GetFunctions", "wire.rs", &[TEST, OTHER]);
    const FIRST: Feature = feature(Since::Minor(0, 0), &["Wing.length"]);
    const SECOND: Feature = feature(Since::Minor(1, 1), &["ServerCapabilities.fly"]);
    const GONE: &[Test] = &[OTHER, client("raw", "gone")];

    #[test]
    fn what_holds_is_no_problem() {
        assert_eq!(found(vec![RIGHT], vec![FIRST, SECOND]), [""; 0]);
    }

    #[test]
    fn a_row_that_contradicts_the_code_is_a_problem() {
        for (rpcs, expected) in [
            (vec![], &["Provider/GetFunctions has no row"][..]),
            (vec![RIGHT, RIGHT], &["Provider/GetFunctions has more than one row"]),
            (
                vec![RIGHT, rpc("Fold", "wire.rs", &[TEST])],
                &[
                    "Provider/Fold is no RPC",
                    "Provider/Fold: crates/terraform-plugin/src/wire.rs has no fold",
                    "Provider/Fold: none of its tests calls fold",
                ],
            ),
            (
                vec![rpc("GetFunctions", "none.rs", &[TEST])],
                &["Provider/GetFunctions: there is no crates/terraform-plugin/src/none.rs"],
            ),
            (
                vec![rpc("GetFunctions", "wire.rs", &[])],
                &[
                    "Provider/GetFunctions: it has no test",
                    "Provider/GetFunctions: none of its tests calls get_functions",
                ],
            ),
            (
                vec![rpc("GetFunctions", "wire.rs", GONE)],
                &[
                    "Provider/GetFunctions: crates/terraform-plugin-testing/tests/raw.rs has no test gone",
                    "Provider/GetFunctions: none of its tests calls get_functions",
                ],
            ),
        ] {
            assert_eq!(found(rpcs, vec![FIRST, SECOND]), expected);
        }
    }

    #[test]
    fn features_cover_every_version_and_capability() {
        const LATER: Feature = feature(Since::Minor(2, 2), &["Wing.length"]);
        for (features, expected) in [
            (
                vec![FIRST],
                &[
                    "6.1 has no row of a feature, though the definition is of 6.1",
                    "ServerCapabilities.fly is in no row",
                ][..],
            ),
            (vec![SECOND, FIRST], &["Wings: it stands after what is newer"]),
            (vec![FIRST, SECOND, LATER], &["a row is of 6.2, but the definition is of 6.1"]),
            (vec![feature(Since::Minor(0, 0), &["Wing.width"]), SECOND], &["Wings: the protocol has no Wing.width"]),
        ] {
            assert_eq!(found(vec![RIGHT], features), expected);
        }
    }

    #[test]
    fn names_are_those_of_the_generated_code() {
        assert_eq!(snake_case("GetResourceIdentitySchemas"), "get_resource_identity_schemas");
    }
}
