// IoT's data plane: publishing a message over HTTP.
import { IOT_DATA } from "../core/common-errors.ts";
import { isUtf8 } from "node:buffer";
import type { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { arn } from "../core/arn.ts";
import { AwsError, notModelled } from "../core/errors.ts";
import type { Caller } from "../core/identity.ts";
import { emitMetric } from "../core/metrics.ts";
import { operations, type Cloud, type FinishedCall, type Service } from "../core/service.ts";
import { basicIngest, publishMessage } from "./iot/messages.ts";

/** «AWS IoT Core endpoints and quotas», message broker. Topics of Basic Ingest count after their prefix. */
const TOPIC_BYTES = 256;
const TOPIC_SLASHES = 7;
const PAYLOAD_BYTES = 128 * 1024;
/** Bytes of a message that the trace keeps. */
const SHOWN_BYTES = 4096;
/** Messages are priced in units of 5 KB. */
const UNIT_BYTES = 5 * 1024;

/** Throws InvalidRequestException for a topic that can't be published on. The texts are not confirmed. */
function checkTopic(topic: string): void {
  const refused = (why: string) => new AwsError("InvalidRequestException", `The topic "${topic}" ${why}.`);
  const counted = basicIngest(topic)?.topic ?? topic;
  if (topic === "" || counted === "") throw refused("is empty");
  if (/[+#\0]/.test(topic)) throw refused("has a wildcard or NUL, which only topic filters may have");
  if (Buffer.byteLength(counted) > TOPIC_BYTES) throw refused(`has more than ${TOPIC_BYTES} bytes`);
  if (counted.split("/").length - 1 > TOPIC_SLASHES) throw refused(`has more than ${TOPIC_SLASHES} slashes`);
  if (!topic.startsWith("$") || basicIngest(topic)) return;
  // «Reserved topics»: shadows, jobs and others can be published on; none of those services is modelled.
  if (/^\$aws\/(things|jobs|device_location|sitewise|certificates|provisioning-templates|clients)\//.test(topic))
    throw notModelled(`Publishing on the reserved topic ${topic}`);
  throw refused("begins with $: such topics are reserved, and clients can't publish on this one");
}

/**
 * What principal() says of it («SQL functions», principal(): `userid` of what comes over HTTP). Of a user that is the
 * unique id; of a role, what the cloud is set to.
 */
const principalOf = ({ uniqueId, credential }: Caller, { delivery }: Cloud): string =>
  credential?.sessionName === undefined || delivery.settings.principal === "roleId"
    ? uniqueId
    : `${uniqueId}:${credential.sessionName}`;

/** «AWS IoT metrics and dimensions», message broker: publishes that were refused. */
function countRefusal({ service, call, error }: FinishedCall): void {
  if (service.name !== "iotdata" || error === undefined) return;
  const { accessDenied, throttled } = IOT_DATA;
  const metrics: Readonly<Record<string, string>> = {
    [accessDenied.code]: "PublishIn.AuthError",
    [throttled.code]: "PublishIn.Throttle",
  };
  const metric = metrics[error.code];
  if (metric !== undefined) emitMetric(call.cloud, call, "AWS/IoT", metric, { Protocol: "HTTP" }, 1);
}

export const iotdata: Service = {
  name: "iotdata",
  signingNames: ["iotdata"],
  eventSource: "iotdata.amazonaws.com",
  model: () => import("@aws-sdk/client-iot-data-plane"),
  inputModel: new URL("./constraints/iotdata.json", import.meta.url),
  errors: IOT_DATA,
  observe: countRefusal,
  operations: operations<IoTDataPlane>({
    Publish: {
      authorize: (input, call) => ({
        action: "iot:Publish",
        resource: arn("iot", call, `topic/${input.topic ?? ""}`),
      }),
      record: { data: true, readOnly: false },
      run: (input, call) => {
        const { topic = "" } = input;
        const payload = Buffer.from((input.payload ?? "") as Uint8Array | string);
        checkTopic(topic);
        // The code for this is not confirmed; the status was seen.
        if (payload.length > PAYLOAD_BYTES)
          throw new AwsError("RequestEntityTooLargeException", `A payload has at most ${PAYLOAD_BYTES} bytes.`, {
            status: 413,
          });
        call.note({ topic, bytes: payload.length });
        emitMetric(call.cloud, call, "AWS/IoT", "PublishIn.Success", { Protocol: "HTTP" }, 1);
        if (!basicIngest(topic))
          call.cloud.trace.count(
            call.account,
            "iot:messages",
            Math.max(1, Math.ceil((topic.length + payload.length) / UNIT_BYTES)),
          );
        const message = { topic, payload, principal: principalOf(call.caller, call.cloud) };
        const taken = publishMessage(call.cloud, call, message, call.span);
        // What no rule takes further has come to the end of its way: the trace says what it was.
        if (!taken && isUtf8(payload)) call.note({ payload: payload.toString("utf8", 0, SHOWN_BYTES) });
        return {};
      },
    },
  }),
};

export { subscribe, type Listener } from "./iot/messages.ts";
export type { Message } from "./iot/rules-engine.ts";
