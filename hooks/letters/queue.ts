// A side's dead-letter queues, and what lies in them.
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { UserError } from "../user-error.ts";

export interface Queue {
  /** As the stack's deadLetterQueueUrls calls it. */
  readonly name: string;
  readonly url: string;
}

/** Letters, about: SQS counts on many servers. */
export interface Depth {
  readonly visible: number;
  /** Received by somebody who hasn't removed them. */
  readonly hidden: number;
}

export const inQueue = ({ visible, hidden }: Depth): number => visible + hidden;

export async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<Depth> {
  const AttributeNames = ["ApproximateNumberOfMessages" as const, "ApproximateNumberOfMessagesNotVisible" as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  const [visible, hidden] = AttributeNames.map((name) => Number(Attributes?.[name] ?? 0));
  return { visible: visible ?? 0, hidden: hidden ?? 0 };
}

/** @param names only these; undefined: all. @throws UserError for a name that there isn't */
export function chosenQueues(urls: object, names: readonly string[] | undefined): readonly Queue[] {
  const queues = Object.entries(urls as Readonly<Record<string, string>>).map(([name, url]) => ({ name, url }));
  if (names === undefined) return queues;
  const unknown = names.find((name) => !Object.hasOwn(urls, name));
  if (unknown !== undefined)
    throw new UserError(`The stack has no queue "${unknown}"; it has ${Object.keys(urls).join(", ")}.`);
  return queues.filter(({ name }) => names.includes(name));
}
