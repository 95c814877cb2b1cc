// Where IAM has sentences of its own for what its model doesn't allow; they are as clients recorded them.
import type { Exceptions, Violation } from "../../core/constraints.ts";
import { AwsError } from "../../core/errors.ts";

const characters =
  (sentence: string) =>
  ({ at }: Violation) =>
    new AwsError("ValidationError", `The specified value for ${at} is invalid. ${sentence}`, { status: 400 });
const NAME = characters("It must contain only alphanumeric characters and/or the following: +=,.@_-");

export const EXCEPTIONS: Exceptions = {
  "roleNameType.pattern": NAME,
  "policyNameType.pattern": NAME,
  "pathType.pattern": characters(
    "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
  ),
};
