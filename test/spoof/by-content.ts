// The attacker publishes on its own topic, as it may, and lies about whose thing it is.
import type { Attempt } from "./attempt.ts";
import { publish } from "./by-topic.ts";
import { type ALLOWED, ATTACKER, DEFAULT_REGION, VICTIM, message, topic } from "./stage.ts";

const arn = (resource: string, account = VICTIM, region: string = DEFAULT_REGION, partition = "aws"): string =>
  `arn:${partition}:iot:${region}:${account}:${resource}`;

type Operation = (typeof ALLOWED)[number] | "sync_thing";

const says = (what: string, payload: unknown, refusal: string, operation: Operation = "create_thing"): Attempt => ({
  who: "customer",
  what: `says on its own topic ${what}`,
  layer: "receive function",
  refusal,
  attempt: ({ as }) => publish(as.attackersPublishRole, topic(ATTACKER, operation), payload),
});

const NOT_OWN = "not the customer's own";
const MALFORMED = "malformed message";
const own = (fields: object, hook: object = {}) => message(ATTACKER, fields, hook);
const text = (json: string): Buffer => Buffer.from(json);
const without = (key: string): object => Object.fromEntries(Object.entries(own({})).filter(([name]) => name !== key));
const group = { thingGroupName: "cellar", thingGroupArn: arn("thinggroup/cellar", ATTACKER) };
const later = new Date(Date.now() + 3_600_000).toISOString();

