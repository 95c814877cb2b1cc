// restJson and restXml: method and path name the operation; members stand in path, query string, headers and body.
import { XmlCodec } from "@aws-sdk/core/protocols";
import type { Fields, HttpBinding, Model, Shape, WireOperation } from "./model.ts";
import {
  DATE_TIME,
  EPOCH_SECONDS,
  errorShape,
  scalar,
  serdeContext,
  unknownOperation,
  type FailedCall,
  type Protocol,
  type WireReply,
  type WireRequest,
} from "./protocol.ts";
import { decode, encode, json } from "./rpc.ts";
import { escapeXml } from "./xml.ts";

interface MemberTraits {
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpQueryParams?: 1;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly mediaType?: string;
  readonly xmlName?: string;
}
const traitsOf = (shape: Shape): MemberTraits => shape.getMergedTraits();

/** How the body is written: the two protocols differ in nothing else. */
interface Body {
  readonly contentType: string;
  read(operation: WireOperation, shape: Shape, body: Buffer): Promise<Fields>;
  write(operation: WireOperation, shape: Shape, output: Fields): Buffer;
  fail(failed: FailedCall): WireReply;
}

const BUCKET = "Bucket";
const takesBucket = ({ input }: WireOperation): boolean =>
  !input.isUnitSchema() && [...input.structIterator()].some(([name]) => name === BUCKET);

function bindingOf(
  model: Model,
  { method, url, path, headers, bucket }: WireRequest,
): { operation: WireOperation; http: HttpBinding } | undefined {
  let best: { operation: WireOperation; http: HttpBinding; rank: number } | undefined;
  for (const operation of model.operations.values()) {
    const { http } = operation;
    if (http?.method !== method || !http.path.test(path)) continue;
    // Without its bucket ListObjects looks like ListBuckets, which clients may send without a name.
    if (bucket !== undefined && !takesBucket(operation)) continue;
    // A fixed parameter without a value (`?policy`) only has to be there; `x-id` is the SDKs' own, and boto3 leaves
    // it out.
    const query = [...http.query].filter(([key]) => key !== "x-id" || url.searchParams.has(key));
    if (
      !query.every(([key, value]) => url.searchParams.has(key) && (value === "" || url.searchParams.get(key) === value))
    )
      continue;
    const named = http.query.has("x-id") && url.searchParams.has("x-id");
    // Named by the client: there can be no other.
    if (named) return { operation, http };
    const marked =
      http.marks.query.filter((key) => url.searchParams.has(key)).length +
      http.marks.headers.filter((key) => headers[key] !== undefined).length;
    const lacks = marked < http.marks.query.length + http.marks.headers.length;
    // The most literal path; of the same path, what the request's own parameters and headers speak for.
    const rank = lacks ? -1 : http.literal * 100 + marked;
    if (!best || rank > best.rank) best = { operation, http, rank };
  }
  return best;
}

function boundText(
  name: string,
  shape: Shape,
  http: HttpBinding,
  labels: readonly string[],
  { url, headers }: WireRequest,
): unknown {
  const traits = traitsOf(shape);
  if (traits.httpLabel) {
    const text = labels[http.labels.indexOf(name)];
    return text === undefined ? undefined : scalar(shape, decodeURIComponent(text));
  }
  if (traits.httpQuery) {
    const texts = url.searchParams.getAll(traits.httpQuery);
    if (texts.length === 0) return undefined;
    return shape.isListSchema()
      ? texts.map((text) => scalar(shape.getValueSchema(), text))
      : scalar(shape, texts[0] ?? "");
  }
  if (traits.httpQueryParams) return Object.fromEntries(url.searchParams);
  if (traits.httpHeader) {
    const text = headers[traits.httpHeader.toLowerCase()];
    if (typeof text !== "string") return undefined;
    if (shape.isListSchema()) return splitHeader(shape.getValueSchema(), text);
    // «mediaType trait», Smithy: such a text is base64 in a header.
    return traits.mediaType === undefined ? scalar(shape, text) : Buffer.from(text, "base64").toString();
  }
  if (traits.httpPrefixHeaders !== undefined) return prefixed(headers, traits.httpPrefixHeaders.toLowerCase());
  return undefined;
}

/**
 * Items of a list are parted by commas; a text may be quoted, and a date of HTTP has a comma of its own («HTTP
 * bindings», Smithy).
 */
function splitHeader(item: Shape, text: string): unknown[] {
  const pattern = item.isTimestampSchema() ? /[^,]*,[^,]*GMT|[^,]+/g : /"(?:[^"\\]|\\.)*"|[^,]+/g;
  return [...text.matchAll(pattern)].map(([one]) => {
    const trimmed = one.trim();
    return scalar(item, /^"[^]*"$/.test(trimmed) ? trimmed.slice(1, -1).replace(/\\(.)/g, "$1") : trimmed);
  });
}

function prefixed(headers: WireRequest["headers"], prefix: string): Fields | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

