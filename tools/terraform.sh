#!/bin/sh
# Prints the path of a Terraform: $TF, then terraform or tofu on PATH, then one that is fetched into target/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${TF:-}" ]; then
    echo "$TF"
elif command -v terraform >/dev/null 2>&1; then
    command -v terraform
elif command -v tofu >/dev/null 2>&1; then
    command -v tofu
else
    exec python3 "$here/terraform.py"
fi
