// One customer as a component of its own: in a stack that is as small with five thousand customers as with one.
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, publishRoleName, roleArn } from "../shared/contract/names.ts";
import type { CustomerAccessOutputs, Hub } from "../shared/contract/outputs.ts";
import { argumentOf, checkedInputs, whenKnown } from "../shared/inputs.ts";
import type { Pending } from "../shared/outputs.ts";
import { parsed } from "../shared/settings.ts";
import { trustedCustomer } from "./customers.ts";
import { PublishRole } from "./publish-role.ts";
import { ACCESS_FIELDS, HUB } from "./settings.ts";

/** @example `{ hub: hooks.hub, accountId: "111111111111" }` */
export interface CustomerAccessArgs {
  /**
   * The output `hub` of the `PartnerHooks` that shall hear this customer. The provider has to be of its account and
   * Region.
   * @example new pulumi.StackReference("organization/iot-hooks-partner/prod").requireOutput("hub")
   */
  readonly hub: pulumi.Input<Hub>;
  /**
   * The customer's AWS account, 12 digits. Plain, since resources are named after it. None that the hub's own
   * `customers` have.
   * @example "111111111111"
   */
  readonly accountId: string;
  /**
   * The roles that are trusted: the customer's output `roleArn`, several where it announces from several Regions.
   * Default: the role that the contract names, in that account.
   * @example ["arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222"]
   */
  readonly roleArns?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * What this customer has to present. Unique per customer, not a secret. Default: none.
   * @example "customer-17"
   */
  readonly externalId?: pulumi.Input<string> | undefined;
  /**
   * Whether it may not publish for the time being, with sessions that it has already. What it announces waits in its
   * own queue. Default: false.
   * @example true
   */
  readonly disabled?: pulumi.Input<boolean> | undefined;
}

/** Lets a `PartnerHooks` that is deployed hear one customer more, without changing it. */
export class CustomerAccess extends pulumi.ComponentResource implements Pending<CustomerAccessOutputs> {
  readonly customerAccountId: pulumi.Output<string>;
  /** The role that this customer assumes. Known before it is made. */
  readonly publishRoleArn: pulumi.Output<string>;

  /** Throws RunError for arguments that are malformed or contradict each other. */
  constructor(name: string, args: CustomerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cross-account-iot-hooks:index:CustomerAccess", name, {}, opts);
    const naming = argumentOf("CustomerAccess", name);
    const hub = whenKnown({ hub: args.hub }, (given) => parsed(HUB, given.hub, naming, "hub"));
    const { accountId, region } = hub;
    const nameSuffix = hub.apply((known) => known.nameSuffix);
    const { disabled } = checkedInputs(ACCESS_FIELDS, args, naming);
    const customer = trustedCustomer(args, { accountId, region }, naming);
    new PublishRole(
      `${name}-publish-${customer.accountId}`,
      {
        hub: {
          accountId,
          region,
          nameSuffix,
          operations: hub.operations,
          customersTableName: hub.customersTableName,
          permissionsBoundaryArn: hub.apply((known) => known.permissionsBoundaryArn),
          basicIngestRule: hub.apply((known) => known.basicIngestRule),
        },
        ...customer,
        disabled,
      },
      { parent: this },
    );

    this.customerAccountId = pulumi.output(customer.accountId);
    this.publishRoleArn = pulumi
      .all([accountId, region, nameSuffix])
      .apply(([account, place, suffix]) =>
        roleArn(partitionOf(place), account, publishRoleName(customer.accountId, suffix)),
      );
    this.registerOutputs({ ...this.outputs });
  }

  /** What a stack puts out of it. */
  get outputs(): Pending<CustomerAccessOutputs> {
    return { customerAccountId: this.customerAccountId, publishRoleArn: this.publishRoleArn };
  }
}
