// The partner's own account: a device that may publish on any topic, and a developer who may make rules.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import type { Attempt } from "./attempt.ts";
import { json, ruleEvent } from "./by-other-services.ts";
import { publish } from "./by-topic.ts";
import { ALLOWED, DEFAULT_REGION, type Stage, VICTIM, message, topic } from "./stage.ts";

const EVENT_NAMES: Readonly<Record<string, string>> = {
  create_thing: "CreateThing",
  update_thing: "UpdateThing",
  delete_thing: "DeleteThing",
  add_thing_to_thing_group: "AddThingToThingGroup",
  add_thing_to_billing_group: "AddThingToBillingGroup",
};
const group = {
  thingGroupName: "cellar",
  thingGroupArn: `arn:aws:iot:${DEFAULT_REGION}:${VICTIM}:thinggroup/cellar`,
  billingGroupName: "north",
  billingGroupArn: `arn:aws:iot:${DEFAULT_REGION}:${VICTIM}:billinggroup/north`,
};
const NOT_THE_ROLE = "not the customer's role";

const within = (what: string, layer: Attempt["layer"], refusal: string, attempt: Attempt["attempt"]): Attempt => ({
  who: "within",
  what,
  layer,
  refusal,
  attempt,
});

const deviceSays = (what: string, to: string | ((stage: Stage) => string), payload: unknown, refusal = NOT_THE_ROLE) =>
  within(`a device publishes ${what}`, "receive function", refusal, (stage) =>
    publish(stage.as.partnersDevice, typeof to === "string" ? to : to(stage), payload),
  );

export const fromWithin: readonly Attempt[] = [
  ...ALLOWED.map((operation) =>
    deviceSays(
      `the victim's thing, ${operation}`,
      topic(VICTIM, operation),
      message(VICTIM, operation.includes("group") ? group : {}, { eventName: EVENT_NAMES[operation] }),
    ),
  ),
  deviceSays(
    "the victim's thing, sync_thing",
    topic(VICTIM, "sync_thing"),
    message(VICTIM, {}, { eventName: "SyncThing" }),
  ),
  deviceSays(
    "the victim's thing past the topic (Basic Ingest)",
    ({ partner }) => `$aws/rules/${partner.ruleName}/${topic(VICTIM, "create_thing")}`,
    message(VICTIM),
  ),
  deviceSays("the victim's thing in the sample's form", topic(VICTIM, "create_thing"), {
    ...message(VICTIM),
    hook: undefined,
  }),
  deviceSays(
    "for a customer that isn't one",
    topic("444444444444", "create_thing"),
    message("444444444444"),
    "unknown customer",
  ),
  deviceSays("an operation that isn't one", topic(VICTIM, "own_everything"), message(VICTIM), "unknown operation"),
  deviceSays(
    "an operation that isn't allowed",
    topic(VICTIM, "create_thing_group"),
    message(VICTIM),
    "operation not allowed",
  ),
  deviceSays(
    "past the topic, in another form",
    ({ partner }) => `$aws/rules/${partner.ruleName}/anything/${VICTIM}/own_everything`,
    message(VICTIM),
    "not a hook topic",
  ),
  deviceSays(
    "past the topic, on a shorter one",
    ({ partner }) => `$aws/rules/${partner.ruleName}/${VICTIM}`,
    message(VICTIM),
    "malformed rule event",
  ),
  within("a device calls the receive function", "AWS", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.partnersDevice).invoke({ FunctionName: partner.functionAliasArn, Payload: json(ruleEvent()) }),
  ),
  within("a developer calls the receive function", "AWS", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.partnersDeveloper).invoke({ FunctionName: partner.functionAliasArn, Payload: json(ruleEvent()) }),
  ),
  ...(["receive", "topicRule"] as const).map((queue) =>
    within(`a device writes a letter into the queue ${queue}`, "AWS", "AccessDenied", ({ as, partner }) =>
      new SQS(as.partnersDevice).sendMessage({
        QueueUrl: partner.deadLetterQueueUrls[queue],
        MessageBody: JSON.stringify(ruleEvent()),
      }),
    ),
  ),
  within("a device writes into the registry's table", "AWS", "AccessDeniedException", ({ as, partner }) =>
    new DynamoDB(as.partnersDevice).putItem({
      TableName: partner.registryTableName,
      Item: { subject: { S: `arn:aws:iot:${DEFAULT_REGION}:${VICTIM}:thing/lamp` } },
    }),
  ),
  within(
    "a device writes its role into the victim's item of the table of customers",
    "AWS",
    "AccessDeniedException",
    (stage) =>
      new DynamoDB(stage.as.partnersDevice).putItem({
        TableName: stage.partner.hub.customersTableName,
        Item: { accountId: { S: VICTIM }, roleId: { S: "AROADEVICE" }, disabled: { BOOL: false } },
      }),
  ),
  within("a developer's own rule calls the receive function", "AWS", "lambda:Invoke denied", async (stage) => {
    const { running, as, partner } = stage;
    const ruleName = "developers_own";
    await new IoT(as.partnersDeveloper).createTopicRule({
      ruleName,
      topicRulePayload: {
        sql: "SELECT * FROM 'developer/in'",
        awsIotSqlVersion: "2016-03-23",
        actions: [{ lambda: { functionArn: partner.functionAliasArn } }],
      },
    });
    await publish(as.partnersDevice, "developer/in", message(VICTIM));
    await running.cloud.settled();
  }),
  within("a developer's EventBridge rule calls the receive function", "AWS", "lambda:Invoke denied", async (stage) => {
    const events = new EventBridge(stage.as.partnersDeveloper);
    await events.putRule({ Name: "own", EventPattern: JSON.stringify({ source: ["own"] }) });
    await events.putTargets({ Rule: "own", Targets: [{ Id: "1", Arn: stage.partner.functionAliasArn }] });
    const Entries = [{ Source: "own", DetailType: "own", Detail: JSON.stringify(ruleEvent()) }];
    await events.putEvents({ Entries });
  }),
];
