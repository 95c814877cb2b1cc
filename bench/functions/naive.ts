// The announce function as one would write it first: the SDK's clients with their defaults, the role assumed by the
// SDK, no checks.
import { DescribeThingCommand, IoTClient } from "@aws-sdk/client-iot";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

const { PARTNER_ROLE_ARN: RoleArn = "", PARTNER_REGION: region = "", ACCOUNT_ID = "" } = process.env;
const iot = new IoTClient({});
const data = new IoTDataPlaneClient({
  region,
  credentials: fromTemporaryCredentials({ params: { RoleArn, RoleSessionName: "announce" }, clientConfig: { region } }),
});

export async function handler(event: { detail: { requestParameters: { thingName: string } } }): Promise<void> {
  const { thingName } = event.detail.requestParameters;
  const { $metadata: _, ...description } = await iot.send(new DescribeThingCommand({ thingName }));
  const topic = `cross_account_hooks/${ACCOUNT_ID}/create_thing`;
  await data.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(JSON.stringify(description)) }));
  console.log({ announced: thingName });
}
