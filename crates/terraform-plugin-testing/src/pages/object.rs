//! An object of a provider, and what its page has to say.

use std::collections::BTreeMap;

use super::declared::Declared;
use super::page::Page;
use super::schema_section::{Group, Item, Place, Written};
use crate::proto::tfplugin6 as pb;

/// An object: a resource, a data source and so on, or the provider itself.
#[derive(Debug)]
pub struct Object {
    /// Its page, for example `resources/cluster.md`.
    pub page: String,
    /// What it is, for example `resource books_book`.
    pub what: String,
    /// The title of the page; `None` if the author chooses it.
    title: Option<String>,
    /// The headings of which the page has one; empty if the author chooses it.
    headings: Vec<String>,
    /// What the provider says about it.
    description: String,
    /// Everything that stands in lists, by the place of the list.
    items: BTreeMap<Place, Vec<Item>>,
}

/// Everything that a provider has.
pub fn all(declared: &Declared) -> Vec<Object> {
    let schemas = &declared.schemas;
    let mut objects = Vec::new();
    if let Some(schema) = &schemas.provider {
        objects.push(Object { page: "index.md".to_owned(), ..Object::new("provider", &declared.name) }.schema(schema));
    }
    let mut add = |directory: &str, kind: &str, found: &std::collections::HashMap<String, pb::Schema>| {
        for (name, schema) in found {
            let mut object = Object::of(declared, directory, kind, name).schema(schema);
            if let Some(identity) = declared.identities.identity_schemas.get(name).filter(|_| kind == "Resource") {
                object = object.identity(identity);
            }
            objects.push(object);
        }
    };
    add("resources", "Resource", &schemas.resource_schemas);
    add("data-sources", "Data Source", &schemas.data_source_schemas);
    add("ephemeral-resources", "Ephemeral Resource", &schemas.ephemeral_resource_schemas);
    add("list-resources", "List Resource", &schemas.list_resource_schemas);
    let actions =
        schemas.action_schemas.iter().filter_map(|(name, action)| Some((name.clone(), action.schema.clone()?)));
    add("actions", "Action", &actions.collect());
    let functions = schemas.functions.iter();
    objects.extend(
        functions.map(|(name, function)| Object::of(declared, "functions", "function", name).function(function)),
    );
    objects.sort_by(|one, other| one.page.cmp(&other.page));
    objects
}

impl Object {
    fn new(kind: &str, name: &str) -> Self {
        Self {
            page: String::new(),
            what: format!("{} {name}", kind.to_lowercase()),
            title: None,
            headings: Vec::new(),
            description: String::new(),
            items: BTreeMap::new(),
        }
    }

    fn of(declared: &Declared, directory: &str, kind: &str, name: &str) -> Self {
        let short = name.strip_prefix(&declared.name).and_then(|rest| rest.strip_prefix('_')).unwrap_or(name);
        Self {
            page: format!("{directory}/{short}.md"),
            title: Some(format!("{name} {kind} - {}", declared.name)),
            headings: vec![format!("{name} ({kind})"), format!("{kind}: {name}")],
            ..Self::new(kind, name)
        }
    }

    fn schema(mut self, schema: &pb::Schema) -> Self {
        if let Some(block) = &schema.block {
            self.description.clone_from(&block.description);
            self.block("", block);
        }
        self
    }

    fn block(&mut self, path: &str, block: &pb::schema::Block) {
        self.attributes(path, &block.attributes);
        for nested in &block.block_types {
            let Some(inner) = &nested.block else { continue };
            // Whether a block belongs to what is required depends on what is in it: tfplugindocs decides.
            self.add(path, Item::new(&nested.type_name, &inner.description));
            self.block(&below(path, &nested.type_name), inner);
        }
    }

    fn attributes(&mut self, path: &str, attributes: &[pb::schema::Attribute]) {
        for attribute in attributes {
            let group = match attribute {
                attribute if attribute.required => Group::Required,
                attribute if attribute.optional => Group::Optional,
                _ => Group::ReadOnly,
            };
            let item = Item::new(&attribute.name, &attribute.description);
            self.add(path, Item { group: Some(group), is_sensitive: Some(attribute.sensitive), ..item });
            if let Some(nested) = &attribute.nested_type {
                self.attributes(&below(path, &attribute.name), &nested.attributes);
            }
        }
    }

    fn add(&mut self, path: &str, item: Item) {
        self.items.entry(Place::Schema(path.to_owned())).or_default().push(item);
    }

    fn identity(mut self, identity: &pb::ResourceIdentitySchema) -> Self {
        let items = identity.identity_attributes.iter().map(|one| Item::new(&one.name, &one.description));
        self.items.insert(Place::Identity, items.collect());
        self
    }

    fn function(mut self, function: &pb::Function) -> Self {
        self.description.clone_from(&function.description);
        let parameters = function.parameters.iter().chain(&function.variadic_parameter);
        let items = parameters.map(|one| Item::new(&one.name, &one.description)).collect();
        self.items.insert(Place::Arguments, items);
        self
    }

    /// Whether it belongs to a subcategory: everything does but the provider.
    pub fn has_subcategory(&self) -> bool {
        self.title.is_some()
    }

    /// Compares the page with what the provider says.
    pub fn compare(&self, page: &Page, mistakes: &mut Vec<String>) {
        let mut mistake = |sentence: String| mistakes.push(format!("{}: {sentence}", page.path));
        let title = page.front_matter.get("page_title");
        if let Some(should_be) = self.title.as_deref().filter(|should_be| *should_be != title) {
            mistake(format!("the page_title is {title:?}, and should be {should_be:?}"));
        }
        let heading = page.headings.first().map_or("", |heading| heading.text.as_str());
        if !self.headings.is_empty() && !self.headings.iter().any(|should_be| should_be == heading) {
            mistake(format!("the heading is {heading:?}, and should be {:?}", self.headings[0]));
        }
        if !page.text.contains(self.description.trim()) {
            mistake(format!("lacks the description of the {}: {}", self.what, self.description.trim()));
        }
        Written::read(&page.text).compare(&self.items, &mut mistake);
    }
}

/// The path of something nested, as tfplugindocs writes it.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
