#!/usr/bin/env bash
# Strangers' clients against the embedded AWS: awscli and boto3, in a virtual environment below .local/, and the AWS
# SDK for Go where Go is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.local/clients-venv
pins=$here/requirements.txt
if ! cmp -s "$pins" "$venv/installed.txt"; then
  command -v python3 > /dev/null || {
    echo "npm run test:clients needs Python 3 (python3, with its venv module) on the PATH." >&2
    exit 1
  }
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$pins"
  cp "$pins" "$venv/installed.txt"
fi
export PATH=$here/../../../node_modules/.bin:$PATH
exec "$venv/bin/python" "$here/main.py"
