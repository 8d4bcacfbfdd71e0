// A provider of everything that there is, for the examples of `testing` and for its tests: books on a shelf.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use terraform_plugin::schema::{
    AtLeast, Attribute, IdentitySchema, LengthAtLeast, Nesting, Parameter, Schema, Signature,
};
use terraform_plugin::value::Type;
use terraform_plugin::{
    Action, Attr, Configure, DataSource, Diagnostic, Diagnostics, EphemeralResource, Function, FunctionError,
    ImportTarget, Invocation, ListResource, Listing, Model, MoveSource, Moved, Objects, Opened, Operation, Private,
    Provider, Resource, ResourcePlan,
};

pub(crate) struct Books;

/// The books by their ids, and how many there ever were.
#[derive(Default)]
pub(crate) struct Shelf {
    books: Mutex<BTreeMap<String, Book>>,
    count: Mutex<usize>,
}

impl Shelf {
    fn put(&self, id: &str, book: Book) {
        self.books.lock().expect("no holder panics").insert(id.to_owned(), book);
    }

    fn get(&self, id: &str) -> Option<Book> {
        self.books.lock().expect("no holder panics").get(id).cloned()
    }

    pub(crate) fn remove(&self, id: &str) {
        self.books.lock().expect("no holder panics").remove(id);
    }

    pub(crate) fn all(&self) -> Vec<Book> {
        self.books.lock().expect("no holder panics").values().cloned().collect()
    }

    fn next_id(&self) -> String {
        let mut count = self.count.lock().expect("no holder panics");
        *count += 1;
        format!("book-{count}")
    }
}

#[derive(Clone, Model)]
pub(crate) struct ShelfConfig {
    /// A shelf that is closed lets nobody in.
    closed: Attr<bool>,
    /// As it was called once.
    shut: Attr<bool>,
}

/// The `provider_meta` block: who the module belongs to.
#[derive(Clone, Model)]
pub(crate) struct Meta {
    team: Attr<String>,
}

#[async_trait]
impl Provider for Books {
    type Config = ShelfConfig;
    type Session = Shelf;

    fn schema(&self) -> Schema {
        Schema::new("Keeps books on a shelf.")
            .attribute("closed", Attribute::bool("Lets nobody in.").optional())
            .attribute("shut", Attribute::bool("Lets nobody in.").optional().deprecated("Use closed."))
    }

    fn meta_schema(&self) -> Option<Schema> {
        Some(Schema::new("The module.").attribute("team", Attribute::string("Its owner.").optional()))
    }

    async fn configure(&self, request: Configure<ShelfConfig>) -> Result<Shelf, Diagnostics> {
        if request.config.closed.known() == Some(&true) {
            return Err(Diagnostic::error("Closed", "The shelf is closed.").into());
        }
        if request.terraform_version.starts_with("1.10.") {
            request.warn(Diagnostic::warning("Old Terraform", "It knows no write-only attributes."));
        }
        Ok(Shelf::default())
    }

    fn objects(&self) -> Objects<Shelf> {
        Objects::new()
            .resource(BookResource)
            .data_source(BookSource)
            .ephemeral_resource(Card)
            .list_resource(BookList)
            .action(Dust)
            .function(Isbn)
    }
}

pub(crate) struct BookResource;

#[derive(Clone, Debug, PartialEq, Model)]
pub(crate) struct Book {
    pub(crate) id: Attr<String>,
    pub(crate) isbn: Attr<String>,
    pub(crate) title: Attr<String>,
    pub(crate) note: Attr<String>,
    pub(crate) owner: Attr<String>,
    pub(crate) copies: Attr<Vec<Attr<CopyModel>>>,
}

#[derive(Clone, Debug, PartialEq, Model)]
pub(crate) struct CopyModel {
    pub(crate) place: Attr<String>,
    pub(crate) number: Attr<i64>,
}

#[async_trait]
impl Resource for BookResource {
    type Session = Shelf;
    type Model = Book;

