// AWS IoT's own events, where they bring changes to the customer's function: whether they are turned on, and the topic
// rules that hand them over.
import { DescribeEventConfigurationsCommand } from "@aws-sdk/client-iot";
import {
  REGISTRY_EVENTS,
  REGISTRY_EVENTS_SQL_VERSION,
  REGISTRY_EVENT_KINDS,
  registryEventSql,
} from "../../../shared/contract/registry-events.ts";
import type { Account } from "../account.ts";
import type { Found } from "../finding.ts";
import { look } from "../look.ts";
import { asDeployed } from "./topic-rule.ts";

export async function* registryEvents(customer: Account<"customer">): AsyncGenerator<Found> {
  const { outputs, iot } = customer;
  const { registryEventRuleNames = {}, deadLetterQueueUrls, region } = outputs;
  const kinds = REGISTRY_EVENT_KINDS.filter((kind) => registryEventRuleNames[kind] !== undefined);
  if (kinds.length === 0) return;
  const { eventConfigurations = {} } = await look("which events are on", "iot:DescribeEventConfigurations", () =>
    iot.send(new DescribeEventConfigurationsCommand({})),
  );
  const off = kinds
    .map((kind) => REGISTRY_EVENTS[kind].eventType)
    .filter((type) => !eventConfigurations[type]?.Enabled);
  if (off.length > 0)
    yield {
      id: "registry-events.off",
      severity: "broken",
      what: `AWS IoT doesn't publish events of ${off.join(", ")}: they are turned off in ${region}.`,
      why: "The setting is the account's: whoever turned them off turned them off for the function too.",
      mend:
        `aws iot update-event-configurations --region ${region} --event-configurations ` +
        `'${JSON.stringify(Object.fromEntries(off.map((type) => [type, { Enabled: true }])))}'`,
    };
  const settings = await customer.settings();
  // That there is no function is another check's finding.
  if (settings === undefined) return;
  const { operations } = settings;
  for (const kind of kinds)
    yield* asDeployed(customer, {
      ruleName: registryEventRuleNames[kind] ?? "",
      sql: registryEventSql(kind, operations),
      sqlVersion: REGISTRY_EVENTS_SQL_VERSION,
      queueUrl: deadLetterQueueUrls.registryEvents,
      lost: "What happens in the meantime is announced to nobody, later neither.",
      otherwise: "The function gets other events than those that it announces.",
    });
}
