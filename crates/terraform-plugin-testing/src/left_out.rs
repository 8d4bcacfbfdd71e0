//! What is left out on a machine that lacks something: it is said in a line, or fails where everything has to be there.

use std::io::Write as _;

/// If it is set, as in the CI of a repository, a tool that is missing is a failure.
const REQUIRE_TOOLS: &str = "REQUIRE_TOOLS";

/// Whether a tool that is missing is a failure and not a line: `REQUIRE_TOOLS` is set.
#[must_use]
pub fn tools_are_required() -> bool {
    std::env::var_os(REQUIRE_TOOLS).is_some()
}

/// Says in a line on standard error that something is left out, and why.
pub fn left_out(what: &str, why: &str) {
    // Not by `eprintln`, which the test runner would keep to itself.
    _ = writeln!(std::io::stderr(), "left out, as {why}: {what}");
}

/// Says that this test is left out as a tool is missing. Only the first line of the reason is printed.
///
/// # Panics
/// If [tools are required](tools_are_required), with the whole reason.
pub fn left_out_without_tool(why: &str) {
    assert!(!tools_are_required(), "{REQUIRE_TOOLS} is set, but {why}");
    left_out(&this_test(), why.lines().next().unwrap_or_default());
}

/// The name of the test that runs in this thread.
pub(crate) fn this_test() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}
