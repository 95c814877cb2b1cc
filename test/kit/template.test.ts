// Is the template what the component declares? It is resolved for settings, and compared resource by resource with what
// the component declares when it is run with those very settings.
import { expect } from "chai";
import fc from "fast-check";
import { choicesOf } from "../../kit/choices.ts";
import { declaration } from "../../kit/declaration.ts";
import { cloudFormationTemplate, terraformModule } from "../../kit/index.ts";
import { type Template, templateOf } from "../../kit/cloudformation/template.ts";
import { ANNOUNCEABLE, PARAMETERS, PLACEHOLDERS } from "../../kit/parameters.ts";
import { type Plan, plan, planAsItStands } from "../../kit/plan.ts";
import type { Json, Members } from "../../kit/value.ts";
import { capitalised } from "../../kit/value.ts";
import { CUSTOMER_FIELDS } from "../../customer/settings.ts";
import * as v from "valibot";
import { type Settings, UUID, argumentsOf, parametersOf, settings } from "./deployments.ts";
import { Resolver, type Stack } from "./resolve.ts";
import { runs } from "embedded-aws/testing";

const stackOf = (set: Settings): Stack => ({
  accountId: String(set.accountId),
  region: String(set.region),
  uuid: UUID,
  parameters: parametersOf(set),
});

/** References stay what they are: which resource, and which attribute of it. */
const named = (id: string, attribute: string | undefined): Json => `<${id} ${attribute ?? "Ref"}>`;

type Known = Record<string, Record<string, Json> | undefined>;

function resolved(template: Template, stack: Stack): { resources: Known; outputs: Json } {
  const resolver = new Resolver(template, stack, named);
  const resources = resolver.resources().map(([id, { Condition: _, Properties, DependsOn, ...rest }]) => {
    const properties = resolver.value(Properties) as Record<string, Json>;
    return [id, { ...rest, DependsOn: DependsOn ?? [], Properties: comparable(properties) }] as const;
  });
  return { resources: Object.fromEntries(resources), outputs: resolver.outputs() };
}

/** Numbers and texts of numbers are the same to CloudFormation; a version's description says how it was made. */
const comparable = (properties: Record<string, Json>): Record<string, Json> => ({
  ...properties,
  ...("ReservedConcurrentExecutions" in properties
    ? { ReservedConcurrentExecutions: Number(properties.ReservedConcurrentExecutions) }
    : {}),
});

const VERSIONS = ["IotHooksAnnounceFunctionVersion", "IotHooksReconcileFunctionVersion"];

