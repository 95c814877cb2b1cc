import { expect } from "chai";
import { parsePolicy, type PolicyKind } from "../../../language/policy/index.ts";
import { document } from "./documents.ts";
import { queueArn, statement, trust, onQueue, fits, refusal, changed, without } from "./statements.ts";

const IAM_PATHS =
  'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, ' +
  "server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.";

describe("A policy document", () => {
  describe("is accepted", () => {
    for (const kind of ["identity", "session", "resource", "trust"] as const) {
      it(`as a plain ${kind} policy`, () => {
        const { statements, kind: read, text } = parsePolicy(document(fits[kind]), kind);
        expect(statements).to.have.length(1);
        expect(read).to.equal(kind);
        expect(text).to.equal(document(fits[kind]));
      });
    }
    const accepted: [claim: string, kind: PolicyKind, document: unknown][] = [
      ["with one statement that isn't in a list", "identity", { ...without, Statement: statement }],
      ["with an Id", "resource", { ...without, Id: "mine", Statement: [onQueue] }],
      ["as a trust policy of the older version", "trust", { Version: "2008-10-17", Statement: [trust] }],
      ["as a policy of a resource without a version", "resource", { Statement: [onQueue] }],
      ["with every action", "identity", { ...without, Statement: { ...statement, Action: "*" } }],
      ["with NotAction", "identity", { ...without, Statement: { Effect: "Deny", NotAction: "iam:*", Resource: "*" } }],
      [
        "with NotResource",
        "identity",
        { ...without, Statement: { Effect: "Deny", Action: "*", NotResource: queueArn } },
      ],
      ["with two statements without a Sid", "identity", { ...without, Statement: [statement, statement] }],
      [
        "with two empty Sids",
        "identity",
        {
          ...without,
          Statement: [
            { ...statement, Sid: "" },
            { ...statement, Sid: "" },
          ],
        },
      ],
      ["with a Sid of words, at a resource", "resource", { ...without, Statement: { ...onQueue, Sid: "let them-in" } }],
      ["with an empty condition", "identity", { ...without, Statement: { ...statement, Condition: {} } }],
      ["with the same key in two objects", "identity", { ...without, Statement: [statement, { ...statement }] }],
      ["with braces and colons in texts", "resource", { ...without, Statement: { ...onQueue, Sid: '{"a":[}' } }],
      [
        "with every action that assumes a role",
        "trust",
        {
          ...without,
          Statement: {
            ...trust,
            Action: [
              "sts:AssumeRole",
              "sts:AssumeRoleWithSAML",
              "sts:AssumeRoleWithWebIdentity",
              "sts:SetContext",
              "sts:SetSourceIdentity",
              "STS:tagsession",
            ],
          },
        },
      ],
    ];
    for (const [claim, kind, content] of accepted) {
      it(claim, () => {
        expect(() => parsePolicy(JSON.stringify(content), kind)).not.to.throw();
      });
    }
  });

  it("names its statements by Sid, else by position from 1", () => {
    const { statements } = parsePolicy(
      document(statement, { ...statement, Sid: "Mine" }, { ...statement, Sid: "" }),
      "identity",
    );
    expect(statements.map(({ label }) => label)).to.deep.equal(["#1", "Mine", "#3"]);
  });

  // The sentences are AWS's as far as clients recorded them; what follows them is ours.
  describe("takes resources", () => {
    const accepted = [
      "*",
      "arn:aws:sqs:*:*:orders-?",
      "arn:aws:s3:us-east-1:111111111111:accesspoint/mine/object/*",
      "arn:aws:iot:*",
      "arn:aws-cn:sqs:cn-north-1:111111111111:orders",
      "arn:aws-us-gov:s3:::bucket/key",
      "arn:*:s3:::bucket",
      "arn:aws:iam::111111111111:role/publish",
      "arn:aws:iam::111111111111:*",
      "arn:aws:sqs:*",
      "arn:aws:iam::111111111111*",
      "arn:aws:sqs:us-east-1:111111111111:${aws:username}-queue",
    ];
    for (const resource of accepted) {
      it(resource, () => {
        expect(() => parsePolicy(changed("identity", { Resource: resource }), "identity")).not.to.throw();
      });
    }
    const refused: [resource: string, message: string][] = [
      ["", 'Resource  must be in ARN format or "*".'],
      ["orders", 'Resource orders must be in ARN format or "*".'],
      ["arn:nowhere:s3:::bucket", 'Partition "nowhere" is not valid for resource "arn:nowhere:s3:::bucket".'],
      ["arn:awsome:s3:::bucket", 'Partition "awsome" is not valid for resource "arn:awsome:s3:::bucket".'],
      ["arn:xaws:s3:::bucket", 'Partition "xaws" is not valid for resource "arn:xaws:s3:::bucket".'],
      ["arm:aws:s3:::bucket", 'Resource arm:aws:s3:::bucket must be in ARN format or "*".'],
      ["a:b:c", 'Partition "b" is not valid for resource "arn:b:c:*:*:*".'],
      ["a:b", 'Partition "b" is not valid for resource "arn:b:*:*:*:*".'],
      ["aws:s3:::bucket", 'Partition "s3" is not valid for resource "arn:s3:::bucket:*".'],
      ["arn:aws", "Resource vendor must be fully qualified and cannot contain regexes. arn:aws isn't."],
      ["arn:aws:*:::x", "Resource vendor must be fully qualified and cannot contain regexes. arn:aws:*:::x isn't."],
      ["arn:aws:s?s:::x", "Resource vendor must be fully qualified and cannot contain regexes. arn:aws:s?s:::x isn't."],
      ["arn:aws:s3:us-east-1::bucket", "Resource arn:aws:s3:us-east-1::bucket can not contain region information."],
      [
        "arn:aws:iam:eu-west-1:1:role/x",
        "IAM resource arn:aws:iam:eu-west-1:1:role/x cannot contain region information.",
      ],
      ...["arn:aws:s3::example_bucket", "arn:aws:s3", "arn:aws:iot:us-east-1:thing/x"].map(
        (resource): [string, string] => [resource, `The policy failed legacy parsing (${resource})`],
      ),
      ["arn:aws:iam::111111111111:roles/x", IAM_PATHS],
      ["arn:aws:iam::111111111111:rol*", IAM_PATHS],
      [
        "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders",
        "Syntax errors in policy. A variable may stand only in the resource part of an ARN: " +
          "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders.",
      ],
      [
        "arn:aws:sqs:us-east-1:1:${aws:username",
        'Syntax errors in policy. The variable in "arn:aws:sqs:us-east-1:1:${aws:username" isn\'t closed with a brace.',
      ],
    ];
    for (const [resource, message] of refused) {
      it(`but not ${JSON.stringify(resource)}`, () => {
        expect(refusal(changed("identity", { Resource: ["*", resource] }), "identity").message).to.equal(message);
      });
    }
    it("and checks NotResource as well", () => {
      const text = changed("identity", { Resource: undefined, NotResource: "orders" });
      expect(refusal(text, "identity").message).to.equal('Resource orders must be in ARN format or "*".');
    });
  });
});