export const byContent: readonly Attempt[] = [
  says("the victim's thing", message(VICTIM), NOT_OWN),
  says("the victim's thing was deleted", message(VICTIM, {}, { eventName: "DeleteThing" }), NOT_OWN, "delete_thing"),
  says("the victim's thing was updated", message(VICTIM, {}, { eventName: "UpdateThing" }), NOT_OWN, "update_thing"),
  says("the victim's thing, in the sample's form without hook", { ...message(VICTIM), hook: undefined }, NOT_OWN),
  says(
    "the victim's thing, by a repeated key",
    text(
      JSON.stringify(own({}))
        .replace(/^\{/, `{"thingArn":"${arn("thing/lamp", ATTACKER)}",`)
        .replace(/\}$/, `,"thingArn":"${arn("thing/lamp")}"}`),
    ),
    NOT_OWN,
  ),
  says(
    "a group of the victim's",
    own(
      { ...group, thingGroupArn: arn("thinggroup/cellar") },
      {
        eventName: "AddThingToThingGroup",
      },
    ),
    NOT_OWN,
    "add_thing_to_thing_group",
  ),
  says(
    "its own group, of the victim's thing",
    message(VICTIM, group, { eventName: "AddThingToThingGroup" }),
    NOT_OWN,
    "add_thing_to_thing_group",
  ),
  says("a thing type of the victim's", own({ thingTypeName: "t", thingTypeArn: arn("thingtype/t") }), NOT_OWN),
  says("a billing group of the victim's", own({ billingGroupArn: arn("billinggroup/b") }), NOT_OWN),
  says(
    "its own thing in a billing group of the victim's",
    own({ billingGroupArn: arn("billinggroup/b") }, { eventName: "AddThingToBillingGroup" }),
    NOT_OWN,
    "add_thing_to_billing_group",
  ),
  says(
    "its own billing group, of the victim's thing",
    message(VICTIM, { billingGroupArn: arn("billinggroup/b", ATTACKER) }, { eventName: "AddThingToBillingGroup" }),
    NOT_OWN,
    "add_thing_to_billing_group",
  ),
  says("a certificate of the victim's", own({ principal: arn(`cert/${"a".repeat(64)}`) }), NOT_OWN),
  says("a victim's ARN deep inside", own({ more: { and: [{ thingArn: arn("thing/lamp") }] } }), NOT_OWN),
  says(
    "a root group of the victim's",
    own({
      thingGroupMetadata: {
        rootToParentThingGroups: [{ groupName: "g", groupArn: arn("thinggroup/g") }],
      },
    }),
    NOT_OWN,
  ),
  says("an ARN of the account of the partner", message("222222222222"), NOT_OWN),
  says("another name than the ARN's", own({ thingName: "pump" }), MALFORMED),
  says("an ARN with a wildcard for the account", own({ thingArn: arn("thing/lamp", "*") }), MALFORMED),
  says("an ARN with a wildcard for the name", own({ thingArn: arn("thing/*", ATTACKER) }), MALFORMED),
  says("an ARN of two accounts", own({ thingArn: arn(`thing/lamp:${VICTIM}`, ATTACKER) }), MALFORMED),
  says(
    "an ARN with a line break before the victim's",
    own({
      thingArn: `${arn("thing/lamp", ATTACKER)}\n${arn("thing/lamp")}`,
    }),
    MALFORMED,
  ),
  says("an ARN of another service", own({ thingArn: arn("thing/lamp", ATTACKER).replace(":iot:", ":s3:") }), MALFORMED),
  says("an ARN of another kind", own({ thingArn: arn("cert/lamp", ATTACKER) }), MALFORMED),
  says(
    "an ARN of another partition",
    own({ thingArn: arn("thing/lamp", ATTACKER, DEFAULT_REGION, "aws-cn") }),
    MALFORMED,
  ),
  says("an ARN in a Region that doesn't exist", own({ thingArn: arn("thing/lamp", ATTACKER, "us-moon-1") }), MALFORMED),
  says(
    "an ARN in another Region than the message",
    own({ thingArn: arn("thing/lamp", ATTACKER, "eu-west-1") }),
    MALFORMED,
  ),
  says("an ARN in capitals", own({ thingArn: arn("thing/lamp", ATTACKER).toUpperCase() }), MALFORMED),
  says("an ARN in digits of another script", own({ thingArn: arn("thing/lamp", "٣٣٣٣٣٣٣٣٣٣٣٣") }), MALFORMED),
  says("an ARN that is a list of both", own({ thingArn: [arn("thing/lamp", ATTACKER), arn("thing/lamp")] }), MALFORMED),
  says("no ARN at all", without("thingArn"), MALFORMED),
  says("a Region that doesn't exist", own({}, { region: "us-moon-1" }), MALFORMED),
  says("another Region than its ARN's", own({}, { region: "eu-west-1" }), MALFORMED),
  says("another call than the topic's operation", own({}, { eventName: "AttachThingPrincipal" }), MALFORMED),
  says("a look at the registry in the future, to outdate what is true", own({}, { observedAt: later }), MALFORMED),
  says("a call in the future", own({}, { eventTime: later }), MALFORMED),
  says("a time before AWS IoT", own({}, { observedAt: "1999-12-31T00:00:00Z" }), MALFORMED),
  says("a day that doesn't exist", own({}, { observedAt: "2026-02-30T00:00:00Z" }), MALFORMED),
  says("a name that turns the direction of writing", own({ thingName: "lamp\u202e" }), MALFORMED),
  says("an attribute that clears the terminal", own({ attributes: { colour: "\u001b[2J" } }), MALFORMED),
  says("a line of log in an event id", own({}, { eventId: `x\n{"outcome":"applied"}` }), MALFORMED),
  says("an event id as long as a book", own({}, { eventId: "x".repeat(5000) }), MALFORMED),
  says("attributes that aren't texts", own({ attributes: { colour: { "": 1 } } }), MALFORMED),
  says("attributes that are a list", own({ attributes: [VICTIM] }), MALFORMED),
  says("a version that is a text", own({ version: "99" }), MALFORMED),
  says("a hook that is a list", { ...own({}), hook: [] }, MALFORMED),
  says("a hook that is null", { ...own({}), hook: null }, MALFORMED),
  says("a snapshot of a third kind", own({}, { snapshot: "trust me" }), MALFORMED),
  says("a version of the contract that isn't there yet", own({}, { schemaVersion: 2 }), "unknown schema version"),
  says("a version of the contract below all", own({}, { schemaVersion: -1 }), "unknown schema version"),
  says("a list", [own({})], MALFORMED),
  says("null", text("null"), MALFORMED),
  says("a number", text("1e999"), MALFORMED),
  says("nothing", text(""), "not JSON"),
  says("half a message", text(JSON.stringify(own({})).slice(0, -9)), "not JSON"),
  says("two messages", text(`${JSON.stringify(own({}))}\n${JSON.stringify(message(VICTIM))}`), "not JSON"),
  says("bytes that are no text", Buffer.from([0xff, 0xfe, 0x00]), "not UTF-8"),
  says("ten thousand levels", text(`${"[".repeat(10_000)}${"]".repeat(10_000)}`), MALFORMED),
  says(
    "a thousand levels within",
    own({ more: JSON.parse(`${"[".repeat(1000)}${"]".repeat(1000)}`) as unknown }),
    MALFORMED,
  ),
];
