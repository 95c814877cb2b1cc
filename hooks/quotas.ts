// The account's own quotas, of Service Quotas: names, codes and defaults as its lists have them.
import type { ServiceQuota } from "@aws-sdk/client-service-quotas";
import { type Partition, partitionOf } from "../shared/contract/names.ts";
import type { ClientOptions } from "./access.ts";
import { NotSeen, look, lookFor } from "./doctor/look.ts";

export interface Quota {
  readonly serviceCode: string;
  readonly quotaCode: string;
  /** Completes "the account's quota of …". */
  readonly of: string;
  /** AWS's default as documented: an account may have more, and in some Regions less. */
  readonly standard: number;
  /** One for all Regions. */
  readonly isGlobal?: boolean;
}

/** «AWS IoT Core endpoints and quotas»: calls a second, per account and Region. */
export const DESCRIBE_THING: Quota = {
  serviceCode: "iotcore",
  quotaCode: "L-0EF0F5EE",
  of: "DescribeThing",
  standard: 350,
};
export const LIST_THINGS: Quota = {
  serviceCode: "iotcore",
  quotaCode: "L-57AAC135",
  of: "ListThings",
  standard: 10,
};
export const LIST_THINGS_IN_GROUP: Quota = {
  serviceCode: "iotcore",
  quotaCode: "L-D33FD5F9",
  of: "ListThingsInThingGroup",
  standard: 25,
};
/** «IAM and AWS STS quotas». */
export const ROLES: Quota = {
  serviceCode: "iam",
  quotaCode: "L-FE177D64",
  of: "roles",
  standard: 1000,
  isGlobal: true,
};
/** Characters without white space. */
export const TRUST_POLICY: Quota = {
  serviceCode: "iam",
  quotaCode: "L-C07B4B0D",
  of: "characters of a trust policy",
  standard: 2048,
  isGlobal: true,
};
/** «Lambda quotas»: new accounts may have less. */
export const CONCURRENCY: Quota = {
  serviceCode: "lambda",
  quotaCode: "L-B99A9384",
  of: "concurrent executions",
  standard: 1000,
};

/**
 * Where quotas that all Regions share are known (terraform-provider-aws, `aws_servicequotas_service_quota`). China's is
 * not confirmed.
 */
const GLOBAL_REGION: Readonly<Record<Partition, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
};

const regionOf = ({ isGlobal }: Quota, region: string): string =>
  isGlobal === true ? GLOBAL_REGION[partitionOf(region)] : region;

/** Who has no way to Service Quotas, as in a subnet without one, shall not wait for it. */
const PATIENCE = { maxAttempts: 2, requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } };

export const READING_QUOTAS = "servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota";

/**
 * What the account has. Of some quotas AWS knows no applied value while nobody asked for more (aws/aws-cli#6629): then
 * what it gives by default in this Region.
 * @throws NotSeen
 */
export async function quotaOf(client: ClientOptions, quota: Quota): Promise<number> {
  // Most commands ask for no quota: they don't load its client.
  const sdk = await import("@aws-sdk/client-service-quotas");
  const quotas = new sdk.ServiceQuotasClient({ ...client, ...PATIENCE, region: regionOf(quota, client.region) });
  const asked = { ServiceCode: quota.serviceCode, QuotaCode: quota.quotaCode };
  const what = `the account's quota of ${quota.of}`;
  const applied = await lookFor(what, READING_QUOTAS, () => quotas.send(new sdk.GetServiceQuotaCommand(asked)));
  const { Quota: found } =
    applied ?? (await look(what, READING_QUOTAS, () => quotas.send(new sdk.GetAWSDefaultServiceQuotaCommand(asked))));
  return valueOf(found, what);
}

function valueOf({ Value, ErrorReason }: ServiceQuota = {}, what: string): number {
  if (Value !== undefined && Value > 0) return Value;
  throw new NotSeen(what, READING_QUOTAS, new Error(ErrorReason?.ErrorMessage ?? "AWS knows no value of it"));
}

/** The command that asks AWS for more of it; a value that isn't above what there is would be refused. */
export const moreOf = (quota: Quota, desired: number, region: string): string =>
  `aws service-quotas request-service-quota-increase --service-code ${quota.serviceCode} ` +
  `--quota-code ${quota.quotaCode} --desired-value ${desired} --region ${regionOf(quota, region)}`;
