//! Every file below `examples/` is formatted, run against a simulated TensorPool, and shown on its page.

mod support;

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use support::Scenario;
use support::examples::{Example, files, text};
use terraform_plugin_testing::{Feature, has, left_out, requires};

/// How a file is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Applied, and planned again.
    Applied,
    /// Applied together with the first example of its resource, with the object that it imports.
    Import,
    /// A command that imports, run with the first example of its resource.
    ImportCommand,
    /// The data source of a request, whose id comes from a request that failed.
    Request,
    /// A query.
    Query,
    /// Commands that are run after a query was written.
    QueryCommands,
    /// Applied by a Terraform that has actions.
    Action,
    /// Commands that invoke the action of the file of a similar name.
    Invocation,
    /// Commands for the first configuration of the provider.
    FirstCommands,
    /// Run by a test file of its own, which names the directory.
    RunBy(&'static str, &'static str),
}

/// How a file is run. A file that nothing runs is a mistake.
fn kind(path: &str) -> Kind {
    let parts: Vec<_> = path.split('/').collect();
    let name = *parts.last().expect("a path has a name");
    let is = |begin: &str, end: &str| name.starts_with(begin) && name.ends_with(end);
    match parts[0] {
        "resources" if is("resource", ".tf") => Kind::Applied,
        "resources" if is("import-by-", ".tf") => Kind::Import,
        "resources" if name == "import.sh" => Kind::ImportCommand,
        "data-sources" if parts[1] == "tensorpool_request" && is("data-source", ".tf") => Kind::Request,
        "data-sources" if is("data-source", ".tf") => Kind::Applied,
        "ephemeral-resources" if is("ephemeral-resource", ".tf") => Kind::Applied,
        "functions" if is("function", ".tf") => Kind::Applied,
        "list-resources" if is("list-resource", ".tfquery.hcl") => Kind::Query,
        "list-resources" if name == "generate.sh" => Kind::QueryCommands,
        "actions" if is("action", ".tf") => Kind::Action,
        "actions" if is("invoke", ".sh") => Kind::Invocation,
        "provider" if is("provider", ".tf") => Kind::Applied,
        "provider" if name == "first_cluster.sh" => Kind::FirstCommands,
        // Its test copies every configuration of these two directories.
        "stacks"
            if matches!(parts[1..], ["training", _] | ["training", "object_storage", _])
                && (is("", ".tf") || name == "README.md") =>
        {
            Kind::RunBy("stack.rs", "examples/stacks/training")
        }
        "testing" if ["main.tf", "training.tftest.hcl"].contains(&name) => {
            Kind::RunBy("terraform_test.rs", "examples/testing")
        }
        _ => panic!("examples/{path}: no test runs it"),
    }
}

/// The files of a kind below a directory. Each is printed, so that a failure says which one it was.
fn of_kind(directory: &str, wanted: Kind) -> Vec<String> {
    let found: Vec<_> = files(directory).into_iter().filter(|path| kind(path) == wanted).collect();
    assert!(!found.is_empty(), "there is no {wanted:?} in examples/{directory}");
    found
}

/// Applies the examples of a directory, and checks the outputs that are listed.
fn apply_all(directory: &str, outputs: &[(&str, &str, Value)]) {
    for path in of_kind(directory, Kind::Applied) {
        println!("examples/{path}");
        let text = text(&path);
        if text.contains("ephemeral") && !has(Feature::EphemeralValues) {
            left_out(&format!("examples/{path}"), "the CLI has no ephemeral values");
            continue;
        }
        let example = Example::applied(&path, &text);
        example.apply_real(&text);
        for (_, output, expected) in outputs.iter().filter(|(file, _, _)| path == format!("{directory}/{file}")) {
            assert_eq!(&example.json(&["output", "-json", output]), expected, "{path}: {output}");
        }
    }
    for (file, _, _) in outputs {
        assert!(files(directory).contains(&format!("{directory}/{file}")), "there is no {directory}/{file}");
    }
}

#[test]
fn examples_are_formatted() {
    let scenario = Scenario::new("examples-format");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let run = scenario.run(&["fmt", "-check", "-recursive", "-no-color", &examples.display().to_string()]);
    assert_eq!(run.code, Some(0), "not formatted:\n{}", run.text);
}

#[test]
fn every_example_is_run() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for path in files("") {
        if let Kind::RunBy(file, directory) = kind(&path) {
            let test = std::fs::read_to_string(tests.join(file)).expect("there is a test");
            assert!(test.contains(&format!("\"{directory}\"")), "tests/{file} does not run {directory}");
        }
    }
}

