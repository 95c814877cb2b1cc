// Alarms are evaluated each minute by the clock, as long as there is anything that could change one: values within an
// alarm's range.
import type { StateValue } from "@aws-sdk/client-cloudwatch";
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import type { Timer } from "../../core/clock.ts";
import { METRIC_WATCH } from "../../core/metrics.ts";
import { stateOf } from "../../core/state.ts";
import { childSpan } from "../../core/trace.ts";
import { ALARMS, type Alarm } from "./alarm.ts";
import { rangeOf, stateBy } from "./evaluation.ts";
import { reasonFor } from "./reason.ts";
import { metricsOf, periods, statisticOf } from "./series.ts";

const MINUTE_MS = 60_000;
const WATCH = stateOf("alarm watch", (): { next?: Timer } => ({}));

/**
 * Evaluates the alarms of an account and Region at the next full minute, and each minute while values keep them busy.
 */
export function watch(cloud: Cloud, place: Place): void {
  const watching = cloud.state(WATCH, place);
  cloud.state(METRIC_WATCH, place).onValue = () => {
    watch(cloud, place);
  };
  if (watching.next || cloud.state(ALARMS, place).size === 0) return;
  watching.next = cloud.clock.after(MINUTE_MS - (cloud.clock.now() % MINUTE_MS), () => {
    delete watching.next;
    const busy = [...cloud.state(ALARMS, place).values()].map((alarm) => evaluate(cloud, place, alarm));
    if (busy.includes(true)) watch(cloud, place);
  });
}

/** Whether it may come out differently in a minute, although no value was added. */
function evaluate(cloud: Cloud, place: Place, alarm: Alarm): boolean {
  const { settings, criteria } = alarm;
  const length = (settings.Period ?? 0) * 1000;
  const range = rangeOf(criteria);
  const end = Math.floor(cloud.clock.now() / MINUTE_MS) * MINUTE_MS;
  const start = end - range * length;
  const metrics = metricsOf(cloud, place, settings, settings.Unit);
  const found = new Map(periods(metrics, start, end, length).map((datapoint) => [datapoint.at, datapoint]));
  const value = statisticOf(settings.Statistic);
  const values = Array.from({ length: range }, (_, index) => {
    const datapoint = found.get(start + index * length);
    return datapoint && value(datapoint);
  });
  const state = stateBy(criteria, values);
  if (state !== undefined && state !== alarm.state) {
    const last = [...found.values()]
      .slice(-criteria.evaluationPeriods)
      .map((datapoint) => ({ at: datapoint.at, value: value(datapoint) }));
    setState(cloud, place, alarm, state, reasonFor(alarm, state, last));
  }
  return metrics.some(({ datapoints }) => (datapoints.at(-1)?.at ?? 0) >= start);
}

/**
 * Changes the state. Actions are shown in the trace and go no further: no service that an alarm can call is modelled.
 */
function setState(cloud: Cloud, { account, region }: Place, alarm: Alarm, state: StateValue, reason: string): void {
  const from = alarm.state;
  Object.assign(alarm, { state, reason, changedAt: cloud.clock.date() });
  const { AlarmActions, OKActions, InsufficientDataActions } = alarm.settings;
  const actions = { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[state] ?? [];
  const detail = { alarm: alarm.name, from, to: state, reason, ...(alarm.actionsEnabled ? { actions } : {}) };
  cloud.effect({
    span: childSpan(undefined),
    account,
    region,
    service: "cloudwatch",
    name: "AlarmStateChanged",
    detail,
  });
}
