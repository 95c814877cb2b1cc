// Whose STS endpoint the announce function asks for the partner's role.
import { type Partition, partitionOf } from "../shared/contract/names.ts";

/**
 * Regions that every account of their partition has: those launched before 20 March 2019, the two of China, the two of
 * GovCloud (AWS Account Management, "Enable or disable AWS Regions in your account"). Any other has to be switched on
 * by each account. The first of each stands in for those.
 */
export const DEFAULT_REGIONS: Readonly<Record<Partition, readonly [string, ...string[]]>> = {
  aws: [
    ...(["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"] as const),
    ...(["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"] as const),
    ...(["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"] as const),
    ...(["ap-south-1", "ap-southeast-1", "ap-southeast-2"] as const),
  ],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
};

/**
 * The partner's Region, where the customer's account surely has it too; otherwise one that both surely have. A Region
 * that has to be switched on has to be so in both accounts, the caller's and the role's, for its STS endpoint to serve;
 * of any other the role's account decides (IAM User Guide, "Manage AWS STS in an AWS Region", as of 2023-06: older
 * copies of the page don't say so). A regional endpoint's session is good in every Region (the same page), so that
 * the one to publish in doesn't matter.
 */
export function defaultStsRegion(partnerRegion: string): string {
  const regions = DEFAULT_REGIONS[partitionOf(partnerRegion)];
  return regions.includes(partnerRegion) ? partnerRegion : regions[0];
}