/// The page of its object shows each example; those that are whole directories have guides.
#[test]
fn every_example_is_shown_on_its_page() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for path in files("") {
        let parts: Vec<_> = path.split('/').collect();
        let page = match parts[..] {
            ["stacks" | "testing", ..] => continue,
            ["provider", _] => "index.md.tmpl".to_owned(),
            [kind, object, _] => format!("{kind}/{}.md.tmpl", object.trim_start_matches("tensorpool_")),
            _ => panic!("examples/{path} belongs to no page"),
        };
        let page = templates.join(page);
        let template = std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        let shown = match *parts.last().expect("a path has a name") {
            "import.sh" => ".ImportFile".to_owned(),
            "import-by-string-id.tf" => ".ImportIDConfigFile".to_owned(),
            "import-by-identity.tf" => ".ImportIdentityConfigFile".to_owned(),
            _ => format!("\"examples/{path}\""),
        };
        assert!(template.contains(&shown), "{} does not show examples/{path}", page.display());
    }
}

#[test]
fn the_resource_examples_apply() {
    apply_all(
        "resources",
        &[("tensorpool_cluster/resource_for_each.tf", "gpus", json!({"vision": 1, "language": 16}))],
    );
}

#[test]
fn the_data_source_examples_apply() {
    let fingerprint = "SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE";
    let place = json!({"endpoint": "https://object-storage.simulated.invalid", "region": "us-west"});
    apply_all(
        "data-sources",
        &[
            ("tensorpool_cluster/data-source_by_id.tf", "gpus", json!(16)),
            ("tensorpool_cluster_quote/data-source.tf", "usd_per_day", json!(768)),
            ("tensorpool_clusters/data-source.tf", "names", json!(["training"])),
            ("tensorpool_jobs/data-source_cluster.tf", "idle", json!(false)),
            ("tensorpool_object_storage/data-source.tf", "object_storage", place),
            ("tensorpool_object_storage_buckets/data-source.tf", "buckets", json!(["training-datasets"])),
            ("tensorpool_ssh_key/data-source.tf", "fingerprint", json!(fingerprint)),
            ("tensorpool_ssh_key/data-source_fingerprint.tf", "name", json!("laptop")),
            ("tensorpool_ssh_keys/data-source.tf", "fingerprints", json!([fingerprint])),
            ("tensorpool_ssh_keys/data-source_registered.tf", "is_registered", json!(true)),
            ("tensorpool_storage/data-source_by_id.tf", "is_free", json!(true)),
            ("tensorpool_storages/data-source.tf", "total_gb", json!(1000)),
            ("tensorpool_user/data-source.tf", "uid", json!("u-simulated")),
            ("tensorpool_user_preferences/data-source.tf", "autopay", json!(false)),
        ],
    );
}

#[test]
fn the_function_examples_apply() {
    apply_all(
        "functions",
        &[
            ("parse_instance_type/function.tf", "gpus", json!("8 GPUs of model H100")),
            ("parse_instance_type/function_total.tf", "total_gpus", json!(16)),
            ("parse_instance_type/function_validation.tf", "is_a_whole_machine", json!(true)),
            ("format_instance_type/function.tf", "instance_type", json!("8xH100")),
            (
                "ssh_key_fingerprint/function.tf",
                "fingerprint",
                json!("SHA256:kmYcvdi2GkPeWxB6XLjrZB8JHsy2Hm8luHMFp9GMvqk"),
            ),
        ],
    );
}

#[test]
fn the_ephemeral_and_provider_examples_apply() {
    apply_all("ephemeral-resources", &[]);
    apply_all("provider", &[]);
    for script in of_kind("provider", Kind::FirstCommands) {
        let first = text("provider/provider.tf");
        let example = Example::applied(&script, &first);
        example.write_real(&first);
        example.run_commands(&text(&script));
        assert!(example.cloud.clusters().is_empty(), "the cluster was destroyed");
        assert_eq!(example.asked("POST /cluster/create"), 1);
    }
}

