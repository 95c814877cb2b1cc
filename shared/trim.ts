// What of the AWS SDK a function never needs and therefore doesn't carry: the one place where the official clients are
// cut, with `trim-….ts` beside it. The rest of them ships as it is. `test/shared/trim.test.ts` holds trimmed clients
// against whole ones.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Loader, OnLoadResult, Plugin, ResolveResult } from "esbuild";
import { TRIMMED_PACKAGES } from "./trim-versions.ts";
import { withoutRegions } from "./trim-endpoints.ts";
import { withoutUnusedErrors } from "./trim-errors.ts";
import { IMPORT_LEFT_OUT, LEFT_OUT, type LeftOut, REPLACEMENTS } from "./trim-modules.ts";

/** The SDK and what it is made of, and the functions' other libraries. */
const TRIMMED = /[\\/]node_modules[\\/](?:@(?:aws|aws-sdk|aws-lambda-powertools|smithy)|valibot)[\\/]/;

/** Changes texts that don't have to be replaced as a whole. */
interface Rewriting {
  readonly filter: RegExp;
  readonly rewrite: (text: string, path: string) => string;
  readonly loader: Loader;
}

/** Whether a text has a method or an exported function of that name, and the text without what is in it. */
const BODIES: ((name: string) => readonly [RegExp, string])[] = [
  // As the compiler of the SDK writes them: a class's methods are indented by four spaces.
  (name) => [
    new RegExp(`^ {4}(?:async )?${name}\\([^]*?^ {4}\\}$`, "m"),
    `    ${name}() { return leftOut("${name}"); }`,
  ],
  (name) => [
    new RegExp(`^export (?:const ${name} = |(?:async )?function ${name}\\()[^]*?^\\};?$`, "m"),
    `export function ${name}() { return leftOut("${name}"); }`,
  ],
];

/** The text without them, and without patterns that nothing else uses. Throws for a name that isn't there. */
function withoutBodies(text: string, { module, names }: LeftOut): string {
  const shorter = names.reduce((rest, name) => {
    const found = BODIES.map((body) => body(name)).find(([pattern]) => pattern.test(rest));
    if (found === undefined) throw new Error(`${module} has no ${name} to leave out: look at shared/trim.ts.`);
    return rest.replace(...found);
  }, text);
  const patterns = shorter.replaceAll("= new RegExp(", "= /* @__PURE__ */ new RegExp(");
  return `${IMPORT_LEFT_OUT}\n${patterns}`;
}

const SCHEMAS: Rewriting = {
  filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/,
  loader: "js",
  rewrite: (text, path) => shakeable(withoutUnusedErrors(text, join(dirname(path), "..", ".."))),
};

const MANIFEST: Rewriting = {
  filter: /[\\/]package\.json$/,
  loader: "json",
  // A client reads its own version from it, for the header User-Agent.
  rewrite: (text) => JSON.stringify({ version: (JSON.parse(text) as { readonly version: string }).version }),
};

const HTTP_HANDLER: Rewriting = {
  filter: /[\\/]node-http-handler[\\/]dist-es[\\/]node-http-handler\.js$/,
  loader: "js",
  rewrite: (text) =>
    // Imported on demand, as a namespace, node:http loads all of undici for its WebSocket: more than the whole
    // function.
    `import * as imported_http from "node:http";\n${text.replace('await import("node:http")', "imported_http")}`
      // A warning that requests wait for one of fifty connections: a function has ten requests at a time, at most.
      .replace(/^ {4}static checkSocketUsage\([^]*?^ {4}\}$/m, "    static checkSocketUsage() { return 0; }"),
};

const PARTITIONS: Rewriting = {
  filter: /[\\/]util-endpoints[\\/]lib[\\/]aws[\\/]partitions\.js$/,
  loader: "js",
  rewrite: withoutRegions,
};

const EXTENSIONS: Rewriting = {
  filter: /[\\/]dist-es[\\/]runtimeExtensions\.js$/,
  loader: "js",
  // Plugins of a client: ours are given none.
  rewrite: () => "export const resolveRuntimeExtensions = (config) => config;",
};

