//! The resource `notes_draft`: a note whose id and code are random, and whose reminders are chosen if there are none.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use async_trait::async_trait;
use terraform_plugin::schema::{
    Attribute, Between, Block, BlockNesting, GreaterThan, MultipleOf, Schema, SizeAtMost, Warn,
};
use terraform_plugin::{Attr, Diagnostics, Model, Operation, Resource, ResourcePlan};

use crate::library::{Library, StoredNote, failed};

/// The resource.
pub struct Draft;

/// The state of a draft.
#[derive(Clone, Model)]
pub struct DraftModel {
    id: Attr<String>,
    code: Attr<String>,
    title: Attr<String>,
    folder: Attr<String>,
    pages: Attr<f64>,
    language: Attr<String>,
    reminder: Attr<Vec<Reminder>>,
}

/// One `reminder` block.
#[derive(Clone, Model)]
pub struct Reminder {
    days: Attr<i64>,
}

/// The default.
const DAYS: i64 = 7;

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Two such codes are never the same.
fn code(title: &str) -> String {
    let letter = title.chars().next().unwrap_or('x').to_ascii_lowercase();
    format!("{letter}{:08x}", random() >> 32)
}

impl DraftModel {
    fn id(&self) -> &str {
        self.id.known().map(String::as_str).unwrap_or_default()
    }

    /// The same with reminders, if it has none yet.
    fn reminded(self) -> Self {
        let reminder = match self.reminder {
            Attr::Unknown => vec![Reminder { days: DAYS.into() }].into(),
            chosen => chosen,
        };
        // An attribute that is left out in a block.
        let days = |one: Reminder| Reminder { days: one.days.or(DAYS) };
        let reminder: Vec<_> = reminder.into_known().unwrap_or_default().into_iter().map(days).collect();
        Self { reminder: reminder.into(), ..self }
    }

    fn stored(&self) -> StoredNote {
        StoredNote {
            title: self.title.known().cloned().unwrap_or_default(),
            folder: self.folder.known().cloned().unwrap_or_default(),
            reminders: self
                .reminder
                .known()
                .into_iter()
                .flatten()
                .filter_map(|one| one.days.known().copied())
                .collect(),
            ..StoredNote::default()
        }
    }
}

#[async_trait]
impl Resource for Draft {
    type Session = Library;
    type Model = DraftModel;

    fn type_name(&self) -> &'static str {
        "notes_draft"
    }

    fn schema(&self) -> Schema {
        let days =
            Attribute::integer("Number of days after which to review it.").default_is("`7`").optional().computed();
        let days = days.validate(Between(1, 3650)).validate(Warn(Between(1, 365)));
        Schema::new("A note that is not finished.")
            .noun("draft")
            .attribute("id", Attribute::string("The id.").generated_with(|| format!("draft-{:016x}", random())))
            .attribute("code", Attribute::string("What to call the draft.").computed().use_state_for_unknown())
            .attribute("title", Attribute::string("The title.").required())
            .attribute("folder", Attribute::string("The folder.").default("drafts").requires_replace())
            .attribute(
                "pages",
                Attribute::number("Number of pages for which there is paper, half ones too.")
                    .optional()
                    .validate(GreaterThan(0))
                    .validate(MultipleOf(0.5))
                    .requires_replace_if("there are fewer", |pages| {
                        pages.planned.as_number() < pages.prior.as_number()
                    }),
            )
            .attribute("language", Attribute::string("Its language.").optional().requires_replace_if_configured())
            .block(
                "reminder",
                Block::new(BlockNesting::List, "When to review it: after 7 days if no reminder is written.")
                    .attribute("days", days)
                    .computed()
                    .use_state_for_unknown()
                    .validate(SizeAtMost(5)),
            )
    }

    async fn plan(&self, plan: &mut ResourcePlan<Library, DraftModel>) -> Result<(), Diagnostics> {
        let Some(planned) = plan.planned.take() else { return Ok(()) };
        // The title may not be known yet. The second plan knows it.
        let code = match (&planned.code, planned.title.known()) {
            (Attr::Unknown, Some(title)) => plan.remembered("code", || code(title)),
            (code, _) => code.clone(),
        };
        plan.planned = Some(DraftModel { code, ..planned });
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<Library, DraftModel>,
        planned: DraftModel,
    ) -> Result<(), Diagnostics> {
        // The id is known by now, the code only with a Terraform that stores it.
        let code = planned.code.clone().or(code(planned.title.known().map(String::as_str).unwrap_or_default()));
        let state = DraftModel { code, ..planned.reminded() };
        operation.session().put(state.id(), &state.stored()).map_err(|error| failed("write", state.id(), &error))?;
        operation.save(state);
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<Library, DraftModel>, state: DraftModel) -> Result<(), Diagnostics> {
        match operation.session().get(state.id()).map_err(|error| failed("read", state.id(), &error))? {
            Some(note) => {
                let reminder = note.reminders.iter().map(|days| Reminder { days: (*days).into() });
                let reminder = reminder.collect::<Vec<_>>().into();
                operation.save(DraftModel { title: note.title.into(), folder: note.folder.into(), reminder, ..state });
            }
            None => operation.remove(),
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Library, DraftModel>,
        _prior: DraftModel,
        planned: DraftModel,
    ) -> Result<(), Diagnostics> {
        let state = planned.reminded();
        operation.session().put(state.id(), &state.stored()).map_err(|error| failed("write", state.id(), &error))?;
        operation.save(state);
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Library, DraftModel>,
        prior: DraftModel,
    ) -> Result<(), Diagnostics> {
        Ok(operation.session().delete(prior.id()).map_err(|error| failed("delete", prior.id(), &error))?)
    }
}
