// What becomes of a stack when its update is interrupted, killed, or not the only one. Each time the embedded AWS has just made the function's role
// and holds back the provider's next call, so that what happens to the engine happens at an exact place.
import { expect } from "chai";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { customerProgram } from "../../customer/program.ts";
import { CUSTOMER } from "../local/cloud.ts";
import { Gate } from "./gate.ts";
import { Engine, refusalOf, stepsOf } from "./harness.ts";
import { inventory } from "./inventory.ts";
import { CUSTOMER_CONFIG, CUSTOMER_ROLE, customer } from "./projects.ts";

describe("an update in the real engine", () => {
  const gate = new Gate("iam", "GetRole");
  let engine: Engine;
  let stack: Stack;
  let empty: string[];
  const account = () => engine.clients(CUSTOMER);

  before(async () => {
    engine = await Engine.start(gate.services);
    empty = await inventory(account());
    stack = await engine.stack(customer, CUSTOMER_CONFIG);
  });
  after(() => engine.stop());
  afterEach(async () => {
    await stack.destroy();
    expect(await inventory(account())).to.deep.equal(empty);
    expect(await engine.plugins()).to.deep.equal([]);
  });

  it("is refused while another one runs, which goes on undamaged", async () => {
    const reached = gate.close();
    const first = stack.up();
    await reached;
    const second = await engine.stack(customer, CUSTOMER_CONFIG, { clone: "two" });
    expect(await refusalOf(second.up())).to.match(/the stack is currently locked/);
    gate.open();
    await first;
    await stack.preview({ expectNoChanges: true });
  });

  it("converges when it is run again after an interruption (Ctrl-C)", async () => {
    const reached = gate.close();
    const interruption = new AbortController();
    const interrupted = refusalOf(stack.up({ signal: interruption.signal }));
    await reached;
    interruption.abort();
    gate.open();
    await interrupted;
    // What was under way is in the state, and the rest was not begun.
    expect(await inventory(account()))
      .to.include(`role ${CUSTOMER_ROLE}`)
      .and.not.match(/function /);
    await stack.up();
    await stack.preview({ expectNoChanges: true });
  });

  it("leaves a lock, a pending creation, and no plugin when it is killed: cancel, refresh, import, and up converge", async () => {
    const reached = gate.close();
    // One resource at a time, so that nothing else is pending.
    const killed = refusalOf(stack.up({ parallel: 1 }));
    await reached;
    await killEngine();
    gate.open();
    await killed;
    await engine.pluginsEnd();
    expect(await refusalOf(stack.up())).to.match(/the stack is currently locked/);

    await stack.cancel();
    // The role exists, and the state says only that it was about to be made.
    const { deployment } = (await stack.exportStack()) as { deployment: { pending_operations: PendingOperation[] } };
    expect(deployment.pending_operations.map(({ resource, type }) => `${type} ${resource.type}`)).to.deep.equal([
      "creating aws:iam/role:Role",
    ]);
    await stack.refresh({ clearPendingCreates: true });
    expect(await refusalOf(stack.up())).to.include(`Role with name ${CUSTOMER_ROLE} already exists`);
    const importing = await engine.stack({ ...customer, program: importingTheRole }, CUSTOMER_CONFIG);
    expect(await stepsOf((opts) => importing.up(opts))).to.include("import aws:iam/role:Role iot-hooks-announce");
    await stack.up();
    await stack.preview({ expectNoChanges: true });
  });
});

interface PendingOperation {
  readonly type: string;
  readonly resource: { readonly type: string };
}

/**
 * The program, which takes the role that there is for its own. At a shell it would be `pulumi import`; that wants the language host of the official
 * CLI, and reads the resource in the same way.
 */
const importingTheRole: typeof customerProgram = () => {
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props, opts: pulumi.mergeOptions(opts, { import: CUSTOMER_ROLE }) } : undefined,
  );
  return customerProgram();
};

/** SIGKILL to the CLI that this process has started. */
async function killEngine(): Promise<void> {
  const { stdout } = await promisify(execFile)("ps", ["--ppid", String(process.pid), "-o", "pid=,args="]);
  const engine = stdout.split("\n").find((line) => /\bpulumi up\b/.test(line));
  process.kill(Number.parseInt(engine ?? ""), "SIGKILL");
}
