//! The tests that rows name: whether they are there, what they call, and what they need of a CLI, as their sources say it.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprIf, ItemFn, Stmt};
use terraform_plugin_testing::Feature;

use crate::Problem;
use crate::rows::Test;

/// What the source of a test says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Every name in it.
    pub names: BTreeSet<String>,
    /// What a CLI must have for it to run: `requires(Feature::Actions)`.
    pub needs: Vec<Feature>,
    /// What a CLI must not have for it to run: `if has(Feature::Actions) { return; }`.
    pub lacks: Vec<Feature>,
}

/// The tests of all files that rows name.
#[derive(Default)]
pub struct Sources(BTreeMap<String, BTreeMap<String, Found>>);

impl Sources {
    /// Reads the files in which these tests are said to be.
    ///
    /// # Errors
    /// In words, if a file is missing or is no Rust.
    pub fn read(
        tests: impl Iterator<Item = Test>,
        read: impl Fn(&str) -> Result<String, Problem>,
    ) -> Result<Self, Problem> {
        let paths: BTreeSet<String> = tests.map(Test::path).collect();
        let files = paths.into_iter().map(|path| {
            let found = found(&read(&path)?).map_err(|error| format!("{path}: {error}"))?;
            Ok((path, found))
        });
        Ok(Self(files.collect::<Result<_, Problem>>()?))
    }

    /// What there is of a test; `None` if there is no such test.
    pub fn of(&self, test: Test) -> Option<&Found> {
        self.0.get(&test.path())?.get(test.name)
    }
}

/// The tests of a file by their names. One that is ignored is none.
fn found(text: &str) -> syn::Result<BTreeMap<String, Found>> {
    let mut tests = Tests(BTreeMap::new());
    tests.visit_file(&syn::parse_file(text)?);
    Ok(tests.0)
}

struct Tests(BTreeMap<String, Found>);

impl<'ast> Visit<'ast> for Tests {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        // `#[test]` and `#[tokio::test]`.
        let is =
            |attribute: &Attribute, name: &str| attribute.path().segments.last().is_some_and(|one| one.ident == name);
        let has = |name: &str| function.attrs.iter().any(|attribute| is(attribute, name));
        if has("test") && !has("ignore") {
            let mut body = Body(Found::default());
            body.visit_block(&function.block);
            self.0.insert(function.sig.ident.to_string(), body.0);
        }
        visit::visit_item_fn(self, function);
    }

    /// The tests inside of `proptest!`, which the parser sees as text.
    fn visit_item_macro(&mut self, written: &'ast syn::ItemMacro) {
        if written.mac.path.is_ident("proptest") {
            let text = written.mac.tokens.to_string().replace("# [", "#[");
            let after = text.split("#[test]").skip(1).filter_map(|rest| rest.trim_start().strip_prefix("fn "));
            let names = after.filter_map(|rest| rest.split(|one: char| !one.is_alphanumeric() && one != '_').next());
            self.0.extend(names.map(|name| (name.to_owned(), Found::default())));
        }
    }
}

struct Body(Found);

impl<'ast> Visit<'ast> for Body {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.0.names.insert(ident.to_string());
    }

    /// What stands in `assert_eq!` and its like is text to the parser.
    fn visit_macro(&mut self, written: &'ast syn::Macro) {
        let text = written.tokens.to_string();
        let names = text.split(|character: char| !character.is_alphanumeric() && character != '_');
        self.0.names.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.0.needs.extend(asked(call, "requires"));
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_if(&mut self, condition: &'ast ExprIf) {
        if let (Expr::Call(call), [Stmt::Expr(Expr::Return(_), _)]) =
            (&*condition.cond, &condition.then_branch.stmts[..])
        {
            self.0.lacks.extend(asked(call, "has"));
        }
        visit::visit_expr_if(self, condition);
    }
}

/// The feature that a call of `requires` or `has` is about.
fn asked(call: &syn::ExprCall, function: &str) -> Option<Feature> {
    let name = |expression: &Expr| match expression {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    };
    if name(&call.func)? != function {
        return None;
    }
    let feature = name(call.args.first()?)?;
    Feature::all().find(|one| format!("{one:?}") == feature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_with_what_they_call_and_need() {
        let tests = found(
            "#[test]\nfn plain() { assert!(client.read_resource(1).is_ok()); }\n\
             #[tokio::test(start_paused = true)]\nasync fn newer() { if !requires(Feature::Actions) { return; } go(); }\n\
             mod inner { #[test]\nfn older() { if has(Feature::Queries) { return; } } }\n\
             #[test]\nfn either() { let text = if has(Feature::Queries) { 1 } else { 2 }; }\n\
             proptest! { #[test] fn sampled(a in 0..9) { helper(a); } }\n\
             #[test]\n#[ignore]\nfn slow() {}\nfn helper() { requires(Feature::Actions); }",
        )
        .expect("it is Rust");
        assert_eq!(
            tests.keys().map(String::as_str).collect::<Vec<_>>(),
            ["either", "newer", "older", "plain", "sampled"]
        );
        assert!(tests["plain"].names.contains("read_resource") && tests["plain"].needs.is_empty());
        assert_eq!((&tests["newer"].needs[..], &tests["newer"].lacks[..]), (&[Feature::Actions][..], &[][..]));
        assert_eq!((&tests["older"].needs[..], &tests["older"].lacks[..]), (&[][..], &[Feature::Queries][..]));
        assert!(tests["either"].lacks.is_empty());
        assert!(found("fn {").is_err());
    }
}
