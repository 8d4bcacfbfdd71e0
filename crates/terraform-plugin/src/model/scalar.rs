//! Models of single values.

use super::{Model, ModelError, Shape};
use crate::value::{Number, Value, number_of};

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
                self.into()
            }

            fn shape() -> Shape {
                Shape::whole_between(number_of(Self::MIN), number_of(Self::MAX))
            }
        }
    )*};
}

whole!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

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

/// Numbers that may have a fraction. A number in a configuration that is out of range is the user's error at the attribute, and
/// one with more digits is rounded. Infinities and what is no number cannot be handed to Terraform: they are a mistake that is
/// reported at the attribute.
macro_rules! float {
    ($($float:ident),*) => {$(
        impl Model for $float {
            fn from_value(value: Value) -> Result<Self, ModelError> {
                let wrong = || ModelError::new(concat!("a number that fits ", stringify!($float)), &value);
                let Value::Number(number) = &value else { return Err(wrong()) };
                // By text, as a float of 64 bits that is rounded once more may miss the nearest of 32 bits.
                let float: Self = number.compact().parse().map_err(|_| wrong())?;
                if float.is_finite() { Ok(float) } else { Err(wrong()) }
            }

            fn into_value(self) -> Value {
                // The text is the shortest that means the float: 0.1 is one tenth.
                self.to_string().parse().map_or_else(|_| Value::String(self.to_string()), Value::Number)
            }

            fn shape() -> Shape {
                let limit = |float: Self| float.to_string().parse().unwrap_or_else(|_| 0_i64.into());
                Shape::number_between(limit(Self::MIN), limit(Self::MAX))
            }
        }
    )*};
}

float!(f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(text.parse().expect("it is a number"))
    }

    fn read<M: Model>(text: &str) -> Result<M, String> {
        M::from_value(number(text))
            .map_err(|error| error.to_string().replace("the model does not fit the schema at ", ""))
    }

    #[test]
    fn whole_numbers_are_those_that_fit() {
        assert_eq!((read::<u8>("255"), read::<i8>("-128")), (Ok(255), Ok(-128)));
        assert_eq!(
            (read::<u64>("18446744073709551615"), read::<i64>("-9223372036854775808")),
            (Ok(u64::MAX), Ok(i64::MIN))
        );
        assert_eq!((read::<usize>("7.0"), read::<i32>("-7"), read::<u32>("4294967295")), (Ok(7), Ok(-7), Ok(u32::MAX)));
        let wrong = |ty: &str| Err(format!("(root): expected a whole number that fits {ty}, found a number"));
        assert_eq!(read::<u8>("300").map(|_| ()), wrong("u8"));
        assert_eq!(read::<i32>("1099511627776").map(|_| ()), wrong("i32"));
        assert_eq!(read::<i64>("1.5").map(|_| ()), wrong("i64"));
        assert_eq!(read::<u64>("-1").map(|_| ()), wrong("u64"));
        assert_eq!(
            (u64::MAX.into_value(), i64::MIN.into_value()),
            (number("18446744073709551615"), number("-9223372036854775808"))
        );
    }

    #[test]
    fn floats_mean_what_they_print() {
        assert_eq!((read::<f64>("0.1"), read::<f32>("0.1")), (Ok(0.1), Ok(0.1)));
        assert_eq!((0.1_f64.into_value(), 0.1_f32.into_value()), (number("0.1"), number("0.1")));
        assert_eq!(read::<f64>("0.1000000000000000055511151231257827"), Ok(0.1));
        assert!(read::<f64>("1e400").is_err() && read::<f32>("1e39").is_err() && read::<f32>("1e38").is_ok());
        assert_eq!((read::<f64>("-1e-400"), f64::MAX.into_value()), (Ok(0.0), number("17976931348623157e292")));
        assert!(matches!(f64::NAN.into_value(), Value::String(_)));
    }

    #[test]
    fn an_option_is_a_value_or_null() {
        assert_eq!(Option::<bool>::from_value(Value::Null).ok(), Some(None));
        assert_eq!(Option::<bool>::from_value(true.into()).ok(), Some(Some(true)));
        assert!(Option::<bool>::from_value(Value::unknown()).is_err());
        assert_eq!((Some(1_i32).into_value(), None::<i32>.into_value()), (1.into(), Value::Null));
    }
}
