//! Types of values.

use std::fmt;

use serde_json::Value as Json;

use super::{Entries, MAX_DEPTH, Name, ValueError, normal};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Text.
    String,
    /// Whatever type the value has.
    Dynamic,
    /// A list of elements of one type.
    List(Box<Type>),
    /// A set of elements of one type.
    Set(Box<Type>),
    /// A map from strings to elements of one type.
    Map(Box<Type>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Type>),
    /// Named attributes, each of its own type.
    Object(Entries<Type>),
}

impl Type {
    /// An object type.
    #[must_use]
    pub fn object<N: Into<Name>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self::Object(attributes.into_iter().collect())
    }

    /// The type as Terraform writes it in JSON, for example `["list","string"]`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let of = |kind: &str, argument: Json| Json::Array(vec![Json::from(kind), argument]);
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::Dynamic => "dynamic".into(),
            Self::List(element) => of("list", element.to_json()),
            Self::Set(element) => of("set", element.to_json()),
            Self::Map(element) => of("map", element.to_json()),
            Self::Tuple(elements) => of("tuple", elements.iter().map(Self::to_json).collect()),
            Self::Object(attributes) => {
                let attributes = attributes.iter().map(|(name, ty)| (name.into(), ty.to_json())).collect();
                of("object", Json::Object(attributes))
            }
        }
    }

    /// The type as JSON text, in bytes.
    #[must_use]
    pub(crate) fn to_json_bytes(&self) -> Vec<u8> {
        self.to_json().to_string().into_bytes()
    }

    /// Reads a type that Terraform wrote.
    ///
    /// # Errors
    /// When the JSON describes no type.
    pub fn from_json(json: &Json) -> Result<Self, ValueError> {
        Self::parse(json, MAX_DEPTH)
    }

    fn parse(json: &Json, depth: usize) -> Result<Self, ValueError> {
        let wrong = || ValueError::new("a type", "JSON that describes none");
        let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("a type", "one that is nested too deeply"))?;
        if let Some(name) = json.as_str() {
            return match name {
                "bool" => Ok(Self::Bool),
                "number" => Ok(Self::Number),
                "string" => Ok(Self::String),
                "dynamic" => Ok(Self::Dynamic),
                _ => Err(wrong()),
            };
        }
        // An object type may have a third part, the names of its optional attributes. It only matters for
        // conversions inside Terraform.
        let (kind, argument) = match json.as_array().map(Vec::as_slice) {
            Some([kind, argument] | [kind, argument, _]) => (kind.as_str().ok_or_else(wrong)?, argument),
            _ => return Err(wrong()),
        };
        match kind {
            "list" => Ok(Self::List(Box::new(Self::parse(argument, depth)?))),
            "set" => Ok(Self::Set(Box::new(Self::parse(argument, depth)?))),
            "map" => Ok(Self::Map(Box::new(Self::parse(argument, depth)?))),
            "tuple" => {
                let elements = argument.as_array().ok_or_else(wrong)?;
                elements.iter().map(|ty| Self::parse(ty, depth)).collect::<Result<_, _>>().map(Self::Tuple)
            }
            "object" => {
                let attributes = argument.as_object().ok_or_else(wrong)?;
                attributes
                    .iter()
                    // Attributes of values are in normal form C too, and have to be found.
                    .map(|(name, ty)| Ok((normal(name).into_owned(), Self::parse(ty, depth)?)))
                    .collect::<Result<_, _>>()
                    .map(Self::Object)
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Dynamic => f.write_str("dynamic"),
            Self::List(element) => write!(f, "list of {element}"),
            Self::Set(element) => write!(f, "set of {element}"),
            Self::Map(element) => write!(f, "map of {element}"),
            Self::Tuple(_) => f.write_str("tuple"),
            Self::Object(_) => f.write_str("object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_survive_the_way_to_json_and_back() {
        let ty = Type::object([
            ("tags", Type::Map(Box::new(Type::String))),
            ("pair", Type::Tuple(vec![Type::Bool, Type::Dynamic])),
            ("ports", Type::Set(Box::new(Type::Number))),
        ]);
        assert_eq!(Type::from_json(&ty.to_json()).expect("it came from a type"), ty);
    }

    #[test]
    fn optional_attributes_of_an_object_type_are_ignored() {
        let json = serde_json::json!(["object", {"a": "string"}, ["a"]]);
        assert_eq!(Type::from_json(&json).expect("it is a type"), Type::object([("a", Type::String)]));
    }

    #[test]
    fn names_of_attributes_have_one_form() {
        let json = serde_json::json!(["object", {"e\u{301}": "string"}]);
        assert_eq!(Type::from_json(&json).expect("it is a type"), Type::object([("\u{e9}", Type::String)]));
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let mut deep = serde_json::json!("string");
        for _ in 0..200 {
            deep = serde_json::json!(["list", deep]);
        }
        for json in [deep, 1.into(), "text".into(), serde_json::json!(["list"]), serde_json::json!(["tuple", "string"])]
        {
            assert!(Type::from_json(&json).is_err());
        }
    }
}
