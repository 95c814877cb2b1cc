"""The AWS SDK for Go v2, where Go is there: builds go/ and counts its lines as steps."""
import json
import pathlib
import shutil
import subprocess

SOURCES = pathlib.Path(__file__).parent / "go"


def run(cloud, folder, report):
    go = shutil.which("go")
    if go is None:
        report.skip("[go] the AWS SDK for Go v2: there is no go on the PATH; install Go 1.25 or later to run it")
        return
    client = folder / "go-client"
    built = subprocess.run([go, "build", "-o", str(client), "."], cwd=SOURCES, capture_output=True, text=True)
    if built.returncode != 0:
        report.say("[go] is built", built.stderr.strip()[-2000:])
        return
    # Its own retries are what is looked at.
    environment = {key: value for key, value in cloud.environment.items() if key != "AWS_MAX_ATTEMPTS"}
    environment |= {"EMBEDDED_AWS_URL": cloud.url, "EMBEDDED_AWS_TOKEN": cloud.token}
    with subprocess.Popen([client], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        steps = [json.loads(line) for line in process.stdout]
        errors = process.stderr.read()
    for step in steps:
        report.say(step["name"], step.get("problem"))
    if process.returncode != 0 or not steps:
        report.say("[go] comes to its end", f"exit code {process.returncode}: {errors.strip()[-2000:]}")
