//! Reads of what is in the state, when many are refreshed at once: a list may answer them.

use tensorpool::{Api, ApiObject, Error};
use terraform_plugin::Model;
use terraform_plugin::value::Value;

use crate::evidence::Spelling;

/// The object of a state, as a list shows it, if a list may answer, and to have `read` it so would change neither the state nor what
/// is known of the API's spelling: what a list shows as changed, a read of the object itself has to show as well. `None` if the
/// object has to be read.
///
/// # Errors
/// When the scope ends.
pub async fn unchanged<T: ApiObject, M: Model>(
    api: &Api,
    id: &str,
    state: &M,
    spelling: &Spelling,
    read: impl Fn(M, &T, &mut Spelling) -> M,
) -> Result<Option<T>, Error> {
    let before = state.clone().into_value();
    let listed = api.objects::<T>().listed(id, &held(&before)).await?;
    Ok(listed.filter(|object| {
        let mut after = spelling.clone();
        read(state.clone(), object, &mut after).into_value() == before && after == *spelling
    }))
}

/// The attributes that have a value in a state: a list has to report them too.
fn held(state: &Value) -> Vec<&str> {
    let Value::Map(attributes) = state else { return Vec::new() };
    attributes.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str()).collect()
}
