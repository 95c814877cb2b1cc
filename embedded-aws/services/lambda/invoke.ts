// Invoke: synchronous, asynchronous, or only asked whether one may.
import type { Lambda } from "@aws-sdk/client-lambda";
import { AwsError } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import { MAX_PAYLOAD } from "../../functions/runtime-api.ts";
import { accept } from "./asynchronous.ts";
import { run } from "./running.ts";
import { functionArn, functionOf, named, onFunction, versionOf } from "./state.ts";

/** 1 MB since October 2025 («Lambda quotas»); a synchronous event may have 6 MB. */
const MAX_EVENT = 1024 * 1024;

/**
 * Of an event that is too large Lambda answers another code than its model has, as users report it (ASFHyP3/hyp3 #2241,
 * 2024: 413).
 */
function checkSize({ length }: Uint8Array, type: string): void {
  if (type === "Event" && length > MAX_EVENT)
    throw new AwsError(
      "RequestEntityTooLargeException",
      `${length} byte payload is too large for the Event invocation type (limit ${MAX_EVENT} bytes)`,
      { status: 413 },
    );
  if (length > MAX_PAYLOAD)
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${MAX_PAYLOAD} bytes for the InvokeFunction operation`,
    );
}

function checkJson(payload: Uint8Array): void {
  try {
    JSON.parse(Buffer.from(payload).toString());
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${(error as SyntaxError).message}`,
    );
  }
}

export const invoke = operations<Lambda>({
  Invoke: {
    authorize: onFunction("InvokeFunction"),
    record: { data: true },
    run: async (input, call) => {
      const { cloud, requestId, span } = call;
      const at = named(input, call);
      const of = functionOf(at, call);
      const version = versionOf(of, at.qualifier);
      const { InvocationType: type = "RequestResponse" } = input;
      // Without a payload the event is an empty object, as the Node.js runtimes see it.
      const given = input.Payload as Uint8Array | undefined;
      const payload = given && given.length > 0 ? given : Buffer.from("{}");
      checkSize(payload, type);
      checkJson(payload);
      call.note({ functionArn: functionArn(of, at.qualifier), version: version.version, invocationType: type });
      const event = { of, qualifier: at.qualifier, requestId, payload, cause: span };
      if (type === "DryRun") return { StatusCode: 204 };
      if (type === "Event") {
        accept(cloud, { ...event, acceptedAt: call.time.getTime() });
        return { StatusCode: 202, Payload: new Uint8Array() as never };
      }
      const ran = await run(cloud, { ...event, version, patient: false });
      return {
        StatusCode: 200,
        ExecutedVersion: version.version,
        Payload: ran.payload as never,
        ...(ran.functionError ? { FunctionError: ran.functionError } : {}),
        ...(input.LogType === "Tail" ? { LogResult: Buffer.from(ran.logTail).toString("base64") } : {}),
      };
    },
  },
});