/** A time is that of HTTP unless the member says otherwise («timestampFormat trait», Smithy). */
function headerText(shape: Shape, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => headerText(shape.getValueSchema(), one)).join(", ");
  if (!(value instanceof Date)) return String(value);
  const format = shape.getSchema();
  if (format === EPOCH_SECONDS) return String(value.getTime() / 1000);
  return format === DATE_TIME ? value.toISOString() : value.toUTCString();
}

function rest(body: Body): Protocol {
  return {
    find: (model, request) => bindingOf(model, request)?.operation.name,
    unknown: unknownOperation,
    async read(operation, request) {
      const http = operation.http as HttpBinding;
      const labels = http.path.exec(request.path)?.slice(1) ?? [];
      const bound: Fields = request.bucket === undefined ? {} : { [BUCKET]: request.bucket };
      const members = operation.input.isUnitSchema() ? [] : [...operation.input.structIterator()];
      for (const [name, shape] of members) {
        const value = boundText(name, shape, http, labels, request);
        if (value !== undefined) bound[name] = value;
      }
      const payload = members.find(([, shape]) => traitsOf(shape).httpPayload);
      if (!payload) return { ...(await body.read(operation, operation.input, request.body)), ...bound };
      if (request.body.length > 0) {
        const [name, shape] = payload;
        const raw = shape.isBlobSchema() ? request.body : shape.isStringSchema() ? request.body.toString() : undefined;
        bound[name] = raw ?? (await body.read(operation, shape, request.body));
      }
      return bound;
    },
    write(operation, output, requestId) {
      const headers: Record<string, string> = {
        "content-type": body.contentType,
        "x-amzn-requestid": requestId,
        "x-amz-request-id": requestId,
      };
      let status = (operation.http as HttpBinding).status;
      if (operation.output.isUnitSchema()) return { status, headers, body: "" };
      let payload: Buffer | string | undefined;
      for (const [name, shape] of operation.output.structIterator()) {
        const traits = traitsOf(shape);
        const value = output[name] as Fields | Buffer | Date | string | number | boolean | undefined;
        if (traits.httpPayload) {
          payload =
            value === undefined
              ? ""
              : shape.isStructSchema()
                ? body.write(operation, shape, value as Fields)
                : Buffer.from(value as Buffer | string);
          if (shape.isStringSchema()) headers["content-type"] = "text/plain";
        }
        if (value === undefined) continue;
        if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = headerText(shape, value);
        if (traits.httpPrefixHeaders !== undefined)
          for (const [name, one] of Object.entries(value as Fields))
            headers[`${traits.httpPrefixHeaders}${name}`.toLowerCase()] = String(one);
        if (traits.httpResponseCode) status = Number(value);
      }
      return {
        status,
        headers,
        body: status === 204 ? "" : (payload ?? body.write(operation, operation.output, output)),
      };
    },
    fail: (failed) => body.fail(failed),
  };
}

export const restJson = rest({
  contentType: "application/json",
  read: (_operation, shape, bytes) => decode(json, shape, bytes),
  write: (_operation, shape, output) => encode(json, shape, output),
  fail(failed) {
    const { shape, status, hasType } = errorShape(failed);
    const { error, requestId } = failed;
    // Lambda's errors say whose fault they are (recorded on AWS by another project's tests).
    const type = hasType ? { Type: status >= 500 ? "Service" : "User" } : {};
    return {
      status,
      headers: { "content-type": "application/json", "x-amzn-requestid": requestId, "x-amzn-errortype": shape },
      body: JSON.stringify({ ...type, message: error.message, Message: error.message, ...error.fields }),
    };
  },
});

const xmlOf = (namespace: string, xmlNamespace?: string): XmlCodec => {
  const xml = new XmlCodec({
    ...(xmlNamespace ? { xmlNamespace } : {}),
    serviceNamespace: namespace,
    timestampFormat: { useTrait: true, default: DATE_TIME },
  } as never);
  xml.setSerdeContext(serdeContext);
  return xml;
};

export const restXml = rest({
  contentType: "application/xml",
  async read(operation, shape, bytes) {
    if (bytes.length === 0) return {};
    return (await xmlOf(operation.namespace).createDeserializer().read(shape, bytes)) as Fields;
  },
  write(operation, shape, output) {
    const serializer = xmlOf(operation.namespace, "http://s3.amazonaws.com/doc/2006-03-01/").createSerializer();
    serializer.write(shape, output);
    return Buffer.from(serializer.flush() as unknown as Uint8Array);
  },
  fail(failed) {
    const { shape, queryCode, status } = errorShape(failed);
    const { error, requestId } = failed;
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>' +
      `<Error><Code>${queryCode ?? shape}</Code><Message>${escapeXml(error.message)}</Message>` +
      `<RequestId>${requestId}</RequestId></Error>`;
    return { status, headers: { "content-type": "application/xml", "x-amz-request-id": requestId }, body };
  },
});
