#!/bin/sh
# Prints the absolute path of the CLI that tests and tools run: $TF, then terraform or tofu on PATH, then a Terraform that is fetched
# into target/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${TF:-}" ]; then
    # What is not there is reported by whoever starts it.
    found=$(command -v "$TF") || found=$TF
    case $found in
        /*) echo "$found" ;;
        */*) echo "$PWD/$found" ;;
        *) echo "$found" ;;
    esac
elif command -v terraform >/dev/null 2>&1; then
    command -v terraform
elif command -v tofu >/dev/null 2>&1; then
    command -v tofu
else
    exec python3 "$here/terraform.py"
fi
