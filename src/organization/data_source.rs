//! The data source `tensorpool_organization`.

use async_trait::async_trait;
use tensorpool::{Error, Member, Organization};
use terraform_plugin::schema::{Attribute, Nesting, Schema};
use terraform_plugin::value::Number;
use terraform_plugin::{Attr, DataSource, Diagnostic, Diagnostics, Model, Operation};

use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// The state of `tensorpool_organization`.
#[derive(Clone, Debug, Model)]
pub struct OrganizationModel {
    name: Attr<String>,
    balance: Attr<Number>,
    members: Attr<Vec<MemberModel>>,
}

/// One member.
#[derive(Clone, Debug, Model)]
pub struct MemberModel {
    uid: Attr<String>,
    email: Attr<String>,
}

impl From<Member> for MemberModel {
    fn from(member: Member) -> Self {
        Self { uid: member.uid.into(), email: member.email.into() }
    }
}

impl From<Organization> for OrganizationModel {
    fn from(mut organization: Organization) -> Self {
        // The API gives no order, and a changing one would look like a change.
        organization.members.sort_by(|a, b| a.uid.cmp(&b.uid));
        Self {
            name: organization.name.into(),
            balance: organization.balance.and_then(|balance| Number::try_from(balance).ok()).into(),
            members: organization.members.into_iter().map(MemberModel::from).collect(),
        }
    }
}

/// The data source `tensorpool_organization`.
pub struct OrganizationDataSource;

#[async_trait]
impl DataSource for OrganizationDataSource {
    type Session = Session;
    type Model = OrganizationModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_organization"
    }

    fn schema(&self) -> Schema {
        let member = [
            ("uid", Attribute::string("The id of the user.").computed()),
            (
                "email",
                Attribute::string("The email address. Sensitive, as it is personal data.").computed().sensitive(),
            ),
        ];
        Schema::new("The organization of the user to whom the API key belongs.")
            .attribute("name", Attribute::string("The name.").computed())
            .attribute("balance", Attribute::number("The current balance in USD, which all members share.").computed())
            .attribute(
                "members",
                Attribute::nested(Nesting::List, member, "The members, ordered by their ids.").computed(),
            )
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, OrganizationModel>,
        _: OrganizationModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let organization = api.user().organization().await.map_err(|error| failed(&error))?;
        operation.save(organization.into());
        Ok(())
    }
}

fn failed(error: &Error) -> Diagnostic {
    let mut diagnostic = Subject::new(Verb::LookUp, "organization").failed(error);
    if error.is_not_found() {
        diagnostic.detail += " A user does not have to be a member of an organization.";
    }
    diagnostic
}
