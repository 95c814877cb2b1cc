// `npm run check:package`: packs the package, installs it with npm into a folder outside the repository, and tries it
// there as an adopter would: what is in it, what it needs, whether the programs of examples/ type-check against it
// and carry a thing across two accounts of the embedded AWS.
import { spawn } from "node:child_process";
import { cp, glob, mkdtemp, readFile, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { announceBundle } from "../../customer/announce-function.ts";
import { defaultReceiveBundle } from "../../partner/own-code.ts";
import { TRIMMED_PACKAGES } from "../../shared/trim-versions.ts";
import type { Bundle } from "../../shared/bundle.ts";
import { type Manifest, built } from "./manifest.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples");

/** Everything that may be in the package. */
const CONTENT = /^(package\.json|README\.md|LICENSE|dist\/(customer|hooks|kit|partner|shared)\/[\w/-]+\.(js|d\.ts))$/;

const manifestIn = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

/** Runs a command to its end. Rejects with a sentence that ends in what it printed. */
async function run(what: string, cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise((end, fail) => child.once("error", fail).once("close", end));
  const text = Buffer.concat(printed).toString();
  if (code !== 0) throw new Error(`${what} failed (${command} ${args.join(" ")}):\n${text.trimEnd()}`);
  return text;
}

/** The packed file. */
async function pack(folder: string): Promise<string> {
  const before = await readFile(join(ROOT, "package.json"), "utf8");
  await run("Packing", ROOT, "npm", "pack", "--pack-destination", folder);
  if ((await readFile(join(ROOT, "package.json"), "utf8")) !== before) {
    throw new Error("npm pack left another package.json behind: see what tools/package/pack.ts does as postpack.");
  }
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack ended without an error, and without a package.");
  return join(folder, tarball);
}

