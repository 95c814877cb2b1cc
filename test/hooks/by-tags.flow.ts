// `--by-tags`: what a stack would put out, found by the tags of its functions, on both sides and from both makers.
import { expect } from "chai";
import { Lambda } from "@aws-sdk/client-lambda";
import { openDeployment } from "../../hooks/deployment.ts";
import { checkedOutputs } from "../../hooks/outputs.ts";
import type { SideOptions } from "../../hooks/options.ts";
import type { Side } from "../../hooks/sides.ts";
import { UserError } from "../../hooks/user-error.ts";
import {
  CUSTOMER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { accountOf } from "../flow/redriving.ts";

describe("--by-tags", () => {
  let running: RunningCloud;
  let outputs: Readonly<Record<Side, object>>;
  before(async () => {
    running = await startCloud();
    const customer = await deployCustomer(running, { trigger: "both", reconcile: "rate(1 day)" });
    const partner = await deployPartner(running, [roleArnOf(CUSTOMER)]);
    outputs = { customer: customer.outputs, partner: partner.outputs };
  });
  after(() => running.endpoint.close());

  /** With an operator's credentials, as a profile would bring them. */
  async function found(side: Side, more: SideOptions = {}, account = accountOf(side)): Promise<object> {
    const { accessKeyId, secretAccessKey } = running.cloud.administrator(account);
    const before = { ...process.env };
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    try {
      const options = { byTags: "us-east-1", endpointUrl: running.endpoint.url, ...more };
      return (await openDeployment(side, options)).outputs;
    } finally {
      process.env = before;
    }
  }
  const refusal = async (...args: Parameters<typeof found>): Promise<string> => {
    try {
      return `It found ${JSON.stringify(await found(...args))}`;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  };

  it("finds all that a command reads of either side's outputs", async () => {
    for (const side of ["customer", "partner"] as const)
      expect(await found(side)).to.deep.equal(checkedOutputs(side, outputs[side], "The stack's outputs"));
    expect(outputs.customer).to.have.property("trailArn");
  });

  it("says that there is none where there is none: in another account, or another Region", async () => {
    expect(await refusal("partner", {}, CUSTOMER)).to.match(
      /^No function of account 111111111111 in us-east-1 has the tag cross-account-iot-hooks:function=receive: give /,
    );
    expect(await refusal("customer", { byTags: "eu-west-1" })).to.contain("in eu-west-1 has the tag");
  });

  it("refuses what contradicts itself", async () => {
    expect(await refusal("customer", { outputs: "a.json" })).to.contain("leave out --outputs");
    const alone = openDeployment("customer", { deployment: "x" });
    const error: unknown = await alone.catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.contain("give both");
  });

  it("lists several deployments, and takes the one that is named", async () => {
    const { outputs: second } = await deployCustomer(running, { nameSuffix: "line-2" });
    expect(await refusal("customer")).to.contain(
      "has several deployments in account 111111111111 in us-east-1: choose one of 222222222222, 222222222222-line-2",
    );
    expect(await refusal("customer", { deployment: "line-2" })).to.contain('has no deployment "line-2"');
    expect(await found("customer", { deployment: "222222222222-line-2" })).to.include({
      functionName: second.functionName,
    });
    expect(await found("customer", { deployment: "222222222222" })).to.have.property("reconciliation");
  });

  it("says which part isn't there, where the rest can't follow from it", async () => {
    const { functionName: FunctionName } = outputs.partner as { readonly functionName: string };
    const lambda = new Lambda(running.config(accountOf("partner")));
    await lambda.deleteFunctionEventInvokeConfig({ FunctionName, Qualifier: "live" });
    expect(await refusal("partner")).to.contain("was found by its tags, but not where failed events go");
  });
});
