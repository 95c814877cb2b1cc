"""Runs the table's commands, and judges their answers."""
import json
import re
import shlex
import time
import zipfile
from datetime import datetime, timedelta, timezone

import jmespath

from table import TABLE

ECHO = """#!/bin/sh
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next") || exit 1
  id=$(tr -d '\\r' < "$headers" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  curl -sS -X POST -d "$event" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" > /dev/null
done
"""


def prepare(folder):
    """Files that commands name."""
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": "a lamp arrived"}, {"timestamp": now + 1, "message": "a lamp went"}]
    (folder / "log-events.json").write_text(json.dumps(events))
    with zipfile.ZipFile(folder / "echo.zip", "w") as archive:
        archive.writestr("bootstrap", ECHO)


def run(cloud, folder, service, report):
    profile, commands = TABLE[service]
    now = datetime.now(timezone.utc)
    kept = {
        "yesterday": (now - timedelta(days=1)).isoformat(),
        "tomorrow": (now + timedelta(days=1)).isoformat(),
    }
    with cloud.shell(folder) as aws:
        for command in commands:
            line = re.sub(r"@(\w+)@", lambda match: kept.get(match[1], match[0]), command.line)
            who = command.profile or profile
            code, output, errors = aws(shlex.split(line), who)
            problem = judge(command, code, output, errors, kept)
            shown = line if len(line) <= 110 else f"{line[:107]}..."
            expected = f" -> {command.error}" if command.error else ""
            report.say(f"[{service}] aws --profile {who} {shown}{expected}", problem)


def judge(command, code, output, errors, kept):
    """What is wrong with an answer, or None."""
    if command.error:
        found = re.search(r"An error occurred \(([^)]+)\)", errors)
        if code != 0 and found and found[1] == command.error:
            return None
        return f"expected {command.error}, got exit code {code}: {(errors or output).strip()[:600]}"
    if code != 0:
        return f"exit code {code}: {errors.strip()[:600]}"
    answer = json.loads(output) if output.strip() else {}
    for path, expected in command.answer.items():
        value = jmespath.search(path, answer)
        fits = bool(isinstance(value, str) and expected.fullmatch(value)) if isinstance(expected, re.Pattern) else value == expected
        if not fits:
            return f"{path} is {value!r} instead of {expected!r}"
    for name, path in command.keep.items():
        kept[name] = jmespath.search(path, answer) or f"no {path} in the answer"
    return None
