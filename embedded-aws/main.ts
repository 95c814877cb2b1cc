// `npm run local`: the embedded AWS alone, with empty accounts, until it is stopped.
import { join } from "node:path";
import { commandLine, DEFAULT_PORT, interrupted, runCommand } from "./command-line.ts";
import { ACCOUNTS } from "./core/accounts.ts";
import { Cloud } from "./core/cloud.ts";
import { listen, PortTaken } from "./core/endpoint.ts";
import { exportLines, writeProfiles } from "./profiles.ts";
import { noteRunning, noteStopped } from "./running.ts";
import { SERVICES } from "./services/index.ts";
import { followTrace } from "./show/follow.ts";

await runCommand(async () => {
  const { port = DEFAULT_PORT, folder = join(import.meta.dirname, "..", ".local") } = commandLine(
    process.argv.slice(2),
    { once: false },
  );
  const cloud = new Cloud(SERVICES);
  const endpoint = await listen(cloud, port);
  const files = await writeProfiles(cloud, folder);
  await noteRunning(folder, endpoint.url);
  const accounts = ACCOUNTS.map(({ profile, id }) => `${profile} ${id}`).join(", ");
  console.log(`The embedded AWS listens on ${endpoint.url}. Accounts: ${accounts}; all are empty.`);
  console.log(
    `In another terminal:\n\n${exportLines(files)}\n\nthen, for example: aws --profile customer sts get-caller-identity\n\nFor Pulumi instead: eval "$(npm run -s local:env -- customer)"`,
  );
  console.log("\nCtrl-C ends it. What happens in it:\n");
  const stopFollowing = followTrace(cloud, process.stdout);
  await interrupted();
  stopFollowing();
  await noteStopped(folder);
  await endpoint.close();
}, PortTaken);
