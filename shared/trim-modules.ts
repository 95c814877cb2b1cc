// Modules of the SDK that functions don't carry, or not whole, and why. `trim.ts` does it.
import { extname, join } from "node:path";
import { ENDPOINTS } from "./trim-endpoints.ts";

/** A module of the SDK that is replaced: its path below `node_modules`, and what stands there instead. */
export interface Replacement {
  readonly module: string;
  /** An ES module. Its imports are resolved as if the replaced one had written them. */
  readonly contents: string;
}

/** Throws when a call gets there after all. The bundler resolves it from this package's folder. */
export const IMPORT_LEFT_OUT = `import { leftOut } from ${JSON.stringify(join(import.meta.dirname, "lambda", `left-out${extname(import.meta.filename)}`))};`;

const leaving = (...names: readonly string[]): string =>
  [IMPORT_LEFT_OUT, ...names.map((name) => `export function ${name}() { return leftOut("${name}"); }`)].join("\n");

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
    // No operation here has a stream of events. Lambda's client has one.
    module: "@smithy/core/dist-es/submodules/event-streams/index.js",
    contents: `${leaving("eventStreamSerdeProvider")}
      export const resolveEventStreamSerdeConfig = (config) => config;`,
  },
  {
    module: "@smithy/signature-v4/dist-es/HeaderFormatter.js",
    contents: `export class HeaderFormatter {}`,
  },
  {
    // No operation here has an answer that is a stream of bytes.
    module: "@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.js",
    contents: leaving("sdkStreamMixin"),
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
    contents: leaving("Sha256Js"),
  },
  {
    module: "@smithy/core/dist-es/submodules/checksum/md5/Md5Js.js",
    contents: leaving("Md5Js"),
  },
  {
    // `CLIENT` says which way its clients try again.
    module: "@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js",
    contents: leaving("AdaptiveRetryStrategy"),
  },
  {
    // DynamoDB's client asks for endpoints only where it is told to.
    module: "@aws-sdk/middleware-endpoint-discovery/dist-es/index.js",
    contents: `export const resolveEndpointDiscoveryConfig = (config) => config;
      export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
        environmentVariableSelector() {}, configFileSelector() {}, default: undefined };`,
  },
  {
    module: "@aws-sdk/client-dynamodb/dist-es/commands/DescribeEndpointsCommand.js",
    contents: "export class DescribeEndpointsCommand {}",
  },
  {
    // Node has no use for a body that it would warn of when it is taken for a text.
    module: "@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonBytesStringAdapter.js",
    contents: "export const JsonBytesStringAdapter = Buffer;",
  },
  {
    // What there is, Lambda's runtime made; this function has one event at a time (Lambda Developer Guide,
    // "concurrency").
    module: "@aws/lambda-invoke-store/dist-es/invoke-store.js",
    contents: "export const InvokeStore = { getInstanceAsync: async () => globalThis.awslambda?.InvokeStore };",
  },
  {
    // A client writes what it does to a logger that it was given; here, to none.
    module: "@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js",
    contents: `export const getLoggerPlugin = () => ({ applyToStack() {} });
      export let loggerMiddleware, loggerMiddlewareOptions;`,
  },
  {
    module: "@smithy/core/dist-es/submodules/client/smithy-client/schemaLogFilter.js",
    contents: leaving("schemaLogFilter"),
  },
  {
    // Of old versions of Node: the function's is the one that its program says.
    module: "@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js",
    contents: "export const state = {}; export const emitWarningIfUnsupportedVersion = () => {};",
  },
  {
    // A mode is a choice of time-outs and retries, which `CLIENT` makes.
    module: "@smithy/core/dist-es/submodules/config/defaults-mode/resolveDefaultsModeConfig.js",
    contents: 'export const resolveDefaultsModeConfig = () => async () => "legacy";',
  },
  {
    module: "@smithy/core/dist-es/submodules/client/smithy-client/defaults-mode.js",
    contents: "export const loadConfigsForDefaultMode = () => ({});",
  },
  {
    // A wait of five minutes that a variable turns on; `CLIENT` says shorter ones.
    module: "@aws-sdk/core/dist-es/submodules/client/getDefaultSocketTimeout.js",
    contents: "export const getDefaultSocketTimeout = () => undefined;",
  },
  {
    // The global `crypto` would have Node load all of Web Cryptography, for a function that node:crypto has as well.
    module: "@smithy/core/dist-es/submodules/serde/uuid/v4.js",
    contents: 'import { randomUUID } from "node:crypto"; export const bindV4 = () => () => randomUUID();',
  },
  {
    // Asking whether something is one of the web's streams would have Node load them.
    module: "@smithy/core/dist-es/submodules/serde/util-stream/stream-type-check.js",
    contents: "export const isReadableStream = () => false; export const isBlob = () => false;",
  },
  {
    module: "@smithy/core/dist-es/submodules/retry/middleware-retry/isStreamingPayload/isStreamingPayload.js",
    contents: "export const isStreamingPayload = () => false;",
  },
  {
    // Answers as browsers have them.
    module: "@smithy/core/dist-es/submodules/serde/util-stream/stream-collector.browser.js",
    contents: leaving("streamCollector", "collectBlob", "collectReadableStream"),
  },
  // STS's second way to sign, see above.
  {
    module: "@aws-sdk/core/dist-es/submodules/httpAuthSchemes/aws_sdk/AwsSdkSigV4ASigner.js",
    contents: "export class AwsSdkSigV4ASigner {}",
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/httpAuthSchemes/aws_sdk/resolveAwsSdkSigV4AConfig.js",
    contents: `export const resolveAwsSdkSigV4AConfig = (config) => config;
      export const NODE_SIGV4A_CONFIG_OPTIONS = {
        environmentVariableSelector() {}, configFileSelector() {}, default: undefined };`,
  },
  {
    // STS answers with none.
    module: "@aws-sdk/core/dist-es/submodules/protocols/UnionSerde.js",
    contents: leaving("UnionSerde"),
  },
  ...ENDPOINTS,
];

