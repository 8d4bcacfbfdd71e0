//! Values as msgpack, which is how they travel between Terraform and a provider.
//!
//! The rules are those of Terraform's `object-wire-format.md`, and of the `go-cty` library for what that page leaves
//! open.

mod decode;
mod encode;
mod reader;
mod refinements;
mod writer;

use super::{Type, Value, ValueError};

impl Value {
    /// Reads a value of a type.
    ///
    /// # Errors
    /// When the bytes are no value of the type; the error says where.
    pub fn from_msgpack(bytes: &[u8], ty: &Type) -> Result<Self, ValueError> {
        decode::decode(bytes, ty)
    }

    /// Writes a value of a type.
    ///
    /// # Errors
    /// When the value is not of the type; the error says where.
    pub fn to_msgpack(&self, ty: &Type) -> Result<Vec<u8>, ValueError> {
        let mut bytes = Vec::new();
        encode::encode(self, ty, &mut bytes, super::MAX_DEPTH)?;
        Ok(bytes)
    }
}
