// What is known of a call that changed the registry; and what CloudTrail says about one, as EventBridge delivers it.
import * as v from "valibot";
import { text, time } from "../../shared/contract/message.ts";
import {
  OPERATION_NAMES,
  type Operation,
  SUBJECTS,
  type Subject,
  callsOf,
  operationOfEvent,
  rowOf,
} from "../../shared/contract/operations.ts";
import { REGISTRY_NAME, partitionFor, regionalArn } from "../../shared/contract/names.ts";
import { AnnounceFailure } from "./failure.ts";

/**
 * What was sent, by the API reference's names; and what was answered, `null` where the answer has no members
 * (CloudTrail User Guide, "record contents"): by the API models, of the calls that are announced only the Create… ones
 * answer anything. Both are `null` for some calls that were denied. Others' functions read CreateThing's `thingName`
 * there, in the request and in the response; no whole record of a registry call is public.
 */
const fields = v.nullish(v.record(v.string(), v.unknown()), {});

const schema = v.object({
  account: text,
  detail: v.object({
    eventID: text,
    eventTime: time,
    eventSource: v.literal("iot.amazonaws.com"),
    eventName: text,
    awsRegion: v.pipe(
      text,
      v.check((region) => partitionFor(region) !== undefined, "must be a Region"),
    ),
    requestParameters: fields,
    responseElements: fields,
    errorCode: v.optional(v.string()),
  }),
});

/** A call that changed the registry, whoever tells of it. */
export interface RegistryCall {
  readonly account: string;
  readonly region: string;
  readonly eventId: string;
  readonly eventTime: string;
  readonly eventName: string;
  /** Present when AWS refused the call: nothing came of it. */
  readonly errorCode?: string | undefined;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
  /** What a description would say, as it was at `eventTime`, where whoever tells of the call says it itself. */
  readonly told?: { readonly snapshot: "registry" | "event"; readonly fields: Readonly<Record<string, unknown>> };
}

/** Throws AnnounceFailure for what is no record of a call to AWS IoT. */
export function readEvent(event: unknown): RegistryCall {
  const result = v.safeParse(schema, event);
  if (!result.success) {
    const [issue] = result.issues;
    throw new AnnounceFailure(
      "malformed event",
      eventIdOf(event),
      `${v.getDotPath(issue) ?? "the event"}: ${issue.message}. The function takes CloudTrail's records of ` +
        "AWS IoT from EventBridge.",
    );
  }
  const { account, detail } = result.output;
  return {
    account,
    region: detail.awsRegion,
    eventId: detail.eventID,
    eventTime: detail.eventTime,
    eventName: detail.eventName,
    errorCode: detail.errorCode,
    request: detail.requestParameters,
    response: detail.responseElements,
  };
}

function eventIdOf(event: unknown): string | undefined {
  const result = v.safeParse(v.object({ detail: v.object({ eventID: text }) }), event);
  return result.success ? result.output.detail.eventID : undefined;
}

/**
 * Of a call that stands for another, or for several: those, as far as they are announced. Of any other itself. A thing
 * that was in a group already is told of again; CloudTrail doesn't say it.
 */
export function singleCalls(call: RegistryCall, announced: readonly Operation[]): readonly RegistryCall[] {
  if (call.errorCode !== undefined) return [call];
  const others = announced.flatMap((operation) => {
    const { eventName = "", alsoBy = [] } = rowOf(operation);
    return alsoBy.filter((other) => other.call === call.eventName).map(({ list }) => ({ eventName, list }));
  });
  if (!OTHER_CALLS.has(call.eventName)) return [call];
  return others.flatMap(({ eventName, list }): readonly RegistryCall[] => {
    if (list === undefined) return [{ ...call, eventName }];
    const groups = v.safeParse(v.nullish(v.array(v.string()), []), call.request[list]);
    if (!groups.success)
      throw new AnnounceFailure("malformed event", call.eventId, `${list} of ${call.eventName} is no list of names.`);
    return groups.output.map((thingGroupName) => ({
      ...call,
      eventName,
      request: { thingName: call.request["thingName"], thingGroupName },
    }));
  });
}

const OTHER_CALLS = new Set(callsOf(OPERATION_NAMES).filter((call) => operationOfEvent(call) === undefined));

/**
 * Name and ARN of what the call was about. Most calls carry a name, those about memberships a name or an ARN: one is
 * made of the other. Read from the request first, since only the Create… calls have a response in CloudTrail.
 */
export function identify(call: RegistryCall, subject: Subject): { readonly name: string; readonly arn: string } {
  const { nameField, arnField, arnResource } = SUBJECTS[subject];
  const given = (field: string): string | undefined =>
    [call.request[field], call.response[field]].find((value) => typeof value === "string" && value !== "") as
      string | undefined;
  const arn = given(arnField);
  const name = given(nameField) ?? arn?.slice(arn.indexOf("/") + 1);
  if (name === undefined) {
    throw new AnnounceFailure(
      "malformed event",
      call.eventId,
      `the record of ${call.eventName} has neither ${nameField} nor ${arnField}.`,
    );
  }
  if (!REGISTRY_NAME.test(name)) {
    throw new AnnounceFailure("malformed event", call.eventId, `${nameField} is ${name}, no name of AWS IoT.`);
  }
  return {
    name,
    arn: arn ?? regionalArn("iot", { accountId: call.account, region: call.region }, `${arnResource}/${name}`),
  };
}
