// What a letter is about: the thing, the event, and whose it is.
import * as v from "valibot";
import { AnnounceFailure } from "../../customer/lambda/failure.ts";
import { isRegistryEvent, readRegistryEvent } from "../../customer/lambda/registry-event.ts";
import { OPERATION_NAMES, aboutOf, isOperation, operationOfEvent } from "../../shared/contract/operations.ts";
import type { Taker } from "./letter.ts";

/** As far as the event says it. A partner's letter says what its sender claimed. */
export interface About {
  /** `thing/lamp`, as the functions' logs have it. */
  readonly about?: string | undefined;
  readonly eventId?: string | undefined;
  readonly operation?: string | undefined;
  /** The customer's account. */
  readonly accountId?: string | undefined;
}

const optionalText = v.optional(v.string());
const fields = v.optional(v.nullable(v.looseObject({})));
const CUSTOMERS = v.object({
  account: optionalText,
  detail: v.object({ eventID: optionalText, eventName: optionalText, requestParameters: fields }),
});
const PARTNERS = v.object({ data: v.string(), accountId: optionalText, operation: optionalText });
const MESSAGE = v.looseObject({ hook: v.optional(v.looseObject({ eventId: optionalText })) });

/** @param event what the function takes: JSON */
export const aboutEvent = (taker: Taker, event: string): About =>
  taker === "partner" ? aboutRuleEvent(JSON.parse(event)) : aboutRecord(JSON.parse(event));

function aboutRecord(event: unknown): About {
  if (isRegistryEvent(event)) return aboutRegistryEvent(event);
  const read = v.safeParse(CUSTOMERS, event);
  if (!read.success) return {};
  const { eventID: eventId, eventName = "", requestParameters } = read.output.detail;
  const operation = operationOfEvent(eventName);
  const about = operation === undefined ? undefined : aboutOf(operation, requestParameters ?? {});
  return { about, eventId, operation, accountId: read.output.account };
}

/** What the announce function makes of it, in whatever Region. */
function aboutRegistryEvent(event: unknown): About {
  try {
    const { account, eventId, eventName, request } = readRegistryEvent(event, "", OPERATION_NAMES);
    const operation = operationOfEvent(eventName);
    const names = { thingName: nameIn(request["thingArn"]), ...request };
    return { about: operation && aboutOf(operation, names), eventId, operation, accountId: account };
  } catch (error) {
    if (error instanceof AnnounceFailure) return { eventId: error.eventId };
    throw error;
  }
}

const nameIn = (arn: unknown): string | undefined => (typeof arn === "string" ? arn.split("/")[1] : undefined);

function aboutRuleEvent(event: unknown): About {
  const read = v.safeParse(PARTNERS, event);
  if (!read.success) return {};
  const { data, accountId, operation = "" } = read.output;
  const message = v.safeParse(v.pipe(v.string(), v.parseJson(), MESSAGE), Buffer.from(data, "base64").toString());
  if (!message.success) return { accountId, operation };
  const { hook, ...names } = message.output;
  const about = isOperation(operation) ? aboutOf(operation, names) : undefined;
  return { about, eventId: hook?.eventId, operation, accountId };
}
