//! The instance types of the API.

/// The models of which a node has 1, 2, 4 or 8 units.
const MODELS: [&str; 4] = ["H100", "H200", "B200", "B300"];
const OTHERS: [&str; 3] = ["1xL40S", "32xCPU", "64xCPU"];

/// Returns all known instance types.
fn known() -> impl Iterator<Item = String> {
    let of_models = MODELS.into_iter().flat_map(|model| [1, 2, 4, 8].map(|count| format!("{count}x{model}")));
    of_models.chain(OTHERS.map(str::to_owned))
}

/// Whether a text has the form of an instance type: a count and a model.
fn is_plausible(text: &str) -> bool {
    text.split_once('x')
        .is_some_and(|(count, model)| count.parse::<u32>().is_ok_and(|count| count > 0) && !model.is_empty())
}

/// Checks an instance type. If `any` is set, it may be unknown.
///
/// # Errors
/// Returns a message with the known instance types.
pub(super) fn check_instance_type(text: &str, any: bool) -> Result<(), String> {
    match any {
        true if is_plausible(text) => Ok(()),
        true => Err("Unknown instance type".to_owned()),
        false if known().any(|known| known == text) => Ok(()),
        false => Err(format!("Unknown instance type; known are {}", known().collect::<Vec<_>>().join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_types_are_accepted_and_an_error_lists_them() {
        for text in ["1xH100", "8xB300", "1xL40S", "64xCPU"] {
            assert_eq!(check_instance_type(text, false), Ok(()), "{text}");
        }
        for text in ["3xH100", "2xL40S", "16xCPU", "1xMI300X", "8xh100", "banana", ""] {
            let message = check_instance_type(text, false).expect_err(text);
            assert!(message.contains("1xH100, 2xH100, 4xH100, 8xH100, 1xH200") && message.contains("64xCPU"));
        }
        assert_eq!(check_instance_type("1xMI300X", true), Ok(()));
        assert!(["banana", "0xH100", "8x"].iter().all(|text| check_instance_type(text, true).is_err()));
    }
}
