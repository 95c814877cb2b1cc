import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { type Bundle, bundle, functionArchive } from "../shared/bundle.ts";
import { CUSTOMERS_FILE, type Customers, RECEIVE_VARIABLES } from "../shared/contract/environment.ts";
import { publishableOperations } from "../shared/contract/operations.ts";
import { receivePolicy } from "../shared/policies.ts";
import { VersionedFunction } from "../shared/versioned-function.ts";
import type { PartnerSettings } from "./settings.ts";

export const receiveBundle = (): Promise<Bundle> => bundle(join(import.meta.dirname, "lambda", "receive.ts"));

export interface ReceiveFunctionArgs {
  readonly settings: PartnerSettings;
  readonly bundle: Bundle;
}

/** Takes the messages of all customers, checks them, and runs the partner's own code. */
export class ReceiveFunction extends VersionedFunction {
  constructor(name: string, { settings, bundle }: ReceiveFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    super(
      "iot-hooks:partner:ReceiveFunction",
      name,
      {
        description: "Receives what customers announce of their things",
        code: functionArchive(bundle, { [CUSTOMERS_FILE]: JSON.stringify(customersFile(settings)) }),
        environment: { [RECEIVE_VARIABLES.debug]: String(settings.debug) },
        policy: (logGroupArn) => receivePolicy({ partner: settings, logGroupArn, ...settings }),
      },
      opts,
    );
  }
}

const customersFile = ({ customers, operations }: PartnerSettings): Customers =>
  Object.fromEntries(customers.map(({ accountId }) => [accountId, { operations: publishableOperations(operations) }]));
