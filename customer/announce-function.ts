import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { type Bundle, bundle, functionArchive } from "../shared/bundle.ts";
import { ANNOUNCE_VARIABLES } from "../shared/contract/environment.ts";
import { customerRoleName } from "../shared/contract/names.ts";
import { announcePolicy } from "../shared/policies.ts";
import { VersionedFunction } from "../shared/versioned-function.ts";
import type { CustomerSettings } from "./settings.ts";

export const announceBundle = (): Promise<Bundle> => bundle(join(import.meta.dirname, "lambda", "announce.ts"));

export interface AnnounceFunctionArgs {
  readonly settings: CustomerSettings;
  readonly bundle: Bundle;
  /** The partner's role that the function assumes. */
  readonly publishRoleArn: string;
}

/** Tells the partner what happened in the registry. Its role is the one that the partner trusts. */
export class AnnounceFunction extends VersionedFunction {
  constructor(name: string, args: AnnounceFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    const { settings, publishRoleArn } = args;
    const { operations, partnerDataEndpoint, externalId } = settings;
    super(
      "iot-hooks:customer:AnnounceFunction",
      name,
      {
        description: `Announces things of AWS IoT to account ${settings.partnerAccountId}`,
        code: functionArchive(args.bundle),
        environment: {
          [ANNOUNCE_VARIABLES.accountId]: settings.accountId,
          [ANNOUNCE_VARIABLES.partnerRoleArn]: publishRoleArn,
          [ANNOUNCE_VARIABLES.partnerRegion]: settings.partnerRegion,
          [ANNOUNCE_VARIABLES.operations]: operations.join(","),
          ...(partnerDataEndpoint === undefined
            ? {}
            : { [ANNOUNCE_VARIABLES.partnerDataEndpoint]: partnerDataEndpoint }),
          ...(externalId === undefined ? {} : { [ANNOUNCE_VARIABLES.externalId]: externalId }),
        },
        roleName: customerRoleName(settings.partnerAccountId, settings.nameSuffix),
        policy: (logGroupArn) => announcePolicy({ customer: settings, operations, publishRoleArn, logGroupArn }),
      },
      opts,
    );
  }
}
