//! The data source `tensorpool_user`.

use async_trait::async_trait;
use tensorpool::User;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// The state of `tensorpool_user`.
#[derive(Clone, Debug, Model)]
pub struct UserModel {
    uid: Attr<String>,
    email: Attr<String>,
    name: Attr<String>,
    org_id: Attr<String>,
}

impl From<User> for UserModel {
    fn from(user: User) -> Self {
        Self { uid: user.uid.into(), email: user.email.into(), name: user.name.into(), org_id: user.org_id.into() }
    }
}

/// The data source `tensorpool_user`.
pub struct UserDataSource;

#[async_trait]
impl DataSource for UserDataSource {
    type Session = Session;
    type Model = UserModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_user"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "The user to whom the API key belongs. TensorPool does not document what it returns of a user, so each of these \
             may be null.",
        )
        .attribute("uid", Attribute::string("The id of the user.").computed())
        .attribute("email", Attribute::string("The email address. Sensitive, as it is personal data.").computed().sensitive())
        .attribute("name", Attribute::string("The name.").computed())
        .attribute("org_id", Attribute::string("The id of the user's organization. Null if there is none.").computed())
    }

    async fn read(&self, operation: &mut Operation<Session, UserModel>, _: UserModel) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let user = api.user().info().await;
        let user = user.map_err(|error| Subject::new(Verb::LookUp, "user").failed(&error))?;
        operation.save(user.into());
        Ok(())
    }
}
