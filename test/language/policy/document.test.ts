import { expect } from "chai";
import { parsePolicy, PolicyError, policySize } from "../../../local/language/policy/index.ts";
import type { PolicyKind } from "../../../local/language/policy/index.ts";
import { document } from "./documents.ts";
import type { Element } from "./documents.ts";

const queueArn = "arn:aws:sqs:us-east-1:111111111111:orders";
const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn };
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
const onQueue = { ...statement, Principal: { AWS: "*" } };

const fits: Record<PolicyKind, Element> = {
  identity: statement,
  session: statement,
  resource: onQueue,
  trust,
};

function refusal(text: string, kind: PolicyKind): PolicyError {
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error(`${kind} policy was accepted: ${text}`);
}

/** A statement that fits the kind, with elements replaced, or left out where they are undefined. */
function changed(kind: PolicyKind, changes: Element): string {
  return document({ ...fits[kind], ...changes });
}

const without = { Version: "2012-10-17" };

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
  describe("is refused", () => {
    const refused: [claim: string, kind: PolicyKind, text: string, sentence: RegExp][] = [
      ["when it isn't JSON", "identity", "{", /^Syntax errors in policy\. It isn't JSON: .+\.$/],
      [
        "when it isn't JSON, as a trust policy",
        "trust",
        "{",
        /^This policy contains invalid Json \(It isn't JSON: .+\)$/,
      ],
      ["when it is a list", "identity", "[]", /^Syntax errors in policy\. A policy has to be a JSON object\.$/],
      ["when it is null", "identity", "null", /^Syntax errors in policy\. A policy has to be a JSON object\.$/],
      [
        "with an unknown element",
        "identity",
        JSON.stringify({ ...without, Statements: [], Statement: [statement] }),
        /^Syntax errors in policy\. A policy has no element "Statements"\.$/,
      ],
      [
        "with an element twice in the document",
        "identity",
        `{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": ${JSON.stringify(statement)}}`,
        /^Syntax errors in policy\. The element "Version" stands twice in one object\.$/,
      ],
      [
        "with an element twice in a statement, one of them escaped",
        "identity",
        `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "\\u0045ffect": "Allow", "Action": "*", "Resource": "*"}]}`,
        /The element "Effect" stands twice/,
      ],
      [
        "with an element twice, a list between them",
        "identity",
        `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": ["a:b", "c:d"], "Resource": "*", "Action": "*"}]}`,
        /The element "Action" stands twice/,
      ],
      [
        "with an element twice, an object between them",
        "identity",
        `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Condition": {}, "Effect": "Allow", "Action": "*", "Resource": "*"}]}`,
        /The element "Effect" stands twice/,
      ],
      [
        "of an unknown version",
        "trust",
        JSON.stringify({ Version: "2013-10-17", Statement: [trust] }),
        /^Syntax errors in policy\. Version has to be 2012-10-17/,
      ],
      [
        "of an identity, without version",
        "identity",
        JSON.stringify({ Statement: [statement] }),
        /^Policy document must be version 2012-10-17 or greater\.$/,
      ],
      [
        "of a session, of the older version",
        "session",
        JSON.stringify({ Version: "2008-10-17", Statement: [statement] }),
        /^Policy document must be version 2012-10-17 or greater\.$/,
      ],
      [
        "with an Id that isn't text",
        "resource",
        JSON.stringify({ ...without, Id: {}, Statement: [onQueue] }),
        /^Syntax errors in policy\. Id has to be a string\.$/,
      ],
      [
        "without a statement",
        "identity",
        JSON.stringify(without),
        /^Syntax errors in policy\. The policy has no statement\.$/,
      ],
      [
        "with no statement in the list",
        "identity",
        JSON.stringify({ ...without, Statement: [] }),
        /^Syntax errors in policy\. The policy has no statement\.$/,
      ],
      [
        "with a text as statement",
        "identity",
        JSON.stringify({ ...without, Statement: [statement, "a"] }),
        /^Syntax errors in policy\. Statement 2 isn't an object\.$/,
      ],
      [
        "with an unknown element in a statement",
        "identity",
        changed("identity", { Actions: "a:b" }),
        /^Syntax errors in policy\. A statement has no element "Actions"\.$/,
      ],
      [
        "without an effect",
        "identity",
        changed("identity", { Effect: undefined }),
        /^Syntax errors in policy\. The Effect of statement #1 has to be Allow or Deny\.$/,
      ],
      [
        "with an effect in small letters",
        "identity",
        changed("identity", { Sid: "A", Effect: "allow" }),
        /^Syntax errors in policy\. The Effect of statement A has to be Allow or Deny\.$/,
      ],
      [
        "with a Sid that isn't text",
        "identity",
        changed("identity", { Sid: 1 }),
        /^Syntax errors in policy\. The Sid of statement 1 isn't a string\.$/,
      ],
      ...(["identity", "session", "trust"] as const).map((kind): [string, PolicyKind, string, RegExp] => [
        `with a Sid of words, as ${kind} policy`,
        kind,
        changed(kind, { Sid: "let them in" }),
        /^Statement IDs \(SID\) must be alpha-numeric\. Check that your input satisfies the regular expression \[0-9A-Za-z\]\* \("let them in" doesn't\)\.$/,
      ]),
      [
        "with one Sid twice",
        "identity",
        document({ ...statement, Sid: "A" }, { ...statement, Sid: "B" }, { ...statement, Sid: "A" }),
        /^Statement IDs \(SID\) in a single policy must be unique\. "A" isn't\.$/,
      ],
      [
        "without an action",
        "identity",
        changed("identity", { Action: undefined }),
        /^Policy statement must contain actions\. #1 has none\.$/,
      ],
      [
        "with an empty list of actions",
        "identity",
        changed("identity", { Action: [] }),
        /^Policy statement must contain actions\.$/,
      ],
      [
        "with Action and NotAction",
        "identity",
        changed("identity", { NotAction: "iam:*" }),
        /^Syntax errors in policy\. Statement #1 has both Action and NotAction\.$/,
      ],
      [
        "with a number as action",
        "identity",
        changed("identity", { Action: ["a:b", 1] }),
        /^Syntax errors in policy\. Action has to be a string or a list of strings\.$/,
      ],
      [
        "with an action without a vendor",
        "identity",
        changed("identity", { Action: "SendMessage" }),
        /^Actions\/Conditions must be prefaced by a vendor, e\.g\., iam, sdb, ec2, etc\. "SendMessage" isn't\.$/,
      ],
      [
        "with an empty action",
        "identity",
        changed("identity", { Action: "" }),
        /^Actions\/Conditions must be prefaced by a vendor/,
      ],
      [
        "with an action that begins with a wildcard",
        "identity",
        changed("identity", { Action: "*Message" }),
        /^Actions\/Conditions must be prefaced by a vendor/,
      ],
      [
        "with two colons in an action",
        "identity",
        changed("identity", { Action: ["sqs:*", "sqs:Send:Message"] }),
        /^Actions\/Condition can contain only one colon\. "sqs:Send:Message" has more\.$/,
      ],
      [
        "with a wildcard in an action's vendor",
        "identity",
        changed("identity", { Action: "s*:SendMessage" }),
        /^Vendor s\* is not valid$/,
      ],
      [
        "with a space in an action's vendor",
        "identity",
        changed("identity", { NotAction: "a a:B", Action: undefined }),
        /^Vendor a a is not valid$/,
      ],
      [
        "without a resource, of an identity",
        "identity",
        changed("identity", { Resource: undefined }),
        /^Policy statement must contain resources\. #1 has none\.$/,
      ],
      [
        "without a resource, of a session",
        "session",
        changed("session", { Resource: undefined }),
        /^Policy statement must contain resources\. #1 has none\.$/,
      ],
      [
        "without a resource, at a resource",
        "resource",
        changed("resource", { Resource: undefined }),
        /^Missing required field Resource \(statement #1\)\.$/,
      ],
      [
        "with an empty list of resources",
        "identity",
        changed("identity", { Resource: [] }),
        /^Policy statement must contain resources\.$/,
      ],
      [
        "with Resource and NotResource",
        "identity",
        changed("identity", { NotResource: "*" }),
        /has both Resource and NotResource\.$/,
      ],
      [
        "with an object as resource",
        "identity",
        changed("identity", { Resource: {} }),
        /^Syntax errors in policy\. Resource has to be a string or a list of strings\.$/,
      ],
      [
        "with a condition that is a list",
        "identity",
        changed("identity", { Condition: [] }),
        /^Syntax errors in policy\. Condition has to be an object of operators\.$/,
      ],
      [
        "with a principal, of an identity",
        "identity",
        changed("identity", { Principal: "*" }),
        /^Policy document should not specify a principal\. #1 does\.$/,
      ],
      [
        "with NotPrincipal, of a session",
        "session",
        changed("session", { NotPrincipal: "*" }),
        /^Policy document should not specify a principal\. #1 does\.$/,
      ],
      [
        "without a principal, as a trust policy",
        "trust",
        changed("trust", { Principal: undefined }),
        /^Missing required field Principal \(statement #1\)\.$/,
      ],
      [
        "without a principal, at a resource",
        "resource",
        changed("resource", { Principal: undefined }),
        /^Missing required field Principal \(statement #1\)\.$/,
      ],
      [
        "with Principal and NotPrincipal",
        "resource",
        changed("resource", { Effect: "Deny", NotPrincipal: "*" }),
        /has both Principal and NotPrincipal\.$/,
      ],
      [
        "that allows NotPrincipal",
        "resource",
        changed("resource", { Principal: undefined, NotPrincipal: { AWS: "*" } }),
        /^Allow with NotPrincipal is not allowed\. #1 has it\.$/,
      ],
      [
        "that denies NotPrincipal in a trust policy",
        "trust",
        changed("trust", { Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: "*" } }),
        /^AssumeRole policy must not contain NotPrincipal field\.$/,
      ],
      [
        "with a resource in a trust policy",
        "trust",
        changed("trust", { Resource: "*" }),
        /^Has prohibited field Resource \(#1\)\.$/,
      ],
      [
        "with NotResource in a trust policy",
        "trust",
        changed("trust", { NotResource: "*" }),
        /^AssumeRole policy must not contain resources\. \(#1\)\.$/,
      ],
      ...["*", "sts:*", "sts:AssumeRole*", "sqs:SendMessage"].map((Action): [string, PolicyKind, string, RegExp] => [
        `with the action ${Action} in a trust policy`,
        "trust",
        changed("trust", { Action }),
        /^AssumeRole policy may only specify STS AssumeRole actions\. .+ is none of them\.$/,
      ]),
    ];
    for (const [claim, kind, text, sentence] of refused) {
      it(claim, () => {
        const error = refusal(text, kind);
        expect(error.message).to.match(sentence);
        expect(error.code).to.equal("MalformedPolicyDocument");
        expect(error.name).to.equal("PolicyError");
      });
    }
  });

  describe("takes resources", () => {
    const accepted = [
      "*",
      "arn:aws:sqs:*:*:orders-?",
      "arn:aws-cn:sqs:cn-north-1:111111111111:orders",
      "arn:aws-us-gov:s3:::bucket/key",
      "arn:*:s3:::bucket",
      "arn:aws:iam::111111111111:role/publish",
      "arn:aws:iam::111111111111:*",
      "arn:aws:sqs",
      "arn:aws:iam::111111111111",
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
      [
        "arn:aws:iam::111111111111:roles/x",
        'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
      ],
      [
        "arn:aws:iam::111111111111:rol*",
        'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
      ],
      [
        "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders",
        "Syntax errors in policy. A variable may stand only in the resource part of an ARN: arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders.",
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

  describe("takes conditions", () => {
    const refused: [claim: string, condition: unknown, sentence: RegExp][] = [
      [
        "with an operator that holds keys",
        { StringEquals: "x" },
        /^Syntax errors in policy\. The condition operator StringEquals has to hold an object of condition keys\.$/,
      ],
      [
        "of known operators",
        { StringEqual: { "aws:username": "a" } },
        /^Syntax errors in policy\. There is no condition operator StringEqual\.$/,
      ],
      [
        "of known set operators",
        { "ForSomeValues:StringEquals": { "aws:username": "a" } },
        /There is no condition operator ForSomeValues:StringEquals\.$/,
      ],
      [
        "with no IfExists on Null",
        { NullIfExists: { "aws:username": "true" } },
        /There is no condition operator NullIfExists\.$/,
      ],
      [
        "with no set operator on Null",
        { "ForAnyValue:Null": { "aws:username": "true" } },
        /There is no condition operator ForAnyValue:Null\.$/,
      ],
      [
        "with values that are scalar",
        { StringEquals: { "aws:username": { a: 1 } } },
        /^Syntax errors in policy\. The values of StringEquals aws:username have to be strings, numbers or booleans\.$/,
      ],
      [
        "with values that aren't null",
        { StringEquals: { "aws:username": ["a", null] } },
        /have to be strings, numbers or booleans\.$/,
      ],
      [
        "with at least one value",
        { StringEquals: { "aws:username": [] } },
        /^Syntax errors in policy\. The condition StringEquals aws:username has no value\.$/,
      ],
      [
        "with dates for Date",
        { DateGreaterThan: { "aws:CurrentTime": "soon" } },
        /^The policy failed legacy parsing\. DateGreaterThan aws:CurrentTime wants a date in ISO 8601, or seconds since 1970, not "soon"\.$/,
      ],
      [
        "with numbers for Numeric",
        { NumericEquals: { "aws:EpochTime": "1e3" } },
        /NumericEquals aws:EpochTime wants a number, not "1e3"\.$/,
      ],
      ["with a boolean for Bool", { Bool: { "aws:SecureTransport": "yes" } }, /wants true or false, not "yes"\.$/],
      [
        "with a boolean for Null",
        { Null: { "aws:username": "yes" } },
        /^The policy failed legacy parsing\. Null aws:username wants true or false, not "yes"\.$/,
      ],
      ["with base64 for BinaryEquals", { BinaryEquals: { "aws:username": "a" } }, /wants base64, not "a"\.$/],
      [
        "with addresses for IpAddress",
        { IpAddress: { "aws:SourceIp": "localhost" } },
        /wants an IP address or a CIDR range, not "localhost"\.$/,
      ],
    ];
    for (const [claim, condition, sentence] of refused) {
      it(claim, () => {
        const error = refusal(changed("identity", { Condition: condition }), "identity");
        expect(error.message).to.match(sentence);
        expect(error.code).to.equal("MalformedPolicyDocument");
      });
    }
    it("but not with keys that aren't modelled", () => {
      const error = refusal(
        changed("identity", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
        "identity",
      );
      expect(error.code).to.equal("NotModelled");
      expect(error.message).to.equal(
        "The condition key aws:PrincipalOrgID is not modelled here: leave it out, or use one that is.",
      );
    });
    it("but not with a tag key that lacks its name", () => {
      const error = refusal(
        changed("identity", { Condition: { StringEquals: { "aws:PrincipalTag/": "x" } } }),
        "identity",
      );
      expect(error.code).to.equal("NotModelled");
    });
    it("with keys in any case", () => {
      const text = changed("identity", {
        Condition: { StringEquals: { "AWS:SOURCEACCOUNT": "1", "aws:resourcetag/Team": "a" } },
      });
      expect(() => parsePolicy(text, "identity")).not.to.throw();
    });
  });

  it("takes variables as plain text when it is of the older version", () => {
    const text = JSON.stringify({
      Version: "2008-10-17",
      Statement: {
        ...onQueue,
        Resource: "arn:aws:sqs:us-east-1:${nothing",
        Condition: { StringLike: { "aws:username": "${" } },
      },
    });
    expect(() => parsePolicy(text, "resource")).not.to.throw();
  });

  it("refuses a plain * as principal of a trust policy alone", () => {
    expect(refusal(changed("trust", { Principal: "*" }), "trust").message).to.equal(
      'AssumeRole policy contained an invalid principal: "STAR":"*". Write {"AWS": "*"}.',
    );
    expect(() => parsePolicy(changed("resource", { Principal: "*" }), "resource")).not.to.throw();
  });

  it("has a size without white space, as IAM's quotas count it", () => {
    expect(policySize('{ "a":\n\t"b c" }')).to.equal('{"a":"bc"}'.length);
  });
});
