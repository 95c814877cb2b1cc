// Each rule is tripped by a program made for it.
import { expect } from "chai";
import { RULES, STACK_RULES, violations } from "../../policy-pack/rules.ts";
import { runStack } from "../harness/run-stack.ts";
import { BAD_PROGRAMS } from "./bad-programs.ts";
import { shown } from "./shown.ts";

describe("the policy rules", () => {
  for (const { what, rule, messages, program } of BAD_PROGRAMS) {
    it(`${rule} refuses ${what}`, async () => {
      const { resources } = await runStack(program, { project: "bad" });
      const found = violations(shown(resources));
      expect(found.map((violation) => violation.rule)).to.deep.equal(messages.map(() => rule));
      for (const [index, message] of messages.entries()) expect(found[index]?.message).to.match(message);
      expect(found[0]?.resource).to.match(/^\S+ \(aws:.*\)$/);
    });
  }

  it("are each tripped by a program above", () => {
    expect(new Set(BAD_PROGRAMS.map(({ rule }) => rule))).to.deep.equal(
      new Set([...RULES, ...STACK_RULES].map(({ name }) => name)),
    );
  });

  it("let a denial for everybody pass: it takes away only", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };
    const props = { policy: { Statement: deny } };
    expect(violations([{ type: "aws:s3/bucketPolicy:BucketPolicy", name: "b", props }])).to.deep.equal([]);
  });
});