    fn type_name(&self) -> &'static str {
        "books_book"
    }

    fn schema(&self) -> Schema {
        let copy = [
            ("place", Attribute::string("Where it is.").required()),
            ("number", Attribute::integer("Its number.").computed()),
        ];
        Schema::new("A book.")
            .version(1)
            .upgrade(0, Type::object([("name", Type::String), ("isbn", Type::String)]), |old| {
                let get = |name| old.get(name).cloned().unwrap_or(terraform_plugin::value::Value::Null);
                let mut state = Book { id: "book-0".into(), ..Book::unnamed() }.into_value();
                if let terraform_plugin::value::Value::Map(entries) = &mut state {
                    entries.insert("title", get("name"));
                    entries.insert("isbn", get("isbn"));
                }
                Ok(state)
            })
            .identity(IdentitySchema::of("id", "The id."))
            .attribute("id", Attribute::string("The id.").computed().use_state_for_unknown())
            .attribute("isbn", Attribute::string("The number.").required().requires_replace())
            .attribute("title", Attribute::string("The title.").required())
            .attribute("note", Attribute::string("For the librarian alone.").optional().write_only())
            .attribute("owner", Attribute::string("The team of the module.").computed())
            .attribute("copies", Attribute::nested(Nesting::Set, copy, "The copies.").optional())
    }

    async fn plan(&self, plan: &mut ResourcePlan<Shelf, Book>) -> Result<(), Diagnostics> {
        if let (Some(prior), None) = (&plan.prior, &plan.planned)
            && prior.title == "keep".into()
        {
            return Err(Diagnostic::error("Book is to be kept", "Its title says so.").into());
        }
        if plan.may_defer() && plan.config.as_ref().is_some_and(|config| config.isbn.is_unknown()) {
            plan.defer(terraform_plugin::DeferReason::ObjectConfigUnknown);
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<Shelf, Book>, planned: Book) -> Result<(), Diagnostics> {
        let library = operation.session();
        let id = library.next_id();
        let team = operation.provider_meta::<Meta>().ok().flatten().map(|meta| meta.team);
        let book = Book { id: id.clone().into(), owner: team.unwrap_or(Attr::Null), ..planned }.numbered();
        if operation.config().is_some_and(|config| config.note == "secret".into()) {
            operation.private_mut().set("noted", true);
        }
        library.put(&id, book.clone());
        operation.save(book.clone());
        match book.title.known().map(String::as_str) {
            Some("torn") => return Err(Diagnostic::error("Torn", "Some pages are missing.").into()),
            Some("cursed") => panic!("a curse"),
            Some("endless") => {
                operation.stop().cancelled().await;
                operation.warn(Diagnostic::warning("Stopped", "Not all of it was read."));
            }
            _ => {}
        }
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<Shelf, Book>, state: Book) -> Result<(), Diagnostics> {
        let id = state.id.known().cloned().unwrap_or_default();
        match operation.session().get(&id) {
            Some(book) => operation.save(Book { note: Attr::Null, ..book }),
            None => operation.remove(),
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Shelf, Book>,
        prior: Book,
        planned: Book,
    ) -> Result<(), Diagnostics> {
        let book = Book { id: prior.id.clone(), owner: prior.owner, ..planned }.numbered();
        if book.title == "torn".into() {
            return Err(Diagnostic::error("Torn", "Some pages are missing.").into());
        }
        operation.session().put(&prior.id.known().cloned().unwrap_or_default(), book.clone());
        operation.save(book);
        Ok(())
    }

    async fn delete(&self, operation: &mut Operation<Shelf, Book>, prior: Book) -> Result<(), Diagnostics> {
        if prior.title == "glued".into() {
            return Err(Diagnostic::error("Glued", "The book cannot be taken off the shelf.").into());
        }
        operation.session().remove(&prior.id.known().cloned().unwrap_or_default());
        Ok(())
    }

    async fn import(&self, operation: &mut Operation<Shelf, Book>, target: ImportTarget) -> Result<(), Diagnostics> {
        let id = target.text("id").unwrap_or_default().to_owned();
        let found = operation.session().get(&id);
        // Some ids are believed without a look, to see what the read makes of them.
        if found.is_none() && !id.starts_with("believed-") {
            return Err(Diagnostic::error("No such book", format!("There is no book {id}.")).into());
        }
        operation.save(Book { id: id.clone().into(), ..Book::unnamed() });
        if id.ends_with("-later") && operation.may_defer() {
            operation.defer(terraform_plugin::DeferReason::AbsentPrerequisite);
        }
        if id.ends_with("-torn") {
            return Err(Diagnostic::error("Torn", "Some pages are missing.").into());
        }
        Ok(())
    }

    async fn move_state(&self, source: MoveSource) -> Result<Option<Moved<Book>>, Diagnostics> {
        let ty = Type::object([("id", Type::String), ("name", Type::String)]);
        let is_known = source.type_name == "shop_book" && source.schema_version <= 2;
        let Some(state) = source.state(&ty).ok().filter(|_| is_known) else { return Ok(None) };
        let text = |name| state.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        let title = text("name").filter(|name| name != "smudged").map_or(Attr::Unknown, Attr::Known);
        let book = Book { id: text("id").into(), title, ..Book::unnamed() };
        Ok(Some(Moved::new(book).private(Private::from_bytes(&source.private))))
    }
}

impl Book {
    fn unnamed() -> Self {
        let (id, isbn, title) = (Attr::Null, Attr::Null, Attr::Null);
        Self { id, isbn, title, note: Attr::Null, owner: Attr::Null, copies: Attr::Null }
    }

    /// Each copy gets a number that follows from its place.
    fn numbered(mut self) -> Self {
        if let Attr::Known(copies) = &mut self.copies {
            for copy in copies {
                if let Attr::Known(copy) = copy {
                    let place = copy.place.known().map_or(0, String::len);
                    copy.number = i64::try_from(place).unwrap_or(0).into();
                }
            }
        }
        self
    }
}

pub(crate) struct BookSource;

#[derive(Clone, Model)]
pub(crate) struct Wanted {
    title: Attr<String>,
    id: Attr<String>,
}

#[async_trait]
impl DataSource for BookSource {
    type Session = Shelf;
    type Model = Wanted;

    fn type_name(&self) -> &'static str {
        "books_book"
    }

    fn schema(&self) -> Schema {
        Schema::new("A book.")
            .attribute("title", Attribute::string("Its title.").required())
            .attribute("id", Attribute::string("Its id.").computed())
    }

    async fn read(&self, operation: &mut Operation<Shelf, Wanted>, config: Wanted) -> Result<(), Diagnostics> {
        let found = operation.session().all().into_iter().find(|book| book.title == config.title);
        let found = found.ok_or_else(|| Diagnostic::error("No such book", "No book has this title."))?;
        operation.save(Wanted { id: found.id, ..config });
        Ok(())
    }
}

