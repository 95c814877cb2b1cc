// The partner's own code goes here.
import type { Delivery } from "./unpack.ts";

/**
 * Called once for each message that was taken: from a known customer, about a thing (or a thing group or type) in that customer's own account, with
 * `message.operation` saying what happened to it. What it throws makes Lambda deliver the message again, so be ready to see one twice.
 */
export function onThing({ message, receivedAt }: Delivery): Promise<void> {
  console.log({
    heard: message.operation,
    from: message.accountId,
    about: message.thingName ?? message.thingGroupName ?? message.thingTypeName,
    receivedAt: new Date(receivedAt).toISOString(),
  });
  return Promise.resolve();
}
