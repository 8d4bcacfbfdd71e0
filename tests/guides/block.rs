//! The blocks of a page, and what a comment in front of each says about it.
//!
//! A comment `block: OPTION; OPTION` stands in front of a block, with nothing but other comments between them. Without one, HCL is
//! applied in an empty workspace, and the commands of a shell run in the workspace of the block before. Options of HCL:
//!
//! - `given WHAT`: what exists at TensorPool already (`world.rs`);
//! - `needs FEATURE`: what the CLI has to have, by its name in the table of `terraform_plugin_testing`. Where neither the CLI at hand
//!   has it nor a Terraform that was fetched, the block is left out, with a line that says so;
//! - `file NAME`: the file for it, in place of `main.tf`. A test (`.tftest.hcl`) and a query (`.tfquery.hcl`) are run as such;
//! - `follows`: it is applied in the workspace of the block before, and replaces what is in its file;
//! - `fails SUMMARY`: the apply fails with this error, and nothing else;
//! - `planned REASON`: it is only planned;
//! - `written`: it is only written, as commands that follow on the page apply it;
//! - `with FILE`: a file of the repository stands next to it;
//! - `invoke ADDRESS`: the apply is that of an action;
//! - `backend`: it is initialised, with an S3 of the test's own;
//! - `without aws REASON`: the block of that provider is left out, and its values are checked;
//! - `set NAME=VALUE`: an environment variable.
//!
//! Options of a shell: `fails TEXT` (the last command fails with this text), `installed` (the provider comes from a mirror, for
//! `terraform init`), `follows`, `given`, `needs`, `set`, and `not run REASON`. Other languages: `part of FILE` (the block is in that file
//! of the repository).
//!
//! What follows the first line of the comment is HCL that the block needs; for commands, it is what they apply.

use crate::page::Page;

/// What a block is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The language of Terraform.
    Hcl,
    /// Commands of a shell.
    Shell,
    /// Anything else.
    Other,
}

/// A fenced block of a page.
#[derive(Debug)]
pub struct Block {
    /// The page and the line, for messages.
    pub place: String,
    /// What it is written in.
    pub language: Language,
    /// Its text, which ends with a line break.
    pub text: String,
    options: Vec<String>,
    /// HCL that it needs.
    pub needed: String,
}

const OPTIONS: [(Language, &[&str]); 3] = [
    (
        Language::Hcl,
        &[
            "given",
            "needs",
            "file",
            "follows",
            "fails",
            "planned",
            "written",
            "with",
            "invoke",
            "backend",
            "without aws",
            "set",
        ],
    ),
    (Language::Shell, &["given", "needs", "follows", "fails", "installed", "set", "not run"]),
    (Language::Other, &["part of"]),
];

impl Block {
    /// What an option says, for each time that it is there. It is empty for an option that is only a word.
    pub fn all(&self, option: &str) -> Vec<&str> {
        let values = self.options.iter().filter_map(|one| one.strip_prefix(option));
        values.filter(|rest| rest.is_empty() || rest.starts_with(' ')).map(str::trim).collect()
    }

    /// What an option says, if it is there.
    pub fn option(&self, option: &str) -> Option<&str> {
        self.all(option).into_iter().next()
    }

    /// Whether an option is there.
    pub fn has(&self, option: &str) -> bool {
        self.option(option).is_some()
    }

    /// Whether it goes on in the workspace of the block before.
    pub fn continues(&self) -> bool {
        self.has("follows") || self.language == Language::Shell && !self.has("given")
    }

    /// Checks that every option is known for the language.
    fn check(&self) {
        let (_, known) =
            OPTIONS.iter().find(|(language, _)| *language == self.language).expect("each language is there");
        for option in &self.options {
            let is_known = known.iter().any(|one| option == one || option.starts_with(&format!("{one} ")));
            assert!(is_known, "{}: {option:?} is no option of a block in {:?}", self.place, self.language);
        }
        for option in ["planned", "without aws", "not run"] {
            assert!(self.option(option).is_none_or(|reason| reason.len() > 10), "{}: no reason", self.place);
        }
    }
}

/// All blocks of a page.
pub fn blocks(page: &Page) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut at = 0;
    for line in page.source.split_inclusive('\n') {
        // An indented block is one of a list.
        if let Some(language) = line.trim_start().strip_prefix("```") {
            open = match open {
                None => Some((at, language.trim().to_owned())),
                Some((begin, language)) => {
                    blocks.push(block(page, begin, &language, at));
                    None
                }
            };
        }
        at += line.len();
    }
    assert!(open.is_none(), "{}: a block does not end", page.name);
    blocks
}

fn block(page: &Page, begin: usize, language: &str, end: usize) -> Block {
    let place = format!("{}:{}", page.name, page.source[..begin].lines().count() + 1);
    let language = match language {
        "terraform" | "hcl" => Language::Hcl,
        "sh" => Language::Shell,
        "text" | "json" | "yaml" | "python" | "typescript" | "diff" => Language::Other,
        _ => panic!("{place}: {language:?} is not a language that is checked"),
    };
    let (options, needed) = directive(page, begin);
    let inside = &page.source[begin..end];
    let text = inside.split_once('\n').expect("a fence is a line").1.to_owned();
    let block = Block { place, language, text, options, needed };
    block.check();
    block
}

/// The options in the comments in front of a block, and the HCL that it needs.
fn directive(page: &Page, begin: usize) -> (Vec<String>, String) {
    let mut at = page.source[..begin].trim_end().len();
    for comment in page.comments().into_iter().rev() {
        if comment.end != at {
            continue;
        }
        if let Some(text) = comment.text.strip_prefix("block: ") {
            let (first, needed) = text.split_once('\n').unwrap_or((text, ""));
            return (first.split(';').map(|option| option.trim().to_owned()).collect(), needed.to_owned());
        }
        at = page.source[..comment.begin].trim_end().len();
    }
    (Vec::new(), String::new())
}
