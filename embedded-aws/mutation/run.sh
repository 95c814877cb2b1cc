#!/usr/bin/env bash
# Mutation testing of the languages, from any folder. Arguments go to Stryker: --mutate 'language/sql/**/*.ts'.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --silent
cd ..
exec node mutation/node_modules/@stryker-mutator/core/bin/stryker.js run mutation/stryker.config.json "$@"
