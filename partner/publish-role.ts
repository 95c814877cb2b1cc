import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CUSTOMER_ATTRIBUTES } from "../shared/contract/customer-attributes.ts";
import { partitionOf, publishRoleName } from "../shared/contract/names.ts";
import { whereSet } from "../shared/inputs.ts";
import type { Trusted } from "./customers.ts";
import { publishPolicy, publishTrust } from "./policies.ts";
import type { HubSettings } from "./settings.ts";

export interface PublishRoleArgs {
  readonly hub: HubSettings;
  /** The customer's account. */
  readonly accountId: string;
  readonly trusted: pulumi.Output<Trusted>;
  readonly disabled: pulumi.Output<boolean>;
  /** What has to be there before the customer may publish: it would be lost. Default: it is there. */
  readonly after?: readonly pulumi.Resource[];
}

/**
 * The role that one customer assumes, to publish on its own topics, and the item that tells the receive function of it.
 * Who may publish comes last, when the function can find whom it hears; and goes first.
 */
export class PublishRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;

  constructor(name: string, args: PublishRoleArgs, opts: pulumi.ComponentResourceOptions) {
    const { hub, accountId: customerAccountId, trusted, disabled, after = [] } = args;
    const { accountId, region, operations, nameSuffix, basicIngestRule } = hub;
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
        permissionsBoundary: whereSet(hub.permissionsBoundaryArn),
      },
      // Under another name the new one comes first: a customer's function assumes whichever it has been told of.
      { ...parent, deleteBeforeReplace: false },
    );
    const item = new aws.dynamodb.TableItem(
      name,
      {
        tableName: hub.customersTableName,
        hashKey: CUSTOMER_ATTRIBUTES.accountId,
        item: pulumi
          .all([this.role.uniqueId, this.role.arn, this.role.createDate, disabled])
          .apply(([roleId, roleArn, since, isDisabled]) =>
            JSON.stringify({
              [CUSTOMER_ATTRIBUTES.accountId]: { S: customerAccountId },
              [CUSTOMER_ATTRIBUTES.roleId]: { S: roleId },
              [CUSTOMER_ATTRIBUTES.roleArn]: { S: roleArn },
              [CUSTOMER_ATTRIBUTES.disabled]: { BOOL: isDisabled },
              [CUSTOMER_ATTRIBUTES.since]: { S: since },
            }),
          ),
      },
      parent,
    );
    new aws.iam.RolePolicy(
      name,
      {
        role: this.role.name,
        policy: pulumi
          .output({ partner: { accountId, region }, operations, disabled, basicIngestRule })
          .apply((known) => publishPolicy({ ...known, customerAccountId })),
      },
      { ...parent, dependsOn: [item, ...after] },
    );
    this.registerOutputs({ roleArn: this.role.arn });
  }
}
