import { expect } from "chai";
import { authorize, bindPrincipals } from "../../../language/policy/index.ts";
import type { AuthorizationRequest, Missing } from "../../../language/policy/index.ts";
import {
  allow,
  customer,
  deny,
  named,
  ofIdentity,
  onResource,
  partner,
  policy,
  queue,
  request,
  roleArn,
  session,
  user,
} from "./documents.ts";

function missing(changes: Partial<AuthorizationRequest>): readonly Missing[] {
  return authorize(request(changes)).missing;
}

function because(changes: Partial<AuthorizationRequest>): string | undefined {
  return missing(changes)[0]?.nearest?.because;
}

const target = `arn:aws:iam::${partner}:role/target`;
const assume = { action: "sts:AssumeRole", resource: target, resourceAccount: partner, principal: session };
const assuming = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: customer } };
const topics = (operation: string) =>
  `arn:aws:iot:us-east-1:${customer}:topic/cross_account_hooks/333333333333/${operation}`;

describe("A denial says what is missing", () => {
  const table: [
    claim: string,
    changes: Partial<AuthorizationRequest>,
    expected: [side: string, account: string, sentence: string][],
  ][] = [
    [
      "when there is no policy at all",
      {},
      [
        [
          "identity",
          customer,
          `${user.arn} has no policy at all: it needs one that allows sqs:SendMessage on ${queue}.`,
        ],
      ],
    ],
    [
      "when no policy allows it",
      ofIdentity({ ...allow, Action: "s3:*" }),
      [["identity", customer, `No policy of ${user.arn} allows sqs:SendMessage on ${queue}.`]],
    ],
    [
      "naming the role, not the session",
      { principal: session, ...ofIdentity({ ...allow, Action: "s3:*" }) },
      [["identity", customer, `No policy of ${roleArn} allows sqs:SendMessage on ${queue}.`]],
    ],
    [
      "on both sides of two accounts",
      { ...assume, ...onResource("trust", { ...assuming, Principal: { AWS: partner } }) },
      [
        [
          "identity",
          customer,
          `${roleArn} has no policy at all: it needs one that allows sts:AssumeRole on ${target}.`,
        ],
        ["trust", partner, `The trust policy of it doesn't allow ${roleArn} to call sts:AssumeRole on ${target}.`],
      ],
    ],
    [
      "when the resource has no policy",
      { resourceAccount: partner, ...ofIdentity(allow) },
      [
        [
          "resource",
          partner,
          `${queue} in account ${partner} has no policy: it needs one that allows ${user.arn} to call sqs:SendMessage.`,
        ],
      ],
    ],
    [
      "in the boundary and the session policy",
      {
        principal: session,
        ...ofIdentity(allow),
        boundary: named("ceiling", "identity", { ...allow, Action: "s3:*" }),
        session: [named("session policy", "session", { ...allow, Action: "s3:*" })],
      },
      [
        [
          "boundary",
          customer,
          `The permissions boundary ceiling of ${roleArn} doesn't allow sqs:SendMessage on ${queue}.`,
        ],
        ["session", customer, `No session policy of ${session.arn} allows sqs:SendMessage on ${queue}.`],
      ],
    ],
  ];
  for (const [claim, changes, expected] of table) {
    it(claim, () => {
      expect(missing(changes).map(({ side, account, sentence }) => [side, account, sentence])).to.deep.equal(expected);
    });
  }
});

