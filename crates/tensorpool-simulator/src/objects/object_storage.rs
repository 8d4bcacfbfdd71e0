//! The object storage of the organization: its credentials and its buckets.

use serde_json::{Value, json};

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::simulator::Simulator;
use crate::state::object_storage::{Bucket, Credentials, State};
use crate::world::World;

const ENDPOINT: &str = "https://object-storage.simulated.invalid";
const REGION: &str = "us-west";

/// Whether a name follows the rules of S3. Those of the API are not known.
fn is_bucket_name(name: &str) -> bool {
    let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (3..=63).contains(&name.len())
        && is_end(name.chars().next())
        && is_end(name.chars().last())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
}

fn not_enabled() -> ApiResponse {
    ApiResponse::error(404, "Object storage is not enabled for this organization")
}

impl World {
    fn new_keys(&mut self) -> (String, String) {
        (format!("AK{}", self.random_letters(18).to_ascii_uppercase()), self.random_letters(40))
    }

    fn enable(&mut self) -> ApiResponse {
        // The status of the real API for an account without an organization is not known.
        if self.objects.user.org_id().is_none() {
            return ApiResponse::error(403, "Object storage is for organizations; contact TensorPool to get one");
        }
        if self.objects.object_storage.credentials.is_some() {
            if self.options.variants.enable_twice_conflicts {
                return ApiResponse::error(409, "Object storage is enabled already");
            }
            return self.show_credentials("Object storage is enabled already");
        }
        let (access_key_id, secret_access_key) = self.new_keys();
        let (profile_id, now) = (self.new_id("p-"), clock::now());
        self.objects.object_storage.credentials =
            Some(Credentials { profile_id, access_key_id, secret_access_key, created_at: now, updated_at: now });
        self.show_credentials("Object storage enabled")
    }

    fn rotate(&mut self) -> ApiResponse {
        let (access_key_id, secret_access_key) = self.new_keys();
        let Some(credentials) = &mut self.objects.object_storage.credentials else { return not_enabled() };
        credentials.access_key_id = access_key_id;
        credentials.secret_access_key = secret_access_key;
        credentials.updated_at = clock::now();
        self.show_credentials("Object storage keys rotated")
    }

    /// Disables object storage. That this is rejected while buckets exist is a guess.
    fn disable(&mut self) -> ApiResponse {
        let storage = &mut self.objects.object_storage;
        if storage.credentials.is_none() {
            return not_enabled();
        }
        if !storage.buckets.is_empty() {
            return ApiResponse::error(409, "Object storage has buckets; delete them first");
        }
        storage.credentials = None;
        ApiResponse::json(200, &json!({"message": "Object storage disabled"}))
    }

    fn show_credentials(&self, message: &str) -> ApiResponse {
        let Some(credentials) = &self.objects.object_storage.credentials else { return not_enabled() };
        ApiResponse::json(
            200,
            &json!({
                "message": message,
                "org_id": self.objects.user.org_id(),
                "access_key_id": credentials.access_key_id,
                "secret_access_key": credentials.secret_access_key,
                "endpoint": ENDPOINT,
                "region": REGION,
                "profile_id": credentials.profile_id,
                "iam_username": format!("tp-{}", credentials.profile_id),
                "status": self.options.status("ACTIVE"),
                "created_at": clock::iso(credentials.created_at),
                "updated_at": clock::iso(credentials.updated_at),
            }),
        )
    }

    /// Returns sections for the configuration files of other clients.
    fn configure(&self, client: &str) -> ApiResponse {
        let Some(Credentials { access_key_id, secret_access_key, .. }) = &self.objects.object_storage.credentials
        else {
            return not_enabled();
        };
        let body = match client {
            "aws" => json!({
                "message": "AWS configuration",
                "profile_name": "tp",
                "credentials_file":
                    format!("[tp]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n"),
                "config_file": format!("[profile tp]\nregion = {REGION}\n"),
                "endpoint": ENDPOINT,
            }),
            _ => json!({
                "message": "rclone configuration",
                "remote_name": "tp",
                "rclone_config": format!(
                    "[tp]\ntype = s3\nprovider = Other\naccess_key_id = {access_key_id}\n\
                     secret_access_key = {secret_access_key}\nendpoint = {ENDPOINT}\nregion = {REGION}\n"
                ),
            }),
        };
        ApiResponse::json(200, &body)
    }

    fn list_buckets(&self) -> ApiResponse {
        if self.objects.object_storage.credentials.is_none() {
            return not_enabled();
        }
        let to_json = |(name, bucket): (&String, &Bucket)| -> Value {
            if self.options.variants.bucket_objects {
                json!({"name": name, "created_at": clock::iso(bucket.created_at)})
            } else {
                json!(name)
            }
        };
        let buckets: Vec<_> = self.objects.object_storage.buckets.iter().map(to_json).collect();
        self.options.many("buckets", &format!("{} buckets", buckets.len()), buckets)
    }

