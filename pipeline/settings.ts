import type { Configuration } from "../shared/config.ts";
import type { AccountSettings } from "../shared/provider.ts";
import { SIDES, type Side } from "./permissions.ts";

export interface PipelineSettings extends AccountSettings {
  readonly side: Side;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly stateBucket: string;
  readonly createIdentityProvider: boolean;
}

/** Characters of owners and of repositories on GitHub. No wildcard and no colon: it becomes a part of the token's subject. */
const REPOSITORY = /^[A-Za-z0-9-]+\/[\w.-]+$/;

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Throws RunError for whatever is missing or malformed. */
export function pipelineSettings(configuration: Configuration): PipelineSettings {
  const matching = (setting: string, example: string, pattern: RegExp, problem: string): string => {
    const value = configuration.required(setting, example);
    if (pattern.test(value)) return value;
    throw configuration.refuse(setting, value, problem);
  };
  return {
    accountId: configuration.accountId("accountId"),
    region: configuration.region("region"),
    profile: configuration.text("profile"),
    side: matching(
      "side",
      SIDES[0],
      new RegExp(`^(?:${SIDES.join("|")})$`),
      `but an account is the side of ${SIDES.join(" or ")}: set one of them`,
    ) as Side,
    repository: matching("repository", "owner/name", REPOSITORY, "but a repository is written owner/name: set yours"),
    stateBucket: matching(
      "stateBucket",
      "my-pulumi-state",
      BUCKET,
      "but that is no name of an S3 bucket: set the name alone, without s3://",
    ),
    createIdentityProvider: configuration.flag("createIdentityProvider", true),
  };
}
