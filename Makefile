# TF=path/to/terraform or TF=path/to/tofu chooses the CLI that tests and tools run.

# What was built for the whole workspace is run from where it lies: `cargo run` builds one package, with other features.
BUILT := $(or $(CARGO_TARGET_DIR),target)
PACKER := $(BUILT)/debug/terraform-plugin-package

.PHONY: help install package package-tools packer binary archives demo test features unit audit audit-tools mutants mutants-missed mutants-tools proto docs preview conformance matrix faults shapes template forms clients platforms load bench

help: ## Shows the commands.
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/'

install: ## Puts the provider into a mirror below target/, for terraform init and tofu init, and prints how to use it.
	cargo build --release --bin terraform-provider-tensorpool
	tools/install.sh $(BUILT)/release/terraform-provider-tensorpool $(BUILT)/installed

package: binary archives ## The release of VERSION, for the platforms that this machine can build, in target/package/. Needs `make package-tools`.

package-tools: ## What `make package` needs, installed into target/tools.
	cargo install --locked --root $(BUILT)/tools cargo-auditable@0.7.7 cargo-cyclonedx@0.5.9

packer: ## What builds and packs, which the two below run.
	cargo build --quiet --package terraform-plugin-packaging

binary: packer ## The program as it is released. TARGET=triple: for this target of Rust's compiler.
	$(PACKER) build $(if $(TARGET),--target $(TARGET)) $(if $(VERSION),--version $(VERSION))

archives: packer ## The archives, checksums and signature of VERSION from what `make binary` has built. RELEASE=1: nothing may be missing.
	$(PACKER) pack $(if $(RELEASE),--release) $(VERSION)

demo: ## The life of a cluster, from apply to destroy, with a real Terraform or OpenTofu and a simulated TensorPool.
	cargo build --workspace --bins --example demo
	TF="$$(tools/terraform.sh)" $(BUILT)/debug/examples/demo

test: ## Everything that is checked on a change.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo build --workspace --all-targets
	TF="$$(tools/terraform.sh)" $(BUILT)/debug/examples/faults --slice 210
	TF="$$(tools/terraform.sh)" $(BUILT)/debug/examples/faults --worlds --slice 40
	$(BUILT)/debug/examples/matrix --quick
	$(BUILT)/debug/examples/docs --check
	$(BUILT)/debug/examples/docs --check notes
	$(BUILT)/debug/examples/docs --check zones
	$(BUILT)/debug/examples/conformance --check
	TF="$$(tools/terraform.sh)" RUST_TEST_THREADS=6 cargo test --workspace

features: ## The framework without its feature `serve`: it builds, and its unit tests pass.
	cargo clippy --package terraform-plugin --no-default-features --all-targets -- -D warnings
	cargo test --package terraform-plugin --no-default-features --lib

unit: ## The unit tests alone: what needs no Terraform, and runs on macOS and Windows too.
	cargo test --workspace --lib --bins

audit: ## Known weaknesses, licences and sources of every dependency, by cargo deny and cargo audit. AUDIT=option: for cargo audit.
	PATH="$(abspath $(BUILT)/tools/bin):$$PATH" tools/audit.sh $(AUDIT)

audit-tools: ## Installs what `make audit` needs into target/.
	cargo install --locked --root $(BUILT)/tools cargo-deny@0.20.2 cargo-audit@0.22.2

mutants: ## Changes a CRATE in one place at a time, where its tests should fail. SHARD=0/20: a part. Needs `make mutants-tools`.
	PATH="$(abspath $(BUILT)/tools/bin):$$PATH" TF="$$(tools/terraform.sh)" \
		tools/mutants.py run $(BUILT)/mutants $(CRATE) $(SHARD)

mutants-missed: ## How many mutants the runs of `make mutants` missed, for each crate. Fails at 5 %.
	tools/mutants.py missed $(BUILT)/mutants

mutants-tools: ## Installs what `make mutants` needs into target/.
	cargo install --locked --root $(BUILT)/tools cargo-mutants@27.1.0

proto: ## The code of the protocol in proto/src, from the definitions in proto/.
	cargo run --package terraform-plugin-proto --example generate-proto

docs: ## The pages of docs/, by tfplugindocs, which needs Go. PROVIDER=zones: those of the template; notes: of the framework's example, into target/.
	cargo build --workspace --bins --example docs
	$(BUILT)/debug/examples/docs $(PROVIDER)

preview: ## The pages of docs/ as HTML, as a reader of the registry sees them, below target/.
	cargo build --example docs
	$(BUILT)/debug/examples/docs --preview $(PROVIDER)

conformance: ## What the framework serves of the protocol, and which test proves it: crates/terraform-plugin/CONFORMANCE.md.
	cargo build --example conformance
	$(BUILT)/debug/examples/conformance

matrix: ## The end-to-end tests on Terraform 1.10 to 1.15 and the tofu on PATH, or on TF alone, and a table of what works where.
	cargo build --workspace --all-targets
	$(BUILT)/debug/examples/matrix $(if $(TF),"$$(tools/terraform.sh)")

faults: ## Every fault at every request of every operation, every strange world, 200 kills at random, every order of events.
	cargo build --release --bin terraform-provider-tensorpool --example faults
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/faults
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/faults --worlds
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/faults --kills 200
	cargo test --release --lib -- --ignored --nocapture model::

shapes: ## A thousand random configurations of every shape of schema, changed three times each, with a real Terraform.
	cargo build --workspace --bins
	TF="$$(tools/terraform.sh)" $(BUILT)/debug/shapes --cases 1000

template: ## The tests of the template for providers, with a real Terraform.
	TF="$$(tools/terraform.sh)" cargo test --package terraform-provider-zones

load: ## A thousand clusters under a limit of 20 requests a second, with 5 % faults, and 400 that take a minute each.
	cargo build --release --bin terraform-provider-tensorpool --example faults
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/faults --load 1000
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/faults --load 400 --takes 60

forms: ## A thousand resources whose values are written in every form and edited, and values that are wrong in every form.
	cargo build --release --bin terraform-provider-tensorpool --example forms
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/forms --cases 1000 --seed 1
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/forms --wrong --cases 300 --seed 1

clients: ## What users run in front of Terraform: tftest, checkov and cdktn, installed into target/. Needs npm and Python.
	cargo build --workspace --bins --example clients
	TF="$$(tools/terraform.sh)" $(BUILT)/debug/examples/clients

platforms: ## Builds the provider for linux arm64 and windows amd64, and tries both under QEMU and Wine. Needs packages of Debian.
	cargo build --workspace --bins --example platforms
	TF="$$(tools/terraform.sh)" $(BUILT)/debug/examples/platforms

bench: ## What starts, plans, applies, refreshes and destroys take. CLUSTERS="1 10 3000", OTHERS=programs of providers to compare with, QUICK=1.
	cargo build --release --quiet --workspace --bins --example bench
	TF="$$(tools/terraform.sh)" $(BUILT)/release/examples/bench $(if $(QUICK),--quick) $(if $(CLUSTERS),--clusters "$(strip $(CLUSTERS))") \
		$(BUILT)/release/terraform-provider-tensorpool $(BUILT)/release/terraform-provider-notes $(OTHERS)
