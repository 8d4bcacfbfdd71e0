//! The resources, their arguments, and the values that a user may give them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;

use crate::value::{Same, Type, Value};

/// What an argument means that is null or absent.
#[derive(Clone, Debug)]
pub enum Absent {
    /// It cannot be.
    Refused,
    /// This value.
    Default(Value),
    /// What was there before, or what the cloud says.
    Kept,
}

/// An argument.
#[derive(Debug)]
pub struct Argument {
    pub name: &'static str,
    pub ty: Type,
    pub absent: Absent,
    /// Whether a change replaces the object.
    pub replaces: bool,
    pub same: Same,
    /// Chooses a value. The text is unique, for what has to be.
    pub value: fn(&mut Rng, &str) -> Value,
}

/// A resource.
#[derive(Debug)]
pub struct Kind {
    pub type_name: &'static str,
    /// A configuration holds it once at most.
    pub once: bool,
    pub timeouts: &'static [&'static str],
    pub arguments: Vec<Argument>,
    /// What a block must have in addition.
    pub more: &'static str,
}

/// An argument that is `false` when it is absent, and protects.
pub const PROTECTION: &str = "deletion_protection";

const FULL: &[&str] = &["create", "read", "update", "delete"];
const WITHOUT_UPDATE: &[&str] = &["create", "read", "delete"];

fn argument(name: &'static str, ty: Type, absent: Absent, value: fn(&mut Rng, &str) -> Value) -> Argument {
    Argument { name, ty, absent, replaces: false, same: Same::Exact, value }
}

impl Argument {
    fn replaces(self) -> Self {
        Self { replaces: true, ..self }
    }

    fn same(self, same: Same) -> Self {
        Self { same, ..self }
    }
}

impl Kind {
    pub fn argument(&self, name: &str) -> &Argument {
        self.arguments.iter().find(|argument| argument.name == name).expect("the kind has it")
    }
}

/// All resources.
#[expect(clippy::too_many_lines, reason = "it is one list of resources")]
pub fn all() -> Vec<Kind> {
    let off = || Absent::Default(Value::Bool(false));
    vec![
        Kind {
            type_name: "tensorpool_cluster",
            once: false,
            timeouts: FULL,
            arguments: vec![
                argument("name", Type::Text, Absent::Kept, name),
                argument("instance_type", Type::Text, Absent::Refused, instance_type).replaces(),
                argument("num_nodes", Type::Number, Absent::Default(Value::number(1)), nodes).replaces(),
                argument(PROTECTION, Type::Bool, off(), mostly_off),
                argument("public_keys", Type::Texts, Absent::Default(Value::Texts(Vec::new())), keys)
                    .replaces()
                    .same(Same::Keys),
                argument("container", Type::Text, Absent::Default(Value::text("")), container).replaces(),
            ],
            more: "",
        },
        Kind {
            type_name: "tensorpool_storage",
            once: false,
            timeouts: FULL,
            arguments: vec![
                argument("name", Type::Text, Absent::Kept, name),
                argument("size_gb", Type::Number, Absent::Refused, size),
                argument(PROTECTION, Type::Bool, off(), mostly_off),
            ],
            more: "",
        },
        Kind {
            type_name: "tensorpool_ssh_key",
            once: false,
            timeouts: WITHOUT_UPDATE,
            arguments: vec![
                argument("name", Type::Text, Absent::Kept, name).replaces(),
                argument("public_key", Type::Text, Absent::Refused, |rng, _| Value::Text(key(rng)))
                    .replaces()
                    .same(Same::Key),
            ],
            more: "",
        },
        Kind {
            type_name: "tensorpool_storage_attachment",
            once: false,
            timeouts: WITHOUT_UPDATE,
            arguments: vec![
                argument("storage_id", Type::Text, Absent::Refused, |rng, serial| {
                    let which = rng.choice(["a", "b"]).unwrap_or("a");
                    let owner = serial.split('_').next().unwrap_or_default();
                    Value::Reference(format!("tensorpool_storage.volume_{owner}_{which}.id"))
                })
                .replaces(),
                argument("cluster_id", Type::Text, Absent::Refused, |rng, _| {
                    let which = rng.choice(["a", "b"]).unwrap_or("a");
                    Value::Reference(format!("tensorpool_cluster.host_{which}.id"))
                })
                .replaces(),
            ],
            more: "",
        },
        Kind {
            type_name: "tensorpool_object_storage",
            once: true,
            timeouts: FULL,
            arguments: vec![argument("allow_disable", Type::Bool, off(), |rng, _| Value::Bool(rng.bool()))],
            more: "",
        },
        Kind {
            type_name: "tensorpool_object_storage_bucket",
            once: false,
            timeouts: WITHOUT_UPDATE,
            arguments: vec![argument("name", Type::Text, Absent::Refused, bucket).replaces()],
            more: "depends_on = [tensorpool_object_storage.helper]",
        },
        preferences(),
    ]
}

