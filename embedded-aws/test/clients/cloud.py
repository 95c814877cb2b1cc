"""A running embedded AWS with profiles in a folder of its own, its control interface, and awscli as a user calls it."""
import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCOUNTS = {"customer": "111111111111", "partner": "222222222222", "customer2": "333333333333"}
START_SECONDS = 20


class Cloud:
    def __init__(self, folder, port):
        self.url = f"http://127.0.0.1:{port}"
        self.token = json.loads((folder / "keys.json").read_text())["token"]
        # Nothing of the user's own AWS configuration, and no proxy.
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_") and "proxy" not in key.lower()}
        self.environment = {
            **kept,
            "AWS_CONFIG_FILE": str(folder / "aws" / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "aws" / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }

    def control(self, method, path, value=None):
        body = None if value is None else json.dumps(value).encode()
        headers = {"Authorization": f"Bearer {self.token}"}
        asked = urllib.request.Request(f"{self.url}{path}", data=body, headers=headers, method=method)
        with urllib.request.urlopen(asked) as reply:
            return reply.read().decode()

    def advance(self, seconds):
        """Moves the clock, and returns when everything that was under way has happened."""
        self.control("POST", "/_local/clock", {"advanceSeconds": seconds})

    def trace(self, since=0):
        return [json.loads(line) for line in self.control("GET", f"/_local/trace?since={since}").splitlines()]

    @contextlib.contextmanager
    def shell(self, folder):
        """A function that runs awscli in the folder, with a profile; it returns exit code, output and errors."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [sys.executable, str(ROOT / "test" / "clients" / "shell.py")]
        with subprocess.Popen(command, env=self.environment, cwd=folder, **pipes) as process:

            def aws(arguments, profile):
                # For SQS awscli 1 (not 2) goes to an old address of its own, whatever the profile says.
                address = ["--endpoint-url", self.url] if arguments[0] == "sqs" else []
                process.stdin.write(json.dumps(["--profile", profile, *address, *arguments]) + "\n")
                process.stdin.flush()
                return json.loads(process.stdout.readline())

            yield aws
            process.stdin.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(process, words):
    """Reads what the process prints until the words are there."""
    printed = ""
    deadline = time.monotonic() + START_SECONDS
    while words not in printed:
        ready, _, _ = select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))
        chunk = os.read(process.stdout.fileno(), 65536).decode() if ready else ""
        if not chunk:
            raise RuntimeError(f"The embedded AWS did not start within {START_SECONDS} s. It said:\n{printed}")
        printed += chunk


@contextlib.contextmanager
def running(folder):
    port = free_port()
    log = open(folder / "server.log", "wb")
    command = ["node", str(ROOT / "main.ts"), "--port", str(port), "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    drain = None
    try:
        wait_for(process, "Ctrl-C")
        # It goes on printing what happens: somebody has to read it, or it would stand still.
        drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=log)
        yield Cloud(folder, port)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        if drain:
            drain.wait(timeout=20)
        process.stdout.close()
        log.close()
