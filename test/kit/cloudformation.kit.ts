// The template with strangers' tools: does AWS's linter find something in it, and does somebody else's CloudFormation
// make of it what the component declares?
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { choicesOf } from "../../kit/choices.ts";
import { type Template, templateOf } from "../../kit/cloudformation/template.ts";
import { declaration } from "../../kit/declaration.ts";
import { ANNOUNCEABLE } from "../../kit/parameters.ts";
import { plan, planAsItStands } from "../../kit/plan.ts";
import type { Trigger } from "../../shared/contract/registry-events.ts";
import { type Settings, argumentsOf, parametersOf } from "./deployments.ts";
import { Resolver } from "./resolve.ts";

/** Set by run.sh: a Python that has cfn-lint and moto. */
const { KIT_PYTHON = "" } = process.env;
const MOTO_ACCOUNT = "123456789012";

/** What is said of resources of all types: it is compared, whatever it is. */
type Of = Readonly<Record<string, unknown>>;

interface Found {
  readonly status: string;
  readonly id: string;
  readonly unknown: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, { readonly physical: string; readonly found: Of } | undefined>>;
}

(KIT_PYTHON === "" ? describe.skip : describe)("the template, to strangers", () => {
  let folder: string;
  let file: string;
  let template: Template;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kit "));
    file = join(folder, "customer.template.json");
    template = templateOf(await plan());
    await writeFile(file, JSON.stringify(template));
  });
  after(() => rm(folder, { recursive: true }));

  const python = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(KIT_PYTHON, args, { maxBuffer: 64 << 20 })).stdout;

  it("is nothing that cfn-lint has anything to say about, in Regions of all partitions", async () => {
    const regions = ["eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"];
    const linter = join(dirname(KIT_PYTHON), "cfn-lint");
    const { stdout } = await promisify(execFile)(linter, ["--regions", ...regions, "--template", file]);
    expect(stdout).to.equal("");
  });

  // moto leaves a null where CloudFormation drops an element of a list: all operations are announced here, or, where
  // they are chosen with the kit, all that a schedule needs is there.
  const set: Settings = {
    accountId: MOTO_ACCOUNT,
    region: "eu-west-1",
    partnerAccountId: "222222222222",
    partnerRegion: "me-south-1",
    operations: [...ANNOUNCEABLE],
    createTrail: true,
  };
  const further: Partial<Settings> = {
    externalId: "customer-17",
    nameSuffix: "line-2",
    partnerNameSuffix: "eu",
    stsRegion: "eu-central-1",
    partnerDataEndpoint: "a1b2c3d4e5f6g7-ats.iot.me-south-1.amazonaws.com",
    permissionsBoundaryArn: `arn:aws:iam::${MOTO_ACCOUNT}:policy/boundary`,
    alarmTopicArn: `arn:aws:sns:eu-west-1:${MOTO_ACCOUNT}:on-call`,
    reconcile: "rate(1 day)",
  };
  const events: Settings = {
    ...set,
    ...{ operations: ["create_thing", "create_thing_group"], trigger: "registry-events", createTrail: false },
    ...{ partnerTopicRule: "iot_hooks_receive", reconcile: "rate(1 day)" },
  };
  for (const [what, settings, unknown, parts] of [
    ["what has to be set", set, "AWS::S3::BucketPolicy", ["Announce"]],
    ["everything set", { ...set, ...further } as Settings, "AWS::S3::BucketPolicy", ["Announce", "Reconcile"]],
    ["AWS IoT's own events", events, "AWS::IoT::TopicRule", ["Announce", "EventsRules", "Reconcile"]],
  ] as const)
    it(`comes out in moto as the component declares it, with ${what}`, async () => {
      const kit = templateOf(await plan(choicesIn(settings)));
      await writeFile(file, JSON.stringify(kit));
      const given = Object.entries(parametersOf(settings)).filter(([name]) => name in kit.Parameters);
      const made = JSON.parse(
        await python(
          join(import.meta.dirname, "moto_stack.py"),
          file,
          JSON.stringify(Object.fromEntries(given)),
          "eu-west-1",
        ),
      ) as Found;
      expect(made.unknown).to.include(unknown);
      expect(made.status).to.equal("CREATE_COMPLETE");
      const component = templateOf(planAsItStands(await declaration(argumentsOf(settings))));
      const stack = {
        accountId: MOTO_ACCOUNT,
        region: "eu-west-1",
        uuid: made.id.split("/").at(-1) ?? "",
        parameters: parametersOf(settings),
      };
      const resolver = new Resolver(component, stack, (id, attribute) => attributeOf(made, id, attribute));
      const compared: string[] = [];
      for (const [id, { Type, Properties }] of resolver.resources()) {
        const { found } = made.resources[id] ?? {};
        const compare = COMPARED[Type];
        if (compare === undefined || found === undefined) continue;
        compared.push(Type);
        const [actual, expected] = compare(found, resolver.value(Properties) as Of);
        expect(actual, id).to.deep.equal(expected);
      }
      const comparable = resolver.resources().map(([, { Type }]) => Type);
      expect(compared).to.deep.equal(comparable.filter((type) => type in COMPARED));
      for (const part of parts) {
        const policy = resolver.value(component.Resources[`IotHooks${part}RolePolicy`]?.Properties ?? null);
        const { PolicyName, PolicyDocument } = policy as { PolicyName: string; PolicyDocument: unknown };
        expect(made.resources[`IotHooks${part}Role`]?.found.policies).to.deep.equal({ [PolicyName]: PolicyDocument });
      }
    });
});

