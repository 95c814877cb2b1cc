// The way of a thing, as README's picture has it: a row is a station, on the side where it is. The picture and the
// page are both drawn from this table.
import type { HopId } from "./view.ts";

export interface Hop {
  readonly id: HopId;
  readonly side: "customer" | "partner";
  /** Stations in one row stand side by side. */
  readonly row: number;
  readonly title: string;
  readonly below: string;
}

export const HOPS: readonly Hop[] = [
  { id: "call", side: "customer", row: 0, title: "iot:CreateThing", below: "SDK, CLI, console" },
  { id: "rule", side: "customer", row: 1, title: "CloudTrail, EventBridge rule", below: "hears the call, best effort" },
  { id: "announce", side: "customer", row: 2, title: "announce function", below: "describes the thing" },
  { id: "role", side: "partner", row: 2, title: "publish role", below: "one per customer, trusts its role by name" },
  { id: "topic", side: "partner", row: 3, title: "topic cross_account_hooks/…", below: "/<customer>/create_thing" },
  { id: "topic-rule", side: "partner", row: 4, title: "IoT rule", below: "adds account and operation" },
  { id: "receive", side: "partner", row: 5, title: "receive function", below: "checks, runs your onThing" },
];
