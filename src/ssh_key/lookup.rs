//! The data source `tensorpool_ssh_key`: one key, by its id, its name or its fingerprint.

use async_trait::async_trait;
use tensorpool::Completeness;
use terraform_plugin::schema::{Attribute, ExactlyOneOf, LengthAtLeast, Schema};
use terraform_plugin::{Attr, AttributePath, DataSource, Diagnostic, Diagnostics, Operation};

use super::data_source::FoundSshKey;
use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// How many keys an error names.
const SHOWN: usize = 20;

/// The data source `tensorpool_ssh_key`.
pub struct SshKeyDataSource;

#[async_trait]
impl DataSource for SshKeyDataSource {
    type Session = Session;
    type Model = FoundSshKey;

    fn type_name(&self) -> &'static str {
        "tensorpool_ssh_key"
    }

    fn schema(&self) -> Schema {
        let key = |description: &str| Attribute::string(description).optional().computed().validate(LengthAtLeast(1));
        let returned = |description: &str| Attribute::string(description).computed();
        Schema::new(
            "Looks up one SSH public key of your account or your organization, by its id, its name or its \
             fingerprint. If no key has it, or several have it, this is an error that names the keys.",
        )
        .config_validator(ExactlyOneOf(&["id", "name", "fingerprint"]))
        .attribute("id", key("The id."))
        .attribute("name", key("The name. TensorPool lets several keys have the same name."))
        .attribute(
            "fingerprint",
            key("The SHA-256 fingerprint, as `ssh-keygen -l` prints it, for example `SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE`."),
        )
        .attribute("public_key", returned("The key, as it was added. Null if the API does not return it."))
        .attribute("created_at", returned("When it was added. Null if the API does not return it."))
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, FoundSshKey>,
        config: FoundSshKey,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        // The API has no request for one key.
        let listing = api.ssh_keys().listing().await;
        let listing = listing.map_err(|error| Subject::new(Verb::LookUp, "SSH key").failed(&error))?;
        let keys = listing.items.iter().map(FoundSshKey::from).collect();
        let found = Wanted::of(&config).choose(keys, &listing.completeness)?;
        operation.save(found);
        Ok(())
    }
}

/// What a key is looked up by.
struct Wanted<'a> {
    attribute: &'static str,
    value: &'a str,
}

impl<'a> Wanted<'a> {
    /// The one attribute that the configuration sets.
    fn of(config: &'a FoundSshKey) -> Self {
        let keys = [("id", &config.id), ("name", &config.name), ("fingerprint", &config.fingerprint)];
        let set = keys.into_iter().find_map(|(attribute, value)| Some(Self { attribute, value: value.as_str()? }));
        set.unwrap_or(Self { attribute: "id", value: "" })
    }

    /// Whether this is the key. The API may trim names.
    fn is(&self, key: &FoundSshKey) -> bool {
        match self.attribute {
            "name" => key.name.as_str().is_some_and(|name| name.trim() == self.value.trim()),
            "fingerprint" => key.fingerprint.as_str() == Some(self.value.trim()),
            _ => key.id.as_str() == Some(self.value),
        }
    }

    /// The one key that it is, or an error that says which keys there are.
    fn choose(&self, keys: Vec<FoundSshKey>, completeness: &Completeness) -> Result<FoundSshKey, Diagnostic> {
        let (mut found, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| self.is(key));
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(last), false) => {
                found.push(last);
                Err(self.several(found))
            }
            (None, _) => Err(self.none(others, completeness)),
        }
    }

    fn none(&self, others: Vec<FoundSshKey>, completeness: &Completeness) -> Diagnostic {
        let mut detail =
            format!("No SSH key of yours or of your organization has the {} {:?}.", self.attribute, self.value);
        if let Completeness::Incomplete(reason) = completeness {
            detail = format!("{detail} The list may lack it, as {reason}.");
        }
        if others.is_empty() {
            detail.push_str(" There are none at all.");
        } else {
            detail = format!("{detail}\n\nThere are:\n{}", described(others));
        }
        Diagnostic::error("SSH key not found", detail).at(AttributePath::of(self.attribute))
    }

    fn several(&self, found: Vec<FoundSshKey>) -> Diagnostic {
        let detail = format!(
            "{} SSH keys have the {} {:?}:\n{}\n\nLook the key up by its id instead.",
            found.len(),
            self.attribute,
            self.value,
            described(found)
        );
        let summary = format!("SSH key {} is ambiguous", self.attribute);
        Diagnostic::error(summary, detail).at(AttributePath::of(self.attribute))
    }
}

