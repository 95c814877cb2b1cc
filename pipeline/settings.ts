import * as v from "valibot";
import { flag, required } from "../shared/configuration.ts";
import type { AccountSettings } from "../shared/provider.ts";
import { OWN_BOUNDARY, type PairRule, accountId, policyArn, region, text } from "../shared/settings.ts";
import { SIDES, type Side } from "./permissions.ts";

export interface PipelineSettings extends AccountSettings {
  readonly side: Side;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** What the subject of GitHub's tokens begins with, before `:environment:…`. Default: `repo:<repository>`. */
  readonly subjectPrefix?: string | undefined;
  readonly stateBucket: string;
  /** Boundary that each role of the side must have. */
  readonly permissionsBoundaryArn?: string | undefined;
  readonly createIdentityProvider: boolean;
}

/**
 * Characters of owners and of repositories on GitHub. No wildcard and no colon: it becomes a part of the token's
 * subject.
 */
const REPOSITORY = /^[A-Za-z0-9-]+\/[\w.-]+$/;

/**
 * GitHub's changelog of 2026-04-23: repositories created, renamed or transferred since 2026-06-18 have the ids of
 * owner and repository in the subject. It writes them behind a `-`, GitHub's documentation behind an `@`.
 */
const SUBJECT_PREFIX = /^repo:[A-Za-z0-9-]+(?:@\d+)?\/[\w.-]+(?:@\d+)?$/;

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const matching = (pattern: RegExp, problem: string) => v.pipe(text, v.regex(pattern, problem));

export const PIPELINE_CONFIGURATION = {
  accountId: required(accountId, "111111111111"),
  region: required(region, "us-east-1"),
  profile: v.optional(text),
  side: required(v.picklist(SIDES, `but an account is the side of ${SIDES.join(" or ")}: set one of them`), SIDES[0]),
  repository: required(matching(REPOSITORY, "but a repository is written owner/name: set yours"), "owner/name"),
  subjectPrefix: v.optional(
    matching(
      SUBJECT_PREFIX,
      "but a subject begins with repo:owner/name, or with repo:owner@123456/name@456789: set what " +
        "pipeline/README.md says how to look up",
    ),
  ),
  stateBucket: required(
    matching(BUCKET, "but that is no name of an S3 bucket: set the name alone, without s3://"),
    "my-pulumi-state",
  ),
  permissionsBoundaryArn: v.optional(policyArn),
  createIdentityProvider: flag(true),
};

/** Names with the ids that may follow them. */
const withIds = (repository: string): RegExp =>
  new RegExp(`^repo:${repository.replaceAll(".", "\\.").replace("/", "(?:[-@]\\d+)?/")}(?:[-@]\\d+)?$`, "i");

export const PIPELINE_RULES: readonly PairRule[] = [
  OWN_BOUNDARY,
  {
    of: "subjectPrefix",
    and: "repository",
    // A mistake here would let another repository in.
    problem: (prefix, repository) =>
      withIds(repository).test(prefix)
        ? undefined
        : `but {repository} is "${repository}": both must name the same repository, so correct one of them`,
  },
];
