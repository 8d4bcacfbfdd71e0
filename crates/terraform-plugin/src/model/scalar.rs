//! Models of single values.

use super::{Model, ModelError, Shape};
use crate::value::{Number, Value};

impl Model for String {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(ModelError::new("a string", &other)),
        }
    }

    fn into_value(self) -> Value {
        self.into()
    }

    fn shape() -> Shape {
        Shape::text()
    }
}

impl Model for bool {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Bool(bool) => Ok(bool),
            other => Err(ModelError::new("a bool", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }

    fn shape() -> Shape {
        Shape::bool()
    }
}

impl Model for Number {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Number(number) => Ok(number),
            other => Err(ModelError::new("a number", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(self)
    }

    fn shape() -> Shape {
        Shape::number()
    }
}

/// Whole numbers. A number in a configuration that is none, or is out of range, is the user's error at the attribute.
macro_rules! whole {
    ($($integer:ty),*) => {$(
        impl Model for $integer {
            fn from_value(value: Value) -> Result<Self, ModelError> {
                let wrong = || ModelError::new(concat!("a whole number that fits ", stringify!($integer)), &value);
                let Value::Number(number) = &value else { return Err(wrong()) };
                let signed = number.as_i64().and_then(|number| number.try_into().ok());
                signed.or_else(|| number.as_u64()?.try_into().ok()).ok_or_else(wrong)
            }

            fn into_value(self) -> Value {
                Value::Number(number_of(self))
            }

            fn shape() -> Shape {
                Shape::whole_between(number_of(Self::MIN), number_of(Self::MAX))
            }
        }
    )*};
}

whole!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

/// Every number of those types is one of these two.
fn number_of<N: TryInto<i64> + TryInto<u64> + Copy>(number: N) -> Number {
    let signed = TryInto::<i64>::try_into(number).map(Number::from);
    signed.or_else(|_| number.try_into().map(|number: u64| Number::from(number))).unwrap_or_else(|_| 0_i64.into())
}

impl<T: Model> Model for Option<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }

    fn shape() -> Shape {
        T::shape().or_null()
    }
}
