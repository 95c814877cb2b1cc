"""The partner's function: says what arrived, in its log and on a debug topic."""
import json

import boto3

data = boto3.client("iot-data")


def handler(event):
    arrived = {key: event[key] for key in ("accountId", "operation", "thingName", "attributes")}
    print("arrived " + json.dumps(arrived, sort_keys=True), flush=True)
    data.publish(topic=f"debug/{event['accountId']}/{event['operation']}", qos=1, payload=json.dumps(event))
    return arrived