pub(crate) struct BookList;

#[async_trait]
impl ListResource for BookList {
    type Session = Shelf;
    type Config = ListConfig;
    type Model = Book;

    fn type_name(&self) -> &'static str {
        "books_book"
    }

    fn schema(&self) -> Schema {
        let title = Attribute::string("Only those of this title.").optional().validate(LengthAtLeast(1));
        Schema::new("Books.").attribute("title", title)
    }

    async fn list(&self, listing: &Listing<Shelf, Book>, config: ListConfig) -> Result<(), Diagnostics> {
        for book in listing.session().all() {
            let title = book.title.known().cloned().unwrap_or_default();
            if config.title.known().is_none_or(|wanted| *wanted == title) {
                listing.found(title, book).await;
            }
        }
        if config.title == "torn".into() {
            return Err(Diagnostic::error("Torn", "The catalogue ends here.").into());
        }
        Ok(())
    }
}

#[derive(Clone, Model)]
pub(crate) struct ListConfig {
    title: Attr<String>,
}

pub(crate) struct Card;

#[derive(Clone, Model)]
pub(crate) struct CardModel {
    reader: Attr<String>,
    number: Attr<String>,
}

#[async_trait]
impl EphemeralResource for Card {
    type Session = Shelf;
    type Model = CardModel;

