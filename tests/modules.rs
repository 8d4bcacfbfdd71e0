//! The structure of the code, as its `use` lines and paths show it: no circle between modules, none between the rooms of a crate,
//! and no import from an object up to the composition root. What a module only hands on (`pub use`) is no use of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Meta, MetaList, Token, UseTree, Visibility};
use terraform_plugin_testing::files_below;

/// The path of a module below its crate: empty for the root.
type Module = Vec<String>;

/// What one file mentions of its own crate.
#[derive(Default)]
struct Mentions {
    /// Paths that the file needs.
    used: Vec<Vec<String>>,
    /// Paths that it only hands on, with the name under which it does.
    handed_on: Vec<(String, Vec<String>)>,
    /// Its modules that are for tests alone.
    tests: Vec<String>,
}

impl Mentions {
    fn of(file: &Path) -> Self {
        let text = fs::read_to_string(file).expect("a source file can be read");
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut mentions = Self::default();
        mentions.visit_file(&parsed);
        mentions
    }

    fn add(&mut self, item: &ItemUse, prefix: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add(item, &with(&path.ident), &path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(item, prefix, tree)),
            UseTree::Name(name) => self.mention(item, with(&name.ident), name.ident.to_string()),
            UseTree::Rename(rename) => self.mention(item, with(&rename.ident), rename.rename.to_string()),
            UseTree::Glob(_) => self.mention(item, prefix.to_vec(), "*".to_owned()),
        }
    }

    fn mention(&mut self, item: &ItemUse, path: Vec<String>, name: String) {
        if matches!(item.vis, Visibility::Inherited) {
            self.used.push(path);
        } else {
            self.handed_on.push((name, path));
        }
    }
}

/// Whether it is `cfg(test)`, or `cfg(all(test, ...))`. What only tests use is no part of the structure.
fn is_for_tests(attribute: &Attribute) -> bool {
    let is_test = |condition: &Meta| condition.path().is_ident("test");
    let conditions = |all: &MetaList| all.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    attribute.path().is_ident("cfg")
        && match attribute.parse_args::<Meta>() {
            Ok(Meta::List(all)) if all.path.is_ident("all") => {
                conditions(&all).is_ok_and(|all| all.iter().any(is_test))
            }
            Ok(condition) => is_test(&condition),
            Err(_) => false,
        }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes: &[Attribute] = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => &[],
        };
        match (attributes.iter().any(is_for_tests), item) {
            (false, _) => visit::visit_item(self, item),
            (true, Item::Mod(module)) => self.tests.push(module.ident.to_string()),
            (true, _) => {}
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add(item, &[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.used.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }
}

/// The modules of a crate, and which uses which.
struct Structure {
    modules: BTreeMap<Module, Mentions>,
}

impl Structure {
    fn of(root: &Path) -> Self {
        let mut modules = BTreeMap::new();
        for file in files(root) {
            let relative = file.strip_prefix(root).expect("the file lies below the root").with_extension("");
            let mut module: Module =
                relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if module.last().is_some_and(|last| matches!(&**last, "mod" | "lib" | "main")) {
                module.pop();
            }
            // A package may have a library and a program.
            let mentions = Mentions::of(&file);
            let kept: &mut Mentions = modules.entry(module).or_default();
            kept.used.extend(mentions.used);
            kept.handed_on.extend(mentions.handed_on);
            kept.tests.extend(mentions.tests);
        }
        let tests = |(module, mentions): (&Module, &Mentions)| {
            mentions.tests.iter().map(|test| [&**module, std::slice::from_ref(test)].concat()).collect::<Vec<_>>()
        };
        for test in modules.iter().flat_map(tests).collect::<Vec<Module>>() {
            modules.retain(|module, _| !module.starts_with(&test));
        }
        Self { modules }
    }

    /// The path from the crate's root, if it leads into the crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut base = module.clone();
        match &**first {
            "crate" => return Some(rest.to_vec()),
            "self" => {}
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                base.truncate(base.len().checked_sub(ups)?);
                base.extend_from_slice(&path[ups..]);
                return Some(base);
            }
            child => {
                base.push(child.to_owned());
                // Otherwise it is another crate, or a type.
                self.modules.contains_key(&base).then_some(())?;
            }
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    /// The module that defines what a path leads to.
    fn home(&self, path: &[String]) -> Module {
        let length = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length])).unwrap_or(0);
        let (module, rest) = path.split_at(length);
        let module = module.to_vec();
        let Some((name, deeper)) = rest.split_first() else { return module };
        let handed_on = self.modules.get(&module).and_then(|mentions| {
            let (_, path) = mentions.handed_on.iter().find(|(as_name, _)| as_name == name)?;
            self.absolute(&module, path)
        });
        match handed_on {
            Some(path) if path.as_slice() != [&*module, rest].concat().as_slice() => {
                self.home(&[&*path, deeper].concat())
            }
            _ => module,
        }
    }

    fn uses(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |module: &Module, mentions: &Mentions| {
            let paths = mentions.used.iter().filter_map(|path| self.absolute(module, path));
            paths.map(|path| self.home(&path)).filter(|used| used != module).collect()
        };
        self.modules.iter().map(|(module, mentions)| (module.clone(), of(module, mentions))).collect()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let found = files_below(folder).expect("the folder can be read").into_iter().map(|path| folder.join(path));
    found.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Takes away what uses nothing that is left, and what nothing that is left uses. What remains lies on circles, or between two.
fn circles(mut edges: BTreeMap<Module, BTreeSet<Module>>) -> BTreeMap<Module, BTreeSet<Module>> {
    loop {
        let targets: BTreeSet<Module> = edges.values().flatten().cloned().collect();
        let sources: BTreeSet<Module> =
            edges.iter().filter(|(_, of)| !of.is_empty()).map(|(module, _)| module.clone()).collect();
        let before = edges.len();
        edges.retain(|module, _| targets.contains(module) && sources.contains(module));
        for of in edges.values_mut() {
            of.retain(|module| targets.contains(module) && sources.contains(module));
        }
        if edges.len() == before {
            return edges;
        }
    }
}

fn shown(uses: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let name = |module: &Module| if module.is_empty() { "the root".to_owned() } else { module.join("::") };
    let line = |(module, of): (&Module, &BTreeSet<Module>)| {
        format!("{} uses {}", name(module), of.iter().map(name).collect::<Vec<_>>().join(", "))
    };
    uses.iter().map(line).collect()
}

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The modules of each crate whose structure is checked.
const ROOTS: [&str; 12] = [
    "src",
    "crates/tensorpool/src",
    "crates/tensorpool-simulator/src",
    "crates/terraform-plugin/src",
    "crates/terraform-plugin-derive/src",
    "crates/terraform-plugin-packaging/src",
    "crates/terraform-plugin-testing/src",
    "tools/bench",
    "tools/clients",
    "tools/faults",
    "tools/forms",
    "tools/matrix",
];

/// The uses between rooms: each module at a crate's root, with all that is in it. The root itself only lists them.
fn between_rooms(uses: BTreeMap<Module, BTreeSet<Module>>) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut rooms: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, of) in uses {
        let Some(room) = module.first() else { continue };
        let others = of.iter().filter_map(|used| used.first()).filter(|other| *other != room);
        rooms.entry(vec![room.clone()]).or_default().extend(others.map(|other| vec![other.clone()]));
    }
    rooms
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    for folder in ROOTS {
        assert_eq!(shown(&circles(Structure::of(&root(folder)).uses())), [""; 0], "in {folder}");
    }
}

