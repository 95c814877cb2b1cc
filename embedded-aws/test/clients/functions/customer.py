"""The customer's function: describes the new thing, and publishes it as the partner's role to the partner's topic."""
import json
import os

import boto3

iot = boto3.client("iot")
sts = boto3.client("sts")


def handler(event):
    thing = iot.describe_thing(thingName=event["detail"]["requestParameters"]["thingName"])
    del thing["ResponseMetadata"]
    keys = sts.assume_role(RoleArn=os.environ["PARTNER_ROLE"], RoleSessionName="temp")["Credentials"]
    partner = boto3.client(
        "iot-data",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    topic = f"cross_account_hooks/{event['account']}/create_thing"
    partner.publish(topic=topic, qos=1, payload=json.dumps(thing))
    return {"published": topic}
