// `npm run local`: the embedded AWS alone. The page's buttons send again the letters of what is deployed by then.
import { join } from "node:path";
import { ACCOUNTS, runLocal } from "embedded-aws";

await runLocal(join(import.meta.dirname, ".local"), (cloud) =>
  Object.fromEntries(
    ACCOUNTS.map(({ profile, id }) => [
      profile,
      // Loaded when somebody presses: it takes half a second.
      async () => (await import("./start-redrive.ts")).redriveByTags(cloud, id),
    ]),
  ),
);
