import { expect } from "chai";
import { authorize } from "../../../local/language/policy/index.ts";
import type { AuthorizationRequest, Side } from "../../../local/language/policy/index.ts";
import {
  allow,
  customer,
  deny,
  events,
  named,
  ofIdentity,
  onResource,
  partner,
  queue,
  request,
  roleArn,
  root,
  session,
  sessionArn,
  user,
} from "./documents.ts";
import type { Element } from "./documents.ts";

type Expected = "allowed" | "denied" | readonly Side[];

/** What came out, shortly: the sides that miss something when it is denied implicitly. */
function outcome(asked: AuthorizationRequest): Expected {
  const { allowed, effect, missing, by } = authorize(asked);
  expect(allowed).to.equal(effect === "allow");
  if (effect === "implicitDeny") expect(by).to.deep.equal([]);
  else expect(missing).to.deep.equal([]);
  if (allowed) return "allowed";
  expect(by.length > 0).to.equal(effect === "explicitDeny");
  return effect === "explicitDeny" ? "denied" : missing.map(({ side }) => side);
}

const letting = (principal: unknown, more: Element = {}) => ({ ...allow, Principal: principal, ...more });
const boundary = (...statements: Element[]) => ({ boundary: named("boundary", "identity", ...statements) });
const sessionPolicy = (...statements: Element[]) => ({ session: [named("session policy", "session", ...statements)] });
const other = { ...allow, Action: "sqs:ReceiveMessage" };

