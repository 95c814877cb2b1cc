// Service Quotas: how much of something an account may have, to be looked at. `/_local/quotas` changes it.
import type { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import { partitionOf } from "../core/arn.ts";
import { AWS_JSON } from "../core/common-errors.ts";
import { AwsError } from "../core/errors.ts";
import { QUOTAS, quotaBy, quotaOf, type Quota } from "../core/quotas.ts";
import { operations, type Call, type Service } from "../core/service.ts";

/** «ListServices». */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  iam: "AWS Identity and Access Management (IAM)",
  iotcore: "AWS IoT Core",
  lambda: "AWS Lambda",
};

/**
 * Where quotas that all Regions share are known; elsewhere their service doesn't exist (terraform-provider-aws, the
 * note at `aws_servicequotas_service_quota`, with AWS's words; it names no Region of China's).
 */
const GLOBAL_REGIONS = ["us-east-1", "us-gov-west-1"];

/**
 * Service Authorization Reference, list_servicequotas: reading has no resources. Policies of AWS's own name quotas all
 * the same, so that it is not confirmed.
 */
const reading = (operation: string) => () => ({ action: `servicequotas:${operation}`, resource: "*" });

interface Asked {
  readonly ServiceCode?: string | undefined;
  readonly QuotaCode?: string | undefined;
}

/** @throws AwsError NoSuchResourceException; NotModelledHere for what isn't in the list of those here */
function find({ ServiceCode = "", QuotaCode = "" }: Asked, { region }: Call): Quota {
  const ofService = QUOTAS.filter(({ serviceCode }) => serviceCode === ServiceCode);
  const isHere = ofService.some(({ isGlobal }) => !isGlobal || GLOBAL_REGIONS.includes(region));
  if (!isHere)
    throw new AwsError(
      "NoSuchResourceException",
      "The request failed because the specified service does not exist." + (ofService.length > 0 ? "" : knownHere()),
    );
  const quota = quotaBy(ServiceCode, QuotaCode);
  if (quota) return quota;
  throw new AwsError(
    "NoSuchResourceException",
    `The request failed because the specified quota ${QuotaCode} does not exist for service ${ServiceCode}.` +
      knownHere(),
  );
}

/** AWS has thousands. */
const knownHere = () =>
  ` (This embedded AWS knows ${QUOTAS.map(({ serviceCode, quotaCode }) => `${serviceCode}/${quotaCode}`).join(", ")}.)`;

/** Without an account in its ARN: the default, as AWS lists it. */
function shown({ serviceCode, quotaCode, quotaName, isGlobal = false }: Quota, call: Call, account: string) {
  const region = isGlobal ? "" : call.region;
  return {
    ServiceCode: serviceCode,
    ServiceName: SERVICE_NAMES[serviceCode],
    QuotaArn: `arn:${partitionOf(call.region)}:servicequotas:${region}:${account}:${serviceCode}/${quotaCode}`,
    QuotaCode: quotaCode,
    QuotaName: quotaName,
    Unit: "None",
    Adjustable: true,
    GlobalQuota: isGlobal,
  };
}

export const servicequotas: Service = {
  name: "servicequotas",
  signingNames: ["servicequotas"],
  eventSource: "servicequotas.amazonaws.com",
  model: () => import("@aws-sdk/client-service-quotas"),
  inputModel: new URL("./constraints/servicequotas.json", import.meta.url),
  // «Errors» of GetServiceQuota. That an input which breaks the model gets IllegalArgumentException is not confirmed.
  errors: {
    ...AWS_JSON,
    throttled: { code: "TooManyRequestsException" },
    invalid: { code: "IllegalArgumentException" },
  },
  operations: operations<ServiceQuotas>({
    GetServiceQuota: {
      authorize: reading("GetServiceQuota"),
      run: (input, call) => {
        const quota = find(input, call);
        const Value = quotaOf(call.cloud, quota, call);
        return { Quota: { ...shown(quota, call, call.account), Value, QuotaAppliedAtLevel: "ACCOUNT" } };
      },
    },
    GetAWSDefaultServiceQuota: {
      authorize: reading("GetAWSDefaultServiceQuota"),
      run: (input, call) => {
        const quota = find(input, call);
        return { Quota: { ...shown(quota, call, ""), Value: quota.standard } };
      },
    },
  }),
};
