// `npm run -s local:env -- <profile>`: lines for a shell's eval, after which the Pulumi CLI, awscli and the SDKs find
// the running embedded AWS.
import { join } from "node:path";
import { type Command, commandLine, portOf, runCommand } from "./command-line.ts";
import { ACCOUNTS } from "./core/accounts.ts";
import { runningCloud, stateUrl } from "./data-folder.ts";
import { exportLines, profileFiles, quoted } from "./profiles.ts";

const ROOT = join(import.meta.dirname, "..");

const LOCAL_ENV: Command = {
  call: "npm run -s local:env --",
  words: "PROFILE",
  says:
    "Prints what a shell needs to run pulumi, aws and the SDKs against the embedded AWS that runs in this checkout: " +
    'eval "$(npm run -s local:env -- customer)"',
  options: { port: { value: "N", says: "which one, where several are running" } },
};

await runCommand(async () => {
  const line = commandLine(process.argv.slice(2), LOCAL_ENV);
  const [profile, ...more] = line.words;
  const profiles: readonly string[] = ACCOUNTS.map((account) => account.profile);
  if (profile === undefined || !profiles.includes(profile) || more.length > 0) {
    throw line.refuse(`Name one of the profiles ${profiles.join(", ")}.`);
  }
  const local = join(ROOT, ".local");
  const { endpoint, folder } = await runningCloud(local, portOf(line));
  const variables = {
    AWS_PROFILE: profile,
    AWS_ENDPOINT_URL: endpoint,
    // A cloud forgets everything when it ends, and this with it.
    PULUMI_BACKEND_URL: stateUrl(folder),
    // Nothing in these stacks is secret.
    PULUMI_CONFIG_PASSPHRASE: "",
    // Logins, plugins and settings of real work stay as they are.
    PULUMI_HOME: join(local, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Otherwise the CLI would fetch the plugin that talks to AWS.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const path = [join(import.meta.dirname, "pulumi", "plugin"), join(ROOT, "node_modules", ".bin")]
    .map(quoted)
    .join(":");
  // Keys in the environment would go before the profile.
  console.log("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN");
  console.log(exportLines(profileFiles(folder)));
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quoted(value)}`);
  console.log(`export PATH=${path}:"$PATH"`);
});

// eval of nothing succeeds: a script would go on, with the variables of a real account.
if (process.exitCode === 1) console.log("false");
