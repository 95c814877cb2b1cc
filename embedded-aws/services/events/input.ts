// What a target gets: the event itself, a part of it, a constant, or a template filled from it
// («Amazon EventBridge input transformation», user guide; Target and InputTransformer, API reference).
import type { Target } from "@aws-sdk/client-eventbridge";
import { AwsError, notModelled } from "../../core/errors.ts";
import type { BusEvent } from "./event.ts";
import type { Rule } from "./state.ts";

const MAX_PATHS = 100;
const MAX_TEMPLATE = 8192;
const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;
const PREDEFINED = [
  ...["aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time"],
  ...["aws.events.event", "aws.events.event.json"],
];

const invalid = (message: string) => new AwsError("ValidationException", message, { status: 400 });

/**
 * Steps of a JSON path in dot notation: `$.detail.items[0].name`.
 * @throws AwsError ValidationException; NotModelledHere for wildcards
 */
function stepsOf(path: string): (string | number)[] {
  if (path.includes("*")) throw notModelled(`The wildcard in the JSON path ${path}`);
  if (!/^\$(\.[A-Za-z0-9_/-]+|\[\d+\])*$/.test(path)) throw invalid(`Invalid JSON path ${path}.`);
  return [...path.matchAll(/\.([A-Za-z0-9_/-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

function valueAt(event: unknown, path: string): unknown {
  let value = event;
  for (const step of stepsOf(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return value;
}

/** The whole is a text, or lines of texts: within their quotes anything becomes text. */
const isPlain = (template: string): boolean => template.trimStart().startsWith('"');

/**
 * Puts the values in. Within quotes a text stands as it is, elsewhere as JSON; a path that leads nowhere gives an
 * empty text. Objects and lists within the quotes of a plain text lose their own (recorded on AWS by another
 * project's tests: `[HIGH]`); within those of an object's member they stand as they are, so that the whole is no JSON
 * any more and isn't delivered (asserted there, not confirmed).
 */
function fill(template: string, valueOf: (name: string) => unknown): string {
  let quoted = false;
  let at = 0;
  let text = "";
  for (const match of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(at, match.index);
    // Quotes that are not escaped open and close texts.
    if (before.replace(/\\./gs, "").split('"').length % 2 === 0) quoted = !quoted;
    const value = valueOf(match[1] ?? "") ?? "";
    const json = JSON.stringify(value);
    const inText = typeof value === "string" ? json.slice(1, -1) : isPlain(template) ? json.replaceAll('"', "") : json;
    text += before + (quoted ? inText : json);
    at = match.index + match[0].length;
  }
  return text + template.slice(at);
}

const isDeliverable = (template: string, filled: string): boolean =>
  isPlain(template) ? filled.trim().split("\n").every(isJson) : isJson(filled);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws AwsError ValidationException for input that PutTargets refuses */
export function checkTargetInput({ Id = "", Input, InputPath, InputTransformer }: Target): void {
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (Input !== undefined && !isJson(Input)) throw invalid(`JSON syntax error in input for target ${Id}.`);
  if (InputPath !== undefined) stepsOf(InputPath);
  if (InputTransformer === undefined) return;
  const { InputPathsMap = {}, InputTemplate = "" } = InputTransformer;
  if (Object.keys(InputPathsMap).length > MAX_PATHS)
    throw invalid(`InputPathsMap of target ${Id} may have at most ${MAX_PATHS} paths.`);
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (/^aws/i.test(name)) throw invalid(`InputPathsMap of target ${Id}: the name ${name} begins with AWS.`);
    stepsOf(path);
  }
  if (InputTemplate.length === 0 || InputTemplate.length > MAX_TEMPLATE)
    throw invalid(`InputTemplate of target ${Id} has to have 1 to ${MAX_TEMPLATE} characters.`);
  const known = new Set([...Object.keys(InputPathsMap), ...PREDEFINED]);
  for (const [, name = ""] of InputTemplate.matchAll(PLACEHOLDER))
    if (!known.has(name)) throw invalid(`InputTemplate for target ${Id} contains invalid placeholder ${name}.`);
  if (
    !isDeliverable(
      InputTemplate,
      fill(InputTemplate, () => ""),
    )
  )
    throw invalid(`Invalid InputTemplate for target ${Id} : it is no JSON.`);
}

/** The text that the target gets; undefined where the template makes no JSON of this event. */
export function inputFor({ Input, InputPath, InputTransformer }: Target, rule: Rule, event: BusEvent) {
  if (Input !== undefined) return Input;
  // A path that leads nowhere: null. Not confirmed.
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath) ?? null);
  if (InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate = "" } = InputTransformer;
  const { detail: _detail, "detail-type": detailType, ...rest } = event;
  const predefined: Readonly<Record<string, unknown>> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": event.time,
    // Without detail, and with another name (recorded on AWS by another project's tests).
    "aws.events.event": { ...rest, detailType },
    "aws.events.event.json": event,
  };
  const filled = fill(InputTemplate, (name) => {
    const path = Object.hasOwn(InputPathsMap, name) ? InputPathsMap[name] : undefined;
    return path === undefined ? predefined[name] : valueAt(event, path);
  });
  return isDeliverable(InputTemplate, filled) ? filled : undefined;
}
