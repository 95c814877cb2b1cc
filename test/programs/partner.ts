// What the tests of the partner's program have in common.
import type { Inputs, Recorded } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER } from "../harness/stacks.ts";

export const ROLE = "aws:iam/role:Role";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const FUNCTION = "aws:lambda/function:Function";
export const ITEM = "aws:dynamodb/tableItem:TableItem";
export const PUBLISH = `iot-hooks-publish-${CUSTOMER}`;
export const QUEUES = `https://sqs.us-east-1.amazonaws.com/${PARTNER}`;

export const customers = (...entries: string[]) => ({ customers: JSON.stringify(entries) });
export const topic = (name: string) => `arn:aws:iot:us-east-1:${PARTNER}:topic/${name}`;
export const statements = (inputs: Inputs) => (inputs.policy as Inputs).Statement as Inputs[];

/** All but some, with inputs. The archive's promise is compared elsewhere. */
export const allBut = (resources: readonly Recorded[], leftOut: (resource: Recorded) => boolean) =>
  resources
    .filter((resource) => !leftOut(resource))
    .map(({ type, name, inputs: { code: _, ...inputs } }) => ({ type, name, inputs }));
