// The embedded AWS alone, with empty accounts, until it is stopped.
import {
  commandLine,
  type Command,
  DEFAULT_PORT,
  type Interruption,
  PORT_OPTION,
  portOf,
  runCommand,
} from "./command-line.ts";
import { ACCOUNTS } from "./core/accounts.ts";
import { EmbeddedAws } from "./core/cloud.ts";
import { listen, PortTaken } from "./core/endpoint.ts";
import { folderOf, checkTemporaryFolder, openFolder, publish } from "./data-folder.ts";
import type { Deployed } from "./page/actions.ts";
import { pageOf } from "./page/site.ts";
import { exportLines } from "./profiles.ts";
import { SERVICES } from "./services/index.ts";
import { followTrace } from "./show/follow.ts";
import { columnsOf, wrap } from "./show/wrap.ts";

const LOCAL: Command = {
  call: "npm run local --",
  says: "The embedded AWS alone, with empty accounts, until Ctrl-C. It shows what happens in it.",
  options: {
    port: PORT_OPTION,
    folder: { value: "PATH", says: "where it keeps keys and profiles, .local/<port> in this checkout unless told" },
  },
};

const alone =
  (base: string, deployedIn: (cloud: EmbeddedAws) => Deployed) =>
  async ({ came }: Interruption) => {
    const line = commandLine(process.argv.slice(2), LOCAL);
    const port = portOf(line) ?? DEFAULT_PORT;
    const { folder = folderOf(base, port) } = line.values;
    const keys = await openFolder(folder);
    await checkTemporaryFolder();
    const cloud = new EmbeddedAws(SERVICES, keys);
    const page = pageOf(cloud, deployedIn(cloud));
    const endpoint = await listen(cloud, port, page);
    try {
      const published = await publish(cloud, folder);
      try {
        const accounts = ACCOUNTS.map(({ profile, id }) => `${profile} ${id}`).join(", ");
        const say = (text: string): void => {
          console.log(wrap(text, columnsOf(process.stdout)).join("\n"));
        };
        say(`The embedded AWS listens on ${endpoint.url}. Accounts: ${accounts}; all are empty.`);
        // Lines to be copied are not broken.
        console.log(`In another terminal:\n\n${exportLines(published.profiles)}\n`);
        say("then, for example: aws --profile customer sts get-caller-identity\n");
        say('For Pulumi instead: eval "$(npm run -s local:env -- customer)"');
        console.log(`\nOr open the page, which shows what happens and has buttons:\n${page.url}`);
        console.log("\nCtrl-C ends it. What happens in it:\n");
        const stopFollowing = followTrace(cloud, process.stdout);
        await came;
        stopFollowing();
      } finally {
        await published.withdraw();
      }
    } finally {
      await endpoint.close();
    }
  };

/**
 * @param base where it keeps keys and profiles, in a folder for each port
 * @param deployedIn what the page's buttons can do with what is deployed by then: the embedded AWS knows no program
 */
export const runLocal = (base: string, deployedIn: (cloud: EmbeddedAws) => Deployed = () => ({})): Promise<void> =>
  runCommand(alone(base, deployedIn), PortTaken);
