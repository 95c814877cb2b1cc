// `hooks trace` and `hooks tail` as processes: what they print, and what they end with.
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { Desk } from "./desk.ts";

describe("hooks trace and hooks tail, typed", () => {
  let running: RunningCloud;
  let desk: Desk;
  before(async () => {
    running = await startCloud();
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    const partner = await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)]);
    const customer = await deployCustomer(running);
    await deployCustomer(running, {}, CUSTOMER2);
    await desk.write("both.json", { customer: customer.outputs, partner: partner.outputs });
    await create("lamp");
    for (const account of [CUSTOMER, CUSTOMER2]) await create("twin", account);
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });
  const create = async (thingName: string, account = CUSTOMER) => {
    await new IoT(running.config(account)).createThing({ thingName });
    await running.cloud.settled();
  };
  const BOTH = ["--outputs", "both.json", "--customer-profile", "customer", "--partner-profile", "partner"];

  it("prints the story, or JSON, and ends well where the thing arrived", async () => {
    const { code, output } = await desk.run("trace", "lamp", ...BOTH);
    expect(code).to.equal(0);
    expect(output)
      .to.match(/iot:CreateThing[^]*announce announced thing\/lamp[^]*receive applied thing\/lamp/)
      .and.to.contain(`arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp has version 1`);
    const asJson = await desk.run("trace", "lamp", "--json", ...BOTH);
    expect(JSON.parse(asJson.output)).to.include.keys("calls", "lines", "letters", "known", "gaps");
  });

  it("ends with 1 where nothing is found, and with 2 where it can't look", async () => {
    const nothing = await desk.run("trace", "nobody", ...BOTH);
    expect(nothing.code).to.equal(1);
    expect(nothing.output).to.contain("No log and no queue says anything of it in this time.");
    const neither = await desk.run("trace", "lamp");
    expect(neither.code).to.equal(2);
    expect(neither.output).to.contain("Neither side can be looked at. There is no pulumi on the PATH");
    const what = await desk.run("trace", "no name", ...BOTH);
    expect(what.code).to.equal(2);
    expect(what.output).to.contain('"no name" is neither the name or the ARN of a thing');
  });

  it("tells one half, and says so, where the other side's profile is missing", async () => {
    const { code, output } = await desk.run("trace", "lamp", ...BOTH.slice(0, 4), "--partner-profile", "nobody");
    expect(code).to.equal(0);
    expect(output)
      .to.contain("announced")
      .and.to.contain("the partner's half is missing: The credentials of the profile nobody");
  });

  it("asks which customer's, where the partner's side alone has several, and tells that one's", async () => {
    const asked = ["trace", "twin", "--only", "partner", ...BOTH];
    const several = await desk.run(...asked);
    expect(several.code).to.equal(2);
    expect(several.output).to.contain(
      `Several customers have something named twin: ${CUSTOMER}, ${CUSTOMER2}. Choose one with --customer ACCOUNT`,
    );
    const one = await desk.run(...asked, "--customer", CUSTOMER2);
    expect(one.code).to.equal(0);
    expect(one.output)
      .to.contain(`arn:aws:iot:us-east-1:${CUSTOMER2}:thing/twin has version 1`)
      .and.not.contain(CUSTOMER);
  });

  it("tails no longer than somebody reads, and ends well", async () => {
    const tail = desk.start(["tail", "--since", "1h", ...BOTH]);
    await tail.printed("receive applied thing/lamp");
    tail.child.stdout?.destroy();
    await create("lamp-unread");
    const { code, output } = await tail.ended;
    expect([code, output.includes("EPIPE")]).to.deep.equal([0, false]);
  });

  it("refuses to tail what nothing would ever be said of", async () => {
    for (const [option, value, sentence] of [
      ["--customer", "11111111111", "It takes an account, 12 digits."],
      ["--operation", "create_thin", "It takes one of create_thing, "],
    ] as const) {
      const { code, output } = await desk.run("tail", option, value, ...BOTH);
      expect(output).to.contain(`argument '${value}' is invalid. ${sentence}`);
      expect(code).to.equal(2);
    }
  });

  it("tails until a SIGINT, and then ends with 130", async () => {
    const tail = desk.start(["tail", "--since", "1h", "--operation", "create_thing", ...BOTH]);
    await tail.printed("receive applied thing/lamp");
    await create("lamp-2");
    await tail.printed("receive applied thing/lamp-2");
    const { code, output } = await tail.end("SIGINT");
    expect(code).to.equal(130);
    expect(output.match(/receive applied thing\/lamp\n/g)).to.have.length(1);
  });
});
