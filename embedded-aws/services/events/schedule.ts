// Rules for a time: «Creating a rule that runs on a schedule in Amazon EventBridge», user guide.
import type { Timer } from "../../core/clock.ts";
import type { Place } from "../../core/arn.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import type { Cloud } from "../../core/service.ts";
import { childSpan } from "../../core/trace.ts";
import { trigger } from "./delivery.ts";
import { RULES } from "./state.ts";

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds of a rate. @throws AwsError ValidationException; NotModelledHere for cron */
export function readRate(expression: string): number {
  if (expression.startsWith("cron(")) throw notModelled("A rule's cron expression");
  // «If the value is equal to 1, then the unit must be singular», and plural otherwise.
  const [, value = "", unit = "", plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const count = Number(value);
  if (!(count >= 1) || (count === 1) === (plural === "s"))
    throw new AwsError("ValidationException", "Parameter ScheduleExpression is not valid.", { status: 400 });
  return count * (UNIT_MS[unit] ?? 0);
}

/** «The frequency is counted from when the rule is created»: each time, the next one is set. */
export const nextTime = (cloud: Cloud, place: Place, name: string, everyMs: number): Timer =>
  cloud.clock.after(everyMs, () => {
    const rule = cloud.state(RULES, place).get(name);
    if (rule?.schedule === undefined) return;
    rule.schedule.timer = nextTime(cloud, place, name, everyMs);
    if (rule.state !== "ENABLED") return;
    const { account, region } = place;
    const event = {
      version: "0" as const,
      id: uuid(),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account,
      time: `${cloud.clock.date().toISOString().slice(0, 19)}Z`,
      region,
      resources: [rule.arn],
      detail: {},
    };
    const of = { account, region, span: childSpan(undefined), service: "events", name: "ScheduledEvent" };
    cloud.background(() => trigger(cloud, { account, region }, [rule], event, of.span), of);
  });
