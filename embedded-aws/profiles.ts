// AWS profiles of the embedded accounts' administrators, in files of their own: nobody's real configuration is touched.
import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNTS, DEFAULT_REGION } from "./core/accounts.ts";
import type { EmbeddedAws } from "./core/cloud.ts";

export interface ProfileFiles {
  readonly config: string;
  readonly credentials: string;
}

/** Where the files of a checkout are: below `.local/`, which git ignores. */
export const profileFiles = (folder: string): ProfileFiles => ({
  config: join(folder, "aws", "config"),
  credentials: join(folder, "aws", "credentials"),
});

/** In the place of what is there: a link isn't followed, an old mode doesn't count, and nobody reads half a file. */
async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600, flag: "wx" });
  await rename(draft, path);
}

/** Writes a profile for each account into `<folder>/aws/`, readable by the user alone. */
export async function writeProfiles(cloud: EmbeddedAws, folder: string): Promise<ProfileFiles> {
  const files = profileFiles(folder);
  await mkdir(join(folder, "aws"), { recursive: true, mode: 0o700 });
  const config = ACCOUNTS.map(
    ({ profile }) =>
      `[profile ${profile}]\nregion = ${DEFAULT_REGION}\nendpoint_url = ${cloud.endpoint}\noutput = json\n`,
  );
  const credentials = ACCOUNTS.map(({ profile, id }) => {
    const { accessKeyId, secretAccessKey } = cloud.administrator(id);
    return `[${profile}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  });
  await writePrivate(files.config, config.join("\n"));
  await writePrivate(files.credentials, credentials.join("\n"));
  return files;
}

/** The two lines after which awscli and the SDKs find the profiles. */
export const exportLines = ({ config, credentials }: ProfileFiles): string =>
  `export AWS_CONFIG_FILE=${quoted(config)}\nexport AWS_SHARED_CREDENTIALS_FILE=${quoted(credentials)}`;

/** As one word of a shell's command. */
export const quoted = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
