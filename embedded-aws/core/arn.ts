/** Amazon Resource Names, as in AWS's «Identify AWS resources with Amazon Resource Names». */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The partition that a Region belongs to. */
export const partitionOf = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/** Where a resource lives. IAM and STS have no Region in their ARNs: pass "" to {@link arn}. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `arn:aws:<service>:<region>:<account>:<resource>`, in the partition of the Region. */
export const arn = (service: string, place: Place, resource: string): string =>
  `arn:${partitionOf(place.region)}:${service}:${place.region}:${place.account}:${resource}`;

/** The same for services without a Region in their ARNs, such as IAM. */
export const globalArn = (service: string, place: Place, resource: string): string =>
  `arn:${partitionOf(place.region)}:${service}::${place.account}:${resource}`;

/** Undefined for a text that is no ARN. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (!match) return undefined;
  const [, partition = "", service = "", region = "", account = "", resource = ""] = match;
  return { partition, service, region, account, resource };
}
