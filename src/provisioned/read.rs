//! Reads and imports.

use tensorpool::ApiObject as _;
use terraform_plugin::{Diagnostics, ImportTarget};

use super::marks::IMPORTED;
use super::{Object, Operation, Provisioned, Target, created_at, messages, scope, subject};
use crate::errors::Verb;
use crate::evidence::{AccountMark, Presence, Spelling};

/// Reads an object into the state, or removes it from there if its absence is proved.
///
/// # Errors
/// When the API cannot be asked, or an absence cannot be proved. The state stays as it was.
pub async fn read<P: Provisioned>(operation: &mut Operation<P>, state: P) -> Result<(), Diagnostics> {
    let target = Target::<P::Object>::open(operation, Verb::Read, &state)?;
    match target.presence_in_refresh(&state, operation.private()).await {
        Ok(Presence::Found(object)) => {
            let mut spelling = Spelling::load(operation.private());
            let state = state.after_read(&object, &mut spelling);
            spelling.store(operation.private_mut());
            target.confirm_found(&state, operation.private_mut()).await;
            target.session.memory().note_read(P::Object::DESCRIPTOR.type_name, &target.id);
            operation.save(state);
        }
        Ok(Presence::Absent) => {
            target.session.journal().confirm_absent(P::Object::DESCRIPTOR.type_name, &target.id).await;
            target.session.memory().forget(P::Object::DESCRIPTOR.type_name, &target.id);
            operation.warn(messages::absent(&P::Object::DESCRIPTOR, &target.subject));
            operation.remove();
        }
        Ok(Presence::Unproved(doubt)) => {
            return Err(messages::unproved(&P::Object::DESCRIPTOR, &target.subject, &doubt).into());
        }
        Err(error) => return Err(target.subject.failed(&error).into()),
    }
    Ok(())
}

/// Imports an object by its id, or by its name: the state holds the id that the API returns.
///
/// # Errors
/// When there is none, or the API cannot be asked.
pub async fn import<P: Provisioned>(operation: &mut Operation<P>, target: ImportTarget) -> Result<(), Diagnostics> {
    let asked = P::imported(target.text("id").unwrap_or_default().to_owned());
    let api = &operation.session().scoped(scope(operation, Verb::Import, &asked))?;
    let found = api.objects::<P::Object>().resolve(asked.id().known().map_or("", String::as_str)).await;
    let object = found.map_err(|error| subject(Verb::Import, &asked).failed(&error))?;
    operation.private_mut().set(IMPORTED, P::never_known(&object));
    AccountMark::of(api).store(operation.private_mut());
    let state = P::imported(object.id().to_owned()).with_created_at(created_at(api, &object).await);
    operation.save(state.refreshed(&object, &Spelling::default()));
    Ok(())
}
