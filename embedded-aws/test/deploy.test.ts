// How programs are deployed by runtime mocks: as the real provider would, where it matters.
import { expect } from "chai";
import * as aws from "@pulumi/aws";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import * as pulumi from "@pulumi/pulumi";
import { deployStack } from "../pulumi/mocks.ts";
import { takeRejections } from "./rejections.ts";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";

const trust = {
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

describe("deploying a program into the embedded AWS", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  const deploy = <O>(program: () => O, account = CUSTOMER) =>
    deployStack(
      { endpoint: running.endpoint.url, credentials: () => Promise.resolve(running.cloud.administrator(account)) },
      { project: "test", program: () => Promise.resolve(program()), config: {} },
    );
  const customer = (more: aws.ProviderArgs = {}) =>
    new aws.Provider("customer", { region: "us-east-1", allowedAccountIds: [CUSTOMER], ...more });
  const problem = async (deployed: Promise<unknown>): Promise<string> => {
    try {
      await deployed;
    } catch (error) {
      // Those of the resources that never came to be: the deployment has told of the first.
      await takeRejections();
      return error instanceof Error ? error.message : String(error);
    }
    throw new Error("The deployment was expected to fail, and did not.");
  };

  it("makes a role with a name of its own and the provider's tags", async () => {
    const { outputs } = await deploy(() => {
      const provider = customer({ defaultTags: { tags: { application: "hooks", owner: "provider" } } });
      const role = new aws.iam.Role("worker", { assumeRolePolicy: trust, tags: { owner: "program" } }, { provider });
      return { name: role.name, tags: role.tagsAll };
    });
    expect(outputs.name).to.match(/^worker-[0-9a-f]{7}$/);
    expect(outputs.tags).to.deep.equal({ application: "hooks", owner: "program" });
    const { Role } = await new IAM(running.config(CUSTOMER)).getRole({ RoleName: outputs.name });
    expect(Role?.Tags).to.deep.include({ Key: "application", Value: "hooks" });
  });

  it("refuses credentials of another account before anything is made", async () => {
    const sentence = await problem(
      deploy(() => new aws.iam.Role("worker", { assumeRolePolicy: trust }, { provider: customer() }).arn, PARTNER),
    );
    expect(sentence).to.contain(`AWS account ID not allowed: ${PARTNER}`);
    expect((await new IAM(running.config(PARTNER)).listRoles({})).Roles).to.deep.equal([]);
  });

  it("refuses a resource type that isn't in the table", async () => {
    const sentence = await problem(deploy(() => new aws.sns.Topic("news", {}, { provider: customer() })));
    expect(sentence).to.contain("can't make a aws:sns/topic:Topic");
  });

  it("looks at the event types of AWS IoT before it turns more on, and leaves them on when the stack goes", async () => {
    const iot = new IoT(running.config(CUSTOMER));
    await iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: true } } });
    const { outputs, destroy } = await deploy(() => {
      const provider = customer();
      const now = aws.iot.EventConfigurations.get("now", "us-east-1", undefined, { provider });
      const eventConfigurations = now.eventConfigurations.apply((found) => ({ ...found, THING: true }));
      return new aws.iot.EventConfigurations("wanted", { eventConfigurations }, { provider }).eventConfigurations;
    });
    expect(Object.keys(outputs)).to.have.length(11);
    expect(outputs).to.include({ JOB: true, THING: true, THING_GROUP: false });
    await destroy();
    const { eventConfigurations } = await iot.describeEventConfigurations({});
    expect(eventConfigurations).to.deep.include({ JOB: { Enabled: true }, THING: { Enabled: true } });
  });

  it("refuses a resource without a provider of its own", async () => {
    const sentence = await problem(deploy(() => new aws.iam.Role("worker", { assumeRolePolicy: trust })));
    expect(sentence).to.contain("worker (aws:iam/role:Role) has no provider of its own");
  });

  it("refuses provider configuration that it would not honour", async () => {
    const sentence = await problem(
      deploy(() => new aws.iam.Role("worker", { assumeRolePolicy: trust }, { provider: customer({ maxRetries: 3 }) })),
    );
    expect(sentence).to.contain("doesn't honour aws:maxRetries");
  });

  it("refuses a property that it would ignore", async () => {
    const sentence = await problem(
      deploy(() => new aws.cloudwatch.LogGroup("lines", { kmsKeyId: "alias/mine" }, { provider: customer() })),
    );
    expect(sentence).to.contain("does not model kmsKeyId of lines (aws:cloudwatch/logGroup:LogGroup): remove it");
  });

  it("fills in what the provider fills in, and refuses other values of what it can't honour", async () => {
    const role = (args: Partial<aws.iam.RoleArgs>) =>
      deploy(() => new aws.iam.Role("worker", { assumeRolePolicy: trust, ...args }, { provider: customer() }).id);
    const { resources } = await role({ forceDetachPolicies: false });
    expect(resources[0]?.state).to.include({ forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" });
    expect(await problem(role({ forceDetachPolicies: true }))).to.contain(
      "does not model forceDetachPolicies of worker",
    );
  });

  it("refuses a document that is no JSON, and a name that AWS would not take, before anything is made", async () => {
    const role = (args: Partial<aws.iam.RoleArgs>) =>
      problem(deploy(() => new aws.iam.Role("worker", { assumeRolePolicy: trust, ...args }, { provider: customer() })));
    expect(await role({ assumeRolePolicy: "{ Version" })).to.contain("contains an invalid JSON document: { Version");
    expect(await role({ name: "w".repeat(65) })).to.contain("has 65 characters, and AWS takes 64");
    expect((await new IAM(running.config(CUSTOMER)).listRoles({})).Roles).to.deep.equal([]);
  });

  it("sets, changes and removes a role's permissions boundary", async () => {
    const [one, two] = ["AdministratorAccess", "service-role/AWSLambdaBasicExecutionRole"].map(
      (name) => `arn:aws:iam::aws:policy/${name}`,
    );
    const aRole = (permissionsBoundary?: string) => ({
      assumeRolePolicy: trust,
      ...(permissionsBoundary ? { permissionsBoundary } : {}),
    });
    const { resources } = await deploy(() => ({
      arn: new aws.iam.Role("worker", aRole(one), { provider: customer() }).arn,
    }));
    const [made] = resources;
    if (!made) throw new Error("no role was made");
    expect(made.state.permissionsBoundary).to.equal(one);
    const changed = await made.provider.update(
      made.type,
      made.id,
      { ...made.state, permissionsBoundary: two },
      made.state,
    );
    expect(changed.permissionsBoundary).to.equal(two);
    const { permissionsBoundary: _gone, ...without } = changed;
    expect(await made.provider.update(made.type, made.id, without, changed)).not.to.have.property(
      "permissionsBoundary",
    );
  });

  it(
    "makes a queue with the provider's defaults, changes it, takes its tags away but not a policy, which may be a QueuePolicy's, and " +
      "deletes it",
    async () => {
      const statement = { Effect: "Deny", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
      const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      const { resources, outputs } = await deploy(() => {
        const provider = customer();
        const jobs = new aws.sqs.Queue("jobs", { policy, tags: { owner: "shop" } }, { provider });
        return { url: jobs.url };
      });
      const made = resources.find(({ name }) => name === "jobs");
      if (!made) throw new Error("no queue was made");
      expect(made.id).to.equal(outputs.url);
      expect(made.state.name).to.match(/^jobs-[0-9a-f]{7}$/);
      const sqs = new SQS(running.config(CUSTOMER));
      const attributes = async () =>
        (await sqs.getQueueAttributes({ QueueUrl: outputs.url, AttributeNames: ["All"] })).Attributes;
      expect(await attributes()).to.include({
        QueueArn: made.state.arn as string,
        MaximumMessageSize: "262144",
        MessageRetentionPeriod: "345600",
        VisibilityTimeout: "30",
        Policy: policy,
      });
      expect((await sqs.listQueueTags({ QueueUrl: outputs.url })).Tags).to.deep.equal({ owner: "shop" });

      const news = { ...made.state, visibilityTimeoutSeconds: 60, tagsAll: {}, policy: undefined };
      const changed = await made.provider.update(made.type, made.id, news, made.state);
      expect(changed).to.include({ visibilityTimeoutSeconds: 60 }).and.not.have.property("policy", policy);
      expect(await attributes()).to.have.property("Policy", policy);
      expect((await sqs.listQueueTags({ QueueUrl: outputs.url })).Tags ?? {}).to.deep.equal({});

      await made.provider.delete(made.type, made.id, changed);
      expect(await made.provider.read(made.type, made.id, changed)).to.equal(undefined);
    },
  );

  it("makes a table, switches what can be switched, and doesn't delete it while it is protected", async () => {
    const { resources, outputs } = await deploy(() => {
      const { name } = new aws.dynamodb.Table(
        "things",
        {
          billingMode: "PAY_PER_REQUEST",
          hashKey: "arn",
          attributes: [{ name: "arn", type: "S" }],
          ttl: { attributeName: "until", enabled: true },
          pointInTimeRecovery: { enabled: true },
          deletionProtectionEnabled: true,
          tags: { owner: "shop" },
        },
        { provider: customer() },
      );
      return { name };
    });
    const made = resources.find(({ type }) => type === "aws:dynamodb/table:Table");
    if (!made) throw new Error("no table was made");
    expect(outputs.name)
      .to.match(/^things-[0-9a-f]{7}$/)
      .and.equal(made.id);
    expect(made.state).to.deep.include({
      arn: `arn:aws:dynamodb:us-east-1:${CUSTOMER}:table/${made.id}`,
      attributes: [{ name: "arn", type: "S" }],
      hashKey: "arn",
      deletionProtectionEnabled: true,
      pointInTimeRecovery: { enabled: true },
      ttl: { attributeName: "until", enabled: true },
      tagsAll: { owner: "shop" },
    });
    const removal = () => made.provider.delete(made.type, made.id, made.state);
    expect(await problem(removal())).to.include("protected against deletion");

    const news = {
      ...made.state,
      deletionProtectionEnabled: false,
      pointInTimeRecovery: { enabled: false },
      ttl: { attributeName: "end", enabled: true },
      tagsAll: {},
    };
    const changed = await made.provider.update(made.type, made.id, news, made.state);
    expect(changed).to.deep.include(news);
    await removal();
    expect(await made.provider.read(made.type, made.id, changed)).to.equal(undefined);
  });

  it("makes an item of a table, overwrites none, and changes it whole", async () => {
    const item = (id: string, more: object = {}) => JSON.stringify({ id: { S: id }, ...more });
    const { resources, outputs } = await deploy(() => {
      const provider = customer();
      const attributes = [{ name: "id", type: "S" }];
      const table = new aws.dynamodb.Table(
        "things",
        { billingMode: "PAY_PER_REQUEST", hashKey: "id", attributes },
        { provider },
      );
      const more = { old: { N: "1" }, kept: { BOOL: true } };
      new aws.dynamodb.TableItem("lamp", { tableName: table.name, hashKey: "id", item: item("1", more) }, { provider });
      return { tableName: table.name };
    });
    const made = resources.find(({ type }) => type === "aws:dynamodb/tableItem:TableItem");
    if (!made) throw new Error("no item was made");
    const { tableName } = outputs;
    expect(made.id).to.equal(`${tableName}|id||1|`);

    const again = made.provider.create(made.type, made.state);
    expect(await problem(again)).to.include("The conditional request failed");

    const news = { ...made.state, item: item("1", { kept: { BOOL: false } }) };
    const changed = await made.provider.update(made.type, made.id, news, made.state);
    expect(JSON.parse(changed.item as string)).to.deep.equal({ id: { S: "1" }, kept: { BOOL: false } });

    const moved = await made.provider.update(made.type, made.id, { ...news, item: item("2") }, changed);
    expect(await made.provider.read(made.type, made.id, changed)).to.equal(undefined);
    expect(moved.item).to.equal(item("2"));

    await made.provider.delete(made.type, made.id, moved);
    await made.provider.delete(made.type, made.id, moved);
    expect(await made.provider.read(made.type, made.id, moved)).to.equal(undefined);
  });

  it("makes and changes a log group without tags, of which CloudWatch Logs takes no empty map", async () => {
    const { resources } = await deploy(() => new aws.cloudwatch.LogGroup("lines", {}, { provider: customer() }).name);
    const [made] = resources;
    if (!made) throw new Error("no log group was made");
    const tagged = await made.provider.update(made.type, made.id, { ...made.state, tagsAll: { a: "b" } }, made.state);
    expect(tagged.tagsAll).to.deep.equal({ a: "b" });
    const untagged = await made.provider.update(made.type, made.id, { ...tagged, tagsAll: {} }, tagged);
    expect(untagged.tagsAll).to.deep.equal({});
  });

  it("hands on what AWS refuses", async () => {
    const bad = {
      ...trust,
      Statement: [{ ...trust.Statement[0], Action: "sts:AssumeRole", Effect: "Perhaps" as "Allow" }],
    };
    const sentence = await problem(
      deploy(() => new aws.iam.Role("worker", { assumeRolePolicy: bad }, { provider: customer() })),
    );
    expect(sentence).to.match(/Perhaps|effect/i);
  });

  it("takes down everything that it made", async () => {
    const { destroy } = await deploy(() => {
      const provider = customer();
      const role = new aws.iam.Role("worker", { assumeRolePolicy: trust }, { provider });
      const code = new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.StringAsset("exports.handler = async () => 1"),
      });
      new aws.lambda.Function(
        "worker",
        { role: role.arn, runtime: "nodejs24.x", handler: "index.handler", code },
        { provider },
      );
    });
    await destroy();
    expect((await new IAM(running.config(CUSTOMER)).listRoles({})).Roles).to.deep.equal([]);
    expect((await new Lambda(running.config(CUSTOMER)).listFunctions({})).Functions).to.deep.equal([]);
  });
});
