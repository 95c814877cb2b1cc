// Kits that take AWS IoT's own events: are they what the component declares, and does a thing cross?
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { Clients } from "embedded-aws/pulumi";
import { choicesOf } from "../../kit/choices.ts";
import { TURN_ON_OUTPUT, type Template, templateOf } from "../../kit/cloudformation/template.ts";
import { declaration } from "../../kit/declaration.ts";
import { terraformModule } from "../../kit/index.ts";
import { plan, planAsItStands } from "../../kit/plan.ts";
import type { Json } from "../../kit/value.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { contentOf } from "./content.ts";
import { type Settings, UUID, argumentsOf, parametersOf } from "./deployments.ts";
import { Resolver } from "./resolve.ts";
import { createStack } from "./stack.ts";
import { HAS_TERRAFORM, Terraform } from "./terraform.ts";

const { KIT_PYTHON = "" } = process.env;
const RULE = "iot_hooks_receive";
const CONFIGURATION = { operations: JSON.stringify(["create_thing", "delete_thing"]), externalIds: "{}" };
const SETTINGS = {
  partnerAccountId: PARTNER,
  partnerRegion: DEFAULT_REGION,
  operations: ["create_thing", "delete_thing"],
} as const satisfies Partial<Settings>;

describe("kits that take AWS IoT's own events", function () {
  this.timeout(600_000);

  for (const trigger of ["registry-events", "both"] as const)
    it(`declare resource by resource what the component declares, with ${trigger}`, async () => {
      const operations = ["create_thing", "delete_thing", "create_thing_group", "add_thing_to_thing_group"] as const;
      const template = templateOf(await plan(choicesOf(trigger, operations, RULE)));
      const known = {
        accountId: CUSTOMER,
        region: "eu-central-1",
        partnerAccountId: PARTNER,
        partnerRegion: "us-east-1",
      };
      for (const more of [
        { createTrail: false },
        {
          nameSuffix: "line-2-b",
          createTrail: true,
          reconcile: "rate(1 day)",
          systemLogLevel: "INFO",
          externalId: "a/b",
        },
      ]) {
        const set: Settings = { ...known, ...more, operations: [...operations], trigger, partnerTopicRule: RULE };
        const component = templateOf(planAsItStands(await declaration(argumentsOf(set))));
        const [expected, actual] = [component, template].map((one) => resolved(one, set));
        expect(Object.keys(actual?.resources ?? {}).sort()).to.deep.equal(
          Object.keys(expected?.resources ?? {}).sort(),
        );
        for (const [id, resource] of Object.entries(expected?.resources ?? {}))
          expect(actual?.resources[id], id).to.deep.equal(resource);
        expect(actual?.outputs).to.deep.equal(expected?.outputs);
      }
    });

  (KIT_PYTHON === "" ? it.skip : it)("are nothing that cfn-lint has anything to say about", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kit "));
    const file = join(folder, "customer.template.json");
    await writeFile(file, JSON.stringify(templateOf(await plan(choicesOf("both", ["create_thing"], RULE)))));
    const regions = ["eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"];
    const linter = join(dirname(KIT_PYTHON), "cfn-lint");
    const { stdout } = await promisify(execFile)(linter, ["--regions", ...regions, "--template", file]);
    expect(stdout).to.equal("");
    await rm(folder, { recursive: true });
  });

  describe("deployed", () => {
    let running: RunningCloud;
    const clientsOf = (account: string) =>
      new Clients({
        endpoint: running.endpoint.url,
        region: DEFAULT_REGION,
        credentials: running.cloud.administrator(account),
      });
    /** As the component makes it, in another account. */
    const ofComponent = async () => {
      const { operations } = CONFIGURATION;
      await deployCustomer(
        running,
        {
          operations,
          trigger: "registry-events",
          partnerTopicRule: RULE,
          createTrail: "false",
          systemLogLevel: "INFO",
        },
        CUSTOMER2,
      );
      return contentOf(clientsOf(CUSTOMER2));
    };
    beforeEach(async () => {
      running = await startCloud();
      await deployPartner(running, [roleArnOf(CUSTOMER)], { ...CONFIGURATION, basicIngest: "true" });
    });
    afterEach(() => running.endpoint.close());

    it("by CloudFormation announce a thing by Basic Ingest, once what it puts out was typed", async () => {
      const template = templateOf(await plan(choicesOf("registry-events", SETTINGS.operations, RULE)));
      const outputs = await createStack(clientsOf(CUSTOMER), template, {
        accountId: CUSTOMER,
        region: DEFAULT_REGION,
        uuid: UUID,
        parameters: parametersOf({ ...SETTINGS, operations: [...SETTINGS.operations], systemLogLevel: "INFO" }),
      });
      expect(await createThing(running, "before")).to.deep.equal([]);
      const [, types = "{}", region] =
        /^aws iot update-event-configurations --event-configurations '(.*)' --region (\S+)$/.exec(
          outputs[TURN_ON_OUTPUT] as string,
        ) ?? [];
      expect(region).to.equal(DEFAULT_REGION);
      const eventConfigurations = JSON.parse(types) as Record<string, { Enabled: boolean }>;
      await (await clientsOf(CUSTOMER).iot()).updateEventConfigurations({ eventConfigurations });
      const arrived = await createThing(running, "after");
      expect(arrived.map(({ thingName }) => thingName)).to.deep.equal(["after"]);
      const expected = await ofComponent();
      const actual = await contentOf(clientsOf(CUSTOMER));
      for (const [kind, all] of Object.entries(expected)) expect(actual[kind], kind).to.deep.equal(all);
    });

    (HAS_TERRAFORM ? it : it.skip)("by Terraform announce a thing, and the next plan is empty", async () => {
      const module = await terraformModule({
        trigger: "registry-events",
        operations: SETTINGS.operations,
        partnerTopicRule: RULE,
      });
      const { accessKeyId, secretAccessKey } = running.cloud.administrator(CUSTOMER);
      const root: Json = {
        provider: { aws: { region: DEFAULT_REGION, s3_use_path_style: true, skip_metadata_api_check: "true" } },
        module: {
          hooks: {
            source: "./hooks",
            partner_account_id: PARTNER,
            partner_region: DEFAULT_REGION,
            system_log_level: "INFO",
          },
        },
      };
      const terraform = await Terraform.make(module, root, {
        AWS_ENDPOINT_URL: running.endpoint.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        NO_PROXY: "127.0.0.1,localhost",
      });
      try {
        // Somebody else's, which stays on.
        const iot = await clientsOf(CUSTOMER).iot();
        await iot.updateEventConfigurations({ eventConfigurations: { THING_TYPE: { Enabled: true } } });
        await terraform.run("init", "-input=false", "-no-color");
        const { diagnostics } = JSON.parse(await terraform.run("validate", "-json")) as { diagnostics: unknown };
        expect(diagnostics).to.deep.equal([]);
        await terraform.run("apply", "-auto-approve", "-input=false", "-no-color");
        const arrived = await createThing(running, "from-terraform");
        expect(arrived.map(({ thingName }) => thingName)).to.deep.equal(["from-terraform"]);
        await terraform.run("plan", "-detailed-exitcode", "-input=false", "-no-color");
        const on = (await iot.describeEventConfigurations({})).eventConfigurations ?? {};
        expect([on.THING?.Enabled, on.THING_TYPE?.Enabled]).to.deep.equal([true, true]);
        await iot.updateEventConfigurations({ eventConfigurations: { THING_TYPE: { Enabled: false } } });
        const older = terraform.changed === "" ? "nodejs24.x" : "nodejs22.x";
        const expected = await ofComponent();
        const actual = await contentOf(clientsOf(CUSTOMER));
        for (const [kind, all] of Object.entries(expected))
          expect(actual[kind], kind).to.deep.equal(JSON.parse(JSON.stringify(all).replaceAll("nodejs24.x", older)));
      } finally {
        await terraform.remove();
      }
    });
  });
});

/** References stay what they are; a version's description says how it was made. */
function resolved(template: Template, set: Settings) {
  const stack = {
    accountId: String(set.accountId),
    region: String(set.region),
    uuid: UUID,
    parameters: parametersOf(set),
  };
  const resolver = new Resolver(template, stack, (id, attribute) => `<${id} ${attribute ?? "Ref"}>`);
  const resources = resolver.resources().map(([id, { Type, Properties, DependsOn = [] }]) => {
    const properties = resolver.value(Properties) as Record<string, Json>;
    if (Type === "AWS::Lambda::Version") delete properties.Description;
    return [id, { Type, DependsOn, properties }] as const;
  });
  return { resources: Object.fromEntries(resources), outputs: resolver.outputs() };
}