const AUTH_SCHEMES: Rewriting = {
  filter: /[\\/]client-sts[\\/]dist-es[\\/]auth[\\/]httpAuthSchemeProvider\.js$/,
  loader: "js",
  // The endpoint's rules could say how to sign; see `DECIDE` in trim-endpoints.ts for when they would.
  rewrite: (text) =>
    text.replace(
      /^const createEndpointRuleSetHttpAuthSchemeProvider = [^]*?^\};$/m,
      "const createEndpointRuleSetHttpAuthSchemeProvider = (_, byOperation) => byOperation;",
    ),
};

/**
 * Schemas of all operations lie in one module, as arrays in whose objects names stand as computed keys: the bundler
 * can't know that they do nothing, and keeps them all. Said to be pure, those stay that an operation in use leads to.
 */
const shakeable = (schemas: string): string =>
  schemas.replace(/^((?:export )?(?:var|const) [\w$]+ = )(\[[^;]*\]);$/gm, "$1/* @__PURE__ */ (() => $2)();");

const VALIBOT: Rewriting = {
  filter: /[\\/]valibot[\\/]dist[\\/]index\.mjs$/,
  loader: "js",
  // A pattern that is newer than the bundler thinks its target is becomes a call, which might throw, and so would stay.
  rewrite: (text) => text.replace(/^(const EMOJI_REGEX = )(.*);$/m, "$1/* @__PURE__ */ (() => $2)();"),
};

const REWRITINGS = [SCHEMAS, MANIFEST, HTTP_HANDLER, PARTITIONS, EXTENSIONS, AUTH_SCHEMES, VALIBOT];

/** One module in seventeen: esbuild waits for the answer about each that it asks for. */
const CUT = new RegExp(
  [
    ...[...REPLACEMENTS, ...LEFT_OUT].map(
      ({ module }) => `${module.replaceAll(".", "\\.").replaceAll("/", "[\\\\/]")}$`,
    ),
    ...REWRITINGS.map(({ filter }) => filter.source),
  ].join("|"),
);

/** Where this package's own dependencies are found, in the versions that it pins. */
const HERE = import.meta.dirname;
const PINNED = new RegExp(`^(?:${TRIMMED_PACKAGES.join("|")})(?:/|$)`);
const FOUND_HERE = Symbol("found here");

/** Cuts what a function doesn't need of the SDK. */
export const trim: Plugin = {
  name: "trim",
  setup(build) {
    // An adopter's installation may have newer ones beside them, which npm gives to the SDK's clients.
    const found = new Map<string, Promise<ResolveResult>>();
    build.onResolve({ filter: PINNED }, ({ path, kind, pluginData }) => {
      if (pluginData === FOUND_HERE) return undefined;
      const key = `${kind} ${path}`;
      const result = found.get(key) ?? build.resolve(path, { kind, resolveDir: HERE, pluginData: FOUND_HERE });
      found.set(key, result);
      return result;
    });
    build.onLoad({ filter: CUT }, ({ path }): OnLoadResult | undefined => {
      if (!TRIMMED.test(path)) return undefined;
      const below = path.replaceAll("\\", "/").split("/node_modules/").at(-1);
      const resolveDir = dirname(path);
      const replacement = REPLACEMENTS.find(({ module }) => module === below);
      if (replacement !== undefined) return { contents: replacement.contents, loader: "js", resolveDir };
      const text = () => readFileSync(path, "utf8");
      const leftOut = LEFT_OUT.find(({ module }) => module === below);
      if (leftOut !== undefined) return { contents: withoutBodies(text(), leftOut), loader: "js", resolveDir };
      const rewriting = REWRITINGS.find(({ filter }) => filter.test(path));
      if (rewriting === undefined) return undefined;
      return { contents: rewriting.rewrite(text(), path), loader: rewriting.loader };
    });
  },
};
