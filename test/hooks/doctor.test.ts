// What `hooks doctor` makes of policies, topic filters and selectors; what it finds in a deployment is test:doctor's.
import { expect } from "chai";
import { Command } from "commander";
import fc from "fast-check";
import { selectsByFields } from "../../hooks/doctor/checks/trail.ts";
import { addDoctor } from "../../hooks/doctor/command.ts";
import { type Finding, type Report, worstFirst } from "../../hooks/doctor/finding.ts";
import { allowedAmong, grant, holds, letsService, matches, readPolicy } from "../../hooks/doctor/policy.ts";
import { needsAttention, reportText } from "../../hooks/doctor/report.ts";
import { basicIngestOf, hookTopics, takes } from "../../hooks/doctor/topics.ts";
import { UserError } from "../../hooks/user-error.ts";
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";

const policy = (...Statement: readonly object[]) => readPolicy(JSON.stringify({ Version: "2012-10-17", Statement }));
const TOPIC = "arn:aws:iot:us-east-1:222222222222:topic/cross_account_hooks/111111111111/create_thing";

describe("hooks doctor reads", () => {
  for (const [what, statements, granted] of [
    ["an Allow", [{ Effect: "Allow", Action: "iot:Publish", Resource: TOPIC }], "yes"],
    ["an action in another case", [{ Effect: "Allow", Action: "IOT:publ*", Resource: "*" }], "yes"],
    ["another action", [{ Effect: "Allow", Action: "iot:Receive", Resource: "*" }], "no"],
    ["a topic below", [{ Effect: "Allow", Action: "*", Resource: `${TOPIC}/*` }], "no"],
    ["NotAction", [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }], "yes"],
    ["NotResource", [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:iot:*:*:topic/cross*" }], "no"],
    [
      "a condition",
      [{ Effect: "Allow", Action: "*", Resource: "*", Condition: { Bool: { a: "b" } } }],
      "conditionally",
    ],
    [
      "a Deny over it",
      [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "iot:*", Resource: "*cross_account_hooks*" },
      ],
      "no",
    ],
    [
      "a Deny under a condition, which may not hold",
      [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "iot:*", Resource: "*", Condition: { Bool: { a: "b" } } },
      ],
      "yes",
    ],
    [
      "two Allows, one of them without a condition",
      [
        { Effect: "Allow", Action: "*", Resource: "*", Condition: { Bool: { a: "b" } } },
        { Effect: "Allow", Action: "*", Resource: "*" },
      ],
      "yes",
    ],
    [
      "a Deny under a condition alone",
      [{ Effect: "Deny", Action: "*", Resource: "*", Condition: { Bool: { a: "b" } } }],
      "no",
    ],
    ["a variable as anything", [{ Effect: "Allow", Action: "*", Resource: "arn:*:topic/${iot:ClientId}" }], "yes"],
  ] as const)
    it(`${what}: ${granted}`, () => {
      expect(grant(policy(...statements), "iot:Publish", TOPIC)).to.equal(granted);
    });

  it("which of many resources an Allow is about: none that it grants is left out", () => {
    const customers = ["111111111111", "333333333333"];
    const topics = customers.map(
      (account) => `arn:aws:iot:us-east-1:2:topic/cross_account_hooks/${account}/create_thing`,
    );
    const allow = (more: object) => policy({ Effect: "Allow", Action: "iot:Publish", ...more });
    for (const [statements, expected] of [
      [allow({ Resource: [topics[1], "arn:aws:iot:us-east-1:2:topic/else"] }), topics.slice(1)],
      [allow({ Resource: "*cross_account_hooks/1*" }), topics.slice(0, 1)],
      [allow({ NotResource: topics[0] }), topics.slice(1)],
      [allow({ Action: "IOT:pub*", Resource: [topics[0], "*/333333333333/*"] }), topics],
      [policy({ Effect: "Allow", Action: "iot:Receive", Resource: "*" }), []],
      [policy({ Effect: "Deny", Action: "*", Resource: "*" }), []],
    ] as const) {
      const found = allowedAmong(statements, "iot:Publish", new Set(topics));
      expect(found).to.deep.equal(expected);
      expect(topics.filter((topic) => grant(statements, "iot:Publish", topic) !== "no")).to.deep.equal(expected);
    }
  });

  it("documents as IAM encodes them, and a single statement", () => {
    const [statement] = readPolicy(encodeURIComponent('{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*"}}'));
    expect(statement).to.deep.include({ effect: "Deny", actions: { patterns: ["a:b"], except: false } });
  });

  it("any text literally but for * and ?", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("ab.+()[]|^\\/{}")) }),
        fc.string(),
        (text, other) => {
          expect(matches(text, text)).to.equal(true);
          expect(matches(`${text}*`, text + other)).to.equal(true);
          expect(matches(`${text}?`, text)).to.equal(false);
          if (other !== "") expect(matches(text, text + other)).to.equal(false);
        },
      ),
    );
  });

  it("conditions that it knows, and says of others that it doesn't", () => {
    const ask = (operator: string, key: string, value: string) =>
      holds([{ operator, key, values: [value] }], { "aws:PrincipalArn": "arn:x" });
    expect(ask("ArnEquals", "aws:principalarn", "arn:?")).to.equal("yes");
    expect(ask("StringEquals", "aws:PrincipalArn", "arn:?")).to.equal("no");
    expect(ask("StringEquals", "aws:PrincipalArn", "arn:x")).to.equal("yes");
    expect(ask("StringNotEquals", "aws:PrincipalArn", "arn:x")).to.equal("unknown");
    expect(ask("StringEquals", "sts:ExternalId", "1")).to.equal("unknown");
  });

  it("whom a resource lets in", () => {
    const document = (principal: object, condition?: object) =>
      JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: principal, Action: "a:Do", Resource: "r", Condition: condition }],
      });
    const context = { "aws:SourceArn": "arn:rule" };
    const lets = (text: string) =>
      letsService(text, { service: "x.amazonaws.com", action: "a:Do", resource: "r", context });
    const x = { Service: "x.amazonaws.com" };
    expect(lets(document(x))).to.equal(true);
    expect(lets(document(x, { ArnLike: { "AWS:SourceArn": "arn:rule" } }))).to.equal(true);
    expect(lets(document(x, { ArnLike: { "AWS:SourceArn": "arn:other" } }))).to.equal(false);
    expect(lets(document({ Service: "y.amazonaws.com" }))).to.equal(false);
    for (const everybody of ["*", { AWS: ["arn:role", "*"] }])
      expect(lets(document(everybody as object)), JSON.stringify(everybody)).to.equal(true);
    // What decides isn't known: then nothing says that it lets the service in.
    expect(lets(document(x, { StringEquals: { "aws:SourceOrgID": "o-1" } }))).to.equal(false);
    const other = (change: object) => {
      const [statement] = (JSON.parse(document(x)) as { Statement: object[] }).Statement;
      return lets(JSON.stringify({ Statement: [{ ...statement, ...change }] }));
    };
    for (const change of [{ Effect: "Deny" }, { Action: "a:Other" }, { Resource: "q" }, { Principal: undefined }])
      expect(other(change), JSON.stringify(change)).to.equal(false);
    expect(letsService(undefined, { service: "x", action: "a:Do", resource: "r", context })).to.equal(false);
  });

  it("whom it lets in beside others", () => {
    const statement = (Service: string) => ({ Effect: "Allow", Principal: { Service }, Action: "a:Do", Resource: "r" });
    const both = JSON.stringify({ Statement: [statement("y"), statement("x")] });
    expect(letsService(both, { service: "x", action: "a:Do", resource: "r", context: {} })).to.equal(true);
  });

  it("the topics of customers, and how the rule is reached past the broker", () => {
    const topics = hookTopics(["111111111111", "333333333333"]);
    expect(topics).to.have.lengthOf(2 * OPERATION_NAMES.length);
    expect(topics).to.include.members([
      "cross_account_hooks/111111111111/create_thing",
      "cross_account_hooks/333333333333/sync_thing",
    ]);
    expect(basicIngestOf("rule", "a/b")).to.equal("$aws/rules/rule/a/b");
  });

  it("several conditions: all have to hold, and one that doesn't is enough to know", () => {
    const condition = (key: string, ...values: string[]) => ({ operator: "StringLike", key, values });
    const [held, failed, unknown] = [condition("a", "x", "1"), condition("a", "2"), condition("b", "1")];
    const context = { a: "1", b: undefined };
    expect(holds([], context)).to.equal("yes");
    expect(holds([held, held], context)).to.equal("yes");
    expect(holds([held, failed, unknown], context)).to.equal("no");
    expect(holds([unknown, held], context)).to.equal("unknown");
    for (const operator of ["StringNotLike", "XStringLike", "StringLikeIfExists"])
      expect(holds([{ ...held, operator }], context), operator).to.equal("unknown");
  });

  it("a policy's other half where it has one, and values that aren't texts", () => {
    const statement = {
      Effect: "Allow",
      NotAction: ["a:b"],
      NotResource: "r",
      Principal: { AWS: ["1", "2"], Service: "s" },
    };
    expect(
      readPolicy(JSON.stringify({ Statement: [{ ...statement, Condition: { Bool: { k: true, l: ["x", 1] } } }] })),
    ).to.deep.equal([
      {
        effect: "Allow",
        actions: { patterns: ["a:b"], except: true },
        resources: { patterns: ["r"], except: true },
        principals: ["1", "2", "s"],
        conditions: [
          { operator: "Bool", key: "k", values: ["true"] },
          { operator: "Bool", key: "l", values: ["x", "1"] },
        ],
      },
    ]);
    expect(readPolicy('{"Statement":{}}')).to.deep.equal([
      {
        ...{ effect: "Allow", principals: [], conditions: [] },
        ...{ actions: { patterns: [], except: false }, resources: { patterns: [], except: false } },
      },
    ]);
    // A percent sign alone is no encoding.
    expect(() => readPolicy("%7")).to.throw(SyntaxError);
  });

  it("texts of several lines, and variables one by one", () => {
    expect(matches("a*", "a\nb")).to.equal(true);
    expect(matches("${a}-${b}", "x-y")).to.equal(true);
    expect(matches("${a}-${b}", "x")).to.equal(false);
    expect(matches("A", "a")).to.equal(false);
    expect(matches("A", "a", "i")).to.equal(true);
    expect(matches("b", "ab")).to.equal(false);
  });

  it("topic filters", () => {
    const taken = (filter: string) => takes(filter, "a/b/c");
    expect(["a/b/c", "a/+/c", "#", "a/#", "a/b/c/#", "+/+/+"].filter((filter) => !taken(filter))).to.deep.equal([]);
    expect(["a/b/c/+/#", "a/b", "a/b/c/d", "a/+", "a/b/c/+", "b/#", ""].filter(taken)).to.deep.equal([]);
  });

  for (const [what, fields, selected] of [
    ["all management events", [], true],
    ["writes", [{ Field: "readOnly", Equals: ["false"] }], true],
    ["reads", [{ Field: "readOnly", Equals: ["true"] }], false],
    ["services by their first letters", [{ Field: "eventSource", StartsWith: ["iot", "s3"] }], true],
    ["all services but some", [{ Field: "eventSource", NotEndsWith: ["iot.amazonaws.com"] }], false],
    ["what differs from call to call", [{ Field: "userIdentity.arn", NotEquals: ["arn"] }], true],
  ] as const)
    it(`advanced event selectors: ${what}`, () => {
      const FieldSelectors = [{ Field: "eventCategory", Equals: ["Management"] }, ...fields];
      expect(selectsByFields({ FieldSelectors: FieldSelectors as never })).to.equal(selected);
    });
});