/** Methods and exported functions of a module that no call of the functions gets to. */
export interface LeftOut {
  readonly module: string;
  readonly names: readonly string[];
}

export const LEFT_OUT: readonly LeftOut[] = [
  {
    // Of requests, only requests themselves are signed: no addresses to hand out, no events of a stream.
    module: "@smithy/signature-v4/dist-es/SignatureV4.js",
    names: ["presign", "signEvent", "signMessage", "signString"],
  },
  {
    // No operation here has a stream of events.
    module: "@smithy/core/dist-es/submodules/protocols/HttpProtocol.js",
    names: [
      "serializeEventStream",
      "deserializeEventStream",
      "loadEventStreamCapability",
      "getEventStreamMarshaller",
      "resolveEventStreamMarshaller",
      "resolveError",
    ],
  },
  {
    // Of a request's path, query and headers nothing is more than a text or a number, which are written without it.
    module: "@smithy/core/dist-es/submodules/protocols/serde/ToStringShapeSerializer.js",
    names: ["write", "writeHttpBinding"],
  },
  {
    // Nor a request with bytes, a time or a list in its JSON; DynamoDB's client writes its lists itself.
    module: "@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonShapeSerializer2.js",
    names: ["writeDiscriminatedDocument", "writeBase64", "writeList", "writeTimestamp"],
  },
  {
    // Of maps in XML and of unions in streams: STS's answers have none.
    module: "@smithy/core/dist-es/submodules/schema/schemas/NormalizedSchema.js",
    names: ["getKeySchema", "getMemberSchema"],
  },
  {
    // Schemas are known to a client by its operations; what is registered is errors.
    module: "@smithy/core/dist-es/submodules/schema/TypeRegistry.js",
    names: ["register"],
  },
  {
    // Times in JSON are numbers; STS's, in XML, are read by another module.
    module: "@smithy/core/dist-es/submodules/serde/date-utils.js",
    names: ["dateToUtcString", "parseRfc3339DateTimeWithOffset", "parseRfc7231DateTime"],
  },
  {
    module: "@smithy/core/dist-es/submodules/serde/schema-serde-lib/schema-date-utils.js",
    names: ["_parseRfc7231DateTime"],
  },
  {
    module: "@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/service-customizations/s3.js",
    names: ["resolveParamsForS3"],
  },
  {
    // `shared/lambda/meter.ts` adds dimensions, metrics and metadata, and has them written.
    module: "@aws-lambda-powertools/metrics/lib/esm/Metrics.js",
    names: [
      "addDimension",
      "captureColdStartMetric",
      "logMetrics",
      "setThrowOnEmptyMetrics",
      "setTimestamp",
      "singleMetric",
      "#validateEmfTimestamp",
    ],
  },
];
