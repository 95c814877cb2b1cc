// Quotas of an account that are enforced here, or asked for by those who deploy here: what Service Quotas says, and
// what the services go by, is one value. Names, codes and defaults as Service Quotas lists them.
import { partitionOf, type Place } from "./arn.ts";
import type { Cloud } from "./service.ts";
import { stateOf } from "./state.ts";

export interface Quota {
  readonly serviceCode: string;
  readonly quotaCode: string;
  readonly quotaName: string;
  /** What an account has that asked for nothing. */
  readonly standard: number;
  /** One for all Regions. */
  readonly isGlobal?: boolean;
}

export const ROLES: Quota = {
  serviceCode: "iam",
  quotaCode: "L-FE177D64",
  quotaName: "Roles per account",
  standard: 1000,
  isGlobal: true,
};
/** Characters, without white space. */
export const TRUST_POLICY: Quota = {
  serviceCode: "iam",
  quotaCode: "L-C07B4B0D",
  quotaName: "Role trust policy length",
  standard: 2048,
  isGlobal: true,
};
export const CONCURRENCY: Quota = {
  serviceCode: "lambda",
  quotaCode: "L-B99A9384",
  quotaName: "Concurrent executions",
  standard: 1000,
};

/** Calls a second, which nobody counts here: clients that keep to them ask how many they are. */
const RATES: readonly Quota[] = [
  { serviceCode: "iotcore", quotaCode: "L-0EF0F5EE", quotaName: "DescribeThing API TPS", standard: 350 },
  { serviceCode: "iotcore", quotaCode: "L-57AAC135", quotaName: "ListThings API TPS", standard: 10 },
  { serviceCode: "iotcore", quotaCode: "L-D33FD5F9", quotaName: "ListThingsInThingGroup API TPS", standard: 25 },
];

export const QUOTAS: readonly Quota[] = [ROLES, TRUST_POLICY, CONCURRENCY, ...RATES];

export const quotaBy = (serviceCode: string, quotaCode: string): Quota | undefined =>
  QUOTAS.find((quota) => quota.serviceCode === serviceCode && quota.quotaCode === quotaCode);

/** By quota, in the accounts' Regions: only what isn't the standard. */
const STATE = stateOf("servicequotas", () => new Map<Quota, number>());

/** One place in a partition for those that all Regions share. */
const placeOf = ({ isGlobal }: Quota, { account, region }: Place): Place =>
  isGlobal ? { account, region: partitionOf(region) } : { account, region };

/** What the account has. */
export const quotaOf = (cloud: Pick<Cloud, "state">, quota: Quota, place: Place): number =>
  cloud.state(STATE, placeOf(quota, place)).get(quota) ?? quota.standard;

/** As if AWS had granted it. What there is already beyond it stays. */
export function setQuota(cloud: Pick<Cloud, "state">, quota: Quota, place: Place, value: number): void {
  cloud.state(STATE, placeOf(quota, place)).set(quota, value);
}