fn preferences() -> Kind {
    let kept = |name, value| argument(name, Type::Bool, Absent::Kept, value);
    Kind {
        type_name: "tensorpool_user_preferences",
        once: true,
        timeouts: &["create", "read", "update"],
        arguments: vec![
            kept("notify_email_cluster_create", |rng, _| Value::Bool(rng.bool())),
            kept("notify_email_cluster_destroy", |rng, _| Value::Bool(rng.bool())),
            kept("autopay_enabled", |rng, _| Value::Bool(rng.bool())),
            argument("balance_warning_threshold", Type::Number, Absent::Kept, |rng, _| money(rng, 60..500))
                .same(Same::Float),
            argument("autopay_reload_threshold", Type::Number, Absent::Kept, |rng, _| money(rng, 20..60))
                .same(Same::Float),
        ],
        more: "",
    }
}

/// A name as people give them: with spaces inside and around it, in capitals, in other scripts, and with what means
/// something to Terraform.
fn name(rng: &mut Rng, serial: &str) -> Value {
    let name = match rng.u8(..12) {
        0 => format!("Train {serial}"),
        1 => format!(" {serial} "),
        2 => format!("größe-{serial}"),
        3 => format!("训练-{serial}"),
        4 => format!("{serial}-${{x}}%{{y}}"),
        5 => format!("{serial}\"quoted\\"),
        6 => format!("{serial}.example/{serial}"),
        7 => format!("{serial}-{}", "x".repeat(60)),
        _ => format!("train-{serial}"),
    };
    Value::Text(name)
}

fn instance_type(rng: &mut Rng, _: &str) -> Value {
    Value::text(*rng.choice(&["1xH100", "8xH100", "2xB200", "1xL40S", "32xCPU"]).unwrap_or(&"1xH100"))
}

fn nodes(rng: &mut Rng, _: &str) -> Value {
    Value::number(rng.u8(1..5))
}

fn mostly_off(rng: &mut Rng, _: &str) -> Value {
    Value::Bool(rng.u8(..5) == 0)
}

fn keys(rng: &mut Rng, _: &str) -> Value {
    let mut keys: Vec<_> = (0..rng.u8(..4)).map(|_| key(rng)).collect();
    if keys.len() > 1 && rng.u8(..4) == 0 {
        keys.push(keys[0].clone());
    }
    Value::Texts(keys)
}

fn container(rng: &mut Rng, _: &str) -> Value {
    Value::text(
        *rng.choice(&["", "image", "ghcr.io/me/image:1", "Image:Tag", "nvcr.io/nvidia/pytorch@sha256:ab"])
            .unwrap_or(&""),
    )
}

fn size(rng: &mut Rng, _: &str) -> Value {
    Value::number(rng.u16(1..2000))
}

fn bucket(rng: &mut Rng, serial: &str) -> Value {
    let name = serial.replace('_', "-");
    Value::Text(if rng.u8(..6) == 0 { format!("my.data.{name}") } else { format!("data-{name}") })
}

/// An amount, as people write it.
fn money(rng: &mut Rng, whole: std::ops::Range<u32>) -> Value {
    let dollars = rng.u32(whole);
    Value::Number(match rng.u8(..4) {
        0 => format!("{dollars}.{:02}", rng.u8(1..100)),
        1 => format!("{dollars}.1234567890123456789"),
        2 => format!("{dollars}.0"),
        _ => dollars.to_string(),
    })
}

/// An SSH public key, with a comment or a line break as it comes out of a file.
pub fn key(rng: &mut Rng) -> String {
    let mut blob = Vec::new();
    let secret: [u8; 32] = std::array::from_fn(|_| rng.u8(..));
    for part in [b"ssh-ed25519".as_slice(), &secret] {
        blob.extend(u32::try_from(part.len()).unwrap_or_default().to_be_bytes());
        blob.extend(part);
    }
    let end = rng.choice(["", "", " me@home", "\n", " Me And You \n"]).unwrap_or_default();
    format!("ssh-ed25519 {}{end}", STANDARD.encode(blob))
}
