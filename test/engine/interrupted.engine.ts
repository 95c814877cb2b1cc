// What becomes of a stack when its update is interrupted, killed, or not the only one. Each time the embedded AWS has
// just made a function's role and holds back the provider's next call, so that what happens to the engine happens at
// an exact place.
import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";
import { Gate } from "./gate.ts";
import { Engine, refusalOf, stepsOf } from "./harness.ts";
import type { Config, Project } from "./project.ts";
import { besidesKept, deleteRole, inventory } from "./inventory.ts";
import { CUSTOMER_CONFIG, CUSTOMER_ROLE, PARTNER_CONFIG, ROOT_CONFIG, customer, partner, root } from "./projects.ts";

const STACKS: readonly { readonly what: string; readonly project: Project; readonly config: Config }[] = [
  { what: "the customer's stack", project: customer, config: CUSTOMER_CONFIG },
  {
    what: "the partner's stack",
    project: partner,
    config: { ...PARTNER_CONFIG, "iot-hooks-partner:customers": [`arn:aws:iam::${CUSTOMER}:role/${CUSTOMER_ROLE}`] },
  },
  { what: "both sides as one stack", project: root, config: ROOT_CONFIG },
];
const gate = new Gate("iam", "GetRole");

for (const { what, project, config } of STACKS) {
  describe(`an update of ${what} in the real engine`, () => {
    let engine: Engine;
    let stack: Stack;
    let empty: string[][];
    const both = () =>
      Promise.all([CUSTOMER, PARTNER].map((account) => inventory(engine.clients(account)).then(besidesKept)));

    before(async () => {
      engine = await Engine.start(gate.services);
      empty = await both();
      stack = await engine.stack(project, config);
    });
    after(() => engine.stop());
    afterEach(async () => {
      await stack.destroy();
      expect(await both()).to.deep.equal(empty);
      await engine.pluginsEnd();
    });

    it("is refused while another one runs, which goes on undamaged", async () => {
      const reached = gate.close();
      // One resource at a time: what else is under way would write the state, which the file backend doesn't do in one
      // step, while the second one reads it.
      const first = stack.up({ parallel: 1 });
      await reached;
      const second = await engine.stack(project, config, { clone: "two" });
      expect(await refusalOf(second.up())).to.match(/the stack is currently locked/);
      gate.open();
      await first;
      await stack.preview({ expectNoChanges: true });
    });

    it("converges when it is run again after an interruption (Ctrl-C)", async () => {
      const reached = gate.close();
      const update = engine.update(project);
      await reached;
      update.interrupt();
      gate.open();
      expect(await update.ended).to.match(/canceled|cancelled|interrupt/i);
      // What was under way is in the state, and the rest was not begun.
      const there = (await both()).flat();
      expect(there.filter((name) => name.startsWith("role "))).not.to.deep.equal([]);
      expect(there.filter((name) => name.startsWith("function "))).to.deep.equal([]);
      await stack.up();
      await stack.preview({ expectNoChanges: true });
    });

    /**
     * Kills an update that has just made its first role, and unlocks the stack. Resolves to what the state says was
     * about to be made.
     */
    const kill = async (): Promise<PendingOperation> => {
      const reached = gate.close();
      // One resource at a time, so that nothing else is pending.
      const update = engine.update(project, 1);
      await reached;
      await update.kill();
      gate.open();
      expect(await update.ended).not.to.equal("");
      await engine.pluginsEnd();
      expect(await refusalOf(stack.up())).to.match(/the stack is currently locked/);
      await stack.cancel();
      const { deployment } = (await stack.exportStack()) as { deployment: { pending_operations: PendingOperation[] } };
      const [pending, ...more] = deployment.pending_operations;
      expect(more).to.deep.equal([]);
      expect(pending).to.deep.include({ type: "creating" });
      expect(pending?.resource.type).to.equal("aws:iam/role:Role");
      await stack.refresh({ clearPendingCreates: true });
      return pending as PendingOperation;
    };

    it(
      "leaves a lock, a pending creation, and no plugin when it is killed: cancel, refresh, and up converge " +
        "once what was made is deleted",
      async () => {
        const { name } = (await kill()).resource.inputs;
        const accounts = [CUSTOMER, PARTNER].map((account) => engine.clients(account));
        const there = await both();
        const made = accounts.filter((_, index) => there[index]?.includes(`role ${name}`));
        expect(made).to.have.length(1);
        for (const account of made) await deleteRole(account, name);
        // Pulumi's SDK ends a program without an error where the engine didn't answer one of its calls: an update that
        // made nothing is told from a preview that sees too little.
        expect((await stack.up()).summary.resourceChanges).to.include.keys("create");
        await stack.preview({ expectNoChanges: true });
      },
    );

    // Of the others it is a role with a random name that is made first: nothing is in the way of the next update.
    if (project !== customer) return;

    it("converges after it was killed by an import as well", async () => {
      await kill();
      expect(await refusalOf(stack.up())).to.include(`Role with name ${CUSTOMER_ROLE} already exists`);
      const importing = await engine.stack({ ...project, program: importingTheRole }, config);
      expect(await stepsOf((opts) => importing.up(opts))).to.include("import aws:iam/role:Role iot-hooks-announce");
      await stack.up();
      await stack.preview({ expectNoChanges: true });
    });
  });
}

interface PendingOperation {
  readonly type: string;
  readonly resource: { readonly type: string; readonly inputs: { readonly name: string } };
}

/**
 * The program, which takes the role that there is for its own. At a shell it would be `pulumi import`; that wants the
 * language host of the official CLI, and reads the resource in the same way.
 */
const importingTheRole: PulumiFn = () => {
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props, opts: pulumi.mergeOptions(opts, { import: CUSTOMER_ROLE }) } : undefined,
  );
  return customer.program();
};
