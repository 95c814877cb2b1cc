// A key that no program reads would silently set nothing.
import { expect } from "chai";
import { customerProgram } from "../../customer/program.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { program } from "../../program.ts";
import { refusal, runStack } from "../harness/run-stack.ts";
import { accessOptions, customerOptions, partnerOptions, pipelineOptions, rootOptions } from "../harness/stacks.ts";

const PROGRAMS = [
  { run: customerProgram, options: customerOptions, typo: "opertions", meant: "operations" },
  { run: partnerProgram, options: partnerOptions, typo: "externalids", meant: "externalIds" },
  { run: partnerProgram, options: partnerOptions, typo: "onThings", meant: "onThing" },
  { run: customerAccessProgram, options: accessOptions, typo: "externalid", meant: "externalId" },
  { run: pipelineProgram, options: pipelineOptions, typo: "repo", meant: undefined },
  { run: pipelineProgram, options: pipelineOptions, typo: "stateBuckets", meant: "stateBucket" },
  // Here the customer's settings have names of their own.
  { run: program, options: rootOptions, typo: "nameSuffix", meant: undefined },
  { run: program, options: rootOptions, typo: "customerAccountID", meant: "customerAccountId" },
  { run: program, options: rootOptions, typo: "customers", meant: undefined },
];

describe("a key that is no setting", () => {
  for (const { run, options, typo, meant } of PROGRAMS) {
    const { project } = options();
    it(
      `${project}:${typo} is refused, ` +
        (meant === undefined ? "with the settings that there are" : "with what it may have meant"),
      async () => {
        const { message, resources } = await refusal(run, options({ [typo]: "x" }));
        expect(resources.filter(({ account }) => account)).to.deep.equal([]);
        if (meant !== undefined) {
          expect(message).to.equal(`${project}:${typo} is no setting: did you mean ${meant}?`);
          return;
        }
        expect(message.startsWith(`${project}:${typo} is no setting: remove it, or set one of `), message).to.equal(
          true,
        );
        for (const known of Object.keys(options().config ?? {}).filter((key) => !key.includes(":"))) {
          expect(message).to.include(known);
        }
      },
    );
  }

  it("is another project's own affair", async () => {
    const { resources } = await runStack(
      customerProgram,
      customerOptions({ "other:opertions": "x", "aws:retries": "1" }),
    );
    expect(resources.filter(({ account }) => account)).to.not.deep.equal([]);
  });
});
