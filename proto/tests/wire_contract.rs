//! Our `.proto` must be compatible on the wire with the one that Terraform 1.16 is built with.
//!
//! `wire_contract.txt` lists what stands in Terraform's: every RPC, field and enum value, with numbers, types and labels.
//! The same list is made here of what ours was compiled to.

use std::collections::BTreeSet;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto};

const EXPECTED: &str = include_str!("wire_contract.txt");

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn type_name(field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => last(field.type_name()).to_owned(),
        other => other.as_str_name().trim_start_matches("TYPE_").to_ascii_lowercase(),
    }
}

fn enumeration(path: &str, of: &EnumDescriptorProto, lines: &mut BTreeSet<String>) {
    for value in &of.value {
        lines.insert(format!("enum {path}{} {} {}", of.name(), value.number(), value.name()));
    }
}

fn message(path: &str, of: &DescriptorProto, lines: &mut BTreeSet<String>) {
    let own = format!("{path}{}", of.name());
    for field in &of.field {
        // A map is a repeated message of keys and values.
        let entry = of.nested_type.iter().find(|nested| {
            nested.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry)
                && type_name(field) == nested.name()
        });
        let (ty, label) = match entry {
            Some(entry) => {
                let (key, value) = (type_name(&entry.field[0]), type_name(&entry.field[1]));
                (format!("map<{key},{value}>"), "single".to_owned())
            }
            None if field.proto3_optional() => (type_name(field), "optional".to_owned()),
            None => {
                let oneof = field.oneof_index.and_then(|index| of.oneof_decl.get(usize::try_from(index).ok()?));
                let label = match (oneof, field.label()) {
                    (Some(oneof), _) => format!("oneof {}", oneof.name()),
                    (None, Label::Repeated) => "repeated".to_owned(),
                    (None, _) => "single".to_owned(),
                };
                (type_name(field), label)
            }
        };
        lines.insert(format!("field {own} {} {} {ty} {label}", field.number(), field.name()));
    }
    for nested in &of.nested_type {
        if !nested.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry) {
            message(&format!("{own}."), nested, lines);
        }
    }
    for nested in &of.enum_type {
        enumeration(&format!("{own}."), nested, lines);
    }
}

#[test]
fn every_message_field_and_rpc_is_as_terraform_has_it() {
    let files = protox::compile(["tfplugin6.proto"], [env!("CARGO_MANIFEST_DIR")]).expect("the definition is correct");
    let file = files.file.iter().find(|file| file.package() == "tfplugin6").expect("it was compiled");
    let mut lines = BTreeSet::new();
    for of in &file.message_type {
        message("", of, &mut lines);
    }
    for of in &file.enum_type {
        enumeration("", of, &mut lines);
    }
    let short = |name: &str| name.trim_start_matches(".tfplugin6.").to_owned();
    for service in &file.service {
        assert_eq!(service.name(), "Provider");
        for rpc in &service.method {
            let stream = |streaming: bool| if streaming { "stream " } else { "" };
            lines.insert(format!(
                "rpc {} ({}{}) ({}{})",
                rpc.name(),
                stream(rpc.client_streaming()),
                short(rpc.input_type()),
                stream(rpc.server_streaming()),
                short(rpc.output_type())
            ));
        }
    }
    let expected: BTreeSet<_> = EXPECTED.lines().map(str::to_owned).collect();
    let missing: Vec<_> = expected.difference(&lines).collect();
    let added: Vec<_> = lines.difference(&expected).collect();
    assert!(missing.is_empty() && added.is_empty(), "missing: {missing:#?}\nadded: {added:#?}");
}
