//! A workspace with a real Terraform: what it plans and stores, and how it is stopped.

use std::env::consts::EXE_SUFFIX;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use terraform_plugin_testing::{Workspace, program_next_to_examples};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

fn workspace(name: &str) -> Workspace {
    Workspace::new(&format!("workspace-{name}"), "example/sample", Path::new(PROGRAM))
}

fn note(text: &str) -> String {
    format!("resource \"sample_note\" \"a\" {{\n  text = {text:?}\n}}\n")
}

#[test]
fn what_is_planned_and_what_is_stored_can_be_asked() {
    let workspace = workspace("plans");
    workspace.write(&note("milk"));
    assert_eq!(workspace.planned_actions(), ["create"]);
    workspace.apply().ok();
    workspace.expect_empty_plan();
    let [note_in_state] = &workspace.resources()[..] else { panic!("there is one") };
    assert_eq!(
        (note_in_state["address"].as_str(), note_in_state["values"]["text"].as_str()),
        (Some("sample_note.a"), Some("milk"))
    );
    workspace.write(&note("bread"));
    assert_eq!(workspace.planned_actions(), ["update"]);
    let panic = catch_unwind(AssertUnwindSafe(|| workspace.expect_empty_plan())).expect_err("it changes the note");
    let text = panic.downcast_ref::<String>().expect("it says why");
    assert!(text.contains("the plan is not empty") && text.contains("1 to change"), "{text}");
    workspace.destroy().ok();
    assert!(workspace.resources().is_empty());
}

#[test]
fn a_program_is_found_from_where_examples_are() {
    // Tests are in a directory beside that of the examples.
    let found =
        program_next_to_examples(&format!("terraform-provider-sample{EXE_SUFFIX}")).expect("this process is known");
    assert_eq!(found, Path::new(PROGRAM));
}

#[cfg(target_os = "linux")]
mod processes {
    use std::fs;
    use std::time::{Duration, Instant};

    use terraform_plugin_testing::{Run, Running, peak_memory_of_providers, providers_in};

    use super::*;

    /// How long the provider takes for a note that is stopped.
    const LONG_MS: u32 = 30_000;

    #[track_caller]
    fn until(what: &str, mut condition: impl FnMut() -> bool) {
        let begin = Instant::now();
        while !condition() {
            assert!(begin.elapsed() < Duration::from_secs(20), "never: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What leaves a file when it is applied.
    const BEGUN: &str = "resource \"terraform_data\" \"begun\" {\n  provisioner \"local-exec\" {\n    command = \"touch begun\"\n  }\n}\n";

    /// Starts an apply that takes long, and ends it when it has begun: before that, a provider may be one that does not know signals yet.
    fn stopped(workspace: &Workspace, stop: impl FnOnce(&mut Running)) -> Run {
        let rest = format!("depends_on = [terraform_data.begun]\n  delay_ms = {LONG_MS}\n  text");
        workspace.write(&format!("{BEGUN}\n{}", note("milk").replace("text", &rest)));
        let mut running = workspace.spawn(&["apply", "-auto-approve", "-input=false", "-json"]);
        until("it has begun", || workspace.path("begun").exists());
        let mut found = Vec::new();
        until("a provider runs", || {
            found = workspace.providers();
            !found.is_empty() && peak_memory_of_providers(workspace.directory()) > 1 << 20
        });
        // One that has just ended has no program any more.
        let programs = found.iter().filter_map(|pid| fs::read_link(format!("/proc/{}/exe", pid.as_raw_nonzero())).ok());
        let names: Vec<_> = programs.map(|program| program.file_name().map(ToOwned::to_owned)).collect();
        assert!(names.iter().all(|name| *name == Some("terraform-provider-sample".into())), "{names:?}");
        assert_eq!(providers_in(Path::new("/")), [], "it runs in another directory");
        stop(&mut running);
        running.finish()
    }

    #[test]
    fn an_interrupt_reaches_terraform_which_ends_with_an_error() {
        let workspace = workspace("interrupt");
        let run = stopped(&workspace, |running| running.interrupt());
        assert_eq!(run.code, Some(1), "{}", run.text);
        assert!(run.text.contains("nterrupt"), "{}", run.text);
    }

    #[test]
    fn a_terraform_that_is_killed_says_nothing_and_its_provider_ends() {
        let workspace = workspace("kill");
        let run = stopped(&workspace, Running::kill);
        assert_eq!(run.code, None, "{}", run.text);
        until("the provider has ended", || workspace.providers().is_empty());
        assert_eq!(peak_memory_of_providers(workspace.directory()), 0);
    }
}
