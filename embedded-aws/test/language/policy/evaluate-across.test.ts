import { expect } from "chai";
import { authorize } from "../../../language/policy/index.ts";
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
  type Element,
} from "./documents.ts";
import { outcome, letting, boundary, other, check, sessionPolicy } from "./outcome.ts";

describe("A request", () => {
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

  // "Compare resource-based policies", "IAM role trust policies": both the trust policy and, unless it names the
  // caller in its own account, the caller's policy.
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
