import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CustomerHooks } from "cross-account-iot-hooks/customer";

// The program as it was: a provider for the account that its devices are in, and what it makes there.
const config = new pulumi.Config();
const { region, profile } = aws.config;
const provider = new aws.Provider("devices", {
  allowedAccountIds: [config.require("accountId")],
  region,
  profile,
  defaultTags: { tags: { team: "devices" } },
});
const firmware = new aws.s3.Bucket("firmware", {}, { provider });

// And what is new. All that it makes goes to the account of the provider, with the provider's tags.
const hooks = new CustomerHooks(
  "hooks",
  {
    partnerAccountId: config.require("partnerAccountId"),
    operations: ["create_thing", "delete_thing"],
    // Without a trail CloudTrail hands nothing to EventBridge. Leave it out where the account has one for write calls.
    createTrail: true,
  },
  { provider },
);

export const firmwareBucket = firmware.bucket;
/** For a partner that wants to know the role by its ARN. */
export const roleArn = hooks.roleArn;
