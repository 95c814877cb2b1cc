"""A shell for awscli: loaded once and forked for each command, since loading it anew takes most of a second."""
import json
import os
import sys
import tempfile

import awscli.clidriver


def run(arguments):
    """Runs `aws` with the arguments; returns its exit code, output and errors."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            sys.argv = ["aws", *arguments]
            code = 1
            try:
                code = awscli.clidriver.main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        errors.seek(0)
        return os.waitstatus_to_exitcode(status), output.read().decode(), errors.read().decode()


if __name__ == "__main__":
    awscli.clidriver.create_clidriver()
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
