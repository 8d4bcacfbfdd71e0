#!/bin/sh
# Installs a provider that was built into a mirror, from which `terraform init` and `tofu init` take it, and prints what to set.
# Nothing outside of the directory is written.
#
# Usage: install.sh PROGRAM DIRECTORY
set -eu
program=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)
version=$("$program" --version | sed 's/.* //')

case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    *) echo "install.sh: only Linux and macOS are supported, not $(uname -s)" >&2; exit 1 ;;
esac
case $(uname -m) in
    x86_64 | amd64) architecture=amd64 ;;
    aarch64 | arm64) architecture=arm64 ;;
    *) echo "install.sh: only amd64 and arm64 are supported, not $(uname -m)" >&2; exit 1 ;;
esac

addresses=
# Terraform and OpenTofu read the same source as an address of their own registry.
for registry in registry.terraform.io registry.opentofu.org; do
    address=$registry/tensorpool/tensorpool
    package=$directory/mirror/$address/$version/${os}_$architecture
    rm -rf "$package"
    mkdir -p "$package"
    cp "$program" "$package/terraform-provider-tensorpool_v$version"
    addresses="${addresses:+$addresses, }\"$address\""
done

cat > "$directory/cli.tfrc" <<EOT
provider_installation {
  filesystem_mirror {
    path    = "$directory/mirror"
    include = [$addresses]
  }
  direct {
    exclude = [$addresses]
  }
}
EOT

cat <<EOT
Version $version is installed. In the shell in which you run Terraform or OpenTofu:

    export TF_CLI_CONFIG_FILE="$directory/cli.tfrc"

In the configuration:

    terraform {
      required_providers {
        tensorpool = {
          source  = "tensorpool/tensorpool"
          version = "~> ${version%.*}"
        }
      }
    }

Then: terraform init, or tofu init. After you have installed another build of the same version, delete .terraform.lock.hcl first: it holds
the checksum of the former one.
EOT
