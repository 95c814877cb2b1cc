// What the provider plugin tells the engine: which change replaces, in which order, what is no change at all, and
// what an import finds.
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { program } from "../../program.ts";
import { CUSTOMER } from "embedded-aws/testing";
import { Engine, STACK_TRACE, refusalOf, stepsOf } from "./harness.ts";
import type { Project } from "./project.ts";
import { ROOT_CONFIG, root } from "./projects.ts";

const trust = {
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const provider = (more: aws.ProviderArgs = {}) =>
  new aws.Provider("customer", { region: "us-east-1", profile: "customer", allowedAccountIds: [CUSTOMER], ...more });

describe("the provider plugin in the real engine", () => {
  let engine: Engine;
  let stacks = 0;
  const opened: Stack[] = [];

  before(async () => {
    engine = await Engine.start();
  });
  after(() => engine.stop());
  afterEach(async () => {
    for (const stack of opened.splice(0).reverse()) await stack.destroy();
  });

  /** A function that lays another program over the same stack. */
  const newStack = () => {
    const name = `stack-${++stacks}`;
    return async (run: () => unknown): Promise<Stack> => {
      const project: Project = { name: "provider", program: asProgram(run) };
      const stack = await engine.stack(project, {}, { name });
      if (!opened.some((other) => other.name === name)) opened.push(stack);
      return stack;
    };
  };
  const roles = async () => (await (await engine.clients(CUSTOMER).iam()).listRoles({})).Roles ?? [];

  it("makes the replacement of what it named itself first, and deletes then", async () => {
    const lay = newStack();
    const role = (path: string) => () =>
      new aws.iam.Role("worker", { assumeRolePolicy: trust, path }, { provider: provider() });
    await (await lay(role("/one/"))).up();
    expect(await orderOf(await lay(role("/two/")))).to.deep.equal(["create-replacement", "replace", "delete-replaced"]);
    expect((await roles()).map(({ Path }) => Path)).to.deep.equal(["/two/"]);
  });

  it(
    "deletes first what the program named even where the name changes, " + "unless the program says otherwise",
    async () => {
      for (const [opts, order] of [
        [{}, ["delete-replaced", "replace", "create-replacement"]],
        [{ deleteBeforeReplace: false }, ["create-replacement", "replace", "delete-replaced"]],
      ] as const) {
        const lay = newStack();
        const role = (name: string) => () =>
          new aws.iam.Role("worker", { name, assumeRolePolicy: trust }, { provider: provider(), ...opts });
        await (await lay(role("one"))).up();
        expect(await orderOf(await lay(role("two")))).to.deep.equal(order);
        const stack = await lay(() => undefined);
        await stack.up();
        expect(await roles()).to.deep.equal([]);
      }
    },
  );

  it("names a topic rule by its logical name alone, so that a second one in the account fails", async () => {
    const rule = () =>
      new aws.iot.TopicRule(
        "heard",
        { enabled: true, sql: "SELECT * FROM 'a'", sqlVersion: "2016-03-23" },
        { provider: provider() },
      );
    const first = await newStack()(rule);
    await first.up();
    const iot = await engine.clients(CUSTOMER).iot();
    expect((await iot.listTopicRules({})).rules?.map(({ ruleName }) => ruleName)).to.deep.equal(["heard"]);
    const second = await newStack()(rule);
    expect(await refusalOf(second.up())).to.include("ResourceAlreadyExistsException");
    await first.destroy();
  });

  it("deletes first what the program named: two of that name can't be", async () => {
    const lay = newStack();
    const role = (path: string) => () =>
      new aws.iam.Role("worker", { name: "worker", assumeRolePolicy: trust, path }, { provider: provider() });
    await (await lay(role("/one/"))).up();
    expect(await orderOf(await lay(role("/two/")))).to.deep.equal(["delete-replaced", "replace", "create-replacement"]);
    expect((await roles()).map(({ Path, RoleName }) => `${Path ?? ""}${RoleName ?? ""}`)).to.deep.equal([
      "/two/worker",
    ]);
  });

  it("sees no change in a policy of the same meaning, whatever its spaces and the order of its keys", async () => {
    const lay = newStack();
    const role = (policy: string) => () =>
      new aws.iam.Role("worker", { assumeRolePolicy: policy }, { provider: provider() });
    await (await lay(role(JSON.stringify(trust)))).up();
    const [statement] = trust.Statement;
    const { Action, Effect, Principal } = statement ?? {};
    const other = JSON.stringify({ Statement: [{ Action, Principal, Effect }], Version: trust.Version }, undefined, 2);
    await (await lay(role(other))).preview({ expectNoChanges: true });
  });

  it("gives resources the provider's default tags, and their own before those", async () => {
    const lay = newStack();
    const role = (owner: string) => () => {
      const { tagsAll } = new aws.iam.Role(
        "worker",
        { assumeRolePolicy: trust, tags: { purpose: "test" } },
        { provider: provider({ defaultTags: { tags: { owner, purpose: "default" } } }) },
      );
      return { tagsAll };
    };
    const { outputs } = await (await lay(role("one"))).up();
    expect(outputs.tagsAll?.value).to.deep.equal({ owner: "one", purpose: "test" });
    const stack = await lay(role("two"));
    expect(await stepsOf((opts) => stack.up(opts))).to.include("update aws:iam/role:Role worker");
    const iam = await engine.clients(CUSTOMER).iam();
    const [made] = await roles();
    const { Tags } = await iam.listRoleTags({ RoleName: made?.RoleName });
    expect(Tags).to.have.deep.members([
      { Key: "owner", Value: "two" },
      { Key: "purpose", Value: "test" },
    ]);
  });

  it("leaves unknown in a preview what only AWS will say", async () => {
    const seen: string[] = [];
    const stack = await newStack()(() => {
      const role = new aws.iam.Role("worker", { name: "worker", assumeRolePolicy: trust }, { provider: provider() });
      return {
        name: role.name.apply((name) => seen.push(name)),
        arn: role.arn.apply((arn) => seen.push(arn)),
      };
    });
    await stack.preview();
    expect(seen).to.deep.equal(["worker"]);
  });

  it("previews and makes a document that is known only once something else is made", async () => {
    const stack = await newStack()(() => {
      const opts = { provider: provider() };
      const role = new aws.iam.Role("worker", { assumeRolePolicy: trust }, opts);
      const Statement = [{ Effect: "Allow", Action: "sts:TagSession", Resource: role.arn }];
      const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement });
      return new aws.iam.RolePolicy("worker", { role: role.name, policy }, opts);
    });
    await stack.preview();
    await stack.up();
    await stack.preview({ expectNoChanges: true });
  });

  it("refuses in a preview already what it would ignore, and what isn't JSON", async () => {
    const group = await newStack()(
      () => new aws.cloudwatch.LogGroup("lines", { kmsKeyId: "alias/mine" }, { provider: provider() }),
    );
    expect(await refusalOf(group.preview()))
      .to.include("does not model kmsKeyId of lines (aws:cloudwatch/logGroup:LogGroup)")
      .and.not.match(STACK_TRACE);
    const role = await newStack()(
      () => new aws.iam.Role("worker", { assumeRolePolicy: "{ Version" }, { provider: provider() }),
    );
    expect(await refusalOf(role.preview())).to.include(
      "assumeRolePolicy of worker (aws:iam/role:Role) contains an invalid",
    );
  });

  it("answers the provider's functions as the account that is asked", async () => {
    const stack = await newStack()(async () => {
      const opts = { provider: provider() };
      return {
        account: (await aws.getCallerIdentity({}, opts)).accountId,
        region: (await aws.getRegion({}, opts)).region,
        partition: (await aws.getPartition({}, opts)).partition,
        endpoint: (await aws.iot.getEndpoint({ endpointType: "iot:Data-ATS" }, opts)).endpointAddress,
      };
    });
    const { outputs } = await stack.up();
    expect(
      Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown])),
    ).to.deep.equal({
      account: CUSTOMER,
      region: "us-east-1",
      partition: "aws",
      endpoint: new URL(engine.running.endpoint.url).host,
    });
  });

  it(
    "imports every type of resource that the programs make, and finds no difference to what they declare " +
      "but in what AWS does not tell",
    async () => {
      const first = await engine.stack(root, ROOT_CONFIG);
      opened.push(first);
      await first.up();
      const made = await resourcesOf(first);
      // As if the state had been lost: another stack, to which nothing is known but what is in the accounts.
      await first.workspace.removeStack("dev", { force: true });
      opened.pop();
      const second = await engine.stack({ ...root, program: importing(made) }, ROOT_CONFIG);
      opened.push(second);
      const steps = await stepsOf((opts) => second.up(opts));
      const operations = steps.filter((step) => / aws:/.test(step));
      expect(operations.filter((step) => step.startsWith("import "))).to.have.length(made.length);
      // What AWS doesn't tell: a function's archive, and what is only the provider's own affair (forceDestroy).
      expect(operations.filter((step) => !step.startsWith("import "))).to.deep.equal([
        "update aws:lambda/function:Function iot-hooks-announce",
        "update aws:lambda/function:Function iot-hooks-receive",
        "update aws:s3/bucket:Bucket iot-hooks-trail",
      ]);
      await second.preview({ expectNoChanges: true });
    },
  );
});