/// Keys, one a line, in the order of their ids.
fn described(mut keys: Vec<FoundSshKey>) -> String {
    keys.sort_by(|a, b| a.id.known().cmp(&b.id.known()));
    let more = keys.len().saturating_sub(SHOWN);
    let text = |value: &Attr<String>| value.as_str().unwrap_or("unknown").to_owned();
    let line = |key: &FoundSshKey| {
        format!("- {}: name {:?}, fingerprint {}", text(&key.id), text(&key.name), text(&key.fingerprint))
    };
    let mut lines: Vec<_> = keys.iter().take(SHOWN).map(line).collect();
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use tensorpool::SshKey;

    use super::*;

    fn key(id: &str, name: &str, fingerprint: &str) -> FoundSshKey {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (name, fingerprint) = (text(name), text(fingerprint));
        FoundSshKey::from(&SshKey { id: id.to_owned(), name, fingerprint, ..SshKey::default() })
    }

    fn keys() -> Vec<FoundSshKey> {
        vec![key("key_2", "laptop", "SHA256:b"), key("key_1", "laptop", "SHA256:a"), key("key_3", "", "SHA256:c")]
    }

    fn chosen(attribute: &'static str, value: &str) -> Result<String, String> {
        let chosen = Wanted { attribute, value }.choose(keys(), &Completeness::Complete);
        let id = |key: FoundSshKey| key.id.known().cloned().unwrap_or_default();
        chosen.map(id).map_err(|error| format!("{}\n{}", error.summary, error.detail))
    }

    #[test]
    fn a_key_is_chosen_by_one_attribute() {
        assert_eq!(chosen("id", "key_3").as_deref(), Ok("key_3"));
        assert_eq!(chosen("fingerprint", "SHA256:a").as_deref(), Ok("key_1"));
        assert!(chosen("name", "unknown").is_err(), "a key without a name has no name");
        assert!(chosen("name", " laptop ").is_err_and(|error| error.starts_with("SSH key name is ambiguous")));
    }

    #[test]
    fn an_error_says_what_was_found() {
        let several = "SSH key name is ambiguous\n2 SSH keys have the name \"laptop\":\n- key_1: name \"laptop\", \
                       fingerprint SHA256:a\n- key_2: name \"laptop\", fingerprint SHA256:b\n\nLook the key up by its id \
                       instead.";
        assert_eq!(chosen("name", "laptop"), Err(several.to_owned()));
        let none = chosen("id", "key_9").expect_err("there is none");
        assert!(
            none.starts_with("SSH key not found\nNo SSH key of yours or of your organization has the id \"key_9\".")
        );
        assert!(none.ends_with("- key_3: name \"unknown\", fingerprint SHA256:c"), "{none}");
        let cut = Completeness::Incomplete("it says that there is more".to_owned());
        let error = Wanted { attribute: "id", value: "key_9" }.choose(Vec::new(), &cut).expect_err("there is none");
        assert!(error.detail.ends_with("may lack it, as it says that there is more. There are none at all."));
    }

    #[test]
    fn a_long_list_is_cut() {
        let many = (0..SHOWN + 2).map(|number| key(&format!("key_{number:02}"), "n", "")).collect();
        let text = described(many);
        assert_eq!(text.lines().count(), SHOWN + 1);
        assert!(text.ends_with("- and 2 more"), "{text}");
    }
}
