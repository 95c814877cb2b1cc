import * as pulumi from "@pulumi/pulumi";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { publishableOperations } from "../shared/contract/operations.ts";
import { deploymentName, functionTags } from "../shared/contract/tags.ts";
import { VersionedFunction } from "../shared/versioned-function.ts";
import type { CustomersTable } from "./customers-table.ts";
import { RECEIVE_VARIABLES } from "./lambda/settings.ts";
import type { OwnCode } from "./own-code.ts";
import { receivePolicy } from "./policies.ts";
import type { RegistryTable } from "./registry-table.ts";
import type { PartnerSettings } from "./settings.ts";

export interface ReceiveFunctionArgs {
  readonly settings: PartnerSettings;
  readonly customersTable: CustomersTable;
  readonly ownCode: OwnCode;
  /** Undefined where there is none. */
  readonly registry: RegistryTable | undefined;
  readonly keepOnDestroy: boolean;
}

/** Takes the messages of all customers, checks them, and runs the partner's own code. */
export class ReceiveFunction extends VersionedFunction {
  constructor(name: string, args: ReceiveFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    const { settings, customersTable, ownCode, registry, keepOnDestroy } = args;
    const { accountId, region, operations, debug, basicIngest, senderCheck, publishTopics } = settings;
    const { architecture, permissionsBoundaryArn } = settings;
    const { archive, environment, statements, timeout, memory } = ownCode;
    super(
      "iot-hooks:partner:ReceiveFunction",
      name,
      {
        account: { accountId, region },
        description: "Receives what customers announce of their things",
        code: archive,
        environment: (failureQueueUrl) =>
          pulumi
            .output({
              own: environment,
              allowed: operations,
              publishes: debug,
              past: basicIngest,
              check: senderCheck,
              url: failureQueueUrl,
              customers: customersTable.table.name,
              table: registry?.table.name,
            })
            .apply(({ own, allowed, publishes, past, check, url, customers, table }) => ({
              ...own,
              [RECEIVE_VARIABLES.operations]: publishableOperations(allowed).join(","),
              [RECEIVE_VARIABLES.customersTable]: customers,
              [RECEIVE_VARIABLES.debug]: String(publishes),
              ...(past ? { [RECEIVE_VARIABLES.basicIngest]: "true" } : {}),
              [RECEIVE_VARIABLES.senderCheck]: check,
              [RECEIVE_VARIABLES.failureQueueUrl]: url,
              ...(table === undefined ? {} : { [RECEIVE_VARIABLES.registryTable]: table }),
            })),
        architecture,
        systemLogLevel: settings.systemLogLevel,
        permissionsBoundaryArn,
        policy: (of) =>
          pulumi
            .output({
              partner: { accountId, region },
              operations,
              debug,
              publishTopics,
              customersArn: customersTable.arn,
              registryArn: registry?.arn,
              statements,
              ...of,
            })
            .apply(receivePolicy),
        reservedConcurrency: settings.reservedConcurrency,
        keepOnDestroy,
        tags: pulumi
          .all([accountId, settings.nameSuffix])
          .apply(([own, suffix]) => functionTags("receive", deploymentName(own, suffix), CONTRACT_VERSION)),
        timeout,
        memory,
      },
      opts,
    );
  }
}