    fn type_name(&self) -> &'static str {
        "books_card"
    }

    fn schema(&self) -> Schema {
        Schema::new("The card of a reader.")
            .attribute("reader", Attribute::string("The reader.").required())
            .attribute("number", Attribute::string("Its number.").computed())
    }

    async fn open(
        &self,
        operation: &mut Operation<Shelf, CardModel>,
        config: CardModel,
    ) -> Result<Opened<CardModel>, Diagnostics> {
        let reader = config.reader.known().cloned().unwrap_or_default();
        if reader == "banned" {
            return Err(Diagnostic::error("Banned", "This reader gets no card.").into());
        }
        operation.private_mut().set("reader", reader.clone());
        let opened = CardModel { number: format!("{reader}-1").into(), ..config };
        Ok(Opened::new(opened).renew_at(SystemTime::UNIX_EPOCH + Duration::from_mins(1)))
    }

    async fn renew(&self, operation: &mut Operation<Shelf>) -> Result<Option<SystemTime>, Diagnostics> {
        operation.private_mut().set("renewed", true);
        Ok(None)
    }

    async fn close(&self, operation: &mut Operation<Shelf>) -> Result<(), Diagnostics> {
        match operation.private().text("reader") {
            Some("nobody") => Err(Diagnostic::error("Lost", "The card is lost.").into()),
            _ => Ok(()),
        }
    }
}

pub(crate) struct Dust;

#[derive(Clone, Model)]
pub(crate) struct DustModel {
    shelves: Attr<i64>,
}

#[async_trait]
impl Action for Dust {
    type Session = Shelf;
    type Model = DustModel;

    fn type_name(&self) -> &'static str {
        "books_dust"
    }

    fn schema(&self) -> Schema {
        let shelves = Attribute::integer("How many shelves.").required().validate(AtLeast(1));
        Schema::new("Dusts the shelves.").attribute("shelves", shelves)
    }

    async fn plan(&self, _: &mut Operation<Shelf, DustModel>, config: DustModel) -> Result<(), Diagnostics> {
        if config.shelves.known().is_some_and(|shelves| *shelves > 20) {
            return Err(Diagnostic::error("Too many shelves", "There are 20.").into());
        }
        Ok(())
    }

    async fn invoke(&self, invocation: &mut Invocation<Shelf>, config: DustModel) -> Result<(), Diagnostics> {
        for shelf in 1..=config.shelves.known().copied().unwrap_or_default() {
            if shelf > 3 {
                return Err(Diagnostic::error("Too high", "There is no ladder.").into());
            }
            invocation.progress(format!("shelf {shelf}"));
        }
        Ok(())
    }
}

pub(crate) struct Isbn;

#[derive(Clone, Model)]
pub(crate) struct IsbnArguments {
    text: String,
}

#[async_trait]
impl Function for Isbn {
    type Arguments = IsbnArguments;
    type Output = String;

    fn name(&self) -> &'static str {
        "isbn"
    }

    fn signature(&self) -> Signature {
        Signature::new("The number of a book without hyphens.", Type::String)
            .parameter(Parameter::string("text", "The number as it is printed."))
    }

    async fn call(&self, arguments: IsbnArguments) -> Result<String, FunctionError> {
        let digits: String = arguments.text.chars().filter(|one| *one != '-').collect();
        if digits.len() != 13 {
            return Err(FunctionError::new("That is no ISBN.").at("text"));
        }
        Ok(digits)
    }
}
