//! The resource `zones_record`.

use terraform_plugin::schema::{
    Attribute, Between, IdentityAttribute, IdentitySchema, IsTrimmed, LengthAtLeast, OneOf, Schema,
};
use terraform_plugin::{
    AttributePath, Diagnostic, Diagnostics, ImportTarget, Operation, Resource, ResourcePlan, async_trait,
};

use crate::record_model::{RecordModel, TTL};
use crate::session::Session;
use crate::zone_name;

/// The resource.
pub struct RecordResource;

/// Records that stay in caches for longer than this deserve a warning when they change, in seconds.
const LONG: i64 = 24 * 60 * 60;

#[async_trait]
impl Resource for RecordResource {
    type Session = Session;
    type Model = RecordModel;

    fn type_name(&self) -> &'static str {
        "zones_record"
    }

    fn schema(&self) -> Schema {
        let name = "The name below the zone, for example `www`. The zone itself is `@`.";
        let identity = IdentitySchema::new()
            .attribute("zone", IdentityAttribute::string("The name of the zone."))
            .attribute("id", IdentityAttribute::string("The id of the record."));
        Schema::new("A record of a zone.")
            .noun("record")
            .identity(identity)
            .attribute("id", Attribute::string("The id, which the service chooses.").computed().use_state_for_unknown())
            .attribute("zone", zone_name::attribute("The name of the zone.").requires_replace())
            .attribute("name", Attribute::string(name).required().validate(LengthAtLeast(1)).requires_replace())
            .attribute(
                "type",
                Attribute::string("What the record says.")
                    .required()
                    .validate(OneOf(&["A", "AAAA", "CNAME", "TXT"]))
                    .requires_replace(),
            )
            .attribute(
                "value",
                Attribute::string("An address, a name or a text, by its type.").required().validate(IsTrimmed),
            )
            .attribute(
                "ttl",
                Attribute::integer("For how many seconds caches keep it.").default(TTL).validate(Between(60, 604_800)),
            )
    }

    /// A rule that concerns two attributes. Values may be unknown: what is not known breaks no rule.
    async fn validate(&self, config: RecordModel) -> Result<(), Diagnostics> {
        if config.kind.as_str() == Some("CNAME") && config.name.as_str() == Some("@") {
            let detail =
                "The zone itself has other records, beside which a CNAME cannot stand. Use an A or AAAA record.";
            return Err(Diagnostic::error("CNAME at the zone itself", detail).at(AttributePath::of("type")).into());
        }
        Ok(())
    }

    /// What the user should know before the apply.
    async fn plan(&self, plan: &mut ResourcePlan<Session, RecordModel>) -> Result<(), Diagnostics> {
        let (Some(prior), Some(planned)) = (&plan.prior, &plan.planned) else { return Ok(()) };
        if let Some(ttl) = prior.ttl.known().filter(|ttl| **ttl > LONG && prior.value != planned.value) {
            let detail = format!(
                "Caches may answer with the old value of {} for {ttl} seconds more. To change it faster, apply a smaller ttl first.",
                prior.description()
            );
            plan.warnings.push(Diagnostic::warning("Old value stays in caches", detail).at(AttributePath::of("value")));
        }
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, RecordModel>,
        planned: RecordModel,
    ) -> Result<(), Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let (zone, _) = planned.key();
        let record = client.create_record(zone, &planned.body()).await;
        let record = record.map_err(|error| error.diagnostic("create record", &planned.description()))?;
        // Saved at once: what is done after this may fail, and Terraform knows the record all the same.
        operation.save(RecordModel::of(zone, record));
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, RecordModel>,
        state: RecordModel,
    ) -> Result<(), Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let (zone, id) = state.key();
        match client.record(zone, id).await {
            Ok(record) => operation.save(RecordModel::of(zone, record)),
            // Somebody deleted it. Terraform plans to create it again.
            Err(error) if error.is_not_found() => operation.remove(),
            Err(error) => return Err(error.diagnostic("read record", &state.description()).into()),
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Session, RecordModel>,
        _prior: RecordModel,
        planned: RecordModel,
    ) -> Result<(), Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let (zone, id) = planned.key();
        let record = client.update_record(zone, id, &planned.body()).await;
        let record = record.map_err(|error| error.diagnostic("update record", &planned.description()))?;
        operation.save(RecordModel::of(zone, record));
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, RecordModel>,
        prior: RecordModel,
    ) -> Result<(), Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let (zone, id) = prior.key();
        let deleted = client.delete_record(zone, id).await;
        Ok(deleted.map_err(|error| error.diagnostic("delete record", &prior.description()))?)
    }

    /// Terraform reads what is saved here, and reports it if there is no such record.
    async fn import(
        &self,
        operation: &mut Operation<Session, RecordModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let (zone, id) = imported(&target)?;
        operation.save(RecordModel::unread(zone, id));
        Ok(())
    }
}

/// The zone and the id that the user gave, as an identity or as the text `zone/id`.
fn imported(target: &ImportTarget) -> Result<(&str, &str), Diagnostic> {
    let parts = match target.id() {
        Some(text) => text.split_once('/'),
        None => target.text("zone").zip(target.text("id")),
    };
    parts.filter(|(zone, id)| !zone.is_empty() && !id.is_empty() && !id.contains('/')).ok_or_else(|| {
        let detail = format!(
            "A record is imported by the name of its zone and its id, with a slash between them, for example \
             example.com/rec-1, and not by {:?}. The id is shown by terraform query.",
            target.id().unwrap_or_default()
        );
        Diagnostic::error("Invalid import id", detail)
    })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
