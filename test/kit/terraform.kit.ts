// The Terraform module with Terraform itself and its real provider: is it valid, and does a thing cross from what it
// makes in the embedded AWS?
import { expect } from "chai";
import { Clients } from "embedded-aws/pulumi";
import { terraformModule } from "../../kit/index.ts";
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
import { HAS_TERRAFORM, Terraform } from "./terraform.ts";

const OPERATIONS = ["create_thing", "delete_thing"];

(HAS_TERRAFORM ? describe : describe.skip)("the Terraform module", function () {
  this.timeout(600_000);
  let running: RunningCloud;
  let terraform: Terraform;
  const clientsOf = (account: string) =>
    new Clients({
      endpoint: running.endpoint.url,
      region: DEFAULT_REGION,
      credentials: running.cloud.administrator(account),
    });

  before(async () => {
    running = await startCloud();
    const { accessKeyId, secretAccessKey } = running.cloud.administrator(CUSTOMER);
    const root: Json = {
      provider: { aws: { region: DEFAULT_REGION, s3_use_path_style: true, skip_metadata_api_check: "true" } },
      module: {
        hooks: {
          source: "./hooks",
          partner_account_id: PARTNER,
          partner_region: DEFAULT_REGION,
          external_id: "customer-17",
          operations: OPERATIONS,
          create_trail: true,
          reconcile: "rate(1 day)",
        },
      },
      output: { hooks: { value: "${module.hooks}" } },
    };
    terraform = await Terraform.make(await terraformModule(), root, {
      AWS_ENDPOINT_URL: running.endpoint.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      NO_PROXY: "127.0.0.1,localhost",
    });
    if (terraform.changed !== "") console.log(`    (${terraform.changed})`);
    await terraform.run("init", "-input=false", "-no-color");
  });
  after(async () => {
    await terraform.remove();
    await running.endpoint.close();
  });

  it("is valid to Terraform and its provider", async () => {
    const { valid, diagnostics } = JSON.parse(await terraform.run("validate", "-json")) as {
      valid: boolean;
      diagnostics: unknown;
    };
    expect(diagnostics).to.deep.equal([]);
    expect(valid).to.equal(true);
  });

  it("makes what the component makes, and a thing crosses", async () => {
    await deployPartner(running, [roleArnOf(CUSTOMER)], {
      operations: JSON.stringify(OPERATIONS),
      externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }),
    });
    await terraform.run("apply", "-auto-approve", "-input=false", "-no-color");
    const arrived = await createThing(running, "from-terraform");
    expect(arrived.map(({ thingName }) => thingName)).to.deep.equal(["from-terraform"]);
    await terraform.run("plan", "-detailed-exitcode", "-input=false", "-no-color");

    const { outputs } = await deployCustomer(
      running,
      { operations: JSON.stringify(OPERATIONS), externalId: "customer-17", reconcile: "rate(1 day)" },
      CUSTOMER2,
    );
    const own = JSON.parse(await terraform.run("output", "-json")) as { hooks: { value: object } };
    expect(Object.keys(own.hooks.value).sort()).to.deep.equal(Object.keys(outputs).sort());
    const older = terraform.changed === "" ? "nodejs24.x" : "nodejs22.x";
    const ofComponent = await contentOf(clientsOf(CUSTOMER2));
    const ofModule = await contentOf(clientsOf(CUSTOMER));
    for (const [kind, all] of Object.entries(ofComponent))
      expect(ofModule[kind], kind).to.deep.equal(JSON.parse(JSON.stringify(all).replaceAll("nodejs24.x", older)));
  });
});
