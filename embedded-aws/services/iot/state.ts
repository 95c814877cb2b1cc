// What the registry holds in one account and Region.
import { stateOf } from "../../core/state.ts";

/**
 * Rises in the order of creation, so that a listing can go on where its last page ended, whatever was deleted
 * meanwhile.
 */
export interface Numbered {
  readonly serial: number;
}

export interface Thing extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  typeName: string | undefined;
  attributes: Record<string, string>;
  version: number;
  /** By the group's name: the id of the membership. */
  readonly groups: Map<string, string>;
  /** ARNs of the principals. */
  readonly principals: Set<string>;
  /** Name of the billing group that it is in. */
  billingGroup: string | undefined;
}
export interface ThingType extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  description: string | undefined;
  searchableAttributes: readonly string[];
  readonly createdAt: Date;
  deprecatedAt: Date | undefined;
  readonly tags: Map<string, string>;
}
/** What a dynamic group asks the fleet index for. */
export interface FleetQuery {
  readonly indexName: string;
  readonly queryString: string;
  readonly queryVersion: string;
}
export interface ThingGroup extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly parent: string | undefined;
  description: string | undefined;
  attributes: Record<string, string>;
  /** Of a dynamic group. */
  query: FleetQuery | undefined;
  version: number;
  readonly createdAt: Date;
  /** Names of the things that are in it directly. */
  readonly things: Set<string>;
  readonly tags: Map<string, string>;
}
export interface BillingGroup extends Numbered {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  description: string | undefined;
  version: number;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
}

export const REGISTRY = stateOf("iot", () => {
  let serial = 0;
  return {
    nextSerial: () => ++serial,
    things: new Map<string, Thing>(),
    types: new Map<string, ThingType>(),
    groups: new Map<string, ThingGroup>(),
    billingGroups: new Map<string, BillingGroup>(),
    /** ARNs of the certificates. */
    certificates: new Set<string>(),
  };
});
export type Registry = ReturnType<typeof REGISTRY.create>;
