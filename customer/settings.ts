import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../shared/config.ts";
import { partitionOf } from "../shared/contract/names.ts";
import type { Operation } from "../shared/contract/operations.ts";
import type { AccountSettings } from "../shared/provider.ts";

export interface CustomerSettings extends AccountSettings {
  readonly partnerAccountId: string;
  readonly partnerRegion: string;
  /** Host name, as the partner's output gives it; undefined: the SDK's choice for the partner's Region. */
  readonly partnerDataEndpoint: pulumi.Input<string> | undefined;
  readonly operations: readonly Operation[];
  readonly externalId: string | undefined;
  /** Ends the name of the role here. */
  readonly nameSuffix: string | undefined;
  /** Ends the name of the partner's role. */
  readonly partnerNameSuffix: string | undefined;
  readonly createTrail: boolean;
}

/** Throws RunError for whatever is missing, malformed or contradictory. */
export function customerSettings(configuration: Configuration): CustomerSettings {
  const accountId = configuration.accountId("accountId");
  const partnerAccountId = configuration.accountId("partnerAccountId");
  if (partnerAccountId === accountId) {
    throw configuration.refuse(
      "partnerAccountId",
      partnerAccountId,
      `but so is ${configuration.key("accountId")}: the partner must be another account, set its number`,
    );
  }
  const region = configuration.region("region");
  const partnerRegion = configuration.region("partnerRegion", region);
  if (partitionOf(partnerRegion) !== partitionOf(region)) {
    throw configuration.refuse(
      "partnerRegion",
      partnerRegion,
      `but no role can be assumed from ${region} in the partition ${partitionOf(partnerRegion)}: set a Region of ${partitionOf(region)}`,
    );
  }
  return {
    accountId,
    region,
    profile: configuration.text("profile"),
    partnerAccountId,
    partnerRegion,
    partnerDataEndpoint: configuration.host("partnerDataEndpoint"),
    operations: configuration.operations("operations"),
    externalId: configuration.externalId("externalId"),
    nameSuffix: configuration.nameSuffix("nameSuffix"),
    partnerNameSuffix: configuration.nameSuffix("partnerNameSuffix"),
    createTrail: configuration.flag("createTrail", false),
  };
}