/** The examples, and beside them what they depend on, the package among it. */
async function install(folder: string, tarball: string): Promise<void> {
  const { name, devDependencies } = (await manifestIn(ROOT)) as Manifest & { devDependencies: Record<string, string> };
  const dependencies: Record<string, string> = {};
  for (const example of await readdir(EXAMPLES)) {
    await cp(join(EXAMPLES, example), join(folder, example), { recursive: true });
    Object.assign(dependencies, (await manifestIn(join(EXAMPLES, example))).dependencies);
  }
  const compiler = { typescript: devDependencies.typescript, "@types/node": devDependencies["@types/node"] };
  const manifest = { private: true, dependencies: { ...dependencies, ...compiler, [name]: `file:${tarball}` } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await run("Installing the package", folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund");
}

async function checkContent(installed: string, sources: Manifest): Promise<void> {
  const entries = await readdir(installed, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    // What it depends on, where npm found no place above for the version that is pinned.
    .filter((file) => !file.startsWith("node_modules/"));
  const foreign = files.filter((file) => !CONTENT.test(file));
  if (foreign.length > 0) throw new Error(`The package has what doesn't belong in it: ${foreign.join(", ")}.`);
  const entrances = Object.values(sources.exports).flatMap((source) => [
    `${built(source)}.js`,
    `${built(source)}.d.ts`,
  ]);
  const functions = ["customer/lambda/announce", "customer/lambda/reconcile", "partner/lambda/receive"].map(
    (path) => `./dist/${path}.js`,
  );
  const commands = Object.values(sources.bin).map((source) => `${built(source)}.js`);
  const missing = [...entrances, ...functions, ...commands].filter((file) => !files.includes(file.slice(2)));
  if (missing.length > 0) throw new Error(`The package lacks ${missing.join(", ")}.`);
}

/** `@aws-sdk/client-iot` of `@aws-sdk/client-iot/dist`. */
const packageOf = (specifier: string): string => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/**
 * What the JavaScript imports is a dependency or a peer, and nothing else is; and what everybody must share is no
 * dependency.
 */
async function checkDependencies(installed: string): Promise<void> {
  const { dependencies, peerDependencies } = await manifestIn(installed);
  const imported = new Set<string>();
  for await (const file of glob("dist/**/*.js", { cwd: installed })) {
    const { importedFiles } = ts.preProcessFile(await readFile(join(installed, file), "utf8"));
    const names = importedFiles.map(({ fileName }) => fileName);
    for (const name of names) if (!name.startsWith(".") && !isBuiltin(name)) imported.add(packageOf(name));
  }
  const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const undeclared = [...imported].filter((name) => !declared.includes(name));
  if (undeclared.length > 0) throw new Error(`The package imports ${undeclared.join(", ")}, and doesn't depend on it.`);
  // What the SDK is made of is pinned, since it is trimmed.
  const unused = declared.filter((name) => !imported.has(name) && !TRIMMED_PACKAGES.includes(name));
  if (unused.length > 0) throw new Error(`The package depends on ${unused.join(", ")}, and imports nothing of it.`);
  const own = Object.keys(dependencies).filter((name) => name.startsWith("@pulumi/"));
  if (own.length > 0)
    throw new Error(`${own.join(", ")} must be a peer: a program works with one copy of Pulumi only.`);
}

async function checkCopies(folder: string): Promise<void> {
  for (const name of ["@pulumi/pulumi", "@pulumi/aws"]) {
    const copies: string[] = [];
    for await (const copy of glob(`**/node_modules/${name}/package.json`, { cwd: folder })) copies.push(copy);
    if (copies.length !== 1) throw new Error(`${name} is there ${copies.length} times: ${copies.join(", ")}.`);
  }
}

/**
 * Types of the examples, under stricter options than most have; our declarations with them, since no skipLibCheck
 * passes over those.
 */
async function checkTypes(folder: string): Promise<void> {
  const compilerOptions = {
    ...{ target: "es2024", module: "nodenext", types: ["node"], noEmit: true, allowImportingTsExtensions: true },
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/*.ts"] }));
  await run("Type-checking the examples", folder, process.execPath, "node_modules/typescript/bin/tsc", "-p", ".");
}

/**
 * The functions as the installed package bundles them, with all that can be switched on: as small as from the sources,
 * and the same bytes from another folder.
 */
async function checkBundles(folder: string, name: string): Promise<void> {
  const installed = join("node_modules", name, "dist");
  const here = await bundles(join(folder, installed));
  const elsewhere = `${folder}-moved`;
  await rename(folder, elsewhere);
  const there = await bundles(join(elsewhere, installed));
  await rename(elsewhere, folder);
  const sources = await Promise.all([announceBundle(), defaultReceiveBundle(true)]);
  for (const [index, { code }] of here.entries()) {
    if (code !== there[index]?.code) throw new Error("A function has other bytes when the folder is called otherwise.");
    // Not the same bytes: the minifier gives other short names to what the compiler made of the sources, and npm may
    // have newer versions of what isn't pinned.
    const expected = sources[index]?.code.length ?? 0;
    if (code.length > expected * 1.02) {
      throw new Error(`A function has ${code.length} characters from the package, and ${expected} from the sources.`);
    }
  }
}

async function bundles(dist: string): Promise<Bundle[]> {
  const made: Bundle[] = [];
  for (const [module, name] of [
    ["customer/announce-function.js", "announceBundle"],
    ["partner/own-code.js", "defaultReceiveBundle"],
  ] as const) {
    const loaded = (await import(pathToFileURL(join(dist, module)).href)) as Record<
      string,
      ((debug: boolean) => Promise<Bundle>) | undefined
    >;
    const bundle = loaded[name];
    if (bundle === undefined) throw new Error(`${module} exports no ${name}: tools/package/check.ts must follow.`);
    made.push(await bundle(true));
  }
  return made;
}

/** Programs of most adopters are CommonJS, by way of TypeScript: what they import is required. */
async function checkRequire(folder: string, { name, exports }: Manifest): Promise<void> {
  for (const path of Object.keys(exports)) {
    const code = `if (Object.keys(require("${name}${path.slice(1)}")).length === 0) process.exit(1)`;
    await run(`require("${name}${path.slice(1)}")`, folder, process.execPath, "--input-type=commonjs", "-e", code);
  }
}

/** The package's commands, as npm puts them within reach. */
async function checkCommands(folder: string, { bin }: Manifest): Promise<void> {
  for (const command of Object.keys(bin)) {
    const help = await run(`${command} --help`, folder, join("node_modules", ".bin", command), "--help");
    if (!help.startsWith(`Usage: ${command} `)) throw new Error(`${command} --help says something else:\n${help}`);
  }
}

/** `hooks kit` runs the component, by Pulumi as it is installed beside the package. */
async function checkKits(folder: string): Promise<void> {
  const hooks = join("node_modules", ".bin", "hooks");
  await run("hooks kit cloudformation", folder, hooks, "kit", "cloudformation", "--out", "kit.json");
  await run("hooks kit terraform", folder, hooks, "kit", "terraform", "--out", "kit");
  const template = JSON.parse(await readFile(join(folder, "kit.json"), "utf8")) as { Resources?: object };
  const module = await readdir(join(folder, "kit"));
  if (template.Resources === undefined || !module.includes("main.tf.json") || !module.includes("announce.zip"))
    throw new Error(`hooks kit made something else: ${Object.keys(template).join(", ")}; ${module.join(", ")}.`);
}

async function check(folder: string): Promise<void> {
  const step = (done: string) => {
    console.log(`${(performance.now() / 1000).toFixed(0).padStart(3)} s  ${done}`);
  };
  const sources = await manifestIn(ROOT);
  const tarball = await pack(folder);
  step("packed");
  await install(folder, tarball);
  step("installed outside the repository");
  const installed = join(folder, "node_modules", sources.name);
  await checkContent(installed, sources);
  await checkDependencies(installed);
  await checkCopies(folder);
  step("has what it should, and needs what it says");
  await checkTypes(folder);
  step("the examples' types are right");
  await checkRequire(folder, sources);
  step("can be required");
  await checkCommands(folder, sources);
  step("brings its command");
  await checkKits(folder);
  step("makes kits");
  await checkBundles(folder, sources.name);
  step("bundles the functions as the sources do");
  const script = join(import.meta.dirname, "run-examples.ts");
  const crossed = await run("Running the examples", folder, process.execPath, script, folder);
  for (const line of crossed.trimEnd().split("\n")) step(line);
}

const folder = await mkdtemp(join(await realpath(tmpdir()), "package-"));
try {
  await check(folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
