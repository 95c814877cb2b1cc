// What CloudWatch Logs keeps of groups and streams, and how calls name them. Bounded: a stream keeps its last events,
// a group its last streams.
import { arn, parseArn, type Place } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";

export interface LogEvent {
  /** Rises over all events of an account and Region. */
  readonly order: number;
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}
export interface Stream {
  readonly name: string;
  readonly createdAt: number;
  events: LogEvent[];
}
export interface Group {
  readonly name: string;
  readonly createdAt: number;
  retentionInDays: number | undefined;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, Stream>;
}
const STATE = stateOf("logs", () => ({ groups: new Map<string, Group>(), nextOrder: 1 }));
export const stateFor = (call: Call) => call.cloud.state(STATE, call);

export const DAY_MS = 86_400_000;

export const invalid = (message: string) => new AwsError("InvalidParameterException", message);

interface GroupInput {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The group's name, from a name or an ARN as logGroupIdentifier takes either. */
function nameOf({ logGroupName, logGroupIdentifier }: GroupInput): string {
  // Recorded on AWS by another project's tests, of DescribeLogStreams.
  if (logGroupName !== undefined && logGroupIdentifier !== undefined)
    throw new AwsError("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.", {
      status: 400,
    });
  const identifier = logGroupName ?? logGroupIdentifier;
  if (identifier === undefined) throw invalid("Either logGroupName or logGroupIdentifier has to be given.");
  return /^log-group:([^:]+)/.exec(parseArn(identifier)?.resource ?? "")?.[1] ?? identifier;
}

/** @throws AwsError ResourceNotFoundException */
export function groupOf(input: GroupInput, call: Call): Group {
  const group = stateFor(call).groups.get(nameOf(input));
  if (!group) throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

/** @throws AwsError ResourceNotFoundException */
export function streamOf(group: Group, name: string | undefined): Stream {
  const stream = group.streams.get(name ?? "");
  if (!stream) throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}

export const groupArn = (place: Place, name: string) => arn("logs", place, `log-group:${name}`);

// Service Authorization Reference: actions on a group name it with `:*` only where they reach into its streams.
export const onGroup =
  (action: string) =>
  (input: GroupInput, call: Call): Permission => ({
    action: `logs:${action}`,
    resource: `${groupArn(call, nameOf(input))}:*`,
    context: resourceTagKeys(stateFor(call).groups.get(nameOf(input))?.tags),
  });
export const onStream =
  (action: string) =>
  (input: GroupInput & { readonly logStreamName?: string | undefined }, call: Call): Permission => ({
    action: `logs:${action}`,
    resource: `${groupArn(call, nameOf(input))}:log-stream:${input.logStreamName ?? ""}`,
  });

/** PutLogEvents: the UTF-8 bytes of all messages, and 26 for each event. */
export const bytesOf = (events: readonly { message?: string | undefined }[]): number =>
  events.reduce((sum, { message = "" }) => sum + Buffer.byteLength(message) + 26, 0);
