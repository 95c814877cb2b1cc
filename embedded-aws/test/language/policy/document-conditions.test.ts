import { expect } from "chai";
import { parsePolicy, policySize } from "../../../language/policy/index.ts";
import { onQueue, refusal, changed } from "./statements.ts";

describe("A policy document", () => {
  describe("takes conditions", () => {
    // What policies of the two programs, of their operators and of the pipeline ask for.
    const KEYS = [
      ...[
        "CurrentTime",
        "EpochTime",
        "PrincipalAccount",
        "PrincipalArn",
        "PrincipalIsAWSService",
        "PrincipalServiceName",
      ],
      ...["PrincipalType", "RequestedRegion", "ResourceAccount", "SecureTransport", "SourceAccount", "SourceArn"],
      ...["SourceIp", "TagKeys", "UserAgent", "ViaAWSService", "userid", "username", "PrincipalTag/team"],
      ...["RequestTag/team", "ResourceTag/team"],
    ].map((key) => `aws:${key}`);
    const OF_SERVICES = [
      ...[
        "cloudwatch:namespace",
        "iam:PassedToService",
        "iam:PermissionsBoundary",
        "iam:PolicyARN",
        "iam:ResourceTag/a",
      ],
      ...["lambda:FunctionArn", "s3:x-amz-acl", "sts:ExternalId", "sts:RoleSessionName"],
      ...["token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"],
    ];
    for (const key of [...KEYS, ...OF_SERVICES])
      it(`on ${key}`, () => {
        const text = changed("identity", { Condition: { StringLike: { [key]: "x" } } });
        expect(parsePolicy(text, "identity").text).to.equal(text);
      });

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
      [
        "with addresses for NotIpAddress as well",
        { NotIpAddress: { "aws:SourceIp": "localhost" } },
        /NotIpAddress aws:SourceIp wants an IP address or a CIDR range, not "localhost"\.$/,
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
        Resource: "arn:aws:sqs:us-east-1:1:${nothing",
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
