import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, publishRoleName } from "../shared/contract/names.ts";
import { publishPolicy, publishTrust } from "../shared/policies.ts";
import type { Customer } from "./customers.ts";
import type { PartnerSettings } from "./settings.ts";

export interface PublishRoleArgs {
  readonly customer: Customer;
  readonly settings: PartnerSettings;
}

/** The role that one customer assumes, to publish on its own topics. */
export class PublishRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;

  constructor(name: string, { customer, settings }: PublishRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:partner:PublishRole", name, {}, opts);
    const parent = { parent: this };
    const { accountId: customerAccountId, roleArns, externalId } = customer;

    this.role = new aws.iam.Role(
      name,
      {
        name: publishRoleName(customerAccountId, settings.nameSuffix),
        description: `Lets customer ${customerAccountId} announce its things`,
        assumeRolePolicy: publishTrust({
          customerAccountId,
          roleArns,
          partition: partitionOf(settings.region),
          externalId,
        }),
      },
      parent,
    );
    new aws.iam.RolePolicy(
      name,
      {
        role: this.role.name,
        policy: publishPolicy({ partner: settings, customerAccountId, operations: settings.operations }),
      },
      parent,
    );
    this.registerOutputs({ roleArn: this.role.arn });
  }
}
