import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AccountSettings {
  readonly accountId: string;
  readonly region: string;
  /** Name of an AWS profile; undefined: the SDK's own search for credentials. */
  readonly profile?: string | undefined;
}

/**
 * The one way into an account. It refuses credentials of any other account before it changes anything. An explicit
 * provider reads nothing of the stack's `aws:*` configuration, so what it needs is handed on here.
 */
export const accountProvider = (name: string, { accountId, region, profile }: AccountSettings): aws.Provider =>
  new aws.Provider(name, {
    allowedAccountIds: [accountId],
    region: region as aws.Region,
    ...(profile === undefined ? {} : { profile }),
    defaultTags: {
      tags: {
        application: "cross-account-iot-hooks",
        "pulumi:project": pulumi.getProject(),
        "pulumi:stack": pulumi.getStack(),
      },
    },
  });