describe("A denial names the statement that came nearest", () => {
  const own = "inline policy own of it";

  it("with the policy's and the statement's name", () => {
    const [first] = missing(
      ofIdentity({ ...allow, Action: "s3:*" }, { ...allow, Sid: "Other", Resource: `${queue}-2` }),
    );
    expect(first?.nearest).to.deep.equal({
      policy: own,
      statement: "Other",
      because: `Statement Other of ${own} allows sqs:SendMessage on ${queue}-2, not on ${queue}.`,
    });
  });
  it("and none that is about another service", () => {
    expect(missing(ofIdentity({ ...allow, Action: ["s3:*", "sqsx:SendMessage"] }))[0]).not.to.have.property("nearest");
  });
  it("and none that denies", () => {
    expect(missing(ofIdentity({ ...deny, Resource: `${queue}-2` }))[0]).not.to.have.property("nearest");
  });

  const table: [claim: string, changes: Partial<AuthorizationRequest>, expected: string][] = [
    [
      "with another action of the service",
      ofIdentity({ ...allow, Action: ["sqs:ReceiveMessage", "SQS:SendMessageBatch", "sqs:Delete*"] }),
      `Statement #1 of ${own} allows SQS:SendMessageBatch (and 2 more), not sqs:SendMessage.`,
    ],
    [
      "with all but the action",
      ofIdentity({ Effect: "Allow", NotAction: "sqs:Send*", Resource: "*" }),
      `Statement #1 of ${own} allows all but sqs:Send*, not sqs:SendMessage.`,
    ],
    [
      "with all but the resource",
      ofIdentity({ Effect: "Allow", Action: "*", NotResource: queue }),
      `Statement #1 of ${own} allows sqs:SendMessage on all but ${queue}, not on ${queue}.`,
    ],
    [
      "with the most similar of several resources",
      ofIdentity({ ...allow, Resource: ["arn:aws:sqs:eu-west-1:111111111111:a", `${queue}2`] }),
      `Statement #1 of ${own} allows sqs:SendMessage on ${queue}2 (and 1 more), not on ${queue}.`,
    ],
    [
      "preferring the right action on another resource to another action",
      ofIdentity({ ...allow, Action: "sqs:SendMessageBatch" }, { ...allow, Resource: "arn:aws:sqs:eu-west-1:1:x" }),
      `Statement #2 of ${own} allows sqs:SendMessage on arn:aws:sqs:eu-west-1:1:x, not on ${queue}.`,
    ],
    [
      "preferring the more similar resource",
      ofIdentity({ ...allow, Resource: `${queue}2` }, { ...allow, Resource: "arn:aws:sqs:eu-west-1:1:x" }),
      `Statement #1 of ${own} allows sqs:SendMessage on ${queue}2, not on ${queue}.`,
    ],
    [
      "preferring the more similar resource, wherever it stands",
      ofIdentity({ ...allow, Resource: "arn:aws:sqs:eu-west-1:1:x" }, { ...allow, Resource: `${queue}2` }),
      `Statement #2 of ${own} allows sqs:SendMessage on ${queue}2, not on ${queue}.`,
    ],
    [
      "when only one of its actions is of the service",
      ofIdentity({ ...allow, Action: ["s3:*", "sqs:ReceiveMessage"] }),
      `Statement #1 of ${own} allows sqs:ReceiveMessage (and 1 more), not sqs:SendMessage.`,
    ],
    [
      "with all values of the request",
      {
        ...ofIdentity({ ...allow, Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } } }),
        context: { "aws:TagKeys": ["b", "c"] },
      },
      `Statement #1 of ${own} has the condition ForAnyValue:StringEquals aws:TagKeys, which wants a: the ` +
        "request has b, c.",
    ],
    [
      "preferring one mismatch to two",
      ofIdentity(
        { ...allow, Resource: `${queue}2`, Condition: { Bool: { "aws:SecureTransport": "true" } } },
        { ...allow, Resource: "arn:aws:sqs:eu-west-1:1:x" },
      ),
      `Statement #2 of ${own} allows sqs:SendMessage on arn:aws:sqs:eu-west-1:1:x, not on ${queue}.`,
    ],
    [
      "preferring the same action of another resource to both others",
      ofIdentity({ ...allow, Action: "sqs:DeleteMessage", Resource: `${queue}2` }),
      `Statement #1 of ${own} allows sqs:DeleteMessage, not sqs:SendMessage.`,
    ],
    [
      "with the condition that the request doesn't meet",
      {
        ...ofIdentity({ ...allow, Condition: { StringEquals: { "aws:RequestedRegion": ["eu-west-1", "us-west-2"] } } }),
        context: { "aws:RequestedRegion": "us-east-1" },
      },
      `Statement #1 of ${own} has the condition StringEquals aws:RequestedRegion, which wants us-west-2 ` +
        "(and 1 more): the request has us-east-1.",
    ],
    [
      "with the condition whose key the request lacks",
      ofIdentity({
        ...allow,
        Condition: { Null: { "aws:username": "true" }, StringLike: { "AWS:SourceArn": ["a", "b"] } },
      }),
      `Statement #1 of ${own} has the condition StringLike AWS:SourceArn, which wants a or b: the request ` +
        "has no such key.",
    ],
  ];
  for (const [claim, changes, expected] of table) {
    it(claim, () => {
      expect(because(changes)).to.equal(expected);
    });
  }

  it("with the principal that it names instead of the caller", () => {
    const others = { ...assuming, Principal: { AWS: ["333333333333", `${roleArn}2`] } };
    const identity = ofIdentity({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
    expect(because({ ...assume, ...identity, ...onResource("trust", others) })).to.equal(
      `Statement #1 of trust policy of it names ${roleArn}2 (and 1 more), the caller is ${roleArn}.`,
    );
  });
  it("with the unique id when the role was created anew", () => {
    const trust = policy("trust", { ...assuming, Principal: { AWS: ["333333333333", roleArn] } });
    const saved = bindPrincipals(trust, () => "AROAEARLIER");
    const identity = ofIdentity({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
    expect(
      because({ ...assume, ...identity, resourcePolicy: { name: "trust policy", policy: saved, kind: "trust" } }),
    ).to.equal(
      `Statement #1 of trust policy names ${roleArn} as it was when the policy was saved (AROAEARLIER), not ` +
        "today's (AROAANNOUNCE): save it again.",
    );
  });
  it("without the unique id when another role is meant", () => {
    const other = roleArn.replace("announce", "other");
    const saved = bindPrincipals(policy("trust", { ...assuming, Principal: { AWS: other } }), () => "AROAOTHER");
    const identity = ofIdentity({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
    expect(
      because({ ...assume, ...identity, resourcePolicy: { name: "trust policy", policy: saved, kind: "trust" } }),
    ).to.equal(`Statement #1 of trust policy names ${other}, the caller is ${roleArn}.`);
  });
  it("with the service when another one calls", () => {
    const iot = { kind: "service", arn: "iot.amazonaws.com", account: "", uniqueId: "" } as const;
    const letting = onResource("resource", { ...allow, Principal: { Service: "events.amazonaws.com" } });
    expect(because({ principal: iot, ...letting })).to.equal(
      "Statement #1 of resource policy of it names events.amazonaws.com, the caller is iot.amazonaws.com.",
    );
  });
});

describe("The sentences of a denial", () => {
  const long = `managed policy ${"a-very-long-name-".repeat(6)}x`;
  const publish = { action: "iot:Publish", resource: topics("delete_thing") };

  it("show only the difference of long ARNs", () => {
    const identity = [
      named("inline policy publish of role publish-from-customer-role-333333333333", "identity", {
        Sid: "PublishOperations",
        Effect: "Allow",
        Action: "iot:Publish",
        Resource: topics("create_thing"),
      }),
    ];
    expect(because({ ...publish, identity })).to.equal(
      "Statement PublishOperations of inline policy publish of role publish-from-customer-role-333333333333 " +
        "allows iot:Publish on …/create_thing, not on …/delete_thing.",
    );
  });
  it("lose the beginnings of long names", () => {
    const identity = [
      named(long, "identity", { Effect: "Allow", Action: "iot:Publish", Resource: topics("create_thing") }),
    ];
    const sentence = because({ ...publish, identity });
    expect(sentence).to.match(
      /^Statement #1 of …(?:.*)-long-name-x allows iot:Publish on …\/create_thing, not on …\/delete_thing\.$/,
    );
  });
  it("keep the account of an ARN as long as they can", () => {
    const principal = { ...session, roleArn: `arn:aws:iam::${customer}:role/publish-to-partner-role-222222222222` };
    const resource = `arn:aws:iam::${partner}:role/publish-from-customer-role-111111111111`;
    const [first] = missing({ ...assume, principal, resource });
    expect(first?.sentence).to.equal(
      `…${customer}:role/publish-to-partner-role-222222222222 has no policy at all: it needs one that ` +
        `allows sts:AssumeRole on …${partner}:role/publish-from-customer-role-111111111111.`,
    );
  });
  it("show a difference in the middle of long ARNs", () => {
    const tail = `:role/${"x".repeat(64)}`;
    const trust = onResource("trust", {
      ...assuming,
      Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::333333333333${tail}` } },
    });
    const identity = ofIdentity({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
    const sentence = because({
      ...assume,
      ...identity,
      ...trust,
      context: { "aws:PrincipalArn": `arn:aws:iam::111111111111${tail}` },
    });
    const rest = `:role/${"x".repeat(9)}…`;
    expect(sentence).to.equal(
      "Statement #1 of trust policy of it has the condition ArnEquals aws:PrincipalArn, which wants " +
        `…:333333333333${rest}: the request has …:111111111111${rest}.`,
    );
  });
  it("show a difference at the end of long names", () => {
    const head = `arn:aws:sqs:us-east-1:${customer}:${"q".repeat(100)}`;
    const identity = [named(long, "identity", { ...allow, Resource: `${head}one` })];
    const shown = `…${"q".repeat(30)}`;
    expect(because({ resource: `${head}two`, identity })).to.equal(
      "Statement #1 of …g-name-a-very-long-name-a-very-long-name-a-very-long-name-x allows sqs:SendMessage " +
        `on ${shown}one, not on ${shown}two.`,
    );
  });
  it("have at most 200 characters", () => {
    const resource = `arn:aws:sqs:us-east-1:${customer}:${"q".repeat(80)}`;
    const principal = { ...session, roleArn: `arn:aws:iam::${customer}:role/${"r".repeat(64)}` };
    const identity = [named(long, "identity", { ...allow, Sid: "S".repeat(100), Resource: `${resource}x` })];
    const [first] = missing({ principal, resource, identity });
    expect(first?.sentence.length).to.be.at.most(200);
    expect(first?.nearest?.because.length).to.be.at.most(200);
  });
});
