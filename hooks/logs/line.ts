// What the functions' logs say, line by line: what came of an event beside its metrics, in CloudWatch's embedded metric
// format; all else in Lambda's JSON format («Lambda log formats»), with what was said in `message`.
import * as v from "valibot";
import type { HookFunction } from "../../shared/contract/tags.ts";
import { METRICS, NO_CUSTOMER } from "../../shared/contract/metrics.ts";
import type { Side } from "../sides.ts";

/** The function by which a side takes part in the flow. */
export const OWN_FUNCTION = { customer: "announce", partner: "receive" } as const;

export interface LogLine {
  readonly side: Side;
  readonly function: HookFunction;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string | undefined;
  /** What the function, or the partner's own code, said. */
  readonly said: Readonly<Record<string, unknown>> | string;
  readonly kind:
    | "outcome"
    /** Something else that the function or the partner's own code said. */
    | "other"
    /** The platform's report of an invocation that didn't end well. */
    | "failed run"
    /** Starts, reports of what went well. */
    | "noise";
}

const record = v.record(v.string(), v.unknown());
const SAID = v.looseObject({ requestId: v.optional(v.string()), message: v.union([v.string(), record]) });
/** CloudWatch User Guide, "Specification: Embedded metric format": its metadata stands in the root's member `_aws`. */
const MEASURED = v.looseObject({ _aws: record, requestId: v.optional(v.string()) });
const PLATFORM = v.looseObject({
  type: v.pipe(v.string(), v.startsWith("platform.")),
  record: v.looseObject({ requestId: v.optional(v.string()), status: v.optional(v.string()) }),
});

export function readLine(of: Pick<LogLine, "side" | "function">, time: number, message: string): LogLine {
  const from = { side: of.side, function: of.function, at: time };
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), record), message);
  if (!parsed.success) return { ...from, requestId: undefined, said: message.trim(), kind: "other" };
  const platform = v.safeParse(PLATFORM, parsed.output);
  if (platform.success) {
    const { type, record: said } = platform.output;
    const failed = type === "platform.report" && said.status !== undefined && said.status !== "success";
    return { ...from, requestId: said.requestId, said, kind: failed ? "failed run" : "noise" };
  }
  const measured = v.safeParse(MEASURED, parsed.output);
  if (measured.success) {
    const { _aws: _, requestId, ...rest } = measured.output;
    const said = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in METRICS)));
    return { ...from, requestId, said, kind: kindOf(said) ?? "noise" };
  }
  const line = v.safeParse(SAID, parsed.output);
  if (!line.success) return { ...from, requestId: undefined, said: parsed.output, kind: "other" };
  const { requestId, message: said } = line.output;
  return { ...from, requestId, said, kind: kindOf(said) ?? "other" };
}

const kindOf = (said: LogLine["said"]) => (typeof said === "object" && "outcome" in said ? "outcome" : undefined);

/** Of a text in a function's own line; undefined where it says none. */
export function textIn({ said }: LogLine, name: string): string | undefined {
  const value = typeof said === "string" ? undefined : said[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * The customer's account in a line of the partner's. Where it is in the name of an account that is no customer's, only
 * the topic says whose.
 */
export function accountIn(line: LogLine): string | undefined {
  const customer = textIn(line, "customer");
  if (customer !== undefined && customer !== NO_CUSTOMER) return customer;
  return /^[^/]*\/(\d{12})\//.exec(textIn(line, "topic") ?? "")?.[1];
}
