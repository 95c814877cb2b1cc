// The way into the partner's account: its role, assumed once and kept, and its topics.
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { courseOf } from "../../shared/lambda/failure-table.ts";
import type { AnnounceSettings } from "./settings.ts";

export type Publish = (topic: string, payload: string, signal: AbortSignal) => Promise<void>;

/** Shown in the partner's CloudTrail: says which customer and which function. STS takes 2 to 64 of these characters. */
export const sessionName = (accountId: string, functionName: string): string =>
  `${accountId}-${functionName.replace(/[^\w+=,.@-]/g, "-")}`.slice(0, 64);

/**
 * Publishes in the partner's account and Region. The credentials of its role last an hour, since a role assumes it
 * (IAM User Guide, "role chaining"); the client keeps them and renews them minutes before they end. Throws what the
 * SDK throws.
 */
export function publishToPartner(
  settings: AnnounceSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Publish {
  const { partnerRegion: region, partnerDataEndpoint } = settings;
  // An endpoint given in code would win over AWS_ENDPOINT_URL, and calls would leave an embedded AWS.
  const host = environment["AWS_ENDPOINT_URL"] ? undefined : partnerDataEndpoint;
  const credentials = partnersRole(settings, environment);
  const connect = () =>
    new IoTDataPlaneClient({
      ...CLIENT,
      region,
      ...(host === undefined ? {} : { endpoint: `https://${host}` }),
      credentials,
    });
  let client = connect();
  // While the function starts: the first event doesn't wait for them, or not for long. What goes wrong with it goes
  // wrong again when the first event asks, which then says so.
  client.config.credentials().catch(() => undefined);
  return async (topic, payload, abortSignal) => {
    // The client ends its request by the signal, but not that for credentials, which may have begun before the event.
    abortSignal.throwIfAborted();
    const timeIsUp = endOf(abortSignal);
    const publish = () =>
      Promise.race([
        client.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(payload) }), { abortSignal }),
        timeIsUp,
      ]);
    try {
      await publish();
    } catch (error) {
      if (courseOf(error) !== "denied") throw error;
      // Denials of what is allowed a moment later are seen in practice, and credentials may predate a change of the
      // role: once more, with new ones.
      client.destroy();
      client = connect();
      await publish();
    }
  };
}

/** Rejects when the signal says so. */
const endOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });

/** Credentials of the partner's role: new ones at each call. */
function partnersRole(
  { partnerRoleArn, accountId, externalId, stsRegion }: AnnounceSettings,
  environment: Readonly<Record<string, string | undefined>>,
) {
  // A Region's own STS endpoint, and not the customer's Region: it may be one that the partner's account hasn't
  // switched on.
  const sts = new STSClient({ ...CLIENT, region: stsRegion });
  return async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: partnerRoleArn,
        RoleSessionName: sessionName(accountId, environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "announce"),
        ExternalId: externalId,
      }),
    );
    // All four, always (AWS STS API Reference, Credentials): what is made of less is signed wrongly, or never renewed.
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    } = Credentials ?? {};
    if (
      accessKeyId === undefined ||
      secretAccessKey === undefined ||
      sessionToken === undefined ||
      expiration === undefined
    )
      throw new Error(`STS assumed ${partnerRoleArn}, but gave no credentials.`);
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  };
}
