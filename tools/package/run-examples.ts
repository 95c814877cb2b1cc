// Runs the examples of a folder where the packed package is installed: `node tools/package/run-examples.ts <folder>`,
// in a process of its own, since what is under test must find one copy of Pulumi, that of the folder, and so must the
// runtime mocks that deploy it.
import { deepStrictEqual } from "node:assert";
import { registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2] ?? "");
const parentURL = pathToFileURL(join(folder, "package.json")).href;

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith("@pulumi/") ? { ...context, parentURL } : context),
});

// Only now, so that the hook has a say in what they import.
const { startCloud } = await import("embedded-aws/testing");
const { EXPECTED, SCENES } = await import("../../test/examples/scenes.ts");

const running = await startCloud();
try {
  for (const [name, run] of Object.entries(SCENES)) {
    const arrived = await run({ examples: folder, running });
    const shared = arrived.map((arrival) =>
      Object.fromEntries(Object.keys(EXPECTED).map((key) => [key, arrival[key]])),
    );
    deepStrictEqual(shared, [EXPECTED], `${name}: a thing was created, and what arrived is ${JSON.stringify(arrived)}`);
    console.log(`${name}: a thing crossed`);
    await running.cloud.reset();
  }
} finally {
  await running.endpoint.close();
}
