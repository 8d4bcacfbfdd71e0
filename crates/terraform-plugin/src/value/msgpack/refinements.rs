//! Unknown values: msgpack extensions, with what is known of the value as a map inside.

use rmp::encode as msgpack;

use super::reader::{Head, Reader, number};
use super::writer;
use crate::value::{MAX_DEPTH, Number, Refinements, Type, ValueError, normal};

/// Terraform ignores what is in an extension of this code: nothing is known of the value.
const PLAIN: i8 = 0;
/// An extension of this code holds a map of refinements.
const REFINED: i8 = 12;

/// Terraform refuses refinements of more than 1 KiB. No type has more than three, and none of Terraform's own is longer
/// than this.
const MAX_ENTRY: usize = 300;

/// The keys of the map of refinements.
mod key {
    pub const NULLNESS: u64 = 1;
    pub const PREFIX: u64 = 2;
    pub const LOWER_BOUND: u64 = 3;
    pub const UPPER_BOUND: u64 = 4;
    pub const MIN_LENGTH: u64 = 5;
    pub const MAX_LENGTH: u64 = 6;
}

/// What an unknown value's extension says of it. Every extension is an unknown value; what cannot be read in one only
/// means that less is known.
pub(super) fn read(code: i8, body: &[u8]) -> Refinements {
    if code == REFINED { read_map(body).unwrap_or_default() } else { Refinements::default() }
}

fn read_map(body: &[u8]) -> Result<Refinements, ValueError> {
    let mut reader = Reader::new(body);
    let count = match reader.head()? {
        Head::Map(count) => count,
        other => return Err(ValueError::new("a map", other.kind())),
    };
    let mut known = Refinements::default();
    for _ in 0..count {
        let key = match reader.head()? {
            Head::Unsigned(key) => key,
            other => return Err(ValueError::new("a key", other.kind())),
        };
        match (key, reader.head()?) {
            (key::NULLNESS, Head::Bool(null)) => known.not_null = !null,
            (key::PREFIX, Head::Text(prefix)) => known.prefix = Some(normal(prefix).into_owned()),
            (key::LOWER_BOUND, Head::Array(2)) => known.lower_bound = read_bound(&mut reader)?,
            (key::UPPER_BOUND, Head::Array(2)) => known.upper_bound = read_bound(&mut reader)?,
            (key::MIN_LENGTH, head) => known.min_length = number(&head)?.as_i64(),
            (key::MAX_LENGTH, head) => known.max_length = number(&head)?.as_i64(),
            // A kind of refinement that came later.
            (_, head) => skip(&mut reader, &head, MAX_DEPTH)?,
        }
    }
    Ok(known)
}

/// `None` if it says nothing, because the number has more digits than could be written again.
fn read_bound(reader: &mut Reader<'_>) -> Result<Option<(Number, bool)>, ValueError> {
    let bound = match reader.head()? {
        // A float is a bound to its last bit: its shortest decimal may lie on the other side.
        Head::Float(float) => Number::exactly(float).ok(),
        head => Some(number(&head)?),
    };
    match reader.head()? {
        Head::Bool(inclusive) => Ok(bound.map(|bound| (bound, inclusive))),
        other => Err(ValueError::new("a bool", other.kind())),
    }
}

/// Passes over the rest of a value whose head was read.
fn skip(reader: &mut Reader<'_>, head: &Head<'_>, depth: usize) -> Result<(), ValueError> {
    let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("a value", "one that is nested too deeply"))?;
    let count = match head {
        Head::Array(count) => *count,
        Head::Map(count) => count.saturating_mul(2),
        _ => 0,
    };
    for _ in 0..count {
        let head = reader.head()?;
        skip(reader, &head, depth)?;
    }
    Ok(())
}

/// Writes an unknown value of a type. Refinements that Terraform would refuse, because they are too long or mean nothing
/// for the type, are left out: it is always right to say less of an unknown value.
pub(super) fn write(known: Option<&Refinements>, ty: &Type, bytes: &mut Vec<u8>) -> Result<(), ValueError> {
    let entries = known.map_or(Ok(Vec::new()), |known| entries(known, ty))?;
    if entries.is_empty() {
        writer::write(bytes, |out| _ = msgpack::write_ext_meta(out, 1, PLAIN));
        bytes.push(0);
        return Ok(());
    }
    let mut body = Vec::new();
    let count = writer::length(entries.len())?;
    writer::write(&mut body, |out| _ = msgpack::write_map_len(out, count));
    for (key, entry) in entries {
        writer::write(&mut body, |out| _ = msgpack::write_uint(out, key));
        body.extend_from_slice(&entry);
    }
    let size = writer::length(body.len())?;
    writer::write(bytes, |out| _ = msgpack::write_ext_meta(out, size, REFINED));
    bytes.append(&mut body);
    Ok(())
}

/// The refinements that mean something for the type, encoded.
fn entries(known: &Refinements, ty: &Type) -> Result<Vec<(u64, Vec<u8>)>, ValueError> {
    let Refinements { not_null, prefix, lower_bound, upper_bound, min_length, max_length } = known;
    let mut entries = Vec::new();
    if *not_null && *ty != Type::Dynamic {
        entries.push((key::NULLNESS, boolean(false)));
    }
    match ty {
        Type::String => {
            if let Some(prefix) = prefix {
                let mut entry = Vec::new();
                writer::string(prefix, &mut entry)?;
                entries.push((key::PREFIX, entry));
            }
        }
        Type::Number if bounds_contradict(lower_bound.as_ref(), upper_bound.as_ref()) => {}
        Type::Number => {
            for (key, bound) in [(key::LOWER_BOUND, lower_bound), (key::UPPER_BOUND, upper_bound)] {
                let Some((bound, inclusive)) = bound else { continue };
                let mut entry = Vec::new();
                writer::write(&mut entry, |out| _ = msgpack::write_array_len(out, 2));
                writer::number(bound, &mut entry)?;
                entry.append(&mut boolean(*inclusive));
                entries.push((key, entry));
            }
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) if max_length.unwrap_or(i64::MAX) < min_length.unwrap_or(0) => {}
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            for (key, bound) in [(key::MIN_LENGTH, min_length), (key::MAX_LENGTH, max_length)] {
                // A length below zero says nothing.
                let Some(bound) = bound.filter(|bound| *bound >= 0) else { continue };
                let mut entry = Vec::new();
                writer::write(&mut entry, |out| _ = msgpack::write_sint(out, bound));
                entries.push((key, entry));
            }
        }
        Type::Bool | Type::Dynamic | Type::Tuple(_) | Type::Object(_) => {}
    }
    entries.retain(|(_, entry)| entry.len() <= MAX_ENTRY);
    Ok(entries)
}

/// Whether no number is within the bounds. Terraform does not only refuse such bounds: it crashes
/// (`assertConsistentBounds` of go-cty), also where the two are equal and only one may be reached.
fn bounds_contradict(lower: Option<&(Number, bool)>, upper: Option<&(Number, bool)>) -> bool {
    let (Some((lower, lower_inclusive)), Some((upper, upper_inclusive))) = (lower, upper) else { return false };
    lower > upper || (lower == upper && !(*lower_inclusive && *upper_inclusive))
}

fn boolean(value: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    writer::write(&mut bytes, |out| _ = msgpack::write_bool(out, value));
    bytes
}