describe("A request", () => {
  type Row = [claim: string, changes: Partial<AuthorizationRequest>, expected: Expected];

  const check = (rows: readonly Row[]) => {
    for (const [claim, changes, expected] of rows) {
      it(claim, () => {
        expect(outcome(request(changes))).to.deep.equal(expected);
      });
    }
  };

  // "Policy evaluation for requests within a single account"
  describe("within an account", () => {
    check([
      ["is denied without any policy", {}, ["identity"]],
      ["is allowed by the identity's policy", ofIdentity(allow), "allowed"],
      ["is allowed by any of the identity's statements", ofIdentity(other, allow), "allowed"],
      [
        "is allowed by any of the identity's policies",
        { identity: [named("a", "identity", other), named("b", "identity", allow)] },
        "allowed",
      ],
      ["isn't allowed by a statement about another action", ofIdentity(other), ["identity"]],
      [
        "isn't allowed by a statement about another resource",
        ofIdentity({ ...allow, Resource: `${queue}2` }),
        ["identity"],
      ],
      [
        "isn't allowed by a statement whose condition doesn't hold",
        ofIdentity({ ...allow, Condition: { Bool: { "aws:ViaAWSService": "true" } } }),
        ["identity"],
      ],
      [
        "is allowed by a statement whose condition holds",
        {
          ...ofIdentity({ ...allow, Condition: { Bool: { "aws:ViaAWSService": "true" } } }),
          context: { "AWS:viaAWSService": "true" },
        },
        "allowed",
      ],
      ["is denied by an explicit deny beside an allow", ofIdentity(allow, deny), "denied"],
      [
        "is allowed when a deny is about another resource",
        ofIdentity(allow, { ...deny, Resource: `${queue}2` }),
        "allowed",
      ],
      [
        "is allowed when a deny is about another action",
        ofIdentity(allow, { ...deny, Action: "sqs:Purge*" }),
        "allowed",
      ],
      [
        "is allowed by the resource's policy that names the user",
        onResource("resource", letting({ AWS: user.arn })),
        "allowed",
      ],
      ["is allowed by the resource's policy that names everyone", onResource("resource", letting("*")), "allowed"],
      [
        "isn't allowed by the resource's policy that names the account alone",
        onResource("resource", letting({ AWS: customer })),
        ["identity"],
      ],
      [
        "is allowed by the identity's policy, whatever the resource's says of others",
        { ...ofIdentity(allow), ...onResource("resource", letting({ AWS: partner })) },
        "allowed",
      ],
      [
        "is denied by the resource's policy beside the identity's allow",
        { ...ofIdentity(allow), ...onResource("resource", { ...letting("*"), Effect: "Deny" }) },
        "denied",
      ],
      [
        "is denied to all but the one that the resource's policy excepts",
        { ...ofIdentity(allow), ...onResource("resource", { ...deny, NotPrincipal: { AWS: [roleArn, customer] } }) },
        "denied",
      ],
      [
        "is allowed to the one that the resource's policy excepts",
        { ...ofIdentity(allow), ...onResource("resource", { ...deny, NotPrincipal: { AWS: [user.arn, customer] } }) },
        "allowed",
      ],
      ["is allowed to the root user without any policy", { principal: root }, "allowed"],
      [
        "is denied to the root user by the resource's policy",
        { principal: root, ...onResource("resource", { ...letting("*"), Effect: "Deny" }) },
        "denied",
      ],
    ]);
  });

  describe("under NotAction and NotResource", () => {
    const notAction = (action: string) => ({ Effect: "Allow", NotAction: action, Resource: "*" });
    const notResource = (resource: string) => ({ Effect: "Allow", Action: "sqs:*", NotResource: resource });
    check([
      ["is allowed when its action isn't the excepted one", ofIdentity(notAction("iam:*")), "allowed"],
      ["isn't allowed when its action is the excepted one", ofIdentity(notAction("SQS:sendmessage")), ["identity"]],
      [
        "isn't allowed when its action is one of the excepted ones",
        ofIdentity({ ...notAction(""), NotAction: ["iam:*", "sqs:Send*"] }),
        ["identity"],
      ],
      [
        "is allowed when its resource isn't the excepted one",
        ofIdentity(notResource("arn:aws:sqs:*:*:other")),
        "allowed",
      ],
      [
        "isn't allowed when its resource is the excepted one",
        ofIdentity(notResource("arn:aws:sqs:*:*:orders")),
        ["identity"],
      ],
      [
        "isn't allowed when the excepted resource has a variable without value",
        ofIdentity(notResource("arn:aws:sqs:*:*:${aws:username}")),
        ["identity"],
      ],
      [
        "is allowed when the excepted resource has another variable's value",
        { ...ofIdentity(notResource("arn:aws:sqs:*:*:${aws:username}")), context: { "aws:username": "ada" } },
        "allowed",
      ],
    ]);
  });

  describe("with a pattern", () => {
    check([
      ["matches actions in any case", ofIdentity({ ...allow, Action: "SQS:sendMESSAGE" }), "allowed"],
      ["matches actions by wildcard", ofIdentity({ ...allow, Action: "sqs:?endM*" }), "allowed"],
      [
        "matches resources by variable",
        {
          ...ofIdentity({ ...allow, Resource: "arn:aws:sqs:*:*:${aws:username}" }),
          context: { "aws:username": "orders" },
        },
        "allowed",
      ],
      [
        "matches resources with case",
        ofIdentity({ ...allow, Resource: queue.replace("orders", "Orders") }),
        ["identity"],
      ],
      ["completes an ARN that lacks parts", ofIdentity({ ...allow, Resource: "arn:aws:sqs" }), "allowed"],
      [
        "completes an ARN that lacks its last part",
        ofIdentity({ ...allow, Resource: `arn:aws:sqs:us-east-1:${customer}` }),
        "allowed",
      ],
      [
        "completes an ARN with its own parts kept",
        ofIdentity({ ...allow, Resource: "arn:aws:sqs:eu-west-1" }),
        ["identity"],
      ],
      [
        "matches an action without resource by * alone",
        { resource: "*", ...ofIdentity({ ...allow, Resource: "arn:aws:sqs:*:*:*" }) },
        ["identity"],
      ],
      ["matches an action without resource by *", { resource: "*", ...ofIdentity(allow) }, "allowed"],
    ]);
  });

  // "Permissions boundaries for IAM entities", "Policies and permissions": session policies; the table of resource-based policies and
  // implicit denies in "How AWS enforcement code logic evaluates requests".
  describe("under limits", () => {
    const asSession = { principal: session };
    check([
      ["is allowed when the boundary allows it too", { ...ofIdentity(allow), ...boundary(allow) }, "allowed"],
      ["isn't allowed by the boundary alone", boundary(allow), ["identity"]],
      ["isn't allowed against the boundary", { ...ofIdentity(allow), ...boundary(other) }, ["boundary"]],
      ["is denied by the boundary", { ...ofIdentity(allow), ...boundary(allow, deny) }, "denied"],
      ["misses both when neither allows it", boundary(other), ["identity", "boundary"]],
      [
        "is allowed when the session policy allows it too",
        { ...asSession, ...ofIdentity(allow), ...sessionPolicy(allow) },
        "allowed",
      ],
      [
        "isn't allowed against the session policy",
        { ...asSession, ...ofIdentity(allow), ...sessionPolicy(other) },
        ["session"],
      ],
      [
        "is allowed by one of several session policies",
        { ...asSession, ...ofIdentity(allow), session: [named("a", "session", other), named("b", "session", allow)] },
        "allowed",
      ],
      [
        "is denied by the session policy",
        { ...asSession, ...ofIdentity(allow), ...sessionPolicy(allow, deny) },
        "denied",
      ],
      [
        "isn't limited by an empty list of session policies",
        { ...asSession, ...ofIdentity(allow), session: [] },
        "allowed",
      ],
      [
        "misses all three when none allows it",
        { ...asSession, ...boundary(other), ...sessionPolicy(other) },
        ["identity", "boundary", "session"],
      ],
      [
        "of a user named by the resource isn't limited by the boundary",
        { ...boundary(other), ...onResource("resource", letting({ AWS: user.arn })) },
        "allowed",
      ],
      [
        "of a user named by the resource is denied by the boundary",
        { ...boundary(deny), ...onResource("resource", letting({ AWS: user.arn })) },
        "denied",
      ],
      [
        "of a session named by the resource isn't limited by boundary and session policy",
        {
          ...asSession,
          ...boundary(other),
          ...sessionPolicy(other),
          ...onResource("resource", letting({ AWS: sessionArn })),
        },
        "allowed",
      ],
      [
        "of a role named by the resource needs no policy of its own",
        { ...asSession, ...onResource("resource", letting({ AWS: roleArn })) },
        "allowed",
      ],
      [
        "of a role named by the resource is limited by the boundary",
        { ...asSession, ...boundary(other), ...onResource("resource", letting({ AWS: roleArn })) },
        ["boundary"],
      ],
      [
        "of a role named by the resource is limited by the session policy",
        { ...asSession, ...sessionPolicy(other), ...onResource("resource", letting({ AWS: roleArn })) },
        ["session"],
      ],
      [
        "of a role named by the resource is allowed within its limits",
        {
          ...asSession,
          ...boundary(allow),
          ...sessionPolicy(allow),
          ...onResource("resource", letting({ AWS: roleArn })),
        },
        "allowed",
      ],
      [
        "of a role let in as everyone with its ARN as condition isn't limited",
        {
          ...asSession,
          ...boundary(other),
          ...onResource("resource", letting("*", { Condition: { ArnEquals: { "aws:PrincipalArn": roleArn } } })),
          context: { "aws:PrincipalArn": roleArn },
        },
        "allowed",
      ],
      [
        "of a bounded user is denied by NotPrincipal in any case",
        {
          ...ofIdentity(allow),
          ...boundary(allow),
          ...onResource("resource", { ...deny, NotPrincipal: { AWS: [user.arn, customer] } }),
        },
        "denied",
      ],
    ]);
  });

  // "Cross-account policy evaluation logic"
  describe("to another account", () => {
    const across = { resourceAccount: partner, resource: queue.replace(customer, partner) };
    check([
      ["misses both sides without any policy", across, ["identity", "resource"]],
      ["isn't allowed by the identity's policy alone", { ...across, ...ofIdentity(allow) }, ["resource"]],
      [
        "isn't allowed by the resource's policy alone, even if it names the user",
        { ...across, ...onResource("resource", letting({ AWS: user.arn })) },
        ["identity"],
      ],
      [
        "isn't allowed by a resource's policy for everyone alone",
        { ...across, ...onResource("resource", letting("*")) },
        ["identity"],
      ],
      [
        "is allowed by both sides",
        { ...across, ...ofIdentity(allow), ...onResource("resource", letting({ AWS: customer })) },
        "allowed",
      ],
      [
        "is allowed by both sides when the resource names the user",
        { ...across, ...ofIdentity(allow), ...onResource("resource", letting({ AWS: user.arn })) },
        "allowed",
      ],
      [
        "isn't allowed when the resource names the other account only",
        { ...across, ...ofIdentity(allow), ...onResource("resource", letting({ AWS: partner })) },
        ["resource"],
      ],
      [
        "is limited by the boundary, even if the resource names the user",
        { ...across, ...ofIdentity(allow), ...boundary(other), ...onResource("resource", letting({ AWS: user.arn })) },
        ["boundary"],
      ],
      [
        "is limited by the session policy",
        {
          ...across,
          principal: session,
          ...ofIdentity(allow),
          ...sessionPolicy(other),
          ...onResource("resource", letting({ AWS: sessionArn })),
        },
        ["session"],
      ],
      [
        "is denied by the identity",
        { ...across, ...ofIdentity(allow, deny), ...onResource("resource", letting({ AWS: user.arn })) },
        "denied",
      ],
      [
        "is denied by the resource",
        {
          ...across,
          ...ofIdentity(allow),
          ...onResource("resource", letting("*"), { ...letting({ AWS: customer }), Effect: "Deny" }),
        },
        "denied",
      ],
      ["of the root user needs the resource's policy", { ...across, principal: root }, ["resource"]],
      [
        "of the root user is allowed by the resource's policy",
        { ...across, principal: root, ...onResource("resource", letting({ AWS: customer })) },
        "allowed",
      ],
    ]);
  });

  describe("of a service", () => {
    const asEvents = { principal: events };
    const onlyRule = { Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:events:us-east-1:111111111111:rule/r" } } };
    check([
      ["misses the resource's policy", asEvents, ["resource"]],
      ["isn't allowed by an identity's policy", { ...asEvents, ...ofIdentity(allow) }, ["resource"]],
      [
        "is allowed by the resource's policy",
        { ...asEvents, ...onResource("resource", letting({ Service: "events.amazonaws.com" })) },
        "allowed",
      ],
      [
        "isn't allowed by a policy for another service",
        { ...asEvents, ...onResource("resource", letting({ Service: "iot.amazonaws.com" })) },
        ["resource"],
      ],
      [
        "isn't allowed from another source",
        {
          ...asEvents,
          ...onResource("resource", letting({ Service: "events.amazonaws.com" }, onlyRule)),
          context: { "aws:SourceArn": "arn:aws:events:us-east-1:333333333333:rule/r" },
        },
        ["resource"],
      ],
      [
        "is allowed from its source",
        {
          ...asEvents,
          ...onResource("resource", letting({ Service: "events.amazonaws.com" }, onlyRule)),
          context: { "aws:SourceArn": "arn:aws:events:us-east-1:111111111111:rule/r" },
        },
        "allowed",
      ],
      ["misses the trust policy when it wants to assume a role", { ...asEvents, action: "sts:AssumeRole" }, ["trust"]],
      [
        "of an identity provider is allowed by the trust policy alone",
        {
          principal: { kind: "federated", arn: "accounts.google.com", account: "", uniqueId: "" },
          action: "sts:AssumeRoleWithWebIdentity",
          ...onResource("trust", {
            Effect: "Allow",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: "accounts.google.com" },
          }),
        },
        "allowed",
      ],
    ]);
  });

  // "Compare resource-based policies", "IAM role trust policies": both the trust policy and, unless it names the caller in its own
  // account, the caller's policy.
  describe("to assume a role", () => {
    const target = `arn:aws:iam::${customer}:role/target`;
    const farTarget = `arn:aws:iam::${partner}:role/target`;
    const assume = { action: "sts:AssumeRole", resource: target };
    const far = { action: "sts:AssumeRole", resource: farTarget, resourceAccount: partner };
    const may = ofIdentity({ Effect: "Allow", Action: "sts:AssumeRole", Resource: [target, farTarget] });
    const trusting = (principal: unknown, more: Element = {}) =>
      onResource("trust", { Effect: "Allow", Action: "sts:AssumeRole", Principal: principal, ...more });
    const byName = { Condition: { ArnEquals: { "aws:PrincipalArn": roleArn } } };
    check([
      ["misses both sides without any policy", assume, ["identity", "trust"]],
      ["isn't allowed by the caller's policy alone", { ...assume, ...may }, ["trust"]],
      ["is allowed by a trust policy that names the user", { ...assume, ...trusting({ AWS: user.arn }) }, "allowed"],
      [
        "is allowed by a trust policy that names the role",
        { ...assume, principal: session, ...trusting({ AWS: roleArn }) },
        "allowed",
      ],
      [
        "isn't allowed by a trust policy that names the account alone",
        { ...assume, ...trusting({ AWS: customer }) },
        ["identity"],
      ],
      [
        "is allowed by a trust policy that names the account, and the caller's policy",
        { ...assume, ...may, ...trusting({ AWS: customer }) },
        "allowed",
      ],
      [
        "isn't allowed by the caller's policy and a trust policy for others",
        { ...assume, ...may, ...trusting({ AWS: partner }) },
        ["trust"],
      ],
      [
        "in another account isn't allowed by a trust policy that names the role alone",
        { ...far, principal: session, ...trusting({ AWS: roleArn }) },
        ["identity"],
      ],
      [
        "in another account is allowed by both sides",
        {
          ...far,
          principal: session,
          ...may,
          ...trusting({ AWS: customer }, byName),
          context: { "aws:PrincipalArn": roleArn },
        },
        "allowed",
      ],
      [
        "in another account isn't allowed to another role of the account",
        {
          ...far,
          principal: session,
          ...may,
          ...trusting({ AWS: customer }, byName),
          context: { "aws:PrincipalArn": `${roleArn}2` },
        },
        ["trust"],
      ],
      [
        "needs the external id that the trust policy wants",
        {
          ...far,
          ...may,
          ...trusting({ AWS: customer }, { Condition: { StringEquals: { "sts:ExternalId": "tenant-7" } } }),
        },
        ["trust"],
      ],
      [
        "is allowed with the external id",
        {
          ...far,
          ...may,
          ...trusting({ AWS: customer }, { Condition: { StringEquals: { "sts:ExternalId": "tenant-7" } } }),
          context: { "sts:ExternalId": "tenant-7" },
        },
        "allowed",
      ],
      [
        "is allowed to a service that it trusts",
        { ...assume, principal: events, ...trusting({ Service: "events.amazonaws.com" }) },
        "allowed",
      ],
      [
        "misses nothing else when a role is tagged under its trust policy",
        { ...assume, action: "sts:TagSession", ...may, ...trusting({ AWS: customer }) },
        ["identity", "trust"],
      ],
    ]);
  });

  it("brings several values for one condition key", () => {
    const onlyRed = { ...allow, Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["red", "blue"] } } };
    expect(outcome(request({ ...ofIdentity(onlyRed), context: { "aws:TagKeys": ["red", "blue"] } }))).to.equal(
      "allowed",
    );
    expect(outcome(request({ ...ofIdentity(onlyRed), context: { "aws:TagKeys": ["red", "green"] } }))).to.deep.equal([
      "identity",
    ]);
  });

  describe("names what decided", () => {
    it("on each side that it needed", () => {
      const { by } = authorize(
        request({
          resourceAccount: partner,
          identity: [named("first", "identity", other), named("second", "identity", { ...allow, Sid: "Mine" }, allow)],
          ...boundary(other, allow),
          ...sessionPolicy(allow),
          ...onResource("resource", letting({ AWS: customer }, { Sid: "Let in" })),
        }),
      );
      expect(by).to.deep.equal([
        { side: "identity", policy: "second", statement: "Mine" },
        { side: "boundary", policy: "boundary", statement: "#2" },
        { side: "session", policy: "session policy", statement: "#1" },
        { side: "resource", policy: "resource policy of it", statement: "Let in" },
      ]);
    });
    it("by the statement that reaches furthest when the resource decides", () => {
      const { by } = authorize(request(onResource("resource", letting({ AWS: customer }), letting({ AWS: user.arn }))));
      expect(by).to.deep.equal([{ side: "resource", policy: "resource policy of it", statement: "#2" }]);
    });
    it("by every statement that denies", () => {
      const { by, missing } = authorize(
        request({
          ...ofIdentity(allow, deny),
          ...onResource("resource", { ...letting("*"), Effect: "Deny", Sid: "No" }),
        }),
      );
      expect(by).to.deep.equal([
        { side: "identity", policy: "inline policy own of it", statement: "#2" },
        { side: "resource", policy: "resource policy of it", statement: "No" },
      ]);
      expect(missing).to.deep.equal([]);
    });
    it("as nothing but the trust policy when that suffices", () => {
      const { by } = authorize(
        request({
          action: "sts:AssumeRole",
          ...onResource("trust", { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: user.arn } }),
        }),
      );
      expect(by).to.deep.equal([{ side: "trust", policy: "trust policy of it", statement: "#1" }]);
    });
  });
});
