//! The resources in the JSON of a state, of the root module and of all others.

use serde_json::Value;

/// All resources and data sources below a module, each with its address in the whole configuration.
pub(super) fn below(module: &Value) -> Vec<&Value> {
    let list = |name: &str| module[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let inner = list("child_modules").iter().flat_map(below);
    list("resources").iter().chain(inner).collect()
}

/// The resources of a state.
pub(super) fn of_state(state: &Value) -> Vec<&Value> {
    below(&state["values"]["root_module"])
}

/// A resource of several, by its address.
pub(super) fn find<'a>(resources: &[&'a Value], address: &str) -> Option<&'a Value> {
    resources.iter().find(|one| one["address"] == address).copied()
}

/// The addresses, for a message.
pub(super) fn addresses(resources: &[&Value]) -> String {
    let addresses: Vec<_> = resources.iter().filter_map(|one| one["address"].as_str()).collect();
    if addresses.is_empty() { "nothing".to_owned() } else { addresses.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_of_all_modules_are_found() {
        let state = serde_json::from_str(include_str!("recorded/state.json")).expect("it is JSON");
        let resources = of_state(&state);
        let expected = "sample_note.a, terraform_data.k, terraform_data.many[0], terraform_data.many[1], \
                        module.shelf.terraform_data.book[\"c\"]";
        assert_eq!(addresses(&resources), expected);
        assert!(
            find(&resources, "terraform_data.many[1]").is_some() && find(&resources, "terraform_data.many").is_none()
        );
        assert_eq!(addresses(&of_state(&serde_json::json!({"format_version": "1.0"}))), "nothing");
    }
}
