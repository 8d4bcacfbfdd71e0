//! A resource with values that cannot be computed twice.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, Block, BlockNesting, Schema};
use terraform_plugin::{Attr, Diagnostics, Model, Operation, Resource, ResourcePlan};

/// The state of a card.
#[derive(Clone, Model)]
pub struct CardModel {
    name: Attr<String>,
    number: Attr<i64>,
    text: Attr<String>,
    margin: Attr<Vec<Margin>>,
}

/// One margin.
#[derive(Clone, Model)]
pub struct Margin {
    width: Attr<i64>,
}

/// Has a name that its schema generates, a number that its plan does, and margins that are chosen if there are none.
pub struct Card;

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn number() -> i64 {
    i64::try_from(random() >> 1).unwrap_or_default()
}

#[async_trait]
impl Resource for Card {
    type Session = ();
    type Model = CardModel;

    fn type_name(&self) -> &'static str {
        "sample_card"
    }

    fn schema(&self) -> Schema {
        let name = Attribute::string("Its name.").optional();
        let width = Attribute::integer("Its width.").optional().computed();
        Schema::new("A card.")
            .noun("card")
            .attribute("name", name.generated_with(|| format!("card-{:016x}", random())))
            .attribute("number", Attribute::integer("Its number.").computed().use_state_for_unknown())
            .attribute("text", Attribute::string("What it says.").required().requires_replace())
            .block("margin", Block::new(BlockNesting::List, "Its margins.").attribute("width", width).computed())
    }

    async fn plan(&self, plan: &mut ResourcePlan<(), CardModel>) -> Result<(), Diagnostics> {
        if plan.planned.as_ref().is_some_and(|planned| planned.number.is_unknown()) {
            let number = plan.remembered("number", number);
            plan.planned = plan.planned.take().map(|planned| CardModel { number, ..planned });
        }
        let again = plan.planned_private().is_some();
        plan.private.set("plan", if again { "second" } else { "first" });
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<(), CardModel>, planned: CardModel) -> Result<(), Diagnostics> {
        let number = planned.number.or(number());
        let margin = match planned.margin {
            Attr::Unknown => vec![Margin { width: 3.into() }].into(),
            written => written,
        };
        operation.save(CardModel { number, margin, ..planned });
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), CardModel>, state: CardModel) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), CardModel>,
        _: CardModel,
        planned: CardModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), CardModel>, _: CardModel) -> Result<(), Diagnostics> {
        Ok(())
    }
}
