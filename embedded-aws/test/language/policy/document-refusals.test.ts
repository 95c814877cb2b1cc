import { expect } from "chai";
import type { PolicyKind } from "../../../language/policy/index.ts";
import { document } from "./documents.ts";
import { statement, trust, onQueue, refusal, changed, without } from "./statements.ts";

describe("A policy document", () => {
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
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "\\u0045ffect": "Allow", "Action": "*", ' +
          '"Resource": "*"}]}',
        /The element "Effect" stands twice/,
      ],
      [
        "with an element twice, a list between them",
        "identity",
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": ["a:b", "c:d"], "Resource": ' +
          '"*", "Action": "*"}]}',
        /The element "Action" stands twice/,
      ],
      [
        "with an element twice, an object between them",
        "identity",
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Condition": {}, "Effect": "Allow", ' +
          '"Action": "*", "Resource": "*"}]}',
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
});
