// The attacker has what its publish role gives: it can publish, but where?
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import type { ClientConfig } from "embedded-aws/testing";
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";
import type { Attempt } from "./attempt.ts";
import { ALLOWED, ATTACKER, type Stage, VICTIM, message, topic } from "./stage.ts";

export const publish = (config: ClientConfig, to: string, payload: unknown) =>
  new IoTDataPlane(config).publish({
    topic: to,
    qos: 1,
    payload: Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload)),
  });

const at = (what: string, to: (stage: Stage) => string, of = VICTIM, refusal = "ForbiddenException"): Attempt => ({
  who: "customer",
  what: `publishes on ${what}`,
  layer: "AWS",
  refusal,
  attempt: (stage) => publish(stage.as.attackersPublishRole, to(stage), message(of)),
});

const allowed: readonly string[] = [...ALLOWED, "sync_thing"];

export const byTopic: readonly Attempt[] = [
  ...OPERATION_NAMES.map((operation) => at(`the victim's topic, ${operation}`, () => topic(VICTIM, operation))),
  ...OPERATION_NAMES.filter((operation) => !allowed.includes(operation)).map((operation) =>
    at(`its own topic, ${operation}, which isn't allowed`, () => topic(ATTACKER, operation), ATTACKER),
  ),
  at("its own topic, an invented operation", () => topic(ATTACKER, "own_everything")),
  at("its own topic, the operation in capitals", () => topic(ATTACKER, "CREATE_THING")),
  at("a topic below its own", () => `${topic(ATTACKER, "create_thing")}/${VICTIM}`),
  at("a topic above its own", () => `cross_account_hooks/${ATTACKER}`),
  at("the victim's topic behind an empty level", () => `cross_account_hooks//${VICTIM}/create_thing`),
  at("the victim's topic after a slash", () => `/${topic(VICTIM, "create_thing")}`),
  at("the victim's topic before a slash", () => `${topic(VICTIM, "create_thing")}/`),
  at("the victim's topic, the prefix in capitals", () => `CROSS_ACCOUNT_HOOKS/${VICTIM}/create_thing`),
  at("the victim's topic, percent-encoded twice", () => `cross_account_hooks%2F${VICTIM}%2Fcreate_thing`),
  at("its own topic, and out of it by dots", () => `cross_account_hooks/${ATTACKER}/../${VICTIM}/create_thing`),
  at("the victim's debug topic", () => `debug/${VICTIM}/create_thing`),
  at("its own debug topic", () => `debug/${ATTACKER}/create_thing`),
  at("the rule itself (Basic Ingest), victim's topic", ({ partner }) => {
    return `$aws/rules/${partner.ruleName}/${topic(VICTIM, "create_thing")}`;
  }),
  at("the rule itself (Basic Ingest), own topic", ({ partner }) => {
    return `$aws/rules/${partner.ruleName}/${topic(ATTACKER, "create_thing")}`;
  }),
  at("registry events of the partner", () => "$aws/events/thing/lamp/created"),
  at("a device shadow of the partner", () => "$aws/things/lamp/shadow/update"),
  at("a topic of the partner's own", () => "fleet/lamp"),
];
