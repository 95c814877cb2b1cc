// What happens with each thing where a partner gives no code of its own: a line in the log says so.
import type { Delivery } from "./lambda/unpack.ts";

/**
 * Called for each change that is news: from a known customer, about a thing (or a thing group, type or billing group)
 * in that customer's own account, with `message.operation` saying what happened to it. What it throws makes Lambda
 * deliver the message again. What else it has to live with: `OnThing`.
 */
export function onThing({ message }: Delivery): void {
  console.log({
    heard: message.operation,
    from: message.accountId,
    about: message.thingName ?? message.thingGroupName ?? message.thingTypeName ?? message.billingGroupName,
  });
}
