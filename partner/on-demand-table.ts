import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "../shared/contract/names.ts";
import type { PartnerSettings } from "./settings.ts";

export interface OnDemandTableArgs {
  readonly settings: Pick<PartnerSettings, "accountId" | "region">;
  /** Name of the attribute, a text, that is the key. */
  readonly hashKey: string;
  /** Name of the attribute with the second in which an item may go. */
  readonly expiresAt?: string;
  /** Whether the table stays, with what is in it, when the stack is destroyed. */
  readonly keepOnDestroy: boolean;
}

/** A table of DynamoDB that is paid by request and can be had as it was at any second of the last 35 days. */
export class OnDemandTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  /** Of names alone, and not the table's own output: a preview knows it. */
  readonly arn: pulumi.Output<string>;

  constructor(type: string, name: string, args: OnDemandTableArgs, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    const { settings, hashKey, expiresAt, keepOnDestroy } = args;
    const { accountId, region } = settings;

    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey,
        attributes: [{ name: hashKey, type: "S" }],
        ...(expiresAt === undefined ? {} : { ttl: { attributeName: expiresAt, enabled: true } }),
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
