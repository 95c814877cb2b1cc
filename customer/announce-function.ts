import * as pulumi from "@pulumi/pulumi";
import { bundle, functionArchive, siblingModule, specifier } from "../shared/bundle.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { customerRoleName } from "../shared/contract/names.ts";
import { type HookFunction, deploymentName, functionTags } from "../shared/contract/tags.ts";
import { VersionedFunction } from "../shared/versioned-function.ts";
import { ANNOUNCE_VARIABLES } from "./lambda/settings.ts";
import { announcePolicy } from "./policies.ts";
import type { CustomerSettings } from "./settings.ts";
import { defaultStsRegion } from "./sts-region.ts";

export const announceBundle = () =>
  bundle(`export * from ${specifier(siblingModule(import.meta, "lambda/announce"))};`);

export interface AnnounceFunctionArgs {
  readonly settings: CustomerSettings;
  /** Of the role that is made here. */
  readonly roleArn: pulumi.Output<string>;
  readonly keepOnDestroy: boolean;
  /** Whether it is asked to announce things as they are. */
  readonly describesThings: boolean;
  /** The partner's role that the function assumes. */
  readonly publishRoleArn: pulumi.Output<string>;
}

/** Tells the partner what happened in the registry. Its role is the one that the partner trusts. */
export class AnnounceFunction extends VersionedFunction {
  constructor(name: string, args: AnnounceFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    const { settings, roleArn, publishRoleArn, describesThings, keepOnDestroy } = args;
    const {
      accountId,
      region,
      partnerAccountId,
      operations,
      trigger,
      nameSuffix,
      architecture,
      permissionsBoundaryArn,
    } = settings;
    super(
      "iot-hooks:customer:AnnounceFunction",
      name,
      {
        account: { accountId, region },
        // A component's inputs make nothing, but a preview shows how they change: another role is of use to nobody
        // until the partner trusts it.
        shown: { partnerMust: roleArn.apply((arn) => `trust ${arn}, by its setting customers`) },
        description: pulumi.interpolate`Announces things of AWS IoT to account ${partnerAccountId}`,
        code: functionArchive(announceBundle()),
        environment: (failureQueueUrl) => variables(settings, publishRoleArn, failureQueueUrl),
        architecture,
        systemLogLevel: settings.systemLogLevel,
        permissionsBoundaryArn,
        roleName: pulumi
          .all([partnerAccountId, nameSuffix])
          .apply(([partner, suffix]) => customerRoleName(partner, suffix)),
        policy: (of) =>
          pulumi
            .output({ customer: { accountId, region }, operations, trigger, describesThings, publishRoleArn, ...of })
            .apply(announcePolicy),
        reservedConcurrency: settings.reservedConcurrency,
        keepOnDestroy,
        tags: customerTags("announce", settings),
      },
      opts,
    );
  }
}

export const customerTags = (of: HookFunction, { partnerAccountId, nameSuffix }: CustomerSettings) =>
  pulumi
    .all([partnerAccountId, nameSuffix])
    .apply(([partner, suffix]) => functionTags(of, deploymentName(partner, suffix), CONTRACT_VERSION));

const variables = (
  settings: CustomerSettings,
  publishRoleArn: pulumi.Output<string>,
  failureQueueUrl: pulumi.Output<string>,
) =>
  pulumi
    .output({ ...settings, publishRoleArn, failureQueueUrl })
    .apply(({ partnerDataEndpoint, partnerTopicRule, externalId, ...known }): Record<string, string> => ({
      [ANNOUNCE_VARIABLES.accountId]: known.accountId,
      [ANNOUNCE_VARIABLES.partnerRoleArn]: known.publishRoleArn,
      [ANNOUNCE_VARIABLES.partnerRegion]: known.partnerRegion,
      [ANNOUNCE_VARIABLES.stsRegion]: known.stsRegion ?? defaultStsRegion(known.partnerRegion),
      [ANNOUNCE_VARIABLES.operations]: known.operations.join(","),
      [ANNOUNCE_VARIABLES.failureQueueUrl]: known.failureQueueUrl,
      ...(partnerDataEndpoint === undefined ? {} : { [ANNOUNCE_VARIABLES.partnerDataEndpoint]: partnerDataEndpoint }),
      ...(partnerTopicRule === undefined ? {} : { [ANNOUNCE_VARIABLES.partnerTopicRule]: partnerTopicRule }),
      ...(externalId === undefined ? {} : { [ANNOUNCE_VARIABLES.externalId]: externalId }),
    }));
