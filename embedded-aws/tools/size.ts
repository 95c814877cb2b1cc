// Counts the lines of code of this package by folder, without comments and blank lines; tests, page, benchmarks, tools
// and what was generated are left out. For another commit: node embedded-aws/tools/size.ts <commit>
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const LEFT_OUT = new Set(["test", "page", "bench", "tools", "mutation"]);
const [, , commit] = process.argv;
const git = (...args: readonly string[]): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });

/** Lines on which a token stands. */
function linesOf(text: string): number {
  const source = ts.createSourceFile("of.ts", text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
    children.forEach(visit);
    if (children.length > 0 || node.kind === ts.SyntaxKind.EndOfFileToken || node.getWidth(source) === 0) return;
    const line = (at: number) => source.getLineAndCharacterOfPosition(at).line;
    for (let at = line(node.getStart(source)); at <= line(node.end); at++) lines.add(at);
  };
  visit(source);
  return lines.size;
}

const files = (commit === undefined ? git("ls-files", "embedded-aws") : git("ls-tree", "-r", "--name-only", commit))
  .split("\n")
  .filter((file) => /^embedded-aws\/.*\.(ts|mjs)$/.test(file) && !LEFT_OUT.has(file.split("/")[1] ?? ""));
const sizes = new Map<string, number>();
for (const file of files) {
  const [, folder = ""] = /^embedded-aws\/(?:(\w+)\/)?/.exec(file) ?? [];
  const text = commit === undefined ? readFileSync(`${root}/${file}`, "utf8") : git("show", `${commit}:${file}`);
  const where = folder === "" ? "commands" : folder;
  sizes.set(where, (sizes.get(where) ?? 0) + linesOf(text));
}
for (const [folder, lines] of [...sizes].sort()) console.log(folder.padEnd(12), String(lines).padStart(6));
console.log("in all".padEnd(12), String([...sizes.values()].reduce((sum, lines) => sum + lines, 0)).padStart(6));
