// A first preview is quiet: the pack finds everything known that its rules look at. For what isn't, the engine would
// print an advisory.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { customerProgram } from "../../customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { violations } from "../../policy-pack/rules.ts";
import { type Inputs, type Recorded, runStack } from "../harness/run-stack.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  customerOptions,
  partnerOptions,
  runCustomer,
  runPartner,
  runPipeline,
  runRoot,
} from "../harness/stacks.ts";

/** The pack's own view of inputs: reading one that is unknown throws "… value at … can't be known during preview". */
const require = createRequire(import.meta.url);
const { unknownCheckingProxy, unknownStringValue } = require(
  join(dirname(require.resolve("@pulumi/policy")), "proxy.js"),
) as { unknownCheckingProxy: (inputs: Inputs) => Inputs; unknownStringValue: string };

/** The runtime has an object in place of what is unknown, the engine's protocol a text. */
function asSent(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiUnknown" in value) return unknownStringValue;
  if (Array.isArray(value)) return value.map(asSent);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asSent(inner)]));
}

const shown = (resources: readonly Recorded[]) =>
  resources.map(({ type, name, inputs }) => ({ type, name, props: unknownCheckingProxy(asSent(inputs) as Inputs) }));

const FIRST = { preview: true, empty: true };
const customers = JSON.stringify([`arn:aws:iam::${CUSTOMER2}:role/publish-to-partner-role-${PARTNER}`]);

const PROGRAMS: Readonly<Record<string, () => Promise<{ resources: readonly Recorded[] }>>> = {
  "the customer": () => runCustomer({ createTrail: "true" }, FIRST),
  "the partner": () => runPartner({ customers }, FIRST),
  "both in one stack": () => runRoot({ createTrail: "true" }, FIRST),
  "the pipeline": () => runPipeline({}, FIRST),
};

describe("a first preview with the policy pack", () => {
  for (const [title, run] of Object.entries(PROGRAMS)) {
    it(`has nothing to say about ${title}, and nothing that it can't know`, async () => {
      const { resources } = await run();
      expect(violations(shown(resources))).to.deep.equal([]);
    });
  }

  it("would be told of what it can't know", async () => {
    const { resources } = await runCustomer({}, FIRST);
    const [role] = shown(resources).filter(({ type }) => type === "aws:lambda/function:Function");
    expect(() => role?.props.role as unknown).to.throw("can't be known during preview");
  });

  it("shows the roles that the two companies agree on, before they are made", async () => {
    const customer = await runStack(
      async () => {
        const { roleArn, publishRoleArn } = await customerProgram();
        return { roleArn, publishRoleArn };
      },
      customerOptions({}, FIRST),
    );
    expect(customer.outputs).to.deep.equal({
      roleArn: `arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}`,
      publishRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
    });
    const partner = await runStack(
      async () => ({ arns: (await partnerProgram()).publishRoleArns }),
      partnerOptions({ customers }, FIRST),
    );
    expect(partner.outputs.arns).to.deep.equal({
      [CUSTOMER2]: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER2}`,
    });
  });
});