/** What is decided when a kit is made. */
const choicesIn = ({ trigger = "cloudtrail", operations, partnerTopicRule }: Settings) =>
  choicesOf(trigger as Trigger, operations, partnerTopicRule as string | undefined);

/** What was found in moto, and what the component says of it. */
const COMPARED: Readonly<Record<string, (found: Of, said: Of) => readonly [unknown, unknown]>> = {
  "AWS::IAM::Role": ({ policies: _, ...found }, { PermissionsBoundary: __, ...said }) => [found, said],
  // moto's CloudFormation gives functions no architecture.
  "AWS::Lambda::Function": ({ Architectures: _, CodeSize: __, Variables, ...found }, said) => {
    const { Environment, ...rest } = said;
    const same = Object.fromEntries(Object.keys(found).map((name) => [name, rest[name]]));
    return [
      { ...found, Variables },
      { ...same, ...(Environment as object) },
    ];
  },
  "AWS::SQS::Queue": ({ QueueArn, MessageRetentionPeriod, SqsManagedSseEnabled }, said) => [
    { QueueName: String(QueueArn).split(":").at(-1), MessageRetentionPeriod, SqsManagedSseEnabled },
    Object.fromEntries(Object.entries(said).map(([name, value]) => [name, String(value)])),
  ],
  "AWS::Logs::LogGroup": ({ logGroupName: LogGroupName, retentionInDays: RetentionInDays }, said) => [
    { LogGroupName, RetentionInDays },
    said,
  ],
  "AWS::Events::Rule": (found, said) => [found, said],
  // Of a bucket's other properties moto takes nothing from a template.
  "AWS::S3::Bucket": ({ BucketName }, said) => [BucketName, said.BucketName],
};

/** What Ref and Fn::GetAtt are of what moto made, or would be of what it can't make. */
function attributeOf({ resources }: Pick<Found, "resources">, id: string, attribute: string | undefined): string {
  const { physical = "" } = resources[id] ?? {};
  if (id.endsWith("Alias")) return `${attributeOf({ resources }, id.replace(/Alias$/, "Function"), "Arn")}:live`;
  if (attribute === undefined) return physical;
  if (attribute === "QueueName") return physical.slice(physical.lastIndexOf("/") + 1);
  if (id.endsWith("Role")) return `arn:aws:iam::${MOTO_ACCOUNT}:role/${physical}`;
  if (id.endsWith("Function")) return `arn:aws:lambda:eu-west-1:${MOTO_ACCOUNT}:function:${physical}`;
  return `${attribute} of ${id}`;
}
