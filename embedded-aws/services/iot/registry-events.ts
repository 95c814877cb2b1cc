// What the registry publishes of its own changes, on reserved topics («Registry events»), and the setting that turns
// it on: one per account and Region, for all who listen there.
import type { EventType, IoT } from "@aws-sdk/client-iot";
import { notModelled } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { on } from "./checks.ts";
import { publishMessage } from "./messages.ts";

/** `published`: here. `never`: nothing here brings one about. Where AWS would publish and nothing is here, refused. */
const EVENT_TYPES: Readonly<Record<EventType, "published" | "never" | "not modelled">> = {
  THING: "published",
  THING_GROUP: "published",
  THING_GROUP_HIERARCHY: "not modelled",
  THING_GROUP_MEMBERSHIP: "published",
  THING_TYPE: "published",
  THING_TYPE_ASSOCIATION: "not modelled",
  CERTIFICATE: "not modelled",
  CA_CERTIFICATE: "never",
  POLICY: "not modelled",
  JOB: "never",
  JOB_EXECUTION: "never",
};
const TYPES = Object.keys(EVENT_TYPES) as readonly EventType[];

/** «Enable events for AWS IoT»: off until they are turned on. */
const SETTING = stateOf("iot event configurations", () => ({
  enabled: new Set<string>(),
  changed: undefined as { readonly first: Date; readonly last: Date } | undefined,
}));

export const EVENT_CONFIGURATIONS = operations<IoT>({
  DescribeEventConfigurations: {
    authorize: (_input, call) => on(call, "DescribeEventConfigurations"),
    run: (_input, call) => {
      const { enabled, changed } = call.cloud.state(SETTING, call);
      return {
        eventConfigurations: Object.fromEntries(TYPES.map((type) => [type, { Enabled: enabled.has(type) }])),
        ...(changed ? { creationDate: changed.first, lastModifiedDate: changed.last } : {}),
      };
    },
  },
  /** What isn't named stays as it is: a user's report (hashicorp/terraform-provider-aws#35420); AWS doesn't say. */
  UpdateEventConfigurations: {
    authorize: (_input, call) => on(call, "UpdateEventConfigurations"),
    run: (input, call) => {
      const wanted = Object.entries(input.eventConfigurations ?? {});
      const unknown = wanted.find(
        ([type, { Enabled }]) => Enabled === true && EVENT_TYPES[type as EventType] === "not modelled",
      );
      if (unknown) throw notModelled(`The event type ${unknown[0]}`);
      const setting = call.cloud.state(SETTING, call);
      for (const [type, { Enabled = false }] of wanted) setting.enabled[Enabled ? "add" : "delete"](type);
      setting.changed = { first: setting.changed?.first ?? call.time, last: call.time };
      return {};
    },
  },
});

/** AWS's own. What principal() says of them is not confirmed. */
const NOBODY = "";

interface RegistryEvent {
  readonly type: EventType;
  /** Below `$aws/events/`. */
  readonly topic: string;
  readonly operation: "CREATED" | "UPDATED" | "DELETED" | "ADDED" | "REMOVED";
  readonly about: Readonly<Record<string, unknown>>;
}

/** Publishes an event where its type is turned on, and does nothing where it isn't. */
export function publishEvent(call: Call, { type, topic, operation, about }: RegistryEvent): void {
  if (!call.cloud.state(SETTING, call).enabled.has(type)) return;
  const event = {
    eventType: `${type}_EVENT`,
    eventId: uuid(),
    timestamp: call.time.getTime(),
    operation,
    accountId: call.account,
    ...about,
  };
  const payload = Buffer.from(JSON.stringify(event));
  const message = { topic: `$aws/events/${topic}/${operation.toLowerCase()}`, payload, principal: NOBODY };
  publishMessage(call.cloud, call, message, call.span);
}
