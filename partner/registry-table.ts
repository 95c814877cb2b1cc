import type * as pulumi from "@pulumi/pulumi";
import { ATTRIBUTES } from "../shared/contract/registry-attributes.ts";
import { OnDemandTable, type OnDemandTableArgs } from "./on-demand-table.ts";

/** What is known of each customer's things, so that each change is applied once, and none is undone by an older one. */
export class RegistryTable extends OnDemandTable {
  constructor(
    name: string,
    args: Pick<OnDemandTableArgs, "settings" | "keepOnDestroy">,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const { subject: hashKey, expiresAt } = ATTRIBUTES;
    super("iot-hooks:partner:RegistryTable", name, { ...args, hashKey, expiresAt }, opts);
  }
}
