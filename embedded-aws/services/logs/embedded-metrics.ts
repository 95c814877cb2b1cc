// Metrics within log events: CloudWatch User Guide, "Specification: Embedded metric format". A log event that isn't of
// this form is only a log event; a directive that breaks the specification brings no metric, and nobody is told.
import type { Datapoint, MetricName } from "../../core/metrics.ts";
import { DAY_MS } from "./state.ts";

const METRICS_PER_DIRECTIVE = 100;
const VALUES_PER_METRIC = 100;
const DIMENSIONS_PER_SET = 30;
/** Of a dimension's value, and of a metric's name. */
const MAX_NAME = 1024;

type Fields = Readonly<Record<string, unknown>>;
export interface EmbeddedMetric {
  readonly of: MetricName;
  readonly values: Datapoint;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length >= 1 && value.length <= MAX_NAME;

export function embeddedMetrics(message: string, now: number): EmbeddedMetric[] {
  // Most messages aren't of this form, and are not parsed.
  if (!message.startsWith("{") || !message.includes('"_aws"')) return [];
  let root: unknown;
  try {
    root = JSON.parse(message);
  } catch {
    return []; // text that only looks like it
  }
  if (!isFields(root) || !isFields(root["_aws"])) return [];
  const { Timestamp: at, CloudWatchMetrics } = root["_aws"];
  // The bounds of PutMetricData.
  if (typeof at !== "number" || at < now - 14 * DAY_MS || at > now + DAY_MS / 12) return [];
  const fields = root;
  return list(CloudWatchMetrics).flatMap((directive) => (isFields(directive) ? extracted(directive, fields, at) : []));
}

function extracted(directive: Fields, root: Fields, at: number): EmbeddedMetric[] {
  const { Namespace: namespace, Dimensions, Metrics } = directive;
  const metrics = list(Metrics);
  if (!isName(namespace) || metrics.length > METRICS_PER_DIRECTIVE) return [];
  const sets = list(Dimensions)
    .map((names) => dimensionsOf(list(names), root))
    .filter((set) => set !== undefined);
  return metrics.flatMap((metric) => {
    if (!isFields(metric)) return [];
    const { Name: name, Unit: unit = "None" } = metric;
    const values = isName(name) ? valuesOf(root[name], at) : undefined;
    if (!isName(name) || typeof unit !== "string" || values === undefined) return [];
    return sets.map((dimensions) => ({ of: { namespace, name, dimensions, unit }, values: { ...values } }));
  });
}

/** The members that a set names; undefined where one is missing or no text. */
function dimensionsOf(names: readonly unknown[], root: Fields): Record<string, string> | undefined {
  const pairs = names.map((name) => [name, typeof name === "string" ? root[name] : undefined] as const);
  const isComplete = pairs.length <= DIMENSIONS_PER_SET && pairs.every(([, value]) => isName(value));
  return isComplete ? (Object.fromEntries(pairs) as Record<string, string>) : undefined;
}

function valuesOf(member: unknown, at: number): Datapoint | undefined {
  const values = Array.isArray(member) ? (member as unknown[]) : [member];
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  if (numbers.length === 0 || numbers.length !== values.length || numbers.length > VALUES_PER_METRIC) return undefined;
  return {
    at,
    sum: numbers.reduce((sum, value) => sum + value, 0),
    count: numbers.length,
    minimum: Math.min(...numbers),
    maximum: Math.max(...numbers),
  };
}
