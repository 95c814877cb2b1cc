// Where a function's clients send to. The SDK decides it by rules that are data, one set for each service, which an
// interpreter reads: for S3's buckets, FIPS in single Regions, other partitions. Of the services that the functions
// call a rule is a host's name. `test/shared/trim-endpoints.test.ts` holds it against the SDK's own, in each Region
// that the SDK knows.
/** What a service's host begins with, as a function of `Place`, in JavaScript: `iot` of iot.eu-west-1.amazonaws.com. */
const HOSTS = {
  dynamodb:
    '({ fips, dual, partition }) => fips && (dual || partition !== "aws-us-gov") ? "dynamodb-fips" : "dynamodb"',
  iot: '({ fips }) => fips ? "iot-fips" : "iot"',
  "iot-data-plane": `({ fips, dual, region }) => {
    if (!fips) return !dual && region === "cn-north-1" ? "data.ats.iot" : "data-ats.iot";
    const named = /^(us-(east|west)-[12]|us-gov-(east|west)-1|ca-central-1)$/.test(region);
    return !dual && named ? "data.iot-fips" : "data-ats.iot-fips";
  }`,
  lambda: '({ fips }) => fips ? "lambda-fips" : "lambda"',
  sqs: '({ fips, dual, partition }) => fips && (dual || partition !== "aws-us-gov") ? "sqs-fips" : "sqs"',
  sts: '({ fips, dual, partition }) => fips && (dual || partition !== "aws-us-gov") ? "sts-fips" : "sts"',
} as const;

/**
 * The interpreter's place. Left out: DynamoDB's endpoints of an account, which it takes where the credentials say an
 * account, as Lambda's don't, and STS's global one, which it takes where it is told to.
 */
const DECIDE = `
  import { EndpointError } from "./types";
  import { customEndpointFunctions } from "./utils/customEndpointFunctions";
  const configured = (url, fips, dual) => {
    const clash = fips ? "FIPS" : dual && "Dualstack";
    if (clash) throw new EndpointError("Invalid Configuration: " + clash + " and custom endpoint are not supported");
    return url;
  };
  const regional = (hostOf, region, fips, dual) => {
    if (region === undefined) throw new EndpointError("Invalid Configuration: Missing Region");
    const { name, dnsSuffix, dualStackDnsSuffix, supportsFIPS, supportsDualStack } =
      customEndpointFunctions.aws.partition(region);
    if (fips && !supportsFIPS || dual && !supportsDualStack)
      throw new EndpointError("FIPS or DualStack is enabled, but this partition does not support it");
    const host = hostOf({ region, fips, dual, partition: name });
    return "https://" + host + "." + region + "." + (dual ? dualStackDnsSuffix : dnsSuffix);
  };
  export const decideEndpoint = (hostOf, { endpointParams: { Endpoint, Region, UseFIPS, UseDualStack } }) => {
    const url = Endpoint === undefined
      ? regional(hostOf, Region, UseFIPS, UseDualStack)
      : configured(Endpoint, UseFIPS, UseDualStack);
    return { url: new URL(url), properties: {}, headers: {} };
  };`;

export const ENDPOINTS = [
  { module: "@smithy/core/dist-es/submodules/endpoints/util-endpoints/decideEndpoint.js", contents: DECIDE },
  ...Object.entries(HOSTS).map(([service, host]) => ({
    module: `@aws-sdk/client-${service}/dist-es/endpoint/bdd.js`,
    contents: `export const bdd = ${host};`,
  })),
  {
    // S3's functions for rules are in no other service's.
    module: "@aws-sdk/core/dist-es/submodules/client/util-endpoints/aws.js",
    contents: `import { customEndpointFunctions } from "@smithy/core/endpoints";
      import { partition } from "./lib/aws/partition";
      export const awsEndpointFunctions = { partition };
      customEndpointFunctions.aws = awsEndpointFunctions;`,
  },
];

/**
 * A Region's partition is known by the form of its name. That the Regions are listed beside, with what they are called,
 * tells nothing more of any but those that are none, such as `aws-global`; nor does a partition's global Region.
 */
export const withoutRegions = (partitions: string): string =>
  partitions
    .replace(/"regions": \{(?:[^{}]|\{[^{}]*\})*\}/g, '"regions": {}')
    .replace(/"implicitGlobalRegion": "[^"]*",/g, "");
