// What IAM's API reference says about its parameters. The same names mean the same in all of its operations.
import { checkConstraints, type Constraints } from "../../core/constraints.ts";
import { AwsError } from "../../core/errors.ts";
import type { AnyOperation } from "../../core/service.ts";

const CONSTRAINTS: Constraints = {
  RoleName: { min: 1, max: 64 },
  PolicyName: { min: 1, max: 128 },
  Path: { min: 1, max: 512 },
  PathPrefix: { min: 1, max: 512, pattern: /\u002F[\u0021-\u007F]*/ },
  PolicyArn: { min: 20, max: 2048 },
  PermissionsBoundary: { min: 20, max: 2048 },
  OpenIDConnectProviderArn: { min: 20, max: 2048 },
  Url: { min: 1, max: 255 },
  PolicyDocument: { min: 1, max: 131_072 },
  AssumeRolePolicyDocument: { min: 1, max: 131_072 },
  Description: { min: 0, max: 1000 },
  MaxSessionDuration: { min: 3600, max: 43_200 },
  VersionId: { pattern: /v[1-9][0-9]*(\.[A-Za-z0-9-]*)?/ },
  MaxItems: { min: 1, max: 1000 },
  Marker: { min: 1 },
  Scope: { oneOf: ["All", "AWS", "Local"] },
  PolicyUsageFilter: { oneOf: ["PermissionsPolicy", "PermissionsBoundary"] },
};

/** For characters IAM has sentences of its own; they are as clients recorded them. */
const CHARACTERS: Readonly<Record<string, readonly [RegExp, string]>> = {
  ...Object.fromEntries(
    ["RoleName", "PolicyName"].map((name) => [
      name,
      [/^[\w+=,.@-]+$/, "It must contain only alphanumeric characters and/or the following: +=,.@_-"],
    ]),
  ),
  Path: [
    /^\/(?:[\u0021-\u007F]*\/)?$/,
    "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
  ],
};

function check(input: Readonly<Record<string, unknown>>): void {
  checkConstraints(input, CONSTRAINTS);
  for (const [member, [allowed, sentence]] of Object.entries(CHARACTERS)) {
    const value = input[member];
    if (typeof value !== "string" || allowed.test(value)) continue;
    const shown = `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
    throw new AwsError("ValidationError", `The specified value for ${shown} is invalid. ${sentence}`, { status: 400 });
  }
}

/** The table with every input checked before anything is decided about it: nobody may ask for what can't be said. */
export const withCheckedParameters = (
  table: Readonly<Record<string, AnyOperation>>,
): Readonly<Record<string, AnyOperation>> =>
  Object.fromEntries(
    Object.entries(table).map(([name, operation]) => {
      const authorize: AnyOperation["authorize"] = (input: Readonly<Record<string, unknown>>, call) => {
        check(input);
        return operation.authorize(input, call);
      };
      return [name, { ...operation, authorize }];
    }),
  );
