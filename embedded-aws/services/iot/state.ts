// What the registry holds in one account and Region.
import { stateOf } from "../../core/state.ts";

/**
 * Rises in the order of creation, so that a listing can go on where its last page ended, whatever was deleted
 * meanwhile.
 */
export interface Numbered {
  readonly serial: number;
}
/** One principal on one thing only, or on several («AttachThingPrincipal», thingPrincipalType). */
export type Attachment = "EXCLUSIVE_THING" | "NON_EXCLUSIVE_THING";

export interface Thing extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  typeName: string | undefined;
  attributes: Record<string, string>;
  version: number;
  /** Name of the group -> id of the membership. */
  readonly groups: Map<string, string>;
  /** ARN of the principal -> kind of the relation. */
  readonly principals: Map<string, Attachment>;
}
export interface ThingType extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly searchableAttributes: readonly string[];
  readonly createdAt: Date;
  deprecatedAt: Date | undefined;
  readonly tags: Map<string, string>;
}
export interface ThingGroup extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly parent: string | undefined;
  description: string | undefined;
  attributes: Record<string, string>;
  version: number;
  readonly createdAt: Date;
  /** Names of the things that are in it directly. */
  readonly things: Set<string>;
  readonly tags: Map<string, string>;
}
export interface Certificate extends Numbered {
  readonly id: string;
  readonly arn: string;
  readonly pem: string;
  status: "ACTIVE" | "INACTIVE";
  readonly createdAt: Date;
  updatedAt: Date;
  /** Names of the things that it is attached to. */
  readonly things: Set<string>;
}
export interface EventSettings {
  enabled: Set<string>;
  createdAt: Date | undefined;
  updatedAt: Date | undefined;
}

export const REGISTRY = stateOf("iot", () => {
  let serial = 0;
  const events: EventSettings = { enabled: new Set(), createdAt: undefined, updatedAt: undefined };
  return {
    nextSerial: () => ++serial,
    things: new Map<string, Thing>(),
    types: new Map<string, ThingType>(),
    groups: new Map<string, ThingGroup>(),
    /** By ARN. */
    certificates: new Map<string, Certificate>(),
    events,
  };
});
export type Registry = ReturnType<typeof REGISTRY.create>;
