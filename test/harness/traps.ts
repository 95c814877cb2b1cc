// Run by harness.command.ts in a mocha of its own: tests that would be green, or hang, with a naive harness. All but
// those named "fine" have to fail.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { attemptStack, inputsOf, runStack } from "./run-stack.ts";
import { CUSTOMER } from "./stacks.ts";

const project = "traps";
const provider = () => new aws.Provider("account", { allowedAccountIds: [CUSTOMER], region: "us-east-1" });
const role = (name: string, opts: pulumi.CustomResourceOptions) =>
  new aws.iam.Role(name, { assumeRolePolicy: "{}" }, opts);

/** As naive as it gets: what is asserted in an apply that nobody awaits. */
const assertInDiscardedApply = (output: pulumi.Output<string>) => {
  // eslint-disable-next-line no-restricted-syntax -- the trap itself
  output.apply((arn) => expect(arn).to.equal("something else"));
};

/** As naive as it gets: never answers where the resource failed. */
const valueOf = <T>(output: pulumi.Output<T>) =>
  new Promise<unknown>((resolve) => {
    // eslint-disable-next-line no-restricted-syntax -- the trap itself
    output.apply((value) => {
      resolve(value);
    });
  });

describe("traps", () => {
  it("fine: a program that does nothing wrong", async () => {
    const { outputs } = await runStack(() => Promise.resolve({ arn: role("a", { provider: provider() }).arn }), {
      project,
    });
    expect(outputs.arn).to.equal(`arn:aws:iam::${CUSTOMER}:role/a-1234567`);
  });

  it("1 an expectation in an apply that nobody awaits", async () => {
    await runStack(
      () => {
        assertInDiscardedApply(role("a", { provider: provider() }).arn);
        return Promise.resolve({});
      },
      { project },
    );
  });

  it("1b a rejection that has nothing to do with a stack", () => {
    void Promise.reject(new Error("left behind"));
  });

  it("fine: the test after one that left something behind", () => Promise.resolve());

  it("2 a promise made of the output of a resource that failed", async () => {
    await runStack(
      async () => ({ value: await valueOf(new aws.sns.Topic("unknown-type", {}, { provider: provider() }).arn) }),
      { project },
    );
  });

  it("3 asking for a resource that was never registered", async () => {
    const { resources } = await runStack(() => Promise.resolve({}), { project });
    inputsOf(resources, "aws:iam/role:Role");
  });

  it("4 a resource that fails long after the program has ended", async () => {
    await runStack(
      () => {
        const first = role("first", { provider: provider() });
        return Promise.resolve({
          late: first.arn.apply((arn) => new aws.sns.Topic(arn, {}, { provider: provider() }).urn),
        });
      },
      { project },
    );
  });

  it("5 a resource whose failure nothing waits for", async () => {
    await runStack(
      () => {
        new aws.sns.Topic("unknown-type", {}, { provider: provider() });
        return Promise.resolve({});
      },
      { project },
    );
  });

  it("6 a name of the project that is left over from the run before", async () => {
    await runStack(() => Promise.resolve({}), { project: "before", stack: "before", config: { key: "left over" } });
    const { outputs } = await runStack(
      () =>
        Promise.resolve({
          project: pulumi.getProject(),
          stack: pulumi.getStack(),
          organization: pulumi.getOrganization(),
          key: new pulumi.Config("before").get("key") ?? "none",
        }),
      { project },
    );
    expect(outputs).to.deep.equal({ project: "before", stack: "before", organization: "", key: "left over" });
  });

  it("7 a provider function that nobody answers", async () => {
    await runStack(async () => ({ account: (await aws.getCallerIdentity({}, { provider: provider() })).accountId }), {
      project,
    });
  });

  it("8 a missing output of another stack", async () => {
    await runStack(
      () => Promise.resolve({ value: new pulumi.StackReference("organization/other/dev").requireOutput("roleArn") }),
      { project, stackOutputs: { "organization/other/dev": { another: "value" } } },
    );
  });

  it("8b outputs of another stack that would all be secret", async () => {
    const { outputs } = await runStack(
      async () => ({
        secret: await pulumi.isSecret(new pulumi.StackReference("organization/other/dev").requireOutput("roleArn")),
      }),
      { project, stackOutputs: { "organization/other/dev": { roleArn: "value" } } },
    );
    expect(outputs.secret).to.equal(true);
  });

  it("9 an output that no state has, in a preview", async () => {
    await runStack(() => Promise.resolve({ id: role("a", { provider: provider() }).tagsAll }), {
      project,
      preview: true,
    });
  });

  it("9b a resource type whose outputs the harness doesn't know, in a preview", async () => {
    await runStack(
      () => {
        assertInDiscardedApply(new aws.sns.Topic("a", {}, { provider: provider() }).arn);
        return Promise.resolve({});
      },
      { project, preview: true },
    );
  });

  it("a resource without a provider of its own", async () => {
    await runStack(() => Promise.resolve({ arn: role("a", {}).arn }), { project });
  });

  it("fine: each run has its own resources, also those that were registered late", async () => {
    const late = () => {
      const made = { provider: provider() };
      return Promise.resolve({ urn: role("first", made).arn.apply(() => role("second", made).urn) });
    };
    const names = async () =>
      (await attemptStack(late, { project })).resources.filter(({ account }) => account).map(({ name }) => name);
    expect(await names()).to.deep.equal(["first", "second"]);
    expect(await names()).to.deep.equal(["first", "second"]);
  });
});
