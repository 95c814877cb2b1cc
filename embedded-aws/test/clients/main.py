"""`npm run test:clients`: awscli, boto3 and the AWS SDK for Go, which nobody here wrote, against the embedded AWS."""
import concurrent.futures
import pathlib
import sys
import tempfile

import commands
import golang
import sample
from cloud import running
from report import Report


def main():
    report = Report()
    with tempfile.TemporaryDirectory(prefix="embedded-aws-clients-") as name:
        folder = pathlib.Path(name)
        with running(folder) as cloud:
            commands.prepare(folder)
            # Services side by side, the commands of each in their order.
            with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
                for done in [pool.submit(commands.run, cloud, folder, service, report) for service in commands.TABLE]:
                    done.result()
            cloud.control("POST", "/_local/reset")
            sample.run(cloud, report)
            cloud.control("POST", "/_local/reset")
            golang.run(cloud, folder, report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
