//! SSH keys of the account, which are installed on every new cluster.

use serde_json::{Value, json};

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::simulator::Simulator;
use crate::state::owner::Owner;
use crate::state::ssh_key::{NewSshKey, SshKeyView, type_and_blob};
use crate::world::World;

/// Whether a text looks like a public key: a known type and a blob, which is not decoded.
pub(super) fn is_public_key(text: &str) -> bool {
    let is_type = |word: &str| ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| word.starts_with(prefix));
    text.lines().count() == 1 && matches!(type_and_blob(text), (Some(word), Some(_)) if is_type(word))
}

impl World {
    fn add_key(&mut self, new: NewSshKey) -> String {
        let id = self.new_id("key_");
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

    /// Adds the key of a new cluster to the account unless the account has it.
    pub(super) fn save_key(&mut self, public_key: &str) {
        if !self.objects.ssh_key.has(public_key) {
            _ = self.add_key(NewSshKey { public_key: public_key.to_owned(), ..NewSshKey::default() });
        }
    }
}

fn add(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    let Some(public_key) = request.text("public_key") else {
        return ApiResponse::invalid(&json!(["body", "public_key"]), "Field required");
    };
    if !is_public_key(public_key.trim()) {
        return ApiResponse::invalid(&json!(["body", "public_key"]), "Not a valid SSH public key");
    }
    // How the real API responds for a key that the account has is not known.
    if world.objects.ssh_key.has(public_key) {
        return ApiResponse::error(409, "This SSH key exists already");
    }
    let name = world.options.variants.names.normalize(request.text("name").unwrap_or_default());
    let id = world.add_key(NewSshKey { public_key: public_key.to_owned(), name, owner: Owner::User });
    ApiResponse::json(200, &json!({"key_id": id, "message": format!("SSH key {id} added")}))
}

fn list(world: &World, request: &ApiRequest<'_>) -> ApiResponse {
    // A key that the user adds belongs to the organization as well, so it is in both lists.
    let shares = world.objects.user.org_id().is_some();
    let listed = |key: &&SshKeyView| match (key.owner, request.of_organization()) {
        (Owner::User, organization) => !organization || shares,
        (Owner::Organization, organization) => organization,
    };
    let (state, options, now) = (&world.objects.ssh_key, &world.options, clock::now());
    let removed = state.removed.iter().filter(|(_, deleted_at)| options.lags(*deleted_at, now)).map(|(key, _)| key);
    let known = state.keys.iter().chain(removed).filter(|key| !options.lags(key.created_at, now));
    let keys: Vec<_> = known.filter(listed).collect();
    let to_json = |key: &&SshKeyView| -> Value {
        let object = json!({"id": key.id, "name": key.name, "public_key": key.public_key,
            "created_at": clock::iso(key.created_at)});
        world.options.object("key", object)
    };
    let lines: Vec<_> = keys.iter().map(|key| format!("{}  {}  {}", key.id, key.name, key.public_key)).collect();
    let message = if lines.is_empty() { "No SSH keys".to_owned() } else { lines.join("\n") };
    world.options.many("keys", &message, keys.iter().map(to_json).collect())
}

fn remove(world: &mut World, id: &str) -> ApiResponse {
    if !world.objects.ssh_key.remove(id) {
        return ApiResponse::error(404, "SSH key not found");
    }
    ApiResponse::json(200, &json!({"message": format!("SSH key {id} removed")}))
}

/// The endpoints of SSH keys.
pub(crate) struct SshKeys;

impl Handler for SshKeys {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        match request.route() {
            ("POST", ["user", "ssh-key", "add"]) => Some(add(world, request)),
            ("GET", ["user", "ssh-key", "list"]) => Some(list(world, request)),
            ("DELETE", ["user", "ssh-key", "remove", id]) => Some(remove(world, id)),
            _ => None,
        }
    }

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        Some(match request.route() {
            ("GET", ["ssh-keys"]) => ApiResponse::json(200, &json!(world.objects.ssh_key.keys)),
            ("POST", ["ssh-keys"]) => match serde_json::from_value(request.body.clone()) {
                Ok(new) => ApiResponse::json(200, &json!({"id": world.add_key(new)})),
                Err(error) => ApiResponse::unusable(&error),
            },
            ("DELETE", ["ssh-keys", id]) => remove(world, id),
            _ => return None,
        })
    }
}

impl Simulator {
    /// Returns the SSH keys of the account.
    #[must_use]
    pub fn ssh_keys(&self) -> Vec<SshKeyView> {
        self.with_world(|world| world.objects.ssh_key.keys.clone())
    }

    /// Adds a key outside Terraform, and returns its id.
    #[must_use]
    pub fn add_ssh_key(&self, new: NewSshKey) -> String {
        self.with_world(|world| world.add_key(new))
    }

    /// Deletes a key.
    pub fn remove_ssh_key(&self, id: &str) {
        self.with_world(|world| world.objects.ssh_key.remove(id));
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
