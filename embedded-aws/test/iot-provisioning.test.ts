import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { S3 } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { documentOf } from "./names.ts";
import { assumeWith } from "./roles.ts";

const Parameters = { Name: { Type: "String" }, Room: { Type: "String", Default: "hall" }, Serial: { Type: "String" } };
const PROPERTIES = {
  ThingName: { Ref: "Name" },
  AttributePayload: { made: "by-template", room: { Ref: "Room" }, serial: { Ref: "Serial" } },
};
const template = (properties: object = PROPERTIES, Type = "AWS::IoT::Thing") =>
  JSON.stringify({ Parameters, Resources: { lamp: { Type, Properties: properties } } });

describe("IoT of the embedded AWS: provisioning templates", () => {
  let running: RunningCloud;
  let iot: IoT;
  before(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const register = (parameters: Record<string, string> = { Name: "lamp" }, templateBody = template()) =>
    iot.registerThing({ templateBody, parameters });

  it("make a thing of their parameters, of their defaults, and of nothing where there is neither", async () => {
    const { resourceArns } = await register();
    expect(resourceArns).to.deep.equal({ lamp: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp` });
    const { attributes, version } = await iot.describeThing({ thingName: "lamp" });
    expect({ attributes, version }).to.deep.equal({ attributes: { made: "by-template", room: "hall" }, version: 1 });
    await register({ Name: "fan", Room: "cellar", Serial: "7" });
    const fan = await iot.describeThing({ thingName: "fan" });
    expect(fan.attributes).to.deep.equal({ made: "by-template", room: "cellar", serial: "7" });
  });

  it("put it into its type and its billing group", async () => {
    await iot.createThingType({ thingTypeName: "bulb" });
    await iot.createBillingGroup({ billingGroupName: "north" });
    await register({ Name: "lamp" }, template({ ...PROPERTIES, ThingTypeName: "bulb", BillingGroup: "north" }));
    expect(await iot.describeThing({ thingName: "lamp" })).to.include({
      thingTypeName: "bulb",
      billingGroupName: "north",
    });
  });

  for (const [what, templateBody, says] of [
    ["no JSON", "no", /^InvalidRequestException: .*no JSON/],
    ["no resources", "{}", /^InvalidRequestException: .*has Resources/],
    ["a certificate", template({}, "AWS::IoT::Certificate"), /^NotModelledHere: .*AWS::IoT::Certificate/],
    ["groups", template({ ...PROPERTIES, ThingGroups: [] }), /^NotModelledHere: .*ThingGroups/],
    ["a parameter that isn't declared", template({ ThingName: { Ref: "toString" } }), /^InvalidRequest.*a Ref/],
    ["no name", template({ ThingName: { Ref: "Serial" } }), /^InvalidRequestException: .*has no value/],
  ] as const)
    it(`with ${what} are refused, and make nothing`, async () => {
      expect(await failure(register({ Name: "lamp" }, templateBody))).to.match(says);
      expect((await iot.listThings({})).things).to.deep.equal([]);
    });

  it("over a thing that is there are refused: what would become of it isn't modelled", async () => {
    await iot.createThing({ thingName: "lamp" });
    expect(await failure(register())).to.match(/^NotModelledHere: .*over the thing lamp/);
  });

  it("are asked for by iot:RegisterThing, and leave a record of that call alone", async () => {
    const limited = async (Action: string, name: string) => {
      const credentials = await assumeWith(running, CUSTOMER, [{ Effect: "Allow", Action, Resource: "*" }], name);
      return new IoT(running.config(credentials));
    };
    const parameters = { Name: "lamp" };
    const without = await limited("iot:CreateThing", "without");
    const denied = without.registerThing({ templateBody: template(), parameters });
    expect(await failure(denied)).to.match(/^AccessDenied.*iot:RegisterThing/);
    await (await limited("iot:RegisterThing", "with")).registerThing({ templateBody: template(), parameters });
    const { Events = [] } = await new CloudTrail(running.config(CUSTOMER)).lookupEvents({
      LookupAttributes: [{ AttributeKey: "EventSource", AttributeValue: "iot.amazonaws.com" }],
    });
    expect(Events.map(({ EventName }) => EventName)).to.deep.equal(["RegisterThing", "RegisterThing"]);
    const { requestParameters: recorded } = JSON.parse(Events[0]?.CloudTrailEvent ?? "") as {
      readonly requestParameters: object;
    };
    expect(recorded).to.deep.equal({ templateBody: template(), parameters });
  });
});

describe("IoT of the embedded AWS: bulk registration", () => {
  let running: RunningCloud;
  let iot: IoT;
  let roleArn: string;
  before(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
  });
  beforeEach(async () => {
    await running.cloud.reset();
    const s3 = new S3(running.config(CUSTOMER));
    await s3.createBucket({ Bucket: "lines" });
    await s3.putObject({
      Bucket: "lines",
      Key: "things",
      Body: '{"Name":"lamp"}\n{"Name":"fan"}\n{"Name":"lamp"}\nno',
    });
    const iam = new IAM(running.config(CUSTOMER));
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "iot.amazonaws.com" } };
    const role = await iam.createRole({ RoleName: "bulk", AssumeRolePolicyDocument: documentOf(trust) });
    roleArn = role.Role?.Arn ?? "";
    const may = documentOf({ Effect: "Allow", Action: ["s3:GetObject", "iot:RegisterThing"], Resource: "*" });
    await iam.putRolePolicy({ RoleName: "bulk", PolicyName: "may", PolicyDocument: may });
  });
  after(() => running.endpoint.close());

  async function started(inputFileKey = "things") {
    const input = { templateBody: template(), inputFileBucket: "lines", inputFileKey, roleArn };
    const { taskId } = await iot.startThingRegistrationTask(input);
    await running.cloud.settled();
    const { $metadata: _, ...task } = await iot.describeThingRegistrationTask({ taskId });
    return { ...task, given: input };
  }

  it("registers a thing for each line, and counts those that it can't", async () => {
    const { given, ...task } = await started();
    expect(task).to.include({
      ...given,
      status: "Completed",
      successCount: 2,
      failureCount: 2,
      percentageProgress: 100,
    });
    expect((await iot.listThings({})).things?.map(({ thingName }) => thingName)).to.deep.equal(["lamp", "fan"]);
  });

  it("fails where the file isn't there, or the role can't be taken, and says why", async () => {
    expect(await started("others")).to.include({ status: "Failed", successCount: 0 });
    roleArn = roleArn.replace("bulk", "nobody");
    const { status, message } = await started();
    expect(status).to.equal("Failed");
    expect(message).to.match(/sts:AssumeRole/);
    expect(await failure(iot.describeThingRegistrationTask({ taskId: "x" }))).to.match(/^ResourceNotFoundException/);
  });

  it("asks for iam:PassRole on its role", async () => {
    const Statement = [{ Effect: "Allow", Action: "iot:*", Resource: "*" }];
    const limited = new IoT(running.config(await assumeWith(running, CUSTOMER, Statement)));
    const input = { templateBody: template(), inputFileBucket: "lines", inputFileKey: "things", roleArn };
    expect(await failure(limited.startThingRegistrationTask(input))).to.match(/^AccessDenied.*iam:PassRole/);
  });
});
