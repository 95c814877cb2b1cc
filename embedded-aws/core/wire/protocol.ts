// What every protocol can do. Which one a request speaks is seen from its headers: clients of one service differ
// (boto3 and the JavaScript SDK call CloudWatch by query and by CBOR), so the request decides, not the service.
import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../errors.ts";
import type { Fields, Model, WireOperation } from "./model.ts";

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  /** As it was sent, escaped: a URL resolves steps that are dots, which keys of S3's objects may have. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Values of those headers that stand more than once. */
  readonly repeated?: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
  /** The bucket of an S3 request, taken out of its path. */
  readonly bucket?: string;
}
export interface WireReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
}

export interface Protocol {
  /**
   * The name of the operation that the request asks for, or undefined where the request doesn't say one that exists.
   */
  find(model: Model, request: WireRequest): string | undefined;
  /** What is said to a request for an operation that there isn't. */
  unknown(service: string, request: WireRequest, name: string | undefined): AwsError;
  /** Throws anything for a request that can't be read: the caller answers SerializationException. */
  read(operation: WireOperation, request: WireRequest): Promise<Fields>;
  write(operation: WireOperation, output: Fields, requestId: string): WireReply;
  fail(error: FailedCall): WireReply;
}
export interface FailedCall {
  readonly error: AwsError;
  readonly model: Model | undefined;
  readonly requestId: string;
}

/** Name, code and status of an error, from the model where it has the error. */
export function errorShape({ error, model }: FailedCall): {
  shape: string;
  queryCode: string | undefined;
  status: number;
  hasType: boolean;
} {
  const known = model?.errors.get(error.code);
  return {
    shape: known?.shape ?? error.code,
    queryCode: known?.queryCode,
    hasType: known?.hasType === true,
    status: error.status ?? known?.status ?? 400,
  };
}

/** What JSON and REST services say of an operation that they don't have. */
export const unknownOperation: Protocol["unknown"] = (service, { method, path }, name = `${method} ${path}`) =>
  new AwsError("UnknownOperationException", `${service} has no operation ${name}.`, { status: 404 });

/** Who is to blame, as query errors and the compatibility header say it. */
export const faultOf = (status: number): "Sender" | "Receiver" => (status >= 500 ? "Receiver" : "Sender");

/** Text of headers, paths, query strings and forms, as the member's type wants it. */
export function scalar(shape: ShapeLike, text: string): unknown {
  if (shape.isBooleanSchema()) return text === "true";
  if (shape.isNumericSchema()) return Number(text);
  if (shape.isTimestampSchema()) return new Date(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : text);
  if (shape.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}
interface ShapeLike {
  isBooleanSchema(): boolean;
  isNumericSchema(): boolean;
  isTimestampSchema(): boolean;
  isBlobSchema(): boolean;
}

/** What the SDK's codecs need to know of the machine. */
export const serdeContext = {
  utf8Decoder: (text: string) => Buffer.from(text),
  utf8Encoder: (bytes: Uint8Array | string) => Buffer.from(bytes as Uint8Array).toString(),
  base64Decoder: (text: string) => Buffer.from(text, "base64"),
  base64Encoder: (bytes: Uint8Array) => Buffer.from(bytes).toString("base64"),
} as never;

/** Numbers of the SDK's timestamp formats. */
export const DATE_TIME = 5;
export const EPOCH_SECONDS = 7;
