"""The resources of the original sample's two templates, created call by call with boto3, and a thing that they carry across."""
import io
import json
import pathlib
import sys
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from cloud import ACCOUNTS

FUNCTIONS = pathlib.Path(__file__).parent / "functions"
CUSTOMER, PARTNER = ACCOUNTS["customer"], ACCOUNTS["partner"]
CUSTOMER_ROLE = f"publish-to-partner-role-{PARTNER}"
PARTNER_ROLE = f"publish-from-customer-role-{CUSTOMER}"
PARTNER_ROLE_ARN = f"arn:aws:iam::{PARTNER}:role/{PARTNER_ROLE}"
CUSTOMER_ROLE_ARN = f"arn:aws:iam::{CUSTOMER}:role/{CUSTOMER_ROLE}"
LOGS = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal):
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def package(module):
    """A deployment package: the function, the runtime, and a bootstrap that starts it with this very Python and its boto3."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("bootstrap", f'#!/bin/sh\nexec "{sys.executable}" "$LAMBDA_TASK_ROOT/runtime.py"\n')
        for name in ("runtime.py", f"{module}.py"):
            archive.writestr(name, (FUNCTIONS / name).read_text())
    return content.getvalue()


class Sample:
    def __init__(self, cloud):
        self.cloud = cloud
        self.sessions = {}
        files = cloud.environment
        for profile in ("customer", "partner"):
            session = boto3.Session(botocore_session=session_of(files, profile))
            self.sessions[profile] = session

    def client(self, profile, service):
        return self.sessions[profile].client(service, config=Config(retries={"total_max_attempts": 1}))

    def function(self, profile, name, role, variables):
        function = self.client(profile, "lambda").create_function(
            FunctionName=name,
            Runtime="provided.al2023",
            Handler=f"{profile}.handler",
            Role=role,
            Timeout=30,
            Code={"ZipFile": package(profile)},
            Environment={"Variables": variables},
        )
        return function["FunctionArn"]

    def customer_template(self):
        iam = self.client("customer", "iam")
        role = iam.create_role(RoleName=CUSTOMER_ROLE, AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com"}))
        describe = {"Effect": "Allow", "Action": "iot:DescribeThing", "Resource": f"arn:aws:iot:us-east-1:{CUSTOMER}:thing/*"}
        assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": PARTNER_ROLE_ARN}
        iam.put_role_policy(RoleName=CUSTOMER_ROLE, PolicyName="publish", PolicyDocument=policy(describe, assume, LOGS))
        function = self.function("customer", "publish-to-partner", role["Role"]["Arn"], {"PARTNER_ROLE": PARTNER_ROLE_ARN})
        events = self.client("customer", "events")
        pattern = {
            "source": ["aws.iot"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventSource": ["iot.amazonaws.com"], "eventName": ["CreateThing"]},
        }
        rule = events.put_rule(Name="create-thing", EventPattern=json.dumps(pattern))["RuleArn"]
        self.client("customer", "lambda").add_permission(
            FunctionName=function,
            StatementId="events",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=rule,
        )
        failed = events.put_targets(Rule="create-thing", Targets=[{"Id": "function", "Arn": function}])
        assert failed["FailedEntryCount"] == 0, failed

    def partner_template(self):
        iam = self.client("partner", "iam")
        # The strict principal: the customer's role must be there, and is resolved to its unique id.
        role = iam.create_role(RoleName=PARTNER_ROLE, AssumeRolePolicyDocument=trust({"AWS": CUSTOMER_ROLE_ARN}))
        assert role["Role"]["Arn"] == PARTNER_ROLE_ARN, role
        topics = f"arn:aws:iot:us-east-1:{PARTNER}:topic/cross_account_hooks/{CUSTOMER}/*"
        publish = {"Effect": "Allow", "Action": "iot:Publish", "Resource": topics}
        iam.put_role_policy(RoleName=PARTNER_ROLE, PolicyName="publish", PolicyDocument=policy(publish))
        receiver = iam.create_role(RoleName="receiver", AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com"}))
        anywhere = {"Effect": "Allow", "Action": "iot:Publish", "Resource": "*"}
        iam.put_role_policy(RoleName="receiver", PolicyName="publish", PolicyDocument=policy(anywhere, LOGS))
        function = self.function("partner", "receive-from-customer", receiver["Role"]["Arn"], {})
        iot = self.client("partner", "iot")
        iot.create_topic_rule(
            ruleName="receive",
            topicRulePayload={
                "sql": f"SELECT *, topic(2) AS accountId, topic(3) AS operation FROM 'cross_account_hooks/{CUSTOMER}/+'",
                "awsIotSqlVersion": "2016-03-23",
                "actions": [{"lambda": {"functionArn": function}}],
            },
        )
        self.client("partner", "lambda").add_permission(
            FunctionName=function,
            StatementId="iot",
            Action="lambda:InvokeFunction",
            Principal="iot.amazonaws.com",
            SourceArn=iot.get_topic_rule(ruleName="receive")["ruleArn"],
            SourceAccount=PARTNER,
        )

    def trail(self):
        """What the sample needs in the customer's account and doesn't say."""
        bucket, name = f"trail-{CUSTOMER}", "management"
        source = {"aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{CUSTOMER}:trail/{name}"}
        principal = {"Service": "cloudtrail.amazonaws.com"}
        s3 = self.client("customer", "s3")
        s3.create_bucket(Bucket=bucket)
        acl = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"}
        write = {**acl, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{CUSTOMER}/*"}
        owned = {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}}
        statements = ({**acl, "Condition": {"StringEquals": source}}, {**write, "Condition": owned})
        s3.put_bucket_policy(Bucket=bucket, Policy=policy(*statements))
        cloudtrail = self.client("customer", "cloudtrail")
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)
        cloudtrail.start_logging(Name=name)

    def partner_first(self):
        try:
            self.partner_template()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "MalformedPolicyDocument", error
            assert "Invalid principal in policy" in error.response["Error"]["Message"], error
            return
        raise AssertionError("the partner's role was made although the customer's isn't there")

    def register(self, thing):
        """Creates a thing, waits until everything that follows from it has happened, and returns that."""
        last = max((entry["id"] for entry in self.cloud.trace()), default=0)
        self.client("customer", "iot").create_thing(thingName=thing, attributePayload={"attributes": {"floor": "1"}})
        self.cloud.advance(1)
        return self.cloud.trace(since=last)

    def nothing_arrives(self):
        happened = self.register("unheard")
        names = [(entry["service"], entry["name"]) for entry in happened]
        assert ("lambda", "Invoke") not in names, names
        assert "NoTrail" in [name for _, name in names], names

    def arrives(self):
        happened = self.register("lamp")
        denied = [entry for entry in happened if entry["outcome"] == "denied"]
        assert not denied, json.dumps(denied)[:1500]
        logged = self.client("partner", "logs").filter_log_events(
            logGroupName="/aws/lambda/receive-from-customer", filterPattern="arrived"
        )
        arrived = [json.loads(event["message"].removeprefix("arrived ")) for event in logged["events"]]
        expected = {"accountId": CUSTOMER, "operation": "create_thing", "thingName": "lamp", "attributes": {"floor": "1"}}
        assert arrived == [expected], arrived

    def recreated(self):
        """The customer's role made anew is another role: the strict principal no longer trusts it."""
        iam = self.client("customer", "iam")
        document = iam.get_role_policy(RoleName=CUSTOMER_ROLE, PolicyName="publish")["PolicyDocument"]
        iam.delete_role_policy(RoleName=CUSTOMER_ROLE, PolicyName="publish")
        iam.delete_role(RoleName=CUSTOMER_ROLE)
        iam.create_role(RoleName=CUSTOMER_ROLE, AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com"}))
        iam.put_role_policy(RoleName=CUSTOMER_ROLE, PolicyName="publish", PolicyDocument=json.dumps(document))
        # As an operator has to do: the function's environments run on as the role that is gone.
        self.client("customer", "lambda").update_function_configuration(FunctionName="publish-to-partner", Description="anew")
        happened = self.register("orphan")
        denied = [entry["name"] for entry in happened if entry["outcome"] == "denied"]
        assert "AssumeRole" in denied, denied


def session_of(environment, profile):
    """A botocore session with the profile, from the files of this run."""
    import botocore.session

    session = botocore.session.Session(profile=profile)
    session.set_config_variable("config_file", environment["AWS_CONFIG_FILE"])
    session.set_config_variable("credentials_file", environment["AWS_SHARED_CREDENTIALS_FILE"])
    return session


def run(cloud, report):
    sample = Sample(cloud)
    for name, action in (
        ("partner first: refused, since the customer's role isn't there", sample.partner_first),
        ("customer's template", sample.customer_template),
        ("partner's template, after the customer's", sample.partner_template),
        ("without a trail nothing arrives", sample.nothing_arrives),
        ("a trail in the customer's account", sample.trail),
        ("the thing arrives at the partner's function", sample.arrives),
        ("a re-created customer role isn't trusted any more", sample.recreated),
    ):
        report.step(f"[the original sample] {name}", action)
