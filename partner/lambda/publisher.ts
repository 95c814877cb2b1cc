// Publishes debug messages: part of the receive function where there are any.
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { CLIENT } from "../../shared/lambda/clients.ts";

/** Throws what the SDK throws. */
export type Publish = (topic: string, payload: string, signal: AbortSignal) => Promise<void>;

export function publisher(): Publish {
  const iotData = new IoTDataPlaneClient(CLIENT);
  return async (topic, payload, abortSignal) => {
    await iotData.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(payload) }), { abortSignal });
  };
}
