"""A stack of the template in moto, and what lies in the account then: JSON on standard output.

usage: moto_stack.py TEMPLATE PARAMETERS REGION, where PARAMETERS is a JSON object
"""
import json
import logging
import os
import sys
from urllib.parse import unquote

# Credentials of nobody: moto answers in this process, and nothing leaves it.
os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_EC2_METADATA_DISABLED="true")
os.environ["AWS_DEFAULT_REGION"] = sys.argv[3]

import boto3  # noqa: E402
from moto import mock_aws  # noqa: E402
from moto.cloudformation.parsing import resource_class_from_type  # noqa: E402

logging.disable(logging.WARNING)


@mock_aws
def main(template_file, parameters, region):
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="templates")
    with open(template_file) as file:
        template = json.load(file)
    unknown = sorted({one["Type"] for one in template["Resources"].values() if resource_class_from_type(one["Type"]) is None})
    template = fitting(template, unknown)
    s3.put_object(Bucket="templates", Key="customer.json", Body=json.dumps(template))
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName="iot-hooks",
        TemplateURL="https://templates.s3.amazonaws.com/customer.json",
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    stack = cloudformation.describe_stacks(StackName="iot-hooks")["Stacks"][0]
    resources = cloudformation.describe_stack_resources(StackName="iot-hooks")["StackResources"]
    resources = [one for one in resources if one.get("ResourceType") in READERS]
    print(json.dumps({
        "status": stack["StackStatus"],
        "id": stack["StackId"],
        "unknown": unknown,
        "outputs": {output["OutputKey"]: output.get("OutputValue") for output in stack.get("Outputs", [])},
        "resources": {resource["LogicalResourceId"]: describe(resource) for resource in resources},
    }))


def fitting(template, unknown):
    """The template without what moto stumbles over; it skips resources of types that it doesn't know by itself."""
    resources = template["Resources"]
    types = {name: one["Type"] for name, one in resources.items()}
    # It makes no aliases: no permission of one then, and what their Ref would be is said instead.
    for name in [name for name, kind in types.items() if kind == "AWS::Lambda::Permission"]:
        del resources[name]
    for name in [name for name, kind in types.items() if kind == "AWS::Lambda::Alias"]:
        function = resources[name]["Properties"]["FunctionName"]["Ref"]
        live = {"Fn::Join": ["", [{"Fn::GetAtt": [function, "Arn"]}, ":live"]]}
        for one in resources.values():
            if one["Type"] != "AWS::Lambda::Alias":
                one["Properties"] = replaced(one["Properties"], {"Ref": name}, live)
    for one in resources.values():
        one["DependsOn"] = [first for first in one.get("DependsOn", []) if first in resources]
    # It fails at outputs that are an attribute of what it doesn't know.
    outputs = template["Outputs"]
    for name, value in [(name, output["Value"]) for name, output in outputs.items()]:
        if isinstance(value, dict) and types.get((value.get("Fn::GetAtt") or [""])[0]) in unknown:
            del outputs[name]
    return template


def replaced(value, old, new):
    if value == old:
        return new
    if isinstance(value, dict):
        return {key: replaced(inner, old, new) for key, inner in value.items()}
    return [replaced(inner, old, new) for inner in value] if isinstance(value, list) else value


def describe(resource):
    name = resource["PhysicalResourceId"]
    reader = READERS[resource["ResourceType"]]
    return {"type": resource["ResourceType"], "physical": name, "found": reader(name)}


def role(name):
    iam = boto3.client("iam")
    found = iam.get_role(RoleName=name)["Role"]
    policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {
        "RoleName": found["RoleName"],
        "Description": found.get("Description"),
        "AssumeRolePolicyDocument": document(found["AssumeRolePolicyDocument"]),
        "policies": {
            policy: document(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]) for policy in policies
        },
    }


def document(value):
    return json.loads(unquote(value)) if isinstance(value, str) else value


def function(name):
    client = boto3.client("lambda")
    keys = ("FunctionName", "Runtime", "Handler", "Role", "Timeout", "MemorySize", "Architectures", "Description")
    found = client.get_function_configuration(FunctionName=name)
    return {**{key: found.get(key) for key in keys}, "Variables": found["Environment"]["Variables"], "CodeSize": found["CodeSize"]}


def queue(url):
    return boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def log_group(name):
    groups = boto3.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return {key: groups[0].get(key) for key in ("logGroupName", "retentionInDays")}


def rule(name):
    events = boto3.client("events")
    # moto's physical id of a rule is its ARN.
    name = name.rsplit("/", 1)[-1]
    found = events.describe_rule(Name=name)
    return {
        "Name": found["Name"],
        "Description": found.get("Description"),
        "State": found["State"],
        **({"EventPattern": json.loads(found["EventPattern"])} if found.get("EventPattern") else {}),
        **({"ScheduleExpression": found["ScheduleExpression"]} if found.get("ScheduleExpression") else {}),
        "Targets": events.list_targets_by_rule(Rule=name)["Targets"],
    }


def bucket(name):
    s3 = boto3.client("s3")
    return {"BucketName": s3.head_bucket(Bucket=name) and name}


READERS = {
    "AWS::IAM::Role": role,
    "AWS::Lambda::Function": function,
    "AWS::SQS::Queue": queue,
    "AWS::Logs::LogGroup": log_group,
    "AWS::Events::Rule": rule,
    "AWS::S3::Bucket": bucket,
}

main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3])