#[test]
fn the_request_example_applies() {
    let operations = text("data-sources/tensorpool_cluster_operations/data-source.tf");
    for path in of_kind("data-sources", Kind::Request) {
        let example = Example::existing(&path, 2);
        example.cloud.fail_next("CLUSTER_RELEASE", "no such luck");
        example.cloud.release(example.id("c-abc123"));
        example.apply_real(&operations);
        assert_eq!(example.json(&["output", "-json", "failures"]), json!(["no such luck"]));
        example.apply_real(&operations.replace("[*].message", "[0].request_id"));
        let request = example.json(&["output", "-json", "failures"]);
        example.apply_real(&text(&path).replace("req_abc123", request.as_str().expect("it is an id")));
        if path.ends_with("/data-source.tf") {
            assert_eq!(example.json(&["output", "-json", "request"]), json!("CLUSTER_RELEASE is FAILED"));
        }
    }
}

/// What exists for the imports of a resource, and its first example.
fn existing(path: &str) -> (Example, String) {
    let directory = path.rsplit_once('/').expect("it is in a directory").0;
    let resource = text(&format!("{directory}/resource.tf"));
    let example = Example::existing(path, if resource.contains("num_nodes") { 2 } else { 1 });
    if directory.ends_with("_attachment") {
        example.cloud.attach(example.id("s-abc123"), example.id("c-abc123"));
    }
    (example, resource)
}

#[test]
fn the_import_examples_by_id_create_nothing() {
    import_all("import-by-string-id.tf");
}

#[test]
fn the_import_examples_by_identity_create_nothing() {
    if requires(Feature::Identities) {
        import_all("import-by-identity.tf");
    }
}

fn import_all(file: &str) {
    for path in of_kind("resources", Kind::Import).into_iter().filter(|path| path.ends_with(file)) {
        println!("examples/{path}");
        let (example, resource) = existing(&path);
        let mut import = text(&path);
        // The example of an attachment has its volume and its cluster, the example of a bucket its object storage.
        for (address, id) in [
            ("tensorpool_cluster.training", "c-abc123"),
            ("tensorpool_storage.datasets", "s-abc123"),
            ("tensorpool_object_storage.main", "o-abc123"),
        ] {
            let (kind, label) = address.split_once('.').expect("an address has a label");
            let is_there = resource.contains(&format!("resource \"{kind}\" \"{label}\""));
            if is_there && !import.contains(&format!("to = {address}\n")) {
                write!(import, "\nimport {{\n  to = {address}\n  id = \"{id}\"\n}}\n").expect("a text takes it");
            }
        }
        example.apply_real(&format!("{import}\n{resource}"));
        assert_eq!(example.asked("POST /") + example.asked("PUT /"), 0, "{path}: it was imported, not created");
    }
}

#[test]
fn the_import_commands_import() {
    for path in of_kind("resources", Kind::ImportCommand) {
        println!("examples/{path}");
        let (example, resource) = existing(&path);
        example.write_real(&resource);
        let command = text(&path);
        example.run_commands(&command);
        let address = command.split_whitespace().nth(2).expect("a command has an address");
        assert!(!example.values(address)["id"].is_null(), "{path}");
    }
}

/// What exists for the queries: all that is attached and of the organization too, and a cluster with a generated name.
fn for_query(path: &str) -> Example {
    let example = Example::existing(path, 2);
    example.cloud.attach(example.id("s-abc123"), example.id("c-abc123"));
    _ = example.cloud.add_cluster(tensorpool_simulator::NewCluster {
        name: "tf-cluster-qkzvwxjyph".to_owned(),
        instance_type: "1xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: true,
    });
    example.write("");
    example
}

#[test]
fn the_queries_find_what_exists() {
    if !requires(Feature::Queries) {
        return;
    }
    for path in of_kind("list-resources", Kind::Query) {
        println!("examples/{path}");
        let (example, text) = (for_query(&path), text(&path));
        example.write_file("example.tfquery.hcl", &example.real(&text));
        let run = example.run(&["query", "-json"]).ok();
        let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let found: Vec<_> = lines.filter(|line| line["list_resource_found"].is_object()).collect();
        assert!(!found.is_empty(), "{path} finds nothing:\n{}", run.text);
        let has_resource = !found[0]["list_resource_found"]["resource_object"].is_null();
        assert_eq!(has_resource, text.contains("include_resource = true"), "{path}: {found:#?}");
    }
}

#[test]
fn what_the_queries_generate_is_imported_without_a_change() {
    if !requires(Feature::Queries) {
        return;
    }
    for path in of_kind("list-resources", Kind::QueryCommands) {
        println!("examples/{path}");
        let example = for_query(&path);
        let query = text(&path.replace("generate.sh", "list-resource.tfquery.hcl"));
        example.write_file("example.tfquery.hcl", &example.real(&query));
        example.run_commands(&text(&path));
        assert!(!example.resources().is_empty(), "{path} imports nothing");
        assert_eq!(example.asked("POST /") + example.asked("PUT /") + example.asked("PATCH /"), 0, "{path}");
        example.expect_empty_plan();
    }
}

