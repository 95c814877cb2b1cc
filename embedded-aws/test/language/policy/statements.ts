// Statements that fit each kind of policy, and how a policy that doesn't is refused.
import { parsePolicy, PolicyError, type PolicyKind } from "../../../language/policy/index.ts";
import { document, type Element } from "./documents.ts";

export const queueArn = "arn:aws:sqs:us-east-1:111111111111:orders";
export const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn };
export const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
export const onQueue = { ...statement, Principal: { AWS: "*" } };

export const fits: Record<PolicyKind, Element> = {
  identity: statement,
  session: statement,
  resource: onQueue,
  trust,
};

export function refusal(text: string, kind: PolicyKind): PolicyError {
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error(`${kind} policy was accepted: ${text}`);
}

/** A statement that fits the kind, with elements replaced, or left out where they are undefined. */
export function changed(kind: PolicyKind, changes: Element): string {
  return document({ ...fits[kind], ...changes });
}

export const without = { Version: "2012-10-17" };