const asProgram =
  (run: () => unknown): PulumiFn =>
  async () => {
    const result = await run();
    return result instanceof pulumi.Resource ? {} : (result as Record<string, unknown>);
  };

/** In which the engine replaced the one resource. */
async function orderOf(stack: Stack): Promise<string[]> {
  const order: string[] = [];
  await stack.up({
    onEvent: ({ resourcePreEvent: step }) => {
      if (step?.metadata.type.startsWith("aws:") && step.metadata.op !== "same") order.push(step.metadata.op);
    },
  });
  return order;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, string>>;
}

async function resourcesOf(stack: Stack): Promise<StateResource[]> {
  const { deployment } = (await stack.exportStack()) as { deployment: { resources: StateResource[] } };
  return deployment.resources.filter(({ type }) => type.startsWith("aws:"));
}

/** Ids as the provider's documentation asks for them («Import»), where they aren't the resource's own. */
const IMPORT_IDS: Readonly<Record<string, (inputs: StateResource["inputs"]) => string>> = {
  "aws:cloudwatch/eventTarget:EventTarget": ({ rule, targetId }) => `${rule}/${targetId}`,
  "aws:dynamodb/tableItem:TableItem": ({ tableName, hashKey = "", item = "{}" }) =>
    `${tableName}|${(JSON.parse(item) as Record<string, { S: string }>)[hashKey]?.S ?? ""}`,
  "aws:lambda/alias:Alias": ({ functionName, name }) => `${functionName}/${name}`,
  "aws:lambda/permission:Permission": ({ function: name, qualifier, statementId }) =>
    `${name}:${qualifier}/${statementId}`,
};
/** Where the physical name is, which an import has to declare. */
const NAMES = ["name", "bucket", "statementId", "targetId"];

/** The root program, taking over what there is. */
const importing =
  (made: readonly StateResource[]): PulumiFn =>
  () => {
    pulumi.runtime.registerResourceTransform(({ type, name, props, opts }) => {
      const there = made.find((resource) => resource.type === type && resource.urn.endsWith(`::${name}`));
      if (!there) return undefined;
      const { id, inputs } = there;
      const names = NAMES.filter((key) => inputs[key] !== undefined).map((key) => [key, inputs[key]]);
      return {
        props: { ...(props as object), ...(Object.fromEntries(names) as object) },
        opts: pulumi.mergeOptions(opts, { import: IMPORT_IDS[type]?.(inputs) ?? id }),
      };
    });
    return program();
  };
