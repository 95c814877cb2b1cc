// Functions for tests: a role, an archive, and what clients need to call them.
import { IAM } from "@aws-sdk/client-iam";
import { Lambda, type CreateFunctionRequest } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import type { RunningCloud } from "./cloud.ts";
import { documentOf } from "./names.ts";

export const zip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

const LAMBDA_TRUST = documentOf({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});

/** A role that Lambda may assume, with permission for the actions on the resource. Returns its ARN. */
export async function createRole(
  running: RunningCloud,
  account: string,
  name: string,
  actions: readonly string[] = [],
  resource = "*",
): Promise<string> {
  const iam = new IAM(running.config(account));
  const { Role } = await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: LAMBDA_TRUST });
  if (actions.length > 0)
    await iam.putRolePolicy({
      RoleName: name,
      PolicyName: "own",
      PolicyDocument: documentOf({ Effect: "Allow", Action: actions, Resource: resource }),
    });
  return Role?.Arn ?? "";
}

/** Creates a function from the text of its index.js. */
export const createFunction = (
  running: RunningCloud,
  account: string,
  name: string,
  code: string,
  more: Partial<CreateFunctionRequest> & Pick<CreateFunctionRequest, "Role">,
) =>
  new Lambda(running.config(account)).createFunction({
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: zip({ "index.js": code }) },
    ...more,
  });

export const read = (payload: Uint8Array | undefined): unknown => {
  const text = Buffer.from(payload ?? []).toString();
  return text === "" ? undefined : JSON.parse(text);
};
