import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, publishRoleName } from "../shared/contract/names.ts";
import type { Trusted } from "./customers.ts";
import { publishPolicy, publishTrust } from "./policies.ts";
import type { PartnerSettings } from "./settings.ts";

export interface PublishRoleArgs {
  readonly settings: PartnerSettings;
  /** The customer's account. */
  readonly accountId: string;
  readonly trusted: pulumi.Output<Trusted>;
}

/** The role that one customer assumes, to publish on its own topics. */
export class PublishRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;

  constructor(name: string, args: PublishRoleArgs, opts: pulumi.ComponentResourceOptions) {
    const { accountId: customerAccountId, trusted, settings } = args;
    const { accountId, region, operations, nameSuffix } = settings;
    // A component's inputs make nothing, but a preview shows how they change: no customer finds a role under another
    // name by itself.
    const customerMust = nameSuffix.apply((suffix) =>
      suffix === undefined ? "leave partnerNameSuffix unset" : `set partnerNameSuffix to "${suffix}"`,
    );
    super("iot-hooks:partner:PublishRole", name, { customerMust }, opts);
    const parent = { parent: this };

    this.role = new aws.iam.Role(
      name,
      {
        name: nameSuffix.apply((suffix) => publishRoleName(customerAccountId, suffix)),
        description: `Lets customer ${customerAccountId} announce its things`,
        assumeRolePolicy: pulumi
          .all([trusted, region])
          .apply(([{ roleArns, externalId }, ours]) =>
            publishTrust({ customerAccountId, roleArns, partition: partitionOf(ours), externalId }),
          ),
      },
      // Under another name the new one comes first: a customer's function assumes whichever it has been told of.
      { ...parent, deleteBeforeReplace: false },
    );
    new aws.iam.RolePolicy(
      name,
      {
        role: this.role.name,
        policy: pulumi
          .output({ partner: { accountId, region }, operations })
          .apply((known) => publishPolicy({ ...known, customerAccountId })),
      },
      parent,
    );
    this.registerOutputs({ roleArn: this.role.arn });
  }
}