#[test]
fn the_action_examples_apply_and_are_invoked() {
    if !requires(Feature::Actions) {
        return;
    }
    for path in of_kind("actions", Kind::Action) {
        println!("examples/{path}");
        let text = text(&path);
        Example::applied(&path, &text).apply_real(&text);
    }
    for path in of_kind("actions", Kind::Invocation) {
        println!("examples/{path}");
        let example = Example::existing(&path, 2);
        let keys = example.cloud.object_storage_keys();
        example.write_real(&text(&path.replace("/invoke", "/action").replace(".sh", ".tf")));
        example.run_commands(&text(&path));
        let effects = [
            ("set_deletion_protection", example.cloud.clusters()[0].deletion_protection),
            ("cancel_job", example.cloud.job_status(&example.job).as_deref() == Some("canceled")),
            ("rotate_object_storage_keys", example.cloud.object_storage_keys() != keys),
        ];
        for (action, has_happened) in effects {
            assert_eq!(has_happened, path.contains(action), "{path}: {action}");
        }
    }
}

#[test]
fn the_triggers_of_the_action_examples_invoke_them() {
    if !requires(Feature::Actions) {
        return;
    }
    let example = |action: &str| {
        let path = format!("actions/tensorpool_{action}/action_trigger.tf");
        let text = text(&path);
        let example = Example::applied(&path.replace("actions", "triggers"), &text);
        example.apply_real(&text);
        example
    };
    let locked = example("set_deletion_protection");
    let volume = locked.volume.clone().expect("the example does not create it");
    let volumes = locked.cloud.volumes();
    assert!(volumes.iter().any(|one| one.id == volume && one.deletion_protection), "{volumes:?}");

    let mut canceled = example("cancel_job");
    assert_eq!(canceled.cloud.job_status(&canceled.job).as_deref(), Some("running"));
    canceled.set("TF_VAR_dataset_version", "2");
    canceled.apply().ok();
    assert_eq!(canceled.cloud.job_status(&canceled.job).as_deref(), Some("canceled"));

    let mut rotated = example("rotate_object_storage_keys");
    let keys = rotated.cloud.object_storage_keys();
    rotated.set("TF_VAR_quarter", "2026-Q2");
    rotated.apply().ok();
    assert_ne!(rotated.cloud.object_storage_keys(), keys);
}

/// The messages on the page of a function, each in the order of the page.
fn messages(function: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/functions/{function}.md.tmpl"));
    let page = std::fs::read_to_string(page).expect("there is a page");
    let blocks = page.split("```text\n").skip(1).filter_map(|block| block.split_once("```"));
    blocks.flat_map(|(block, _)| block.lines()).map(str::to_owned).collect()
}

/// The messages that the pages of the functions show are those of the functions.
#[test]
fn the_errors_on_the_pages_of_functions_are_what_the_functions_say() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
    let several = format!("\"{key}\\n{key}\"");
    let calls: [(&str, &[&str]); 3] = [
        ("parse_instance_type", &["\"H100\""]),
        ("format_instance_type", &["1.5, \"H100\"", "8, \"H 100\""]),
        (
            "ssh_key_fingerprint",
            &[
                "\"\"",
                "\"-----BEGIN OPENSSH PRIVATE KEY-----\"",
                &several,
                "\"laptop\"",
                "\"ssh-ed25519\"",
                "\"ssh-ed25519 ~\"",
            ],
        ),
    ];
    let scenario = Scenario::new("example-function-errors");
    let mut expected = Vec::new();
    for (function, arguments) in calls {
        let messages = messages(function);
        assert_eq!(messages.len(), arguments.len(), "{function}: {messages:#?}");
        let calls = arguments.iter().map(|arguments| format!("provider::tensorpool::{function}({arguments})"));
        expected.extend(calls.zip(messages));
    }
    let outputs = expected.iter().enumerate();
    let outputs = outputs.map(|(number, (call, _))| format!("output \"n{number}\" {{\n  value = {call}\n}}\n"));
    scenario.write(&outputs.collect::<String>());
    let run = scenario.plan();
    for (call, message) in &expected {
        let error = run.diagnostics.iter().find(|one| one.severity == "error" && one.code.contains(call));
        // Terraform ends the sentence itself.
        error.unwrap_or_else(|| panic!("{call} succeeds")).says(&[message.trim_end_matches('.')]);
    }
}