#[test]
fn no_rooms_use_each_other_in_a_circle() {
    for folder in ROOTS {
        assert_eq!(shown(&circles(between_rooms(Structure::of(&root(folder)).uses()))), [""; 0], "in {folder}");
    }
}

#[test]
fn nothing_but_the_root_uses_the_composition_root() {
    let uses = Structure::of(&root("src")).uses();
    let provider = ["provider".to_owned()];
    let found = uses.iter().filter(|(_, of)| of.contains(provider.as_slice()));
    assert_eq!(found.map(|(module, _)| module.join("::")).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_circle_is_found_and_what_hangs_on_it_is_not() {
    let module = |name: &str| vec![name.to_owned()];
    let graph = |edges: &[(&str, &str)]| {
        let mut uses: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (from, to) in edges {
            uses.entry(module(to)).or_default();
            uses.entry(module(from)).or_default().insert(module(to));
        }
        shown(&circles(uses))
    };
    assert_eq!(graph(&[("a", "b"), ("b", "c"), ("a", "c")]), [""; 0]);
    assert_eq!(graph(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]), ["b uses c", "c uses b"]);
}

#[test]
fn rooms_can_use_each_other_in_a_circle_where_no_modules_do() {
    let module = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    let uses = [("a::x", "b"), ("b::y", "a"), ("a", "c"), ("b", "c"), ("c", "c::z")];
    let mut modules: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (from, to) in uses {
        modules.entry(module(to)).or_default();
        modules.entry(module(from)).or_default().insert(module(to));
    }
    assert_eq!(shown(&circles(modules.clone())), [""; 0]);
    assert_eq!(shown(&circles(between_rooms(modules))), ["a uses b", "b uses a"]);
}

#[test]
fn what_is_compiled_for_tests_alone_is_told_from_the_rest() {
    for (attribute, expected) in [
        ("#[cfg(test)]", true),
        ("#[cfg(all(test, unix))]", true),
        ("#[cfg(all(unix, test))]", true),
        ("#[cfg(unix)]", false),
        ("#[cfg(any(test, unix))]", false),
        ("#[cfg(not(test))]", false),
        ("#[test]", false),
    ] {
        let item: Item = syn::parse_str(&format!("{attribute} mod one {{}}")).expect("it is Rust");
        let Item::Mod(item) = item else { panic!("it is a module") };
        assert_eq!(item.attrs.iter().any(is_for_tests), expected, "{attribute}");
    }
}