    fn create_bucket(&mut self, name: &str) -> ApiResponse {
        let storage = &mut self.objects.object_storage;
        if storage.credentials.is_none() {
            return not_enabled();
        }
        if !is_bucket_name(name) {
            return ApiResponse::invalid(&json!(["path", "bucket_name"]), "Not a valid bucket name");
        }
        if storage.buckets.contains_key(name) {
            return ApiResponse::error(409, "A bucket with this name already exists");
        }
        storage.buckets.insert(name.to_owned(), Bucket { created_at: clock::now(), objects: Vec::new() });
        ApiResponse::json(201, &json!({"message": format!("Bucket {name} created")}))
    }

    fn delete_bucket(&mut self, name: &str) -> ApiResponse {
        match self.objects.object_storage.buckets.get(name) {
            None => ApiResponse::error(404, "Bucket not found"),
            Some(bucket) if !bucket.objects.is_empty() => ApiResponse::error(409, "Bucket is not empty"),
            Some(_) => {
                self.objects.object_storage.buckets.remove(name);
                ApiResponse::empty(204)
            }
        }
    }

    fn put_object(&mut self, bucket: &str, object: &str) -> bool {
        let bucket = self.objects.object_storage.buckets.get_mut(bucket);
        bucket.map(|bucket| bucket.objects.push(object.to_owned())).is_some()
    }
}

/// The endpoints of object storage.
pub(crate) struct ObjectStorage;

impl Handler for ObjectStorage {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let (method, ["object-storage", rest @ ..]) = request.route() else { return None };
        Some(match (method, rest) {
            ("POST", ["enable"]) => world.enable(),
            ("GET", ["credentials"]) => world.show_credentials("Object storage credentials"),
            ("POST", ["rotate-keys"]) => world.rotate(),
            ("DELETE", ["disable"]) => world.disable(),
            ("GET", ["configure", client @ ("aws" | "rclone")]) => world.configure(client),
            ("GET", ["bucket", "list"]) => world.list_buckets(),
            ("PUT", ["bucket", "create", name]) => world.create_bucket(name),
            ("DELETE", ["bucket", "delete", name]) => world.delete_bucket(name),
            _ => return None,
        })
    }

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let done_if = |found| if found { ApiResponse::done() } else { ApiResponse::not_found() };
        Some(match request.route() {
            ("GET", ["buckets"]) => {
                let buckets = world.objects.object_storage.buckets.iter();
                ApiResponse::json(200, &buckets.map(|(name, bucket)| (name.clone(), json!(bucket.objects))).collect())
            }
            ("PUT", ["buckets", bucket, object]) => done_if(world.put_object(bucket, object)),
            ("DELETE", ["buckets", bucket]) => done_if(world.objects.object_storage.buckets.remove(*bucket).is_some()),
            ("DELETE", ["object-storage"]) => {
                world.objects.object_storage = State::default();
                ApiResponse::done()
            }
            _ => return None,
        })
    }
}

impl Simulator {
    /// Returns the names of the buckets.
    #[must_use]
    pub fn buckets(&self) -> Vec<String> {
        self.with_world(|world| world.objects.object_storage.buckets.keys().cloned().collect())
    }

    /// Creates a bucket outside Terraform. Does nothing if object storage is not enabled.
    pub fn add_bucket(&self, bucket: &str) {
        self.with_world(|world| _ = world.create_bucket(bucket));
    }

    /// Puts an object into a bucket, which can then not be deleted through the API.
    pub fn put_object(&self, bucket: &str, object: &str) {
        self.with_world(|world| world.put_object(bucket, object));
    }

    /// Deletes all objects in a bucket.
    pub fn empty_bucket(&self, bucket: &str) {
        self.with_world(|world| {
            if let Some(bucket) = world.objects.object_storage.buckets.get_mut(bucket) {
                bucket.objects.clear();
            }
        });
    }

    /// Deletes a bucket and its objects.
    pub fn remove_bucket(&self, bucket: &str) {
        self.with_world(|world| world.objects.object_storage.buckets.remove(bucket));
    }

    /// Returns the access key id and the secret, for tests that check where they must not appear. `None` if object storage is
    /// not enabled.
    #[must_use]
    pub fn object_storage_keys(&self) -> Option<(String, String)> {
        let keys = |credentials: Credentials| (credentials.access_key_id, credentials.secret_access_key);
        self.with_world(|world| world.objects.object_storage.credentials.clone().map(keys))
    }

    /// Enables object storage outside Terraform.
    pub fn enable_object_storage(&self) {
        self.with_world(|world| _ = world.enable());
    }

    /// Disables object storage and deletes all buckets.
    pub fn disable_object_storage(&self) {
        self.with_world(|world| world.objects.object_storage = State::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_the_rules_of_s3() {
        for name in ["abc", "my-data.v2", &"a".repeat(63)] {
            assert!(is_bucket_name(name), "{name}");
        }
        for name in ["ab", "Abc", "-abc", "abc-", "a_c", &"a".repeat(64)] {
            assert!(!is_bucket_name(name), "{name}");
        }
    }
}
