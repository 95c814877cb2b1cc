# What the function that this project grew out of does for each event, written anew: describes the thing, assumes the
# partner's role, publishes there with a client of its own.
import json
import os

import boto3

iot = boto3.client("iot")
sts = boto3.client("sts")


def handler(event, context):
    name = event["detail"]["requestParameters"]["thingName"]
    description = iot.describe_thing(thingName=name)
    description.pop("ResponseMetadata")
    session = sts.assume_role(RoleArn=os.environ["PARTNER_ROLE_ARN"], RoleSessionName="announce")["Credentials"]
    data = boto3.client(
        "iot-data",
        region_name=os.environ["PARTNER_REGION"],
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    topic = "cross_account_hooks/%s/create_thing" % os.environ["ACCOUNT_ID"]
    data.publish(topic=topic, qos=1, payload=json.dumps(description))
    print(json.dumps({"announced": name}))
