//! The pages of `docs/`, as the registry shows them, written by tfplugindocs from the schema, `templates/` and `examples/`.
//!
//!     docs                 writes the pages of the provider, and a preview of them
//!     docs notes           writes those of the framework's example provider, into the target directory
//!     docs zones           writes those of the framework's template, into its own docs/
//!     docs --check         checks that nothing would change; where Go or a Terraform is missing, that is said in a
//!                          line, and a failure only if REQUIRE_TOOLS is set, as in the CI of the repository
//!     docs --preview       only writes the preview, as HTML below target/docs, which needs neither
//!
//! Nothing of the user's gets into the pages: Terraform and tfplugindocs run with an environment and a home of their own.

mod pages;
mod preview;
mod problem;
mod program;
mod subject;
mod terraform;
mod tfplugindocs;

use std::path::Path;
use std::process::ExitCode;

use terraform_plugin_testing::pages::{self as documentation, Declared};
use terraform_plugin_testing::tools_are_required;

use pages::Pages;
use problem::Problem;
use subject::Subject;
use tfplugindocs::Tfplugindocs;

/// What is to be done.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Write,
    Check,
    Preview,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (mut mode, mut name) = (Mode::Write, "tensorpool".to_owned());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--check" => mode = Mode::Check,
            "--preview" => mode = Mode::Preview,
            _ => name = argument,
        }
    }
    match run(&name, mode).await {
        Ok(lines) => println!("{lines}"),
        Err(Problem::Missing(why)) if mode == Mode::Check && !tools_are_required() => {
            let why = why.lines().next().unwrap_or_default();
            println!("The pages of {name} were NOT COMPARED. {why}");
        }
        Err(Problem::Missing(why) | Problem::Failed(why)) => {
            eprintln!("The pages of {name}: {why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

async fn run(name: &str, mode: Mode) -> Result<String, Problem> {
    let subject = Subject::of(name)?;
    let docs = if subject.is_committed { subject.source("docs") } else { subject.scratch()?.join("docs") };
    if mode == Mode::Preview {
        return preview(subject, &pages::read(&docs)?);
    }
    let pages = generate(subject)?;
    let count = pages.len();
    if mode == Mode::Write {
        pages::write(&pages, &docs)?;
        let shown = preview(subject, &pages)?;
        complete(subject, &docs).await?;
        return Ok(format!("{count} pages of {name}: {}\n{shown}", docs.display()));
    }
    let differences = pages::differences(&pages::read(&docs)?, &pages);
    if !differences.is_empty() {
        return Err(Problem::Failed(format!("`make docs` was not run after a change:\n{}", differences.join("\n"))));
    }
    complete(subject, &docs).await?;
    Ok(format!("{count} pages of {name} are as tfplugindocs generates them, valid and complete"))
}

/// Checks that the pages say all that the provider says.
async fn complete(subject: &Subject, docs: &Path) -> Result<(), Problem> {
    let declared = Declared::of(subject.name, &subject.program()?).await;
    let mistakes = documentation::Pages::new().mistakes(docs, &declared);
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::Failed(mistakes.join("\n"))) }
}

fn preview(subject: &Subject, pages: &Pages) -> Result<String, Problem> {
    let index = preview::write(pages, &subject.preview()?)?;
    Ok(format!("As a reader sees them: {}", index.display()))
}

/// Generates the pages in a directory of their own, so that a failure leaves those of the repository as they were.
fn generate(subject: &Subject) -> Result<Pages, Problem> {
    let tfplugindocs = Tfplugindocs::build()?;
    let scratch = subject.scratch()?;
    _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch)?;
    for directory in ["templates", "examples"] {
        pages::write(&pages::read(&subject.source(directory))?, &scratch.join(directory))?;
    }
    let schema = scratch.join("schema.json");
    terraform::write_schema(subject, &scratch, &schema)?;
    tfplugindocs.generate(&scratch, subject.name, &schema)?;
    tfplugindocs.validate(&scratch, subject.name, &schema)?;
    pages::read(&scratch.join("docs"))
}
