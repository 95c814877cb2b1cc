// `hooks queues` as a process: what it prints, and what it ends with.
import { expect } from "chai";
import { IAM } from "@aws-sdk/client-iam";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PARTNER, type Partner, type RunningCloud, deployPartner, startCloud } from "../flow/deployment.ts";
import { LetterQueue, RULE_EVENT, rejected, ruleEventOf } from "../hooks/letters.ts";
import { Desk } from "./desk.ts";

const TERMINAL = "\u001b[2J\u202e";

describe("hooks queues, typed", () => {
  let running: RunningCloud;
  let partner: Partner;
  let desk: Desk;
  let queue: LetterQueue;
  before(async () => {
    running = await startCloud();
    partner = await deployPartner(running);
    desk = await Desk.make(running, { partner: PARTNER });
  });
  beforeEach(async () => {
    queue = await LetterQueue.make(running, "partner");
    const deadLetterQueueUrls = { ...partner.outputs.deadLetterQueueUrls, receive: queue.url };
    await desk.write("outputs.json", { ...partner.outputs, deadLetterQueueUrls });
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });
  const type = (...args: readonly string[]) =>
    desk.run("queues", "partner", "--outputs", "outputs.json", "--profile", "partner", ...args);

  it("shows nothing that a terminal would obey, whoever wrote it", async () => {
    const message = { thingName: TERMINAL, hook: { eventId: TERMINAL } };
    const event = { ...RULE_EVENT, data: Buffer.from(JSON.stringify(message)).toString("base64"), operation: TERMINAL };
    await queue.write(rejected(event, TERMINAL));
    for (const args of [["--letters", "1"], ["--json"]]) {
      const { output } = await type(...args);
      expect(output)
        .to.contain("u{1b}".slice(0, 1))
        .and.not.match(/[\p{Cc}\p{Cf}](?<!\n)/u);
      expect(output).to.match(/\\u(\{1b\}|001b)\[2J/);
    }
  });

  it("names the permission that is missing, in whose account, the reason, and where the others stand", async () => {
    const iam = new IAM(running.config(PARTNER));
    const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${PARTNER}:root` }, Action: "sts:AssumeRole" };
    const document = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
    const RoleName = "operator";
    const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: document(trust) });
    const policy = [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "sqs:ReceiveMessage", Resource: "*" },
    ];
    await iam.putRolePolicy({ RoleName, PolicyName: "most", PolicyDocument: document(...policy) });
    const credentials = await readFile(join(desk.folder, "credentials"), "utf8");
    await desk.write("credentials", `${credentials}\n[op]\nrole_arn = ${Role?.Arn ?? ""}\nsource_profile = partner\n`);
    const { code, output } = await desk.run("queues", "partner", "--outputs", "outputs.json", "--profile", "op");
    expect(code).to.equal(2);
    expect(output).to.match(
      /^AccessDenied: User: arn:aws:sts::222222222222:assumed-role\/operator\/\S+ is not authorized to perform: sqs:Rec/,
    );
    expect(output)
      .to.contain(" with an explicit deny in identity-based policy. Allow sqs:ReceiveMessage in account 222222222222, ")
      .and.match(/ docs\/operating\.md has what each command needs\.\n$/);
  });

  it("takes only a Region for one, before anybody is asked", async () => {
    expect(await desk.run("queues", "partner", "--by-tags", "us_east", "--profile", "partner")).to.deep.include({
      code: 2,
      output: '--by-tags is "us_east", but that is no Region: give one such as us-east-1.\n',
    });
  });

  it("ends with 1 where there are letters, with 0 where there are none, and prints JSON", async () => {
    expect((await type("--queue", "receive")).code).to.equal(0);
    await queue.write(rejected(ruleEventOf("lamp"), "unknown customer"));
    const { code, output } = await type("--json");
    expect(code).to.equal(1);
    const { queues } = JSON.parse(output) as { queues: { queue: string; letters: object[] }[] };
    expect(queues.map((view) => [view.queue, view.letters.length])).to.deep.equal([
      ["topicRule", 0],
      ["receive", 1],
    ]);
    expect(queues[1]).to.deep.include({ visible: 1, hidden: 0, all: true });
    expect(queues[1]?.letters[0]).to.include({ about: "thing/lamp", reason: "unknown customer" });
  });
});
