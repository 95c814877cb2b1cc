// `npm run local`: the embedded AWS alone. What the page's buttons do with a deployment, they do with what is deployed
// by then.
import { join } from "node:path";
import { ACCOUNTS, runLocal } from "embedded-aws";

// Loaded when somebody presses: it takes half a second.
await runLocal(join(import.meta.dirname, "..", ".local"), (cloud) => ({
  redrives: Object.fromEntries(
    ACCOUNTS.map(({ profile, id }) => [profile, async () => (await import("./redrive.ts")).redriveByTags(cloud, id)]),
  ),
  impersonate: async (...accounts) => (await import("./impersonation.ts")).impersonate(cloud, ...accounts),
}));
