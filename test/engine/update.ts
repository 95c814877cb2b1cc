// A process that updates one stack, for tests that interrupt or kill the engine. Its program runs in here, as it runs
// in a process of its own at a shell: what the program still asks of an engine that is gone, and when, is no affair of
// the process that tests. Says on its standard output with which words the update failed.
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { customer, partner, root } from "./projects.ts";
import type { UpdateArgs } from "./project.ts";

// Calls to an engine that is gone fail one after the other, some of them after the update did.
process.on("unhandledRejection", () => undefined);
const interruption = new AbortController();
// It stays: without any, what waits for children would end this process first.
process.on("SIGINT", () => {
  interruption.abort();
});

const { project, stack, workDir, parallel } = JSON.parse(process.argv[2] ?? "") as UpdateArgs;
const found = [customer, partner, root].find(({ name }) => name === project);
if (!found) throw new Error(`There is no project ${project} to update.`);
const selected = await LocalWorkspace.selectStack(
  { stackName: stack, projectName: found.name, program: found.program },
  { workDir },
);
try {
  await selected.up({ signal: interruption.signal, ...(parallel === undefined ? {} : { parallel }) });
} catch (error) {
  process.stdout.write(String(error));
  process.exitCode = 1;
}
// Connections to an engine that is gone would keep it running.
process.stdout.end(() => process.exit());
