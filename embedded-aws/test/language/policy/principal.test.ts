import { expect } from "chai";
import { exempts, parsePrincipals, reachOf } from "../../../language/policy/principal.ts";
import type { Principal } from "../../../language/policy/index.ts";
import { customer, events, partner, roleArn, root, session, sessionArn, user } from "./documents.ts";

const oidc = `arn:aws:iam::${customer}:oidc-provider/token.actions.githubusercontent.com`;
const pipeline: Principal = { kind: "federated", arn: oidc, account: "", uniqueId: "" };
const callers = { user, session, events, root, pipeline };
type Caller = keyof typeof callers;

// "AWS JSON policy elements: Principal"
describe("A Principal element", () => {
  const table: [element: unknown, reached: Partial<Record<Caller, string>>][] = [
    ["*", { user: "direct", session: "direct", events: "direct", root: "direct", pipeline: "direct" }],
    [{ AWS: "*" }, { user: "direct", session: "direct", events: "direct", root: "direct", pipeline: "direct" }],
    [{ AWS: customer }, { user: "account", session: "account", root: "account" }],
    [{ AWS: root.arn }, { user: "account", session: "account", root: "account" }],
    [{ AWS: `arn:aws-cn:iam::${customer}:root` }, { user: "account", session: "account", root: "account" }],
    [{ AWS: partner }, {}],
    [{ AWS: user.arn }, { user: "direct" }],
    [{ AWS: `${user.arn}s` }, {}],
    [{ AWS: user.arn.replace("user/", "user/path/") }, {}],
    [{ AWS: user.uniqueId }, { user: "direct" }],
    [{ AWS: roleArn }, { session: "role" }],
    [{ AWS: session.uniqueId }, { session: "role" }],
    [{ AWS: sessionArn }, { session: "direct" }],
    [{ AWS: `${sessionArn}s` }, {}],
    [{ AWS: [roleArn, customer, sessionArn] }, { user: "account", session: "direct", root: "account" }],
    [{ AWS: [customer, roleArn] }, { user: "account", session: "role", root: "account" }],
    [{ Service: "events.amazonaws.com" }, { events: "direct" }],
    [{ Service: "iot.amazonaws.com" }, {}],
    [
      { Service: ["iot.amazonaws.com", "events.amazonaws.com"], AWS: user.arn },
      { events: "direct", user: "direct" },
    ],
    [{ Federated: oidc }, { pipeline: "direct" }],
    [{ Federated: "accounts.google.com" }, {}],
    [{ Federated: "events.amazonaws.com" }, {}],
  ];
  for (const [element, reached] of table) {
    it(`${JSON.stringify(element)} reaches ${JSON.stringify(reached)}`, () => {
      const parsed = parsePrincipals(element, false, false);
      const reaches = Object.entries(callers).map(([name, caller]) => [name, reachOf(parsed, caller)]);
      const expected = Object.keys(callers).map((name) => [name, reached[name as Caller]]);
      expect(reaches).to.deep.equal(expected);
    });
  }

  describe("is refused", () => {
    const refused: [element: unknown, code: string, message: string][] = [
      [
        "arn",
        "MalformedPolicyDocument",
        'Syntax errors in policy. Principal has to be "*" or an object of principal types.',
      ],
      [
        [],
        "MalformedPolicyDocument",
        'Syntax errors in policy. Principal has to be "*" or an object of principal types.',
      ],
      [{}, "MalformedPolicyDocument", "Missing required field Principal cannot be empty!"],
      [{ AWS: [] }, "MalformedPolicyDocument", "Missing required field Principal cannot be empty!"],
      [
        { AWS: 1 },
        "MalformedPolicyDocument",
        "Syntax errors in policy. Principal AWS has to be a string or a list of strings.",
      ],
      [{ AWS: "ada" }, "MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"ada"'],
      [{ AWS: "1111" }, "MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"1111"'],
      [{ AWS: "1111111111111" }, "MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"1111111111111"'],
      ...[
        `arn:aws:iam::${customer}:role/*`,
        `arn:aws:iam::${customer}:user/a?a`,
        `arn:aws:iam::${customer}:root/x`,
        `arn:aws:iam::${customer}:group/admins`,
        `arn:aws:iam:us-east-1:${customer}:role/x`,
        `arn:aws:iam::1:role/x`,
        `arn:nowhere:iam::${customer}:role/x`,
        `arn:aws:sts::${customer}:assumed-role/announce`,
        `arn:aws:sts::${customer}:assumed-role/announce/*`,
        `arn:aws:sts::${customer}:assumed-role/announce/a/b`,
        ` arn:aws:iam::${customer}:root`,
        `x arn:aws:iam::${customer}:role/x`,
        `x arn:aws:iam::${customer}:user/x`,
        `x arn:aws:sts::${customer}:assumed-role/announce/a`,
        "AROA lower",
        "xAROA1",
        "*x",
        "x*",
      ].map((arn): [unknown, string, string] => [
        { AWS: arn },
        "MalformedPolicyDocument",
        `Invalid principal in policy: "AWS":"${arn}"`,
      ]),
      [{ Service: "lambda" }, "MalformedPolicyDocument", 'Invalid principal in policy: "SERVICE":"lambda"'],
      [{ Service: "*" }, "MalformedPolicyDocument", 'Invalid principal in policy: "SERVICE":"*"'],
      [
        { Service: "lambda.amazonaws.com.evil" },
        "MalformedPolicyDocument",
        'Invalid principal in policy: "SERVICE":"lambda.amazonaws.com.evil"',
      ],
      [
        { Service: "x/lambda.amazonaws.com" },
        "MalformedPolicyDocument",
        'Invalid principal in policy: "SERVICE":"x/lambda.amazonaws.com"',
      ],
      [{ AWS: "AROAEXAMPLE/x" }, "MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"AROAEXAMPLE/x"'],
      [{ Federated: "*" }, "MalformedPolicyDocument", 'Invalid principal in policy: "FEDERATED":"*"'],
      [{ Anyone: "*" }, "MalformedPolicyDocument", "Syntax errors in policy. There is no principal type Anyone."],
      [
        { Service: "iott.amazonaws.com" },
        "NotModelled",
        "The service iott.amazonaws.com is not modelled here: of the services only CloudTrail, EventBridge, " +
          "IoT and Lambda call others.",
      ],
      [
        { CanonicalUser: "79a59d" },
        "NotModelled",
        "The principal type CanonicalUser is not modelled here: name the account.",
      ],
      [
        { AWS: `arn:aws:sts::${customer}:federated-user/ada` },
        "NotModelled",
        `The principal arn:aws:sts::${customer}:federated-user/ada is not modelled here: no federated users.`,
      ],
    ];
    for (const [element, code, message] of refused) {
      it(JSON.stringify(element), () => {
        expect(() => parsePrincipals(element, false, false))
          .to.throw(message)
          .that.includes({ code, message });
      });
    }
    it("as a plain * in a trust policy, where only the other notation of everyone is allowed", () => {
      expect(() => parsePrincipals("*", false, true)).to.throw(
        'AssumeRole policy contained an invalid principal: "STAR":"*".',
      );
      expect(reachOf(parsePrincipals({ AWS: "*" }, false, true), user)).to.equal("direct");
    });
    it("but not for the services of China", () => {
      expect(() => parsePrincipals({ Service: "lambda.amazonaws.com.cn" }, false, false)).not.to.throw();
    });
  });
});

// "AWS JSON policy elements: NotPrincipal"
describe("A NotPrincipal element", () => {
  const table: [element: unknown, caller: Caller, exempt: boolean][] = [
    ["*", "user", true],
    ["*", "events", true],
    [{ AWS: [user.arn, customer] }, "user", true],
    [{ AWS: [user.uniqueId, customer] }, "user", true],
    [{ AWS: user.arn }, "user", false],
    [{ AWS: customer }, "user", false],
    [{ AWS: [`${user.arn}s`, customer] }, "user", false],
    [{ AWS: [sessionArn, roleArn, customer] }, "session", true],
    [{ AWS: [sessionArn, session.uniqueId, customer] }, "session", true],
    [{ AWS: [roleArn, customer] }, "session", false],
    [{ AWS: [sessionArn, customer] }, "session", false],
    [{ AWS: [sessionArn, roleArn] }, "session", false],
    [{ AWS: [sessionArn, roleArn, partner] }, "session", false],
    [{ AWS: customer }, "root", true],
    [{ AWS: partner }, "root", false],
    [{ Service: "events.amazonaws.com" }, "events", true],
    [{ Service: "iot.amazonaws.com" }, "events", false],
    [{ Federated: oidc }, "pipeline", true],
    [{ Service: "iot.amazonaws.com" }, "pipeline", false],
  ];
  for (const [element, caller, exempt] of table) {
    it(`${JSON.stringify(element)} ${exempt ? "exempts" : "doesn't exempt"} the ${caller}`, () => {
      expect(exempts(parsePrincipals(element, true, false), callers[caller], false)).to.equal(exempt);
    });
  }
  it("exempts nobody who has a permissions boundary", () => {
    expect(exempts(parsePrincipals({ AWS: [user.arn, customer] }, true, false), user, true)).to.equal(false);
  });
});
