// The page's buttons press on AWS's own API: the SDK's clients, as an account's administrator, over the endpoint that
// everybody uses. So what they do is decided by IAM and stands in trail and trace.
import type { IAM } from "@aws-sdk/client-iam";
import type { IoT } from "@aws-sdk/client-iot";
import type { Lambda } from "@aws-sdk/client-lambda";
import { DEFAULT_REGION } from "../core/accounts.ts";
import type { EmbeddedAws } from "../core/cloud.ts";

/** One attempt: whoever pressed sees the error at once. */
const configuration = (cloud: EmbeddedAws, account: string) => ({
  endpoint: cloud.endpoint,
  region: DEFAULT_REGION,
  maxAttempts: 1,
  credentials: cloud.administrator(account),
});

// Loaded at the first press: all of them together take a while.
export const iot = async (cloud: EmbeddedAws, account: string): Promise<IoT> =>
  new (await import("@aws-sdk/client-iot")).IoT(configuration(cloud, account));
export const iam = async (cloud: EmbeddedAws, account: string): Promise<IAM> =>
  new (await import("@aws-sdk/client-iam")).IAM(configuration(cloud, account));
export const lambda = async (cloud: EmbeddedAws, account: string): Promise<Lambda> =>
  new (await import("@aws-sdk/client-lambda")).Lambda(configuration(cloud, account));
