// What the partner's own code is given: variables, statements of the role's policy, time and memory, and nothing else.
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { OnThingModule } from "../../partner/partner-hooks.ts";
import { type Inputs, inputsOf, runStack } from "../harness/run-stack.ts";
import { invokes } from "../harness/stacks.ts";
import { partnerHooks } from "./adopter.ts";

/** Bundled once in a process, unlike others. */
const ONLY_LOGS = join(import.meta.dirname, "..", "..", "partner", "on-thing.ts");
const QUEUE = "arn:aws:sqs:us-east-1:222222222222:things";
const later = <T>(value: T) => pulumi.output(Promise.resolve(value)) as pulumi.Output<T>;

/** The receive function's inputs, and the statements of its role. */
async function given(module: Omit<OnThingModule, "entry"> | undefined) {
  const onThing = module && { entry: ONLY_LOGS, ...module };
  const { resources } = await runStack(
    () => Promise.resolve(partnerHooks(onThing === undefined ? {} : { onThing }).outputs),
    { project: "adopter", invokes },
  );
  const { policy } = inputsOf(resources, "aws:iam/rolePolicy:RolePolicy", "hooks-receive");
  return {
    ...inputsOf(resources, "aws:lambda/function:Function", "hooks-receive"),
    statements: (policy as Inputs)["Statement"] as Inputs[],
  } as Inputs & { readonly statements: Inputs[]; readonly environment: { readonly variables: Inputs } };
}

describe("the partner's own code", () => {
  it("has what it asks for beside what the receive function has, whether known at once or later", async () => {
    const without = await given(undefined);
    const policyStatements = [
      { Action: ["sqs:SendMessage"], Resource: [QUEUE] },
      {
        ...{ Sid: "NotThese", Effect: "Deny", Action: ["sqs:*"], Resource: ["*"] },
        Condition: { StringEquals: { "aws:ResourceTag/team": ["other"] } },
      },
    ];
    const plain = { environment: { QUEUE_URL: "https://queue" }, timeout: 60, memory: 512, policyStatements };
    const output = {
      ...{ environment: later({ QUEUE_URL: "https://queue" }), timeout: later(60), memory: later(512) },
      policyStatements: [
        { Action: later(["sqs:SendMessage"]), Resource: [later(QUEUE)] },
        { ...(policyStatements[1] as (typeof policyStatements)[1]), Sid: later("NotThese"), Effect: later("Deny") },
      ],
    } as Omit<OnThingModule, "entry">;

    for (const module of [plain, output]) {
      const { statements, environment, ...made } = await given(module);
      expect(made).to.include({ timeout: 60, memorySize: 512 });
      expect(environment.variables).to.deep.equal({
        ...without.environment.variables,
        QUEUE_URL: "https://queue",
      });
      expect(statements.slice(without.statements.length)).to.deep.equal([
        { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [QUEUE] },
        {
          ...{ Sid: "NotThese", Effect: "Deny", Action: ["sqs:*"], Resource: ["*"] },
          Condition: { StringEquals: { "aws:ResourceTag/team": ["other"] } },
        },
      ]);
    }
    expect(without).to.include({ timeout: 30, memorySize: 256 });
  });
});
