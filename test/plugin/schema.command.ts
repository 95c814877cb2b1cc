// What programs in Python, Go, C#, Java and YAML see of the two components.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Properties, type Property, type Schema, schemaOfPlugin } from "./host.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TOKEN = "cross-account-iot-hooks:index:";

/**
 * `string[]`, `Map<string>`, `OnThingModule`; with `plain` before it where no output of another resource can be
 * given.
 */
function typeOf({ type, $ref, items, additionalProperties, plain }: Property): string {
  const before = plain === true ? "plain " : "";
  if ($ref !== undefined) return before + $ref.replace(`#/types/${TOKEN}`, "");
  if (items) return `${before}${typeOf(items)}[]`;
  if (additionalProperties) return `${before}Map<${typeOf(additionalProperties)}>`;
  return before + (type ?? "nothing");
}
const typesOf = (properties: Properties) =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, typeOf(property)]));

describe("the schema of the plugin, as its own process gives it", () => {
  let schema: Schema;
  before(async function () {
    // The process reads and checks the components' sources with the TypeScript compiler.
    this.timeout(60_000);
    schema = await schemaOfPlugin();
  });
  const component = (name: string) => {
    const found = schema.resources[TOKEN + name];
    if (!found) throw new Error(`The schema has no ${name}, but ${Object.keys(schema.resources).join(", ")}.`);
    return found;
  };

  it("has the three components, and nothing else", () => {
    const components = ["CustomerAccess", "CustomerHooks", "PartnerHooks"];
    expect(Object.keys(schema.resources).sort()).to.deep.equal(components.map((name) => TOKEN + name));
    for (const name of components) expect(component(name).isComponent, name).to.equal(true);
  });

  it("has the package's name and version, which the types' names begin with", () => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Schema;
    expect(schema).to.include({ name, version });
  });

  it("wants the partner's account of a customer, and nothing more", () => {
    const { inputProperties, requiredInputs } = component("CustomerHooks");
    expect(requiredInputs).to.deep.equal(["partnerAccountId"]);
    expect(typesOf(inputProperties)).to.deep.equal({
      partnerAccountId: "string",
      accountId: "string",
      region: "string",
      partnerRegion: "string",
      stsRegion: "string",
      partnerDataEndpoint: "string",
      partnerTopicRule: "string",
      operations: "string[]",
      externalId: "string",
      nameSuffix: "string",
      partnerNameSuffix: "string",
      architecture: "string",
      systemLogLevel: "string",
      permissionsBoundaryArn: "string",
      trigger: "plain string",
      createTrail: "plain boolean",
      reconcile: "plain string",
      keepOnDestroy: "plain boolean",
      reservedConcurrency: "number",
      alarmTopicArn: "string",
    });
  });

  it("wants the customers of a partner, and takes its own code", () => {
    const { inputProperties, requiredInputs } = component("PartnerHooks");
    expect(requiredInputs).to.deep.equal(["customers"]);
    expect(typesOf(inputProperties)).to.deep.equal({
      customers: "plain plain Customer[]",
      onThing: "plain OnThingModule",
      accountId: "string",
      region: "string",
      operations: "string[]",
      nameSuffix: "string",
      debug: "boolean",
      basicIngest: "boolean",
      disabledCustomers: "string[]",
      reservedConcurrency: "number",
      alarmTopicArn: "string",
      keepOnDestroy: "plain boolean",
      registry: "plain boolean",
      senderCheck: "string",
      publishTopics: "string[]",
      architecture: "string",
      systemLogLevel: "string",
      permissionsBoundaryArn: "string",
    });
    const types = Object.entries(schema.types).map(([name, { properties, required }]) => [
      name.replace(TOKEN, ""),
      { types: typesOf(properties), required },
    ]);
    expect(Object.fromEntries(types)).to.deep.equal({
      Customer: {
        types: { accountId: "plain string", roleArns: "string[]", externalId: "string" },
        required: ["accountId"],
      },
      CustomerDeadLetterQueueUrls: {
        types: { registryRule: "string", registryEvents: "string", announce: "string" },
        required: ["announce"],
      },
      Hub: {
        types: {
          contractVersion: "plain number",
          accountId: "plain string",
          region: "plain string",
          operations: "plain plain string[]",
          customersTableName: "plain string",
          nameSuffix: "plain string",
          permissionsBoundaryArn: "plain string",
          basicIngestRule: "plain string",
        },
        required: ["accountId", "contractVersion", "customersTableName", "operations", "region"],
      },
      ReconciliationDeadLetterQueueUrls: {
        types: { reconcileRule: "string", reconcile: "string" },
        required: ["reconcile", "reconcileRule"],
      },
      ReconciliationOutputs: {
        types: {
          ...{ functionName: "string", functionVersion: "string", functionArn: "string", functionAliasArn: "string" },
          ...{ logGroupName: "string", ruleName: "string", deadLetterQueueUrls: "ReconciliationDeadLetterQueueUrls" },
        },
        required: [
          ...["deadLetterQueueUrls", "functionAliasArn", "functionArn", "functionName", "functionVersion"],
          ...["logGroupName", "ruleName"],
        ],
      },
      PartnerDeadLetterQueueUrls: {
        types: { topicRule: "string", receive: "string" },
        required: ["receive", "topicRule"],
      },
      OnThingModule: {
        types: {
          entry: "plain string",
          environment: "Map<string>",
          policyStatements: "plain plain PolicyStatement[]",
          timeout: "number",
          memory: "number",
        },
        required: ["entry"],
      },
      PolicyStatement: {
        types: {
          Sid: "string",
          Effect: "string",
          Action: "string[]",
          Resource: "string[]",
          Condition: "Map<Map<string[]>>",
        },
        required: ["Action", "Resource"],
      },
    });
  });

  it("wants the hub of one customer more, and its account", () => {
    const { inputProperties, requiredInputs, required } = component("CustomerAccess");
    expect([...requiredInputs].sort()).to.deep.equal(["accountId", "hub"]);
    expect(typesOf(inputProperties)).to.deep.equal({
      hub: "Hub",
      accountId: "plain string",
      roleArns: "string[]",
      externalId: "string",
      disabled: "boolean",
    });
    expect([...required].sort()).to.deep.equal(["customerAccountId", "publishRoleArn"]);
  });

  it("puts out what a stack of either side puts out", () => {
    const both = [
      ...["accountId", "contractVersion", "deadLetterQueueUrls"],
      ...["functionAliasArn", "functionArn", "functionName", "functionVersion"],
    ];
    expect([...component("CustomerHooks").required].sort()).to.deep.equal(
      [...both, "logGroupName", "publishRoleArn", "region", "roleArn"].sort(),
    );
    expect(Object.keys(component("CustomerHooks").properties)).to.include.members([
      ...["registryEventRuleNames", "ruleName", "trailArn"],
    ]);
    expect([...component("PartnerHooks").required].sort()).to.deep.equal(
      [...both, "dataEndpoint", "hub", "logGroupName", "publishRoleArns", "region", "ruleName"].sort(),
    );
  });

  it("describes each component, and each thing that can be given to it", () => {
    const { description, resources, types } = schema;
    expect(description).to.match(/^[A-Z].*\.$/);
    for (const [name, { description, inputProperties }] of Object.entries(resources)) {
      expect(description, name).to.match(/^[A-Z].*\.$/);
      for (const [argument, { description }] of Object.entries(inputProperties)) {
        expect(description, `${name} ${argument}`).to.match(/^[A-Z1-9][^]*\.$/);
      }
    }
    for (const [name, { properties }] of Object.entries(types)) {
      for (const [property, { description }] of Object.entries(properties)) {
        expect(description, `${name} ${property}`).to.match(/^[A-Z1-9`][^]*\.$/);
      }
    }
  });
});
