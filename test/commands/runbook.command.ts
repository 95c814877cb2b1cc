// docs/operating.md: every command in it is run against both sides as deployed, or said not to be.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import {
  CUSTOMER,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { Desk } from "./desk.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGE = await readFile(join(ROOT, "docs", "operating.md"), "utf8");

/** Lines of the page's shell blocks, without what is said about them. */
const COMMANDS = [...PAGE.matchAll(/```sh\n([^]*?)```/g)]
  .flatMap(([, block = ""]) => block.split("\n"))
  .map((line) => line.replace(/ +#.*$/, "").trim())
  .filter((line) => line !== "");

/** Held against the real CLI by test:engine, not here. */
const OTHERS = /^pulumi /;
/** A Python with awscli, where somebody has one: test:clients names it. */
const { RUNBOOK_PYTHON } = process.env;
/** Takes what an earlier command printed. */
const PLACEHOLDER = / [A-Z_]{4,}(?: |$)/;
/** Goes on until it is interrupted. */
const ENDLESS = /^npx hooks tail /;

const words = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

describe("The runbook", () => {
  let running: RunningCloud;
  let desk: Desk;
  before(async () => {
    running = await startCloud();
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    const partner = await deployPartner(running);
    const customer = await deployCustomer(running, { reconcile: "rate(1 day)" });
    await desk.write("customer.json", customer.outputs);
    await desk.write("partner.json", partner.outputs);
    await desk.write("both.json", { customer: customer.outputs, partner: partner.outputs });
    await new IoT(running.config(CUSTOMER)).createThing({ thingName: "lamp" });
    await running.cloud.settled();
    const project = join(desk.folder, "partner");
    await mkdir(project);
    await copyFile(join(ROOT, "partner", "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await writeFile(
      join(project, "Pulumi.prod.yaml"),
      `config:\n  aws:region: us-east-1\n  iot-hooks-partner:accountId: "${PARTNER}"\n` +
        `  iot-hooks-partner:customers:\n    - ${roleArnOf(CUSTOMER)}\n`,
    );
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });

  /** What a command doesn't say is the folder's affair: pulumi would be asked there, and there is none. */
  function completed(args: readonly string[]): readonly string[] {
    const [name = "", side] = args;
    // Nothing announces a thing that is registered so: it would wait for a quarter of an hour.
    if (args.includes("--path")) return [...args, "--timeout", "0.02"];
    if (["customer", "cost"].includes(name) || args.some((arg) => /outputs$|by-tags$/.test(arg))) return args;
    const sided = ["queues", "redrive"].includes(name) ? side : { backfill: "customer", known: "partner" }[name];
    return [...args, "--outputs", `${sided ?? "both"}.json`];
  }

  /** Resolves when the operation has been called. */
  const called = (operation: string) =>
    new Promise<void>((resolve) => {
      const stop = running.cloud.trace.subscribe(({ name }) => {
        if (name !== operation) return;
        stop();
        resolve();
      });
    });

  /** What the commands before have printed, by the word that stands for it in later ones. */
  const printed = new Map<string, string>();

  for (const command of COMMANDS) {
    const title = `\`${command}\``;
    if (command.startsWith("aws ")) {
      (RUNBOOK_PYTHON === undefined ? it.skip : it)(title, async () => {
        const [, service, ...rest] = words(command);
        // awscli 1 (not 2) has an address of its own for SQS, whatever the environment says.
        const args = [
          "-m",
          "awscli",
          ...(service === "sqs" ? ["--endpoint-url", running.endpoint.url] : []),
          service ?? "",
          ...rest,
        ];
        const { code, output } = await desk.type(
          RUNBOOK_PYTHON ?? "",
          args.map((arg) => printed.get(arg) ?? arg),
        ).ended;
        expect(code, output).to.equal(0);
        const [url] = /http[^"\s]+/.exec(output) ?? [];
        if (url !== undefined) printed.set("QUEUE_URL", url);
      });
      continue;
    }
    if (OTHERS.test(command) || PLACEHOLDER.test(command)) {
      it.skip(`${title}: not run here`);
      continue;
    }
    it(title, async () => {
      const [npx, hooks, ...args] = words(command);
      expect([npx, hooks]).to.deep.equal(["npx", "hooks"]);
      const typed = desk.start(completed(args));
      if (ENDLESS.test(command)) await called("FilterLogEvents");
      const { code, output } = ENDLESS.test(command) ? await typed.end("SIGINT") : await typed.ended;
      // 1: there may be something to look at.
      expect(code, output).to.be.oneOf(ENDLESS.test(command) ? [130] : [0, 1]);
    });
  }

  it("says something of each alarm that the programs make", async () => {
    const rows = await alarmKeys();
    expect(rows).to.have.length.greaterThan(20);
    expect(rows.filter((key) => !PAGE.includes(`\`${key}\``))).to.deep.equal([]);
  });

  /** Their names' ends, as they are deployed. */
  async function alarmKeys(): Promise<string[]> {
    const { CloudWatch } = await import("@aws-sdk/client-cloudwatch");
    const names = await Promise.all(
      [CUSTOMER, PARTNER].map(async (account) => {
        const { MetricAlarms = [] } = await new CloudWatch(running.config(account)).describeAlarms({});
        return MetricAlarms.map(({ AlarmName = "" }) =>
          AlarmName.replace(/^iot-hooks-/, "").replace(/-[0-9a-f]{7}$/, ""),
        );
      }),
    );
    return names.flat();
  }
});
