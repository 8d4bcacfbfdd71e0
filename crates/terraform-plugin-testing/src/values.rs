//! Values as they stand in messages.

use terraform_plugin::value::{Type, Value};

use crate::proto::tfplugin6::DynamicValue;

/// A value as a request holds it.
///
/// # Panics
/// If the value is not of the type.
#[must_use]
#[track_caller]
pub fn sent(value: &Value, ty: &Type) -> Option<DynamicValue> {
    Some(DynamicValue { msgpack: value.to_msgpack(ty).expect("it is of the type"), json: Vec::new() })
}

/// A value that an answer held.
///
/// # Panics
/// If there is none, or it is not of the type.
#[must_use]
#[track_caller]
pub fn received(value: Option<DynamicValue>, ty: &Type) -> Value {
    Value::from_msgpack(&value.expect("there is one").msgpack, ty).expect("it is of the type")
}
