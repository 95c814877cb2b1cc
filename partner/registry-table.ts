import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "../shared/contract/names.ts";
import { ATTRIBUTES } from "../shared/contract/registry-attributes.ts";
import type { PartnerSettings } from "./settings.ts";

export interface RegistryTableArgs {
  readonly settings: Pick<PartnerSettings, "accountId" | "region">;
  /** Whether the table stays, with what is in it, when the stack is destroyed. */
  readonly keepOnDestroy: boolean;
}

/** What is known of each customer's things, so that each change is applied once, and none is undone by an older one. */
export class RegistryTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  /** Of names alone, and not the table's own output: a preview knows it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { settings, keepOnDestroy }: RegistryTableArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:partner:RegistryTable", name, {}, opts);
    const { accountId, region } = settings;

    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: ATTRIBUTES.subject,
        attributes: [{ name: ATTRIBUTES.subject, type: "S" }],
        ttl: { attributeName: ATTRIBUTES.expiresAt, enabled: true },
        pointInTimeRecovery: { enabled: true },
        // A protected table can't be deleted, by nobody: one that goes with its stack isn't.
        deletionProtectionEnabled: keepOnDestroy,
      },
      { parent: this, retainOnDelete: keepOnDestroy },
    );
    this.arn = pulumi
      .all([accountId, region, this.table.name])
      .apply(([account, place, table]) =>
        regionalArn("dynamodb", { accountId: account, region: place }, `table/${table}`),
      );
    this.registerOutputs({ tableName: this.table.name });
  }
}
