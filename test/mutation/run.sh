#!/usr/bin/env bash
# Mutation testing of the product, from any folder: `functions` (what runs in Lambda, and the contract) or `programs` (what
# deploys, and the policy pack). What follows goes to Stryker: functions --mutate 'partner/lambda/unpack.ts'.
set -euo pipefail
part=${1:-functions}
shift || true
cd "$(dirname "$0")"
[ -f "$part.config.json" ] || {
  echo "There is no $part to mutate: say functions or programs." >&2
  exit 1
}
npm ci --no-audit --no-fund --silent
cd ../..
exec node test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js run "test/mutation/$part.config.json" "$@"
