// What of the AWS SDK a function never needs and therefore doesn't carry: the one place where the official clients are
// cut. The rest of them ships as it is. `test/shared/trim.test.ts` holds trimmed clients against whole ones.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Loader, OnLoadResult, Plugin } from "esbuild";

/** The SDK, and what it is made of. */
const SDK = /[\\/]node_modules[\\/]@(?:aws-sdk|smithy)[\\/]/;

/** A module of the SDK that is replaced: its path below `node_modules`, and what stands there instead. */
export interface Replacement {
  readonly module: string;
  /** An ES module. Its imports are resolved as if the replaced one had written them. */
  readonly contents: string;
}

/** A stand-in for something that no call of the functions gets to. */
const unreached = (what: string): string =>
  `() => { throw new Error("${what} is left out of this function's bundle."); }`;

export const REPLACEMENTS: readonly Replacement[] = [
  {
    // Lambda gives a function its credentials as environment variables, which don't change while the execution
    // environment lives (Lambda Developer Guide, "defined runtime environment variables"). Files, processes, SSO,
    // web identities and metadata services are for other machines. It is what the whole chain asks first.
    module: "@aws-sdk/credential-provider-node/dist-es/index.js",
    contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
  },
  {
    // There are no ~/.aws/config and ~/.aws/credentials: what they might say, variables say.
    module: "@smithy/core/dist-es/submodules/config/shared-ini-file-loader/loadSharedConfigFiles.js",
    contents: `export { CONFIG_PREFIX_SEPARATOR } from "./constants";
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // Lambda sets AWS_REGION; it has no metadata service that would know one.
    module: "@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js",
    contents: "export const getInstanceMetadataRegion = async () => undefined;",
  },
  {
    // No operation here has a stream of events. Loaded on demand, it would keep all that it shares with the rest whole.
    module: "@smithy/core/dist-es/submodules/event-streams/index.js",
    contents: `export const EventStreamSerde = ${unreached("An event stream")};
      export const eventStreamSerdeProvider = ${unreached("An event stream")};
      export const resolveEventStreamSerdeConfig = (config) => config;`,
  },
  {
    module: "@smithy/signature-v4/dist-es/HeaderFormatter.js",
    contents: `export class HeaderFormatter {}`,
  },
  {
    // Nor one whose answer is a stream of bytes.
    module: "@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.js",
    contents: `export const sdkStreamMixin = ${unreached("A streamed answer")};`,
  },
  {
    // Signatures for several Regions need a package beside the SDK, which nobody installs. STS is signed as ever.
    module: "@aws-sdk/signature-v4-multi-region/dist-es/index.js",
    contents: `import { SignatureV4 } from "@smithy/signature-v4";
      export class SignatureV4MultiRegion extends SignatureV4 { static sigv4aDependency() { return "none"; } }`,
  },
  {
    // Node has both hashes.
    module: "@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js",
    contents: `export const Sha256Js = ${unreached("SHA-256 in JavaScript")};`,
  },
  {
    module: "@smithy/core/dist-es/submodules/checksum/md5/Md5Js.js",
    contents: `export const Md5Js = ${unreached("MD5 in JavaScript")};`,
  },
  {
    // `CLIENT` says which way its clients try again.
    module: "@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js",
    contents:
      "export class AdaptiveRetryStrategy { constructor() { throw new Error('Adaptive retries are left out of this function\\'s bundle.'); } }",
  },
  {
    // DynamoDB's client asks for endpoints only where it is told to.
    module: "@aws-sdk/endpoint-cache/dist-es/index.js",
    contents: "export class EndpointCache {}",
  },
];

/** Changes texts of the SDK that don't have to be replaced as a whole. */
interface Rewriting {
  readonly filter: RegExp;
  readonly rewrite: (text: string, path: string) => string;
  readonly loader: Loader;
}

const SCHEMAS: Rewriting = {
  filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/,
  loader: "js",
  rewrite: (text, path) => {
    const ofClient = (file: string) => readFileSync(join(dirname(path), "..", file), "utf8");
    // There an error's code isn't its name.
    const errorsByCode = ofClient("runtimeConfig.shared.js").includes("AwsQueryProtocol");
    const kept = new Set([...retryable(ofClient(join("models", "errors.js"))), ...CODED_OTHERWISE]);
    return shakeable(errorsByCode ? text : withoutPlainErrors(text, kept));
  },
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
  // Imported on demand, as a namespace, node:http loads all of undici for its WebSocket: more than the whole function.
  rewrite: (text) =>
    `import * as imported_http from "node:http";\n${text.replace('await import("node:http")', "imported_http")}`,
};

/**
 * Schemas of all operations lie in one module, as arrays in whose objects names stand as computed keys: the bundler
 * can't know that they do nothing, and keeps them all. Said to be pure, those stay that an operation in use leads to.
 */
export const shakeable = (schemas: string): string =>
  schemas.replace(/^((?:export )?(?:var|const) [\w$]+ = )(\[[^;]*\]);$/gm, "$1/* @__PURE__ */ (() => $2)();");

/**
 * Of an error that says nothing beyond its name and its message, the client makes the same without knowing it: name,
 * message, whose fault, status, request id. Its class, which nobody asks for, goes. Those in `kept` stay, and those
 * that carry more.
 */
export function withoutPlainErrors(schemas: string, kept: ReadonlySet<string>): string {
  const names = new Map(
    [...schemas.matchAll(/^const (_\w+) = "(error|httpError|message|awsQueryError)";$/gm)].map(([, a, b]) => [b, a]),
  );
  const [error, httpError, message, code] = ["error", "httpError", "message", "awsQueryError"].map(
    (name) => names.get(name) ?? "-",
  );
  const plain = new RegExp(
    String.raw`^export var (\w+)\$ = \[-3, \w+, \w+,\s*\{ (?:\[${code}\]: \[[^\]]*\], )?\[${error}\]: \w+(?:, \[${httpError}\]: \d+)? \},` +
      String.raw`\s*\[(?:${message})?\],\s*\[0?\]\s*\];\n\w+\.registerError\(\1\$, \1\);$`,
    "gm",
  );
  return schemas.replace(plain, (registered, name: string) => (kept.has(name) ? registered : ""));
}

/**
 * Errors of SendMessage (SQS API Reference) that have another name on the wire, by which they would be called
 * otherwise: SQS gives its older codes beside.
 */
const CODED_OTHERWISE = [
  "InvalidSecurity",
  "KmsAccessDenied",
  "KmsDisabled",
  "KmsInvalidKeyUsage",
  "KmsInvalidState",
  "KmsNotFound",
  "KmsOptInRequired",
  "KmsThrottled",
  "QueueDoesNotExist",
  "RequestThrottled",
  "UnsupportedOperation",
];

/** Classes of errors that say of themselves that a call may be tried again. */
const retryable = (errors: string): ReadonlySet<string> =>
  new Set(
    errors
      .split("export class ")
      .filter((text) => text.includes("$retryable"))
      .map((text) => text.slice(0, text.indexOf(" "))),
  );

/** Cuts what a function doesn't need of the SDK. */
export const trim: Plugin = {
  name: "trim",
  setup(build) {
    build.onLoad({ filter: SDK }, ({ path }): OnLoadResult | undefined => {
      const below = path.replaceAll("\\", "/").split("/node_modules/").at(-1);
      const replacement = REPLACEMENTS.find(({ module }) => module === below);
      if (replacement !== undefined) return { contents: replacement.contents, loader: "js", resolveDir: dirname(path) };
      const rewriting = [SCHEMAS, MANIFEST, HTTP_HANDLER].find(({ filter }) => filter.test(path));
      if (rewriting === undefined) return undefined;
      return { contents: rewriting.rewrite(readFileSync(path, "utf8"), path), loader: rewriting.loader };
    });
  },
};
