import {
  allow,
  customer,
  deny,
  named,
  ofIdentity,
  onResource,
  partner,
  queue,
  roleArn,
  root,
  session,
  sessionArn,
  user,
} from "./documents.ts";
import { letting, boundary, other, check, sessionPolicy } from "./outcome.ts";

describe("A request", () => {
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
      ["completes an ARN that lacks parts", ofIdentity({ ...allow, Resource: "arn:aws:sqs:*" }), "allowed"],
      [
        "completes an ARN that lacks its last part",
        ofIdentity({ ...allow, Resource: `arn:aws:sqs:us-east-1:${customer}*` }),
        "allowed",
      ],
      [
        "completes an ARN with its own parts kept",
        ofIdentity({ ...allow, Resource: "arn:aws:sqs:eu-west-1*" }),
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

  // "Permissions boundaries for IAM entities", "Policies and permissions": session policies; the table of
  // resource-based policies and implicit denies in "How AWS enforcement code logic evaluates requests".
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
});
