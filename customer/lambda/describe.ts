// What the registry says about the subject of a call, in the words of the Describe… calls; or what the event says,
// where that is all there is, or all that there is to say.
import {
  DescribeBillingGroupCommand,
  DescribeThingCommand,
  DescribeThingGroupCommand,
  DescribeThingTypeCommand,
  type IoTClient,
} from "@aws-sdk/client-iot";
import type { Message } from "../../shared/contract/message.ts";
import { type Operation, SUBJECTS, type Subject, rowOf } from "../../shared/contract/operations.ts";
import { type RegistryCall, identify } from "./event.ts";
import { inWords } from "../../shared/lambda/excerpt.ts";
import { AnnounceFailure } from "./failure.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Description {
  readonly snapshot: Message["hook"]["snapshot"];
  /** Everything of the message but `hook`. May hold what JSON leaves out or writes otherwise: undefined, Dates. */
  readonly fields: Fields & Pick<Message, "attributes">;
}

interface Options {
  readonly abortSignal: AbortSignal;
}
const DESCRIBE: Readonly<Record<Subject, (iot: IoTClient, name: string, options: Options) => Promise<object>>> = {
  thing: (iot, thingName, options) => iot.send(new DescribeThingCommand({ thingName }), options),
  thingGroup: (iot, thingGroupName, options) => iot.send(new DescribeThingGroupCommand({ thingGroupName }), options),
  thingType: (iot, thingTypeName, options) => iot.send(new DescribeThingTypeCommand({ thingTypeName }), options),
  billingGroup: (iot, billingGroupName, options) =>
    iot.send(new DescribeBillingGroupCommand({ billingGroupName }), options),
};

/**
 * What the request and the response of a call say beside name and ARN, put where the Describe… call has it (AWS IoT
 * API Reference).
 */
const SAID: Readonly<Record<Subject, (request: Fields, response: Fields) => Fields>> = {
  thing: (request, response) => ({
    thingId: response["thingId"],
    thingTypeName: request["thingTypeName"],
    billingGroupName: request["billingGroupName"],
    attributes: (request["attributePayload"] as Fields | null | undefined)?.["attributes"],
  }),
  thingGroup: (request, response) => ({
    thingGroupId: response["thingGroupId"],
    thingGroupProperties: request["thingGroupProperties"],
    ...(request["parentGroupName"] === undefined
      ? {}
      : { thingGroupMetadata: { parentGroupName: request["parentGroupName"] } }),
  }),
  thingType: (request, response) => ({
    thingTypeId: response["thingTypeId"],
    thingTypeProperties: request["thingTypeProperties"],
  }),
  billingGroup: (request, response) => ({
    billingGroupId: response["billingGroupId"],
    billingGroupProperties: request["billingGroupProperties"],
  }),
};

/**
 * Throws AnnounceFailure when the event names no subject, and when AWS refuses the description for another reason
 * than that the subject is gone.
 */
export async function describe(
  iot: IoTClient,
  operation: Operation,
  call: RegistryCall,
  abortSignal: AbortSignal,
): Promise<Description> {
  const { subjects, describes } = rowOf(operation);
  const names: Record<string, unknown> = {};
  for (const subject of subjects) {
    const { name, arn } = identify(call, subject);
    names[SUBJECTS[subject].nameField] = name;
    names[SUBJECTS[subject].arnField] = arn;
  }
  if (call.told !== undefined) return described(call.told.snapshot, { ...call.told.fields, ...names });
  if (describes === undefined) {
    const { principal } = call.request;
    return described("event", { ...names, principal });
  }
  const answer = await ask(iot, describes, identify(call, describes).name, call.eventId, { abortSignal });
  return answer === undefined
    ? described("event", { ...names, ...SAID[describes](call.request, call.response) })
    : described("registry", { ...names, ...answer });
}

/** `attributes` is always there: the sample's partner function ignores messages without it. */
const described = (snapshot: Description["snapshot"], fields: Fields): Description => ({
  snapshot,
  fields: { ...fields, attributes: (fields["attributes"] ?? {}) as Message["attributes"] },
});

async function ask(
  iot: IoTClient,
  subject: Subject,
  name: string,
  eventId: string,
  options: Options,
): Promise<Fields | undefined> {
  try {
    const { $metadata: _, ...answer } = (await DESCRIBE[subject](iot, name, options)) as Fields;
    return answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw new AnnounceFailure(
      "describe failed",
      eventId,
      `${SUBJECTS[subject].describeAction} of ${name} in the customer's account: ${inWords(error)}`,
      { cause: error },
    );
  }
}
