"""A runtime for Lambda in Python's standard library: asks the Runtime API for events, calls the handler, answers."""
import importlib
import json
import os
import traceback
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime"


def post(path, value):
    body = json.dumps(value).encode()
    urllib.request.urlopen(urllib.request.Request(f"{API}/{path}", data=body, method="POST")).read()


def problem(error):
    return {
        "errorType": type(error).__name__,
        "errorMessage": str(error),
        "stackTrace": traceback.format_exc().splitlines(),
    }


def load():
    module, function = os.environ["_HANDLER"].rsplit(".", 1)
    try:
        return getattr(importlib.import_module(module), function)
    except Exception as error:
        post("init/error", problem(error))
        raise


def main():
    handler = load()
    while True:
        with urllib.request.urlopen(f"{API}/invocation/next") as reply:
            event, request = json.load(reply), reply.headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            answer = handler(event)
        except Exception as error:
            traceback.print_exc()
            post(f"invocation/{request}/error", problem(error))
        else:
            post(f"invocation/{request}/response", answer)


if __name__ == "__main__":
    main()
