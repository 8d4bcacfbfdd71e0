//! SSH keys of the account, which are installed on every new cluster.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kind;
use crate::clock::{self, Moment};
use crate::reply::{Call, Reply};
use crate::server::Simulator;
use crate::world::{Owner, World};

/// A key of the account.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct SshKeyView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The key, as it was added.
    pub public_key: String,
    /// To whom it belongs.
    pub owner: Owner,
    created_at: Moment,
}

/// A key that is added outside Terraform.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewSshKey {
    /// The key.
    pub public_key: String,
    /// Its name; the user's e-mail address when it is empty.
    #[serde(default)]
    pub name: String,
    /// To whom it belongs.
    #[serde(default)]
    pub owner: Owner,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// In the order in which they were added.
    keys: Vec<SshKeyView>,
    /// Those that are no more, and since when: a list that is behind still shows them.
    removed: Vec<(SshKeyView, Moment)>,
}

/// The type and the blob of a key; the comment means nothing.
fn essence(key: &str) -> (Option<&str>, Option<&str>) {
    let mut words = key.split_whitespace();
    (words.next(), words.next())
}

/// Whether a text looks like a public key: a known type and something after it. The blob is not looked into.
pub(super) fn is_public_key(text: &str) -> bool {
    let is_type = |word: &str| ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| word.starts_with(prefix));
    text.lines().count() == 1 && matches!(essence(text), (Some(word), Some(_)) if is_type(word))
}

impl State {
    /// The keys that a new cluster has: those that came with it, and the account's.
    pub fn added_to(&self, mut given: Vec<String>) -> Vec<String> {
        for key in &self.keys {
            if !given.iter().any(|known| essence(known) == essence(&key.public_key)) {
                given.push(key.public_key.clone());
            }
        }
        given
    }

    /// Makes a key vanish. Says whether there was one.
    fn remove(&mut self, id: &str) -> bool {
        let Some(position) = self.keys.iter().position(|key| key.id == id) else { return false };
        self.removed.push((self.keys.remove(position), clock::now()));
        true
    }

    fn has(&self, public_key: &str) -> bool {
        self.keys.iter().any(|key| essence(&key.public_key) == essence(public_key))
    }
}

impl World {
    fn add_key(&mut self, new: NewSshKey) -> String {
        let id = self.id("key_");
        let name = if new.name.is_empty() { self.objects.user.email() } else { new.name };
        let key = SshKeyView {
            id: id.clone(),
            name,
            public_key: new.public_key.trim().to_owned(),
            owner: new.owner,
            created_at: clock::now(),
        };
        self.objects.ssh_key.keys.push(key);
        id
    }

    /// Saves a key that came with a cluster, unless it is there.
    pub(super) fn save_key(&mut self, public_key: &str) {
        if !self.objects.ssh_key.has(public_key) {
            _ = self.add_key(NewSshKey { public_key: public_key.to_owned(), ..NewSshKey::default() });
        }
    }
}

fn add(world: &mut World, call: &Call<'_>) -> Reply {
    let Some(public_key) = call.text("public_key") else {
        return Reply::invalid(&json!(["body", "public_key"]), "Field required");
    };
    if !is_public_key(public_key.trim()) {
        return Reply::invalid(&json!(["body", "public_key"]), "Not a valid SSH public key");
    }
    // What the real API says to a key that it has is not known.
    if world.objects.ssh_key.has(public_key) {
        return Reply::refuse(409, "This SSH key exists already");
    }
    let name = world.options.variants.names.kept(call.text("name").unwrap_or_default());
    let id = world.add_key(NewSshKey { public_key: public_key.to_owned(), name, owner: Owner::User });
    Reply::json(200, &json!({"key_id": id, "message": format!("SSH key {id} added")}))
}

fn list(world: &World, call: &Call<'_>) -> Reply {
    // A key that the user adds also belongs to the organization, so it is in both lists.
    let shares = world.objects.user.org_id().is_some();
    let listed = |key: &&SshKeyView| match (key.owner, call.of_organization()) {
        (Owner::User, organization) => !organization || shares,
        (Owner::Organization, organization) => organization,
    };
    let (state, options, now) = (&world.objects.ssh_key, &world.options, clock::now());
    let removed = state.removed.iter().filter(|(_, gone_at)| options.lags(*gone_at, now)).map(|(key, _)| key);
    let known = state.keys.iter().chain(removed).filter(|key| !options.lags(key.created_at, now));
    let keys: Vec<_> = known.filter(listed).collect();
    let shown = |key: &&SshKeyView| -> Value {
        let object = json!({"id": key.id, "name": key.name, "public_key": key.public_key,
            "created_at": clock::iso(key.created_at)});
        world.options.object("key", object)
    };
    let lines: Vec<_> = keys.iter().map(|key| format!("{}  {}  {}", key.id, key.name, key.public_key)).collect();
    let message = if lines.is_empty() { "No SSH keys".to_owned() } else { lines.join("\n") };
    world.options.many("keys", &message, keys.iter().map(shown).collect())
}

fn remove(world: &mut World, id: &str) -> Reply {
    if !world.objects.ssh_key.remove(id) {
        return Reply::refuse(404, "SSH key not found");
    }
    Reply::json(200, &json!({"message": format!("SSH key {id} removed")}))
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        match call.route() {
            ("POST", ["user", "ssh-key", "add"]) => Some(add(world, call)),
            ("GET", ["user", "ssh-key", "list"]) => Some(list(world, call)),
            ("DELETE", ["user", "ssh-key", "remove", id]) => Some(remove(world, id)),
            _ => None,
        }
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        Some(match call.route() {
            ("GET", ["ssh-keys"]) => Reply::json(200, &json!(world.objects.ssh_key.keys)),
            ("POST", ["ssh-keys"]) => match serde_json::from_value(call.body.clone()) {
                Ok(new) => Reply::json(200, &json!({"id": world.add_key(new)})),
                Err(error) => Reply::json(422, &json!({"detail": error.to_string()})),
            },
            ("DELETE", ["ssh-keys", id]) => remove(world, id),
            _ => return None,
        })
    }
}

impl Simulator {
    /// The keys of the account.
    #[must_use]
    pub fn ssh_keys(&self) -> Vec<SshKeyView> {
        self.with(|world| world.objects.ssh_key.keys.clone())
    }

    /// Adds a key from outside, and gives its id.
    #[must_use]
    pub fn add_ssh_key(&self, new: NewSshKey) -> String {
        self.with(|world| world.add_key(new))
    }

    /// Makes a key vanish.
    pub fn remove_ssh_key(&self, id: &str) {
        self.with(|world| world.objects.ssh_key.remove(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_line_of_a_known_type() {
        assert!(is_public_key("ssh-ed25519 AAAA me"));
        assert!(is_public_key("sk-ssh-ed25519@openssh.com AAAA"));
        for text in ["ssh-ed25519", "me AAAA", "", "ssh-rsa AAAA\nssh-rsa BBBB"] {
            assert!(!is_public_key(text), "{text}");
        }
    }
}
