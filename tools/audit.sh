#!/bin/sh
# Checks the dependencies: cargo deny by deny.toml, and cargo audit by the advisories of RustSec, which both fetch.
#
# Usage: audit.sh [OPTION OF CARGO AUDIT...], for example --stale where the advisories come from a copy that is months old
set -eu
cd "$(dirname "$0")/.."
for tool in cargo-deny cargo-audit; do
    if ! command -v "$tool" >/dev/null; then
        echo "The dependencies were NOT AUDITED: there is no $tool here. \`make audit-tools\` installs it into target/tools." >&2
        exit 1
    fi
done
cargo deny --workspace --all-features check
cargo audit --deny warnings "$@"
