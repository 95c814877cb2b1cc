#!/usr/bin/env bash
# The kits for customers without Pulumi with strangers' tools: cfn-lint and moto in a virtual environment below .local/,
# Terraform or OpenTofu with its provider where they are there. What is not there is said.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.local/kit-venv
pins=$here/requirements.txt
if command -v python3 > /dev/null; then
  if ! cmp -s "$pins" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$pins"
    cp "$pins" "$venv/installed.txt"
  fi
  export KIT_PYTHON=$venv/bin/python
else
  echo "left out: cfn-lint and moto (there is no Python 3 on the PATH)"
fi
for command in terraform tofu; do
  if [ -z "${KIT_TERRAFORM:-}" ] && command -v "$command" > /dev/null; then export KIT_TERRAFORM=$command; fi
done
# Providers come from a mirror on this machine, as `terraform providers mirror` makes it: none is downloaded here.
for mirror in /usr/share/terraform/plugins /usr/local/share/terraform/plugins /opt/tf-plugins; do
  if [ -z "${KIT_PROVIDERS:-}" ] && compgen -G "$mirror/*/hashicorp/aws" > /dev/null; then export KIT_PROVIDERS=$mirror; fi
done
if [ -z "${KIT_TERRAFORM:-}" ]; then
  echo "left out: the Terraform module in use (there is neither terraform nor tofu on the PATH)"
elif [ -z "${KIT_PROVIDERS:-}" ]; then
  echo "left out: the Terraform module in use (no mirror has the provider hashicorp/aws: name one in KIT_PROVIDERS)"
fi
export PATH=$here/../../node_modules/.bin:$PATH
cd "$here/../.."
exec mocha --no-config --require ./embedded-aws/test/rejections.ts --timeout 300000 'test/kit/*.kit.ts'
