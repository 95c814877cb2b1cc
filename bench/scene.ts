// Both programs deployed into an embedded AWS that runs in a process of its own, and the customer's clients, which
// run in this one.
import { IoT } from "@aws-sdk/client-iot";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { customerProgram } from "../customer/program.ts";
import { EmbeddedAws, DEFAULT_REGION, type Keys } from "embedded-aws";
import { deployStack } from "embedded-aws/pulumi";
import { partnerProgram } from "../partner/program.ts";
import type { Measured, Said } from "./cloud.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";

export interface Scene {
  /** A client of the customer's administrator, with connections of its own. */
  client(): IoT;
  /** Creates a thing. `created` resolves with the answer, `arrived` with the partner's debug message about it. */
  create(client: IoT, thingName: string): { readonly created: Promise<unknown>; readonly arrived: Promise<void> };
  /** How many things are under way. */
  waiting(): number;
  measure(): Promise<Measured>;
  close(): Promise<void>;
}

export async function scene(): Promise<Scene> {
  const child = fork(join(import.meta.dirname, "cloud.ts"), { execArgv: ["--expose-gc"] });
  const under = new Map<string, () => void>();
  const started = Promise.withResolvers<{ readonly url: string; readonly keys: Keys }>();
  let measured: (of: Measured) => void;
  child.on("message", (said: Said) => {
    if (said.kind === "listens") started.resolve(said);
    else if (said.kind === "measured") measured(said.measured);
    else
      for (const thing of said.things) {
        under.get(thing)?.();
        under.delete(thing);
      }
  });
  child.once("exit", (code) => {
    started.reject(new Error(`The embedded AWS ended with ${code ?? "a signal"} before it listened.`));
  });
  const { url: endpoint, keys } = await started.promise;
  const accounts = new EmbeddedAws([], keys);
  await deploy(endpoint, accounts);
  return {
    client: () => new IoT({ endpoint, region: DEFAULT_REGION, credentials: accounts.administrator(CUSTOMER) }),
    create(client, thingName) {
      const arrived = new Promise<void>((resolve) => under.set(thingName, resolve));
      return { created: client.createThing({ thingName }), arrived };
    },
    waiting: () => under.size,
    measure: () =>
      new Promise((resolve) => {
        measured = resolve;
        child.send("measure");
      }),
    async close() {
      child.disconnect();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function deploy(endpoint: string, accounts: EmbeddedAws): Promise<void> {
  const environment = {
    endpoint,
    credentials: (profile: string | undefined) => Promise.resolve(accounts.administrator(profile ?? "")),
  };
  const region = { "aws:region": DEFAULT_REGION };
  const customer = await deployStack(environment, {
    project: "iot-hooks-customer",
    program: customerProgram,
    config: { ...region, "aws:profile": CUSTOMER, accountId: CUSTOMER, partnerAccountId: PARTNER, createTrail: "true" },
  });
  const customers = JSON.stringify([customer.outputs.roleArn]);
  await deployStack(environment, {
    project: "iot-hooks-partner",
    program: partnerProgram,
    config: { ...region, "aws:profile": PARTNER, accountId: PARTNER, customers, debug: "true" },
  });
}