describe("hooks doctor says", () => {
  const found: Finding = {
    id: "rule.disabled",
    side: "customer",
    severity: "broken",
    what: "The rule\u001b[2J is off.",
    why: "So.",
    mend: "aws events enable-rule",
  };
  const report: Report = {
    findings: worstFirst([{ ...found, severity: "note", id: "n" }, found]),
    unseen: [{ side: "partner", what: "the queues", needed: "sqs:GetQueueAttributes", because: "AccessDenied" }],
    checks: 9,
  };

  it("the worst first, how to mend it, what it could not look at, and nothing that moves a cursor", () => {
    const text = reportText(report);
    expect(text).to.match(
      /^✗ customer: The rule.*\[rule\.disabled\]\n {4}So\.\n {4}mend: aws events enable-rule\n\n· /,
    );
    expect(text).to.contain("? partner: the queues\n    needed: sqs:GetQueueAttributes (AccessDenied)");
    expect(text).to.match(/9 checks: 1 broken, 0 at risk, 1 to know; 1 things not looked at\.$/);
    expect(text).to.not.match(/\p{Cc}(?<!\n)/u);
  });

  it("what is at risk between the two, and nothing of what it looked at where that is all", () => {
    const [risk, note] = [
      { ...found, severity: "risk", id: "r", what: "R." },
      { ...found, severity: "note", id: "n", what: "N." },
    ] as const;
    const findings = worstFirst([note, risk, { ...found, what: "B." }]);
    const said = (mark: string, what: string, id: string) =>
      `${mark} customer: ${what}  [${id}]\n    So.\n    mend: aws events enable-rule`;
    expect(reportText({ findings, unseen: [], checks: 3 }).split("\n\n")).to.deep.equal([
      ...[said("✗", "B.", "rule.disabled"), said("!", "R.", "r"), said("·", "N.", "n")],
      "3 checks: 1 broken, 1 at risk, 1 to know; 0 things not looked at.",
    ]);
    expect(reportText(report)).to.include(
      "\n\nNot looked at, so that nothing is known about it:\n? partner: the queues\n",
    );
    expect(needsAttention({ findings, unseen: [], checks: 3 })).to.equal(true);
  });

  it("that somebody has to look at what is broken or at risk, and not at a note", () => {
    const only = (severity: Finding["severity"]) => needsAttention({ ...report, findings: [{ ...found, severity }] });
    expect([only("broken"), only("risk"), only("note")]).to.deep.equal([true, true, false]);
  });
});

describe("hooks doctor of the customer's side", () => {
  it("refuses what is about the partner's roles, before it looks at anything", async () => {
    for (const option of [["--all-customers"], ["--customer", "111111111111"]]) {
      const program = new Command();
      addDoctor(program);
      const failure = await program
        .parseAsync(["doctor", "customer", ...option], { from: "user" })
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(UserError);
      expect((failure as Error).message).to.match(/about the partner's roles: look at partner, or at both/);
    }
  });
});
