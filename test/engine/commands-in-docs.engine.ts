// Every `pulumi` command that README and docs name is one that the CLI has, with the flags that it is named with.
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { pulumiCommand } from "../../tools/pulumi/build.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Lines of shell blocks, and what stands in backquotes. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
  const spans = [...text.replace(/```[^]*?```/g, "").matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
  return [...blocks, ...spans]
    .map((line) =>
      line
        .replace(/\s+#.*$/, "")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((line) => /^pulumi [a-z]/.test(line));
}

const docs = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
const named = new Map<string, string>();
for (const page of ["README.md", ...docs.map((name) => join("docs", name))])
  for (const command of commandsIn(await readFile(join(ROOT, page), "utf8"))) named.set(command, page);

describe("The `pulumi` commands of the docs", () => {
  let pulumi: string;
  before(async function () {
    this.timeout(600_000);
    pulumi = await pulumiCommand(console.log);
  });

  const helps = new Map<string, Promise<string>>();
  const help = (words: readonly string[]): Promise<string> => {
    const key = words.join(" ");
    const asked =
      helps.get(key) ??
      promisify(execFile)(pulumi, [...words, "--help"]).then(
        ({ stdout }) => stdout,
        () => "",
      );
    helps.set(key, asked);
    return asked;
  };
  /** Of a command's help: the words that lead to it, its last one by each of its names. */
  const pathsIn = (text: string): string[] => {
    const [path = "", last = ""] = /Usage:\n\s+pulumi ([a-z -]*?([a-z-]+))(?: [^a-z ].*)?\n/.exec(text)?.slice(1) ?? [];
    const aliases = /Aliases:\n\s+(.+)\n/.exec(text)?.[1]?.split(", ") ?? [];
    return [last, ...aliases].map((name) => path.slice(0, path.length - last.length) + name);
  };

  it("are some", () => {
    expect([...named.keys()]).to.include("pulumi preview --cwd partner --stack prod --diff");
    expect(named.size).to.be.greaterThan(20);
  });

  for (const [command, page] of named)
    it(`\`${command}\` (${page})`, async () => {
      const [, ...words] = command.split(" ");
      const path: string[] = [];
      for (const word of words) {
        const group = path.length === 0 || (await help(path)).includes("Available Commands:");
        if (!group || !/^[a-z][a-z-]*$/.test(word)) break;
        path.push(word);
      }
      const text = await help(path);
      expect(pathsIn(text), "there is such a command").to.include(path.join(" "));
      const flags = words.flatMap((word) => /^(--?[a-z][a-z-]*)/.exec(word)?.[1] ?? []);
      for (const flag of flags) expect(text, flag).to.match(new RegExp(`(?:^|[ ,])${flag}(?:[ ,=\\n]|$)`, "m"));
    });
});
