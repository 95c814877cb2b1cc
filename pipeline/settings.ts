import * as v from "valibot";
import { flag, required } from "../shared/configuration.ts";
import type { AccountSettings } from "../shared/provider.ts";
import { accountId, region, text } from "../shared/settings.ts";
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

const matching = (pattern: RegExp, problem: string) => v.pipe(text, v.regex(pattern, problem));

export const PIPELINE_CONFIGURATION = {
  accountId: required(accountId, "111111111111"),
  region: required(region, "us-east-1"),
  profile: v.optional(text),
  side: required(v.picklist(SIDES, `but an account is the side of ${SIDES.join(" or ")}: set one of them`), SIDES[0]),
  repository: required(matching(REPOSITORY, "but a repository is written owner/name: set yours"), "owner/name"),
  stateBucket: required(
    matching(BUCKET, "but that is no name of an S3 bucket: set the name alone, without s3://"),
    "my-pulumi-state",
  ),
  createIdentityProvider: flag(true),
};
