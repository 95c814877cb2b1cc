// Policies and requests that the tests of this folder share.
import { parsePolicy } from "../../../language/policy/index.ts";
import type {
  AuthorizationRequest,
  NamedPolicy,
  Policy,
  PolicyKind,
  Principal,
} from "../../../language/policy/index.ts";

export type Element = Readonly<Record<string, unknown>>;

export function document(...statements: readonly Element[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function policy(kind: PolicyKind, ...statements: readonly Element[]): Policy {
  return parsePolicy(document(...statements), kind);
}

export const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };
export const deny = { ...allow, Effect: "Deny" };

export const customer = "111111111111";
export const partner = "222222222222";
export const queue = `arn:aws:sqs:us-east-1:${customer}:orders`;

export const user: Principal = {
  kind: "user",
  arn: `arn:aws:iam::${customer}:user/ada`,
  account: customer,
  uniqueId: "AIDAADA",
};
export const roleArn = `arn:aws:iam::${customer}:role/announce`;
export const sessionArn = `arn:aws:sts::${customer}:assumed-role/announce/night`;
export const session: Principal = {
  kind: "role",
  arn: sessionArn,
  account: customer,
  uniqueId: "AROAANNOUNCE",
  roleArn,
};
export const events: Principal = { kind: "service", arn: "events.amazonaws.com", account: "", uniqueId: "" };
export const root: Principal = {
  kind: "account",
  arn: `arn:aws:iam::${customer}:root`,
  account: customer,
  uniqueId: customer,
};

/** Its document is read when it is first needed, not while tests are being declared. */
export function named(name: string, kind: PolicyKind, ...statements: readonly Element[]): NamedPolicy {
  return {
    name,
    get policy() {
      return policy(kind, ...statements);
    },
  };
}

export function onResource(kind: "resource" | "trust", ...statements: readonly Element[]) {
  return { resourcePolicy: Object.assign(named(`${kind} policy of it`, kind, ...statements), { kind }) };
}

export function ofIdentity(...statements: readonly Element[]) {
  return { identity: [named("inline policy own of it", "identity", ...statements)] };
}

/** A user of the customer sends to a queue of its own account, without any policy. */
export function request(changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest {
  return {
    principal: user,
    action: "sqs:SendMessage",
    resource: queue,
    resourceAccount: customer,
    context: {},
    identity: [],
    ...changes,
  };
}
