"""Commands for each service, as somebody types them after `aws --profile …`, each with what it has to answer."""
import json
import re
import shlex

CUSTOMER, PARTNER, CUSTOMER2 = "111111111111", "222222222222", "333333333333"


class Command:
    def __init__(self, line, answer=None, error=None, keep=None, profile=None):
        self.line = line
        #: JMESPath -> the value that must be there; a pattern (re.compile) for one that differs each time
        self.answer = answer or {}
        #: the error's code, where the command has to fail
        self.error = error
        #: name -> JMESPath of what later commands name as @name@
        self.keep = keep or {}
        #: another profile than the service's
        self.profile = profile


def document(*statements):
    return shlex.quote(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def quoted(value):
    return shlex.quote(json.dumps(value))


def trusting(principal):
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


LAMBDA_TRUST = trusting({"Service": "lambda.amazonaws.com"})
PATTERN = quoted({"source": ["my.app"]})
TRAIL = f"arn:aws:cloudtrail:us-east-1:{CUSTOMER2}:trail/audit"
BUCKET_POLICY = document(
    {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:GetBucketAcl",
        "Resource": "arn:aws:s3:::audit-333333333333",
        "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
    },
    {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::audit-333333333333/AWSLogs/{CUSTOMER2}/*",
        "Condition": {"StringEquals": {"aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control"}},
    },
)
RULE = quoted(
    {
        "sql": "SELECT *, topic(2) AS room FROM 'lamps/+'",
        "awsIotSqlVersion": "2016-03-23",
        "actions": [
            {"sqs": {"queueUrl": "@queue@", "roleArn": f"arn:aws:iam::{CUSTOMER}:role/rule", "useBase64": False}}
        ],
    }
)

#: service -> (profile, commands)
TABLE = {
    "STS and IAM": (
        "partner",
        [
            Command("sts get-caller-identity", {"Account": PARTNER, "Arn": f"arn:aws:iam::{PARTNER}:user/administrator"}),
            Command(
                f"sts assume-role --role-arn arn:aws:iam::{CUSTOMER2}:role/nobody --role-session-name me", error="AccessDenied"
            ),
            Command(
                f"iam create-role --role-name visitor --assume-role-policy-document {trusting({'AWS': CUSTOMER2})}",
                {"Role.Arn": f"arn:aws:iam::{PARTNER}:role/visitor", "Role.RoleId": re.compile("AROA.{17}")},
            ),
            Command(
                f"iam create-role --role-name visitor --assume-role-policy-document {LAMBDA_TRUST}", error="EntityAlreadyExists"
            ),
            Command(
                "iam create-role --role-name other --assume-role-policy-document "
                + trusting({"AWS": f"arn:aws:iam::{CUSTOMER}:role/not-there"}),
                error="MalformedPolicyDocument",
            ),
            Command(
                "iam put-role-policy --role-name visitor --policy-name list --policy-document "
                + document({"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"})
            ),
            Command("iam list-role-policies --role-name visitor", {"PolicyNames": ["list"]}),
            Command(
                "iam get-role-policy --role-name visitor --policy-name list",
                {"PolicyDocument.Statement[0].Action": "sqs:ListQueues"},
            ),
            Command(
                "iam create-policy --policy-name describe --policy-document "
                + document({"Effect": "Allow", "Action": "iot:DescribeThing", "Resource": "*"}),
                {"Policy.DefaultVersionId": "v1"},
                keep={"policy": "Policy.Arn"},
            ),
            Command("iam attach-role-policy --role-name visitor --policy-arn @policy@"),
            Command("iam list-attached-role-policies --role-name visitor", {"AttachedPolicies[].PolicyName": ["describe"]}),
            Command("iam delete-role --role-name visitor", error="DeleteConflict"),
            Command("iam delete-policy --policy-arn @policy@", error="DeleteConflict"),
            Command(
                f"sts assume-role --role-arn arn:aws:iam::{PARTNER}:role/visitor --role-session-name me",
                {"AssumedRoleUser.Arn": f"arn:aws:sts::{PARTNER}:assumed-role/visitor/me", "Credentials.AccessKeyId": re.compile("ASIA.{16}")},
                profile="customer2",
            ),
            Command(
                f"sts assume-role --role-arn arn:aws:iam::{PARTNER}:role/visitor --role-session-name me", error="AccessDenied"
            ),
            Command(
                f"sts assume-role --role-arn arn:aws:iam::{PARTNER}:role/visitor --role-session-name me --duration-seconds 7200",
                error="ValidationError",
                profile="customer2",
            ),
            Command("iam list-roles", {"Roles[?RoleName=='visitor'] | length(@)": 1}),
            Command("iam detach-role-policy --role-name visitor --policy-arn @policy@"),
            Command("iam delete-policy --policy-arn @policy@"),
            Command("iam delete-role-policy --role-name visitor --policy-name list"),
            Command("iam delete-role --role-name visitor"),
            Command("iam get-role --role-name visitor", error="NoSuchEntity"),
        ],
    ),
    "IoT, its data and SQS": (
        "customer",
        [
            Command(
                "iot create-thing-type --thing-type-name lamp",
                {"thingTypeArn": f"arn:aws:iot:us-east-1:{CUSTOMER}:thingtype/lamp"},
            ),
            Command(
                "iot create-thing --thing-name hall --thing-type-name lamp --attribute-payload "
                + quoted({"attributes": {"floor": "1"}}),
                {"thingName": "hall", "thingArn": f"arn:aws:iot:us-east-1:{CUSTOMER}:thing/hall"},
            ),
            Command("iot create-thing --thing-name hall", error="ResourceAlreadyExistsException"),
            Command(
                "iot describe-thing --thing-name hall", {"version": 1, "attributes": {"floor": "1"}, "thingTypeName": "lamp"}
            ),
            Command("iot describe-thing --thing-name nowhere", error="ResourceNotFoundException"),
            Command(
                "iot update-thing --thing-name hall --expected-version 7 --attribute-payload "
                + quoted({"attributes": {"floor": "2"}}),
                error="VersionConflictException",
            ),
            Command("iot create-thing-group --thing-group-name downstairs", {"thingGroupName": "downstairs"}),
            Command("iot add-thing-to-thing-group --thing-name hall --thing-group-name downstairs"),
            Command("iot list-things-in-thing-group --thing-group-name downstairs", {"things": ["hall"]}),
            Command("iot list-things --max-items 1", {"things[].thingName": ["hall"]}),
            Command("iot describe-endpoint --endpoint-type iot:Data-ATS", {"endpointAddress": re.compile(".+")}),
            Command("sqs create-queue --queue-name lamps", keep={"queue": "QueueUrl"}),
            Command("iot create-topic-rule --rule-name bad --topic-rule-payload " + quoted({"sql": "SELECT", "actions": []}), error="SqlParseException"),
            Command(f"iam create-role --role-name rule --assume-role-policy-document {trusting({'Service': 'iot.amazonaws.com'})}"),
            Command(
                "iam put-role-policy --role-name rule --policy-name send --policy-document "
                + document({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:us-east-1:{CUSTOMER}:lamps"})
            ),
            Command(f"iot create-topic-rule --rule-name lamps --topic-rule-payload {RULE}"),
            Command("iot get-topic-rule --rule-name lamps", {"rule.ruleDisabled": False}),
            Command("iot list-topic-rules", {"rules[].ruleName": ["lamps"]}),
            Command("iot-data publish --topic lamps/hall --payload " + quoted({"on": True})),
            Command("iot-data publish --topic a/b/c/d/e/f/g/h/i --payload AA==", error="InvalidRequestException"),
            Command(
                "sqs receive-message --wait-time-seconds 5 --queue-url @queue@",
                {"Messages[0].Body": re.compile(r'\{"on":true,"room":"hall"\}')},
                keep={"receipt": "Messages[0].ReceiptHandle"},
            ),
            Command("sqs delete-message --queue-url @queue@ --receipt-handle @receipt@"),
            Command("sqs send-message --queue-url @queue@ --message-body hello", {"MD5OfMessageBody": "5d41402abc4b2a76b9719d911017c592"}),
            Command(
                "sqs get-queue-attributes --queue-url @queue@ --attribute-names All",
                {"Attributes.ApproximateNumberOfMessages": "1", "Attributes.QueueArn": f"arn:aws:sqs:us-east-1:{CUSTOMER}:lamps"},
            ),
            Command("sqs purge-queue --queue-url @queue@"),
            Command("sqs get-queue-url --queue-name nowhere", error="AWS.SimpleQueueService.NonExistentQueue"),
            Command("sqs get-queue-attributes --queue-url @queue@", error="AccessDenied", profile="customer2"),
            Command("sqs delete-queue --queue-url @queue@"),
            Command("iot delete-topic-rule --rule-name lamps"),
            Command("iot delete-thing --thing-name hall"),
            Command("iot describe-thing --thing-name hall", error="ResourceNotFoundException"),
            Command("iot list-jobs", error="NotModelledHere"),
        ],
    ),
    "EventBridge and Logs": (
        "partner",
        [
            Command(
                f"events put-rule --name r --event-pattern {PATTERN}",
                {"RuleArn": f"arn:aws:events:us-east-1:{PARTNER}:rule/r"},
            ),
            Command("events put-rule --name bad --event-pattern '{'", error="InvalidEventPatternException"),
            Command("events describe-rule --name r", {"State": "ENABLED", "EventBusName": "default"}),
            Command("events disable-rule --name r"),
            Command("events list-rules", {"Rules[].State": ["DISABLED"]}),
            Command("events enable-rule --name r"),
            Command(f"events put-targets --rule r --targets Id=q,Arn=arn:aws:sqs:us-east-1:{PARTNER}:q", {"FailedEntryCount": 0}),
            Command("events list-targets-by-rule --rule r", {"Targets[].Id": ["q"]}),
            Command(
                f"events test-event-pattern --event-pattern {PATTERN} --event "
                + quoted({"id": "1", "account": PARTNER, "source": "my.app", "time": "2026-01-01T00:00:00Z", "region": "us-east-1", "resources": [], "detail-type": "t", "detail": {}}),
                {"Result": True},
            ),
            Command(
                "events put-events --entries " + quoted([{"Source": "aws.iot", "DetailType": "t", "Detail": "{}"}]),
                {"FailedEntryCount": 1, "Entries[0].ErrorCode": "NotAuthorizedForSourceException"},
            ),
            Command("events put-events --entries " + quoted([{"Source": "my.app", "DetailType": "t", "Detail": "{}"}]), {"FailedEntryCount": 0}),
            Command("events delete-rule --name r", error="ValidationException"),
            Command("events remove-targets --rule r --ids q", {"FailedEntryCount": 0}),
            Command("events delete-rule --name r"),
            Command("events describe-rule --name r", error="ResourceNotFoundException"),
            Command("logs create-log-group --log-group-name app"),
            Command("logs create-log-group --log-group-name app", error="ResourceAlreadyExistsException"),
            Command("logs put-retention-policy --log-group-name app --retention-in-days 14"),
            Command("logs put-retention-policy --log-group-name app --retention-in-days 2", error="InvalidParameterException"),
            Command("logs describe-log-groups", {"logGroups[?logGroupName=='app'].retentionInDays": [14]}),
            Command("logs create-log-stream --log-group-name app --log-stream-name one"),
            Command("logs put-log-events --log-group-name app --log-stream-name one --log-events file://log-events.json"),
            Command("logs filter-log-events --log-group-name app --filter-pattern arrived", {"events[].message": ["a lamp arrived"]}),
            Command(
                "logs filter-log-events --log-group-name app --interleaved --start-time 1",
                {"events[].message": ["a lamp arrived", "a lamp went"]},
            ),
            Command("logs delete-log-group --log-group-name app"),
            Command("logs filter-log-events --log-group-name app", error="ResourceNotFoundException"),
        ],
    ),
    "S3 and CloudTrail": (
        "customer2",
        [
            Command("s3api create-bucket --bucket audit-333333333333"),
            Command("s3api head-bucket --bucket not-there-333333333333", error="404"),
            Command("s3api put-object --bucket audit-333333333333 --key notes/one.json --body log-events.json"),
            Command("s3api list-objects-v2 --bucket audit-333333333333", {"Contents[].Key": ["notes/one.json"]}),
            Command("s3api list-objects --bucket audit-333333333333", error="NotModelledHere"),
            Command("s3api get-object --bucket audit-333333333333 --key notes/one.json read.json", {"ContentType": re.compile(".+")}),
            Command("s3api delete-object --bucket audit-333333333333 --key notes/one.json"),
            Command(
                "cloudtrail create-trail --name audit --s3-bucket-name audit-333333333333",
                error="InsufficientS3BucketPolicyException",
            ),
            Command(f"s3api put-bucket-policy --bucket audit-333333333333 --policy {BUCKET_POLICY}"),
            Command("cloudtrail create-trail --name audit --s3-bucket-name audit-333333333333", {"TrailARN": TRAIL}),
            Command("cloudtrail get-trail-status --name audit", {"IsLogging": False}),
            Command("cloudtrail start-logging --name audit"),
            Command("cloudtrail get-trail-status --name audit", {"IsLogging": True}),
            Command("cloudtrail describe-trails", {"trailList[].Name": ["audit"]}),
            Command("cloudtrail get-event-selectors --trail-name audit", {"TrailARN": TRAIL}),
            Command("iot create-thing --thing-name seen"),
            Command(
                "cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateThing",
                {"Events[0].EventSource": "iot.amazonaws.com", "Events[0].Username": "administrator"},
            ),
            Command(
                "cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=seen",
                {"Events[].EventName": ["CreateThing"], "Events[0].Resources[0].ResourceType": "AWS::IoT::Thing"},
            ),
            Command("cloudtrail stop-logging --name audit"),
            Command("cloudtrail delete-trail --name audit"),
            Command("cloudtrail get-trail-status --name audit", error="TrailNotFoundException"),
            Command("cloudtrail list-channels", error="NotModelledHere"),
        ],
    ),
    "Lambda": (
        "customer2",
        [
            Command(
                "lambda create-function --function-name echo --runtime provided.al2023 --handler any --zip-file fileb://echo.zip"
                f" --role arn:aws:iam::{CUSTOMER2}:role/echo",
                error="InvalidParameterValueException",
            ),
            Command(f"iam create-role --role-name echo --assume-role-policy-document {LAMBDA_TRUST}"),
            Command(
                "lambda create-function --function-name echo --runtime provided.al2023 --handler any --zip-file fileb://echo.zip"
                f" --role arn:aws:iam::{CUSTOMER2}:role/echo --publish",
                {"FunctionArn": re.compile(f"arn:aws:lambda:us-east-1:{CUSTOMER2}:function:echo.*"), "Version": "1"},
            ),
            Command("lambda wait function-active-v2 --function-name echo"),
            Command(
                "lambda invoke --function-name echo --payload '{\"a\":1}' out.json",
                {"StatusCode": 200, "ExecutedVersion": "$LATEST"},
            ),
            Command("lambda invoke --function-name echo --invocation-type DryRun out.json", {"StatusCode": 204}),
            Command("lambda invoke --function-name nobody out.json", error="ResourceNotFoundException"),
            Command("lambda create-alias --function-name echo --name live --function-version 1", {"FunctionVersion": "1"}),
            Command("lambda invoke --function-name echo:live out.json", {"ExecutedVersion": "1"}),
            Command(
                "lambda add-permission --function-name echo --qualifier live --statement-id s --action lambda:InvokeFunction"
                f" --principal events.amazonaws.com --source-arn arn:aws:events:us-east-1:{CUSTOMER2}:rule/r"
            ),
            Command("lambda get-policy --function-name echo --qualifier live", {"Policy": re.compile(".*rule/r.*")}),
            Command("lambda get-policy --function-name echo", error="ResourceNotFoundException"),
            Command("lambda put-function-concurrency --function-name echo --reserved-concurrent-executions 0"),
            Command("lambda invoke --function-name echo out.json", error="TooManyRequestsException"),
            Command("lambda list-functions", {"Functions[].FunctionName": ["echo"]}),
            Command("lambda delete-function --function-name echo"),
            Command("lambda get-function --function-name echo", error="ResourceNotFoundException"),
        ],
    ),
    "Service Quotas": (
        "customer2",
        [
            Command(
                "service-quotas get-service-quota --service-code iotcore --quota-code L-0EF0F5EE",
                {"Quota.QuotaName": "DescribeThing API TPS", "Quota.Value": 350, "Quota.QuotaAppliedAtLevel": "ACCOUNT"},
            ),
            Command(
                "service-quotas get-aws-default-service-quota --service-code iam --quota-code L-FE177D64",
                {"Quota.QuotaArn": "arn:aws:servicequotas:::iam/L-FE177D64", "Quota.GlobalQuota": True},
            ),
            Command(
                "service-quotas get-service-quota --service-code iam --quota-code L-FE177D64 --region eu-west-1",
                error="NoSuchResourceException",
            ),
        ],
    ),
    "DynamoDB": (
        "partner",
        [
            Command(
                "dynamodb create-table --table-name devices --billing-mode PAY_PER_REQUEST"
                " --key-schema AttributeName=id,KeyType=HASH --attribute-definitions AttributeName=id,AttributeType=S",
                {"TableDescription.TableArn": f"arn:aws:dynamodb:us-east-1:{PARTNER}:table/devices"},
            ),
            Command("dynamodb wait table-exists --table-name devices"),
            Command("dynamodb list-tables", {"TableNames": ["devices"]}),
            Command("dynamodb put-item --table-name devices --item " + quoted({"id": {"S": "lamp"}, "n": {"N": "1"}})),
            Command(
                "dynamodb put-item --table-name devices --condition-expression 'attribute_not_exists(id)' --item "
                + quoted({"id": {"S": "lamp"}}),
                error="ConditionalCheckFailedException",
            ),
            Command(
                "dynamodb update-item --table-name devices --return-values ALL_NEW --update-expression 'ADD n :one'"
                f" --key {quoted({'id': {'S': 'lamp'}})} --expression-attribute-values {quoted({':one': {'N': '1'}})}",
                {"Attributes.n.N": "2"},
            ),
            Command(f"dynamodb get-item --table-name devices --key {quoted({'id': {'S': 'lamp'}})}", {"Item.n.N": "2"}),
            Command(
                "dynamodb query --table-name devices --key-condition-expression 'id = :id' --expression-attribute-values "
                + quoted({":id": {"S": "lamp"}}),
                {"Count": 1},
            ),
            Command("dynamodb update-time-to-live --table-name devices --time-to-live-specification Enabled=true,AttributeName=expiry"),
            Command("dynamodb describe-time-to-live --table-name devices", {"TimeToLiveDescription.TimeToLiveStatus": "ENABLED"}),
            Command("dynamodb describe-table --table-name devices", error="ResourceNotFoundException", profile="customer"),
            Command("dynamodb create-backup --table-name devices --backup-name nightly", error="NotModelledHere"),
            Command("dynamodb delete-table --table-name devices", {"TableDescription.TableName": "devices"}),
            Command("dynamodb wait table-not-exists --table-name devices"),
        ],
    ),
    "CloudWatch": (
        "partner",
        [
            Command("cloudwatch put-metric-data --namespace Lamps --metric-name Broken --value 3 --dimensions Room=hall"),
            Command("cloudwatch put-metric-data --namespace AWS/IoT --metric-name Broken --value 3", error="InvalidParameterValue"),
            Command("cloudwatch list-metrics --namespace Lamps", {"Metrics[].Dimensions[].Value": ["hall"]}),
            Command(
                "cloudwatch get-metric-statistics --namespace Lamps --metric-name Broken --dimensions Name=Room,Value=hall"
                " --statistics Sum --period 86400 --start-time @yesterday@ --end-time @tomorrow@",
                {"Datapoints[].Sum": [3.0]},
            ),
            Command(
                "cloudwatch get-metric-data --start-time @yesterday@ --end-time @tomorrow@ --metric-data-queries "
                + quoted(
                    [
                        {
                            "Id": "m",
                            "MetricStat": {
                                "Metric": {"Namespace": "Lamps", "MetricName": "Broken", "Dimensions": [{"Name": "Room", "Value": "hall"}]},
                                "Period": 86400,
                                "Stat": "Maximum",
                            },
                        }
                    ]
                ),
                {"MetricDataResults[0].Values": [3.0]},
            ),
            Command(
                "cloudwatch put-metric-alarm --alarm-name broken --namespace Lamps --metric-name Broken --statistic Sum --period 60"
                " --evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold"
            ),
            Command("cloudwatch describe-alarms", {"MetricAlarms[].StateValue": ["INSUFFICIENT_DATA"]}),
            Command("cloudwatch set-alarm-state --alarm-name broken --state-value ALARM --state-reason trying", error="NotModelledHere"),
            Command("cloudwatch delete-alarms --alarm-names broken"),
            Command("cloudwatch put-dashboard --dashboard-name d --dashboard-body '{}'", error="InvalidParameterInput"),
            Command("""cloudwatch put-dashboard --dashboard-name d --dashboard-body '{"widgets": []}'"""),
            Command("cloudwatch get-dashboard --dashboard-name d"),
            Command("cloudwatch delete-dashboards --dashboard-names d"),
            Command("cloudwatch get-dashboard --dashboard-name d", error="ResourceNotFound"),
            Command("cloudwatch put-insight-rule --rule-name r --rule-definition '{}'", error="NotModelledHere"),
        ],
    ),
}
