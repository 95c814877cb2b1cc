// What README and docs say, held against the code: settings, links, length.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDERS = ["", "docs", "docs/decisions", "pipeline", "embedded-aws", "examples"];
const PAGES = FOLDERS.flatMap((folder) =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder))
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(folder, name))
    : [],
);
const page = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const pulumiRequires = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const yaml = pulumiRequires("js-yaml") as { load(text: string): unknown };

/** Rows of the table below a heading, cells without backquotes. */
function tableBelow(text: string, heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split(/\n## /)[0];
  if (section === undefined) throw new Error(`There is no heading "${heading}".`);
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("README", () => {
  it("is short: at most 130 lines of at most 120 characters", () => {
    const lines = page("README.md").trimEnd().split("\n");
    expect(lines.length).to.be.at.most(130);
    expect(lines.filter((line) => line.length > 120)).to.deep.equal([]);
  });

  it("names every npm script in docs/trying.md that a user would type", () => {
    const scripts = Object.keys((JSON.parse(page("package.json")) as { scripts: object }).scripts);
    const typed = scripts.filter(
      (name) => !name.startsWith("check:") && !["format", "pictures", "prepack", "postpack"].includes(name),
    );
    const text = page("docs/trying.md");
    const missing = typed.filter((name) => !new RegExp(`\`(npm run |npm )?${name}\\b`).test(text));
    expect(missing).to.deep.equal([]);
  });
});

describe("docs/configuration.md", () => {
  const projects = {
    Customer: "customer",
    Partner: "partner",
    "A customer's own stack at the partner": "partner/customer",
    "Both in one stack": ".",
  };
  for (const [heading, folder] of Object.entries(projects)) {
    it(`has each setting of ${folder}/Pulumi.yaml with its default, and no other: "${heading}"`, () => {
      const { config } = yaml.load(page(join(folder, "Pulumi.yaml"))) as {
        config: Record<string, { default?: unknown }>;
      };
      const written = Object.fromEntries(
        tableBelow(page("docs/configuration.md"), heading).map(([key = "", value = ""]) => [key, value]),
      );
      expect(Object.keys(written).sort()).to.deep.equal(Object.keys(config).sort());
      for (const [key, { default: value }] of Object.entries(config)) {
        // An empty default means "not set": the table then says what happens, in words.
        if (value === undefined) expect(written[key], key).to.equal("required");
        else if (value !== "" && JSON.stringify(value) !== "{}") expect(written[key], key).to.equal(asCell(value));
      }
    });
  }

  it("names each operation of the contract, in the order of its table, and no other", () => {
    const section = page("docs/configuration.md").split("\n## Operations\n")[1] ?? "";
    const [list = ""] = section.split(/Both\s+sides have a list/);
    const named = [...list.matchAll(/`(\w+_\w+)`/g)].map(([, name]) => name);
    expect([...new Set(named)].filter((name) => name !== "sync_thing")).to.deep.equal(
      OPERATION_NAMES.filter((name) => name !== "sync_thing"),
    );
  });
});

describe("docs/not-confirmed.md", () => {
  const folders = ["core", "functions", "language", "pulumi", "services", "show"];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(ROOT, "embedded-aws", folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  it("has every file of the embedded AWS that says so, and no other", () => {
    const saying = sources.filter((path) => /not(?:\s|\*|\/\/)+confirmed/i.test(page(join("embedded-aws", path))));
    const listed = tableBelow(page("docs/not-confirmed.md"), "What the embedded AWS guesses").map(([file]) => file);
    expect(listed.sort()).to.deep.equal(saying.sort());
  });
});

const asCell = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

describe("Links", () => {
  for (const path of PAGES) {
    it(`of ${path} lead somewhere`, () => {
      const targets = [...page(path).matchAll(/\]\((?!https?:)([^)#\s]+)|(?:src|srcset)="([^"]+)"/g)];
      const missing = targets
        .map(([, link, picture]) => join(dirname(path), link ?? picture ?? ""))
        .filter((target) => !existsSync(join(ROOT, target)));
      expect(missing.map((target) => relative("", target))).to.deep.equal([]);
    });
  }
});
