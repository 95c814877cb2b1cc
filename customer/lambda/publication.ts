// From what is known of a thing, a group or a type to a message on the partner's topic.
import * as v from "valibot";
import { type Known, contentProblem } from "../../shared/contract/content.ts";
import { type Hook, MAX_PAYLOAD_BYTES, messageSchema } from "../../shared/contract/message.ts";
import { basicIngestTopicOf, topicOf } from "../../shared/contract/names.ts";
import type { Operation } from "../../shared/contract/operations.ts";
import { inWords } from "../../shared/lambda/excerpt.ts";
import type { Description } from "./describe.ts";
import { AnnounceFailure } from "./failure.ts";
import type { Publish } from "./partner.ts";
import type { AnnounceSettings } from "./settings.ts";

export interface PublicationParts {
  readonly settings: AnnounceSettings;
  readonly publish: Publish;
  readonly now: () => Date;
}

export interface Publication {
  readonly operation: Operation;
  readonly hook: Hook;
  readonly fields: Description["fields"];
}

/** Throws AnnounceFailure for what the partner would reject, which is not sent, and for what can't be published. */
export async function publishMessage(
  { settings, publish, now }: PublicationParts,
  { operation, hook, fields }: Publication,
  signal: AbortSignal,
): Promise<void> {
  const { eventId, eventName, eventTime } = hook;
  const { accountId, partnerTopicRule } = settings;
  const plain = topicOf(accountId, operation);
  const topic = partnerTopicRule === undefined ? plain : basicIngestTopicOf(partnerTopicRule, plain);
  const payload = JSON.stringify({ ...fields, hook });
  const problem = problemOf(JSON.parse(payload), {
    operation,
    accountId,
    // CloudTrail's clock is AWS's own: whether a time is in the future is the partner's question.
    at: Math.max(now().getTime(), Date.parse(eventTime)),
  });
  if (problem !== undefined) {
    throw new AnnounceFailure(
      "malformed message",
      eventId,
      `what ${eventName} left is not what the contract calls a message: ${problem}`,
    );
  }
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new AnnounceFailure(
      "message too large",
      eventId,
      `the message for ${topic} has ${bytes} bytes, AWS IoT takes ${MAX_PAYLOAD_BYTES}: make what is ` +
        "registered smaller.",
    );
  }
  try {
    await publish(topic, payload, signal);
  } catch (error) {
    throw new AnnounceFailure(
      "publish failed",
      eventId,
      `to ${topic} in ${settings.partnerRegion} as ${settings.partnerRoleArn}: ${inWords(error)}`,
      { cause: error },
    );
  }
}

/** The same checks as the partner's: what it would reject is not sent. */
function problemOf(message: unknown, known: Known): string | undefined {
  const form = v.safeParse(messageSchema, message);
  if (form.success) return contentProblem(form.output, known)?.explanation;
  const [issue] = form.issues;
  return `${v.getDotPath(issue) ?? "it"}: ${issue.message}.`;
}
