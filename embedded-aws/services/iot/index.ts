// IoT's control plane: the registry and topic rules.
import { REST_JSON } from "../../core/common-errors.ts";
import type { Service } from "../../core/service.ts";
import { BILLING_GROUPS } from "./billing-groups.ts";
import { GROUPS } from "./groups.ts";
import { MEMBERSHIPS } from "./memberships.ts";
import { POLICIES_OF_DEVICES } from "./policies.ts";
import { PRINCIPALS } from "./principals.ts";
import { PROVISIONING } from "./provisioning.ts";
import { EVENT_CONFIGURATIONS } from "./registry-events.ts";
import { REGISTRATION_TASKS } from "./bulk.ts";
import { RULE_MESSAGE } from "./rules-engine.ts";
import { TAGS } from "./tags.ts";
import { THINGS } from "./things.ts";
import { TOPIC_RULES } from "./topic-rules.ts";
import { TYPES } from "./types.ts";

/** What AWS prices as registry operations: not the endpoint, nor settings, tags and rules («AWS IoT Core pricing»). */
const REGISTRY_OPERATIONS = new Set(
  [THINGS, TYPES, GROUPS, MEMBERSHIPS, BILLING_GROUPS, PROVISIONING]
    .flatMap((operations) => Object.keys(operations))
    .filter((name) => name !== "DescribeEndpoint"),
);

export const iot: Service = {
  name: "iot",
  // Clients of before 2023 (awscli 2.9 of Debian 12 among them) sign for the name that API Gateway has.
  signingNames: ["iot", "execute-api"],
  eventSource: "iot.amazonaws.com",
  model: () => import("@aws-sdk/client-iot"),
  inputModel: new URL("../constraints/iot.json", import.meta.url),
  errors: { ...REST_JSON, invalid: { code: "InvalidRequestException", status: 400 } },
  operations: {
    ...THINGS,
    ...TYPES,
    ...GROUPS,
    ...MEMBERSHIPS,
    ...BILLING_GROUPS,
    ...PRINCIPALS,
    ...PROVISIONING,
    ...REGISTRATION_TASKS,
    ...POLICIES_OF_DEVICES,
    ...TOPIC_RULES,
    ...TAGS,
    ...EVENT_CONFIGURATIONS,
  },
  failurePoints: [RULE_MESSAGE],
  observe: ({ call, service, name, error }) => {
    if (service.name === "iot" && !error && REGISTRY_OPERATIONS.has(name))
      call.cloud.trace.count(call.account, "iot:registryOperations");
  },
};