describe("hooks kit cloudformation", () => {
  let planned: Plan;
  let template: Template;
  before(async function () {
    this.timeout(120_000);
    planned = await plan();
    template = templateOf(planned);
  });

  it("declares resource by resource what the component declares, for whatever is set", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(settings, async (set) => {
        const component = templateOf(planAsItStands(await declaration(argumentsOf(set))));
        const expected = resolved(component, stackOf(set));
        const actual = resolved(template, stackOf(set));
        for (const { resources } of [expected, actual])
          for (const version of VERSIONS)
            delete (resources[version]?.Properties as Record<string, Json> | undefined)?.Description;
        expect(Object.keys(actual.resources).sort()).to.deep.equal(Object.keys(expected.resources).sort());
        for (const [id, resource] of Object.entries(expected.resources))
          expect(actual.resources[id], id).to.deep.equal(resource);
        expect(actual.outputs).to.deep.equal(expected.outputs);
      }),
      { numRuns: runs(3) },
    );
  });

  it("has every resource of the component, each once, or as a part of another", () => {
    const parts = ["EventTarget", "BucketPublicAccessBlock", "BucketLifecycleConfiguration"];
    const own = planned.resources.map(({ id }) => id).filter((id) => !parts.some((part) => id.endsWith(part)));
    expect(Object.keys(template.Resources).sort()).to.deep.equal([...own, ...VERSIONS].sort());
  });

  it("says nothing that only the component's run had in place of settings", () => {
    const text = JSON.stringify(template);
    for (const placeholder of Object.values(PLACEHOLDERS)
      .map(String)
      .filter((value) => !["x86_64", "WARN"].includes(value)))
      expect(text, placeholder).not.to.contain(placeholder);
    expect(text).not.to.match(/@\{\w+\.\w+\}|kits-/);
    expect(text.replaceAll(/"ZipFile":"(?:[^"\\]|\\.)*"/g, "")).not.to.match(/\b\d{12}\b|arn:aws:/);
  });

  it("lets the rule wait for what its target needs, and the function for its policy", () => {
    const { IotHooksRegistryEventRule: rule, IotHooksAnnounceFunction: made } = template.Resources;
    expect(rule?.DependsOn).to.include.members([
      "IotHooksRegistryPermission",
      "IotHooksRegistryDeadLettersQueuePolicy",
      "IotHooksAnnounceFunctionEventInvokeConfig",
    ]);
    expect(made?.DependsOn).to.deep.equal(["IotHooksAnnounceRolePolicy"]);
    expect(template.Resources.IotHooksRegistryPermission?.DependsOn).to.deep.equal(["IotHooksAnnounceAlias"]);
  });

  it("keeps the queues and what is in them, and the trail's bucket, when the stack goes", () => {
    const kept = Object.entries(template.Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === "Retain");
    expect(kept.map(([id]) => id).sort()).to.deep.equal([
      "IotHooksAnnounceDeadLettersQueue",
      "IotHooksAnnounceDeadLettersQueuePolicy",
      "IotHooksRegistryDeadLettersQueue",
      "IotHooksRegistryDeadLettersQueuePolicy",
      "IotHooksTrailBucket",
    ]);
    for (const [, { UpdateReplacePolicy }] of kept) expect(UpdateReplacePolicy).to.equal("Retain");
  });

  it("makes what only reconcile needs where it is set, and nothing of it where it is empty", () => {
    const known = {
      ...{ accountId: "111111111111", region: "eu-west-1", partnerAccountId: "222222222222" },
      ...{ partnerRegion: "us-east-1", operations: ["create_thing"] as Settings["operations"] },
    };
    const made = (set: Settings) => resolved(template, stackOf(set));
    const [without, with_] = [made(known), made({ ...known, reconcile: "rate(1 day)" })];
    const own = Object.keys(with_.resources).filter((id) => !(id in without.resources));
    expect(own).to.have.length.greaterThan(15);
    for (const id of own) expect(id).to.match(/^(?:AwsLambda)?IotHooksReconcile/);
    expect(with_.resources.IotHooksReconcileEventRule?.Properties).to.include({ ScheduleExpression: "rate(1 day)" });
    expect(Object.keys(without.outputs as object).join()).not.to.contain("Reconciliation");
    expect(with_.outputs).to.include({ ReconciliationFunctionName: "<IotHooksReconcileFunction Ref>" });
  });

  it("publishes another version when, and only when, the function changes", () => {
    const known: Settings = {
      accountId: "111111111111",
      region: "eu-west-1",
      partnerAccountId: "222222222222",
      partnerRegion: "us-east-1",
      operations: ["create_thing"],
    };
    const described = (change: Partial<Settings>): string => {
      const { resources } = resolved(template, stackOf({ ...known, ...change }));
      return (resources.IotHooksAnnounceFunctionVersion?.Properties as { Description: string }).Description;
    };
    const before = described({});
    for (const change of [
      { externalId: "customer-17" },
      { operations: ["create_thing", "update_thing"] },
      { operations: ["delete_thing"] },
      { operations: ["create_thing", "remove_thing_from_billing_group"] },
      { partnerNameSuffix: "eu" },
      { nameSuffix: "line-2" },
      { architecture: "x86_64" },
      { systemLogLevel: "INFO" },
      { stsRegion: "eu-west-1" },
      { partnerDataEndpoint: "a.example" },
    ] as Partial<Settings>[])
      expect(described(change), JSON.stringify(change)).not.to.equal(before);
    // Lambda publishes no version of what hasn't changed, and CloudFormation's update would fail.
    for (const change of [
      ...[{ stsRegion: "us-east-1" }, { createTrail: true }, { reservedConcurrency: 5 }],
      { reconcile: "rate(1 day)" },
    ])
      expect(described(change), JSON.stringify(change)).to.equal(before);
    const longest = described(
      Object.fromEntries(
        PARAMETERS.map(({ setting, maxLength, choices }) => [setting, choices?.[1] ?? "x".repeat(maxLength ?? 20)]),
      ),
    );
    expect(longest.length).to.be.at.most(256);
  });

  it("says what it was made with where that can't be set later, as Terraform's module does", async function () {
    this.timeout(120_000);
    const known = {
      operations: ["create_thing", "delete_thing"],
      trigger: "both",
      partnerTopicRule: "iot_hooks_receive",
    };
    const options = "--trigger both --operations create_thing,delete_thing --partner-topic-rule iot_hooks_receive";
    const { Description } = await cloudFormationTemplate(known);
    expect(Description)
      .to.match(/^Tells a partner .* here\. Made with /)
      .and.contain(` Made with ${options}.`);
    const { configuration } = await terraformModule(known);
    expect((configuration["main.tf.json"] as Record<string, Json>)["//"]).to.equal(`Made with ${options}.`);
    expect(template.Description).to.match(/ here\.$/);
    // CloudFormation User Guide, "Template Description syntax": 1024 bytes; a rule's name has at most 128.
    const longest = choicesOf("registry-events", ANNOUNCEABLE, "r".repeat(128));
    expect(templateOf({ ...planned, choices: longest }).Description.length).to.be.at.most(1024);
  });

  it("fits into what CloudFormation takes from S3", () => {
    expect(Buffer.byteLength(JSON.stringify(template))).to.be.within(100_000, 1_000_000);
  });

  it("takes an operation, and no stack without one", () => {
    const [{ Assert } = { Assert: null }] = (
      template.Rules as unknown as { AnOperation: { Assertions: { Assert: Json }[] } }
    ).AnOperation.Assertions;
    const holds = (operations: string[]) =>
      new Resolver(
        template,
        stackOf({
          accountId: "1",
          region: "r",
          partnerAccountId: "2",
          partnerRegion: "p",
          operations,
        } as unknown as Settings),
        named,
      ).holds(Assert);
    expect(holds([])).to.equal(false);
    for (const operation of ANNOUNCEABLE) expect(holds([operation]), operation).to.equal(true);
  });

  it("checks what is typed as the component does, and no external id is too long for a version's description", () => {
    const samples: Readonly<Record<string, readonly string[]>> = {
      partnerAccountId: ["111111111111", "11111111111", "1111111111111", "abcdefghijkl"],
      partnerRegion: ["us-east-1", "cn-north-1", "us-gov-west-1", "mars-1", "us_east_1"],
      stsRegion: ["eu-central-1", "nowhere"],
      externalId: ["customer-17", "x", "two words", "a@b:c/d"],
      nameSuffix: ["line-2", "Line", "x".repeat(21)],
      partnerNameSuffix: ["eu", "e_u"],
      partnerDataEndpoint: ["a.iot.us-east-1.amazonaws.com", "localhost:4566", "https://a.example", "a b"],
      architecture: ["arm64", "x86_64", "riscv"],
      systemLogLevel: ["INFO", "WARN", "DEBUG"],
      permissionsBoundaryArn: [
        "arn:aws:iam::111111111111:policy/a/b",
        "arn:aws:iam::aws:policy/X",
        "arn:aws:iam::1:role/x",
      ],
      reservedConcurrency: ["1", "50", "0", "-1", "1.5"],
      alarmTopicArn: ["arn:aws:sns:eu-west-1:111111111111:on-call", "arn:aws:sqs:eu-west-1:111111111111:q"],
      reconcile: [
        ...["rate(1 day)", "rate(1 hour)", "rate(12 hours)", "rate(9999 days)", "cron(0 3 * * ? *)"],
        ...["rate(5 minutes)", "rate(1 days)", "rate(2 day)", "rate(0 hours)", "cron(0 3 * *)", "daily"],
      ],
    };
    expect(Object.keys(samples).sort()).to.deep.equal(PARAMETERS.map(({ setting }) => setting).sort());
    for (const { setting } of PARAMETERS)
      for (const sample of samples[setting] ?? []) {
        const { AllowedPattern, AllowedValues } = template.Parameters[capitalised(setting)] as Record<string, Json>;
        const taken =
          AllowedPattern === undefined
            ? (AllowedValues as string[]).includes(sample)
            : new RegExp(AllowedPattern as string).test(sample);
        const field = CUSTOMER_FIELDS[setting as keyof typeof CUSTOMER_FIELDS] as v.GenericSchema;
        const value = setting === "reservedConcurrency" ? Number(sample) : sample;
        expect(taken, `${setting} ${sample}`).to.equal(v.safeParse(field, value).success);
      }
  });

  it("takes defaults from the partner, which its customers needn't type", () => {
    const { Parameters } = templateOf(planned, { PartnerAccountId: "222222222222", AnnounceUpdateThing: "true" });
    expect(Parameters.PartnerAccountId?.Default).to.equal("222222222222");
    expect(Parameters.AnnounceUpdateThing?.Default).to.equal("true");
    expect(template.Parameters.PartnerAccountId).not.to.have.property("Default");
  });

  it("refuses a resource type, an input and an attribute that its table doesn't know", () => {
    const changed = (change: (inputs: Members) => Members, type?: string): Plan => ({
      ...planned,
      resources: planned.resources.map((resource) =>
        resource.id === "IotHooksRegistryEventRule"
          ? { ...resource, type: type ?? resource.type, inputs: change(resource.inputs) }
          : resource,
      ),
    });
    expect(() => templateOf(changed((inputs) => inputs, "aws:scheduler/schedule:Schedule"))).to.throw(
      "hooks kit doesn't know what aws:scheduler/schedule:Schedule (IotHooksRegistryEventRule) is in CloudFormation",
    );
    expect(() => templateOf(changed((inputs) => ({ ...inputs, forceDestroy: true })))).to.throw(
      "hooks kit doesn't know what becomes of IotHooksRegistryEventRule.forceDestroy",
    );
    const unknown = { kind: "attribute", of: "IotHooksAnnounceRole", attribute: "uniqueId" } as const;
    expect(() => templateOf(changed((inputs) => ({ ...inputs, description: unknown })))).to.throw(
      "hooks kit doesn't know where CloudFormation has uniqueId of IotHooksAnnounceRole",
    );
  });
});
