// awsQuery (IAM, STS, older clients of CloudWatch and SQS): a form in, XML out.
import { XmlCodec } from "@aws-sdk/core/protocols";
import type { Fields, Shape, WireOperation } from "./model.ts";
import { AwsError } from "../errors.ts";
import { DATE_TIME, errorShape, faultOf, scalar, serdeContext, type Protocol } from "./protocol.ts";
import { escapeXml } from "./xml.ts";

// Clients of query services look at element names only; AWS's own namespace differs per service and version.
const XMLNS = "https://embedded.aws/";
const MAX_ITEMS = 10_000;

function envelope(operation: WireOperation, inner: string, requestId: string): string {
  const response = `${operation.name}Response`;
  return (
    `<${response} ` +
    `xmlns="${XMLNS}">${inner}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${response}>`
  );
}

export const awsQuery: Protocol = {
  find(_model, { body }) {
    const form = new URLSearchParams(body.toString());
    return form.has("Version") ? (form.get("Action") ?? undefined) : undefined;
  },
  // «Common Error Types»: InvalidAction, its words as IAM gave them to a user (fog/fog-aws #368), and MissingAction,
  // whose words are not confirmed.
  unknown(_service, { body }) {
    const form = new URLSearchParams(body.toString());
    const [action, version] = [form.get("Action"), form.get("Version") ?? "NO_VERSION_SPECIFIED"];
    return action === null
      ? new AwsError("MissingAction", "The request is missing an action.", { status: 400 })
      : new AwsError("InvalidAction", `Could not find operation ${action} for version ${version}`, { status: 400 });
  },
  read: (operation, { body }) => Promise.resolve((fromForm(operation.input, new Form(body), "") ?? {}) as Fields),
  write(operation, output, requestId) {
    const headers = { "content-type": "text/xml", "x-amzn-requestid": requestId };
    if (operation.output.isUnitSchema()) return { status: 200, headers, body: envelope(operation, "", requestId) };
    const xml = new XmlCodec({
      xmlNamespace: XMLNS,
      serviceNamespace: operation.namespace,
      timestampFormat: { useTrait: true, default: DATE_TIME },
    } as never);
    xml.setSerdeContext(serdeContext);
    const serializer = xml.createSerializer();
    serializer.write(operation.output, output);
    const result = `${operation.name}Result`;
    const text = Buffer.from(serializer.flush() as unknown as Uint8Array).toString();
    // The codec names the root after the shape; the protocol names it after the operation.
    const inner = text.replace(/^<[^>\s/]+/, `<${result}`).replace(/<\/[^>]+>$/, `</${result}>`);
    return { status: 200, headers, body: envelope(operation, inner, requestId) };
  },
  fail(failed) {
    const { shape, queryCode, status } = errorShape(failed);
    const { error, requestId } = failed;
    const body =
      "<ErrorResponse " +
      `xmlns="${XMLNS}"><Error><Type>${faultOf(status)}</Type><Code>${queryCode ?? shape}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
  },
};

/** The parameters of a form, and whether there are any below a name: a shape that holds itself ends there. */
class Form {
  readonly #values: URLSearchParams;
  readonly #names: readonly string[];

  constructor(body: Buffer) {
    this.#values = new URLSearchParams(body.toString());
    this.#names = [...new Set(this.#values.keys())].sort();
  }

  get(name: string): string | null {
    return this.#values.get(name);
  }

  hasBelow(name: string): boolean {
    if (name === "") return this.#names.length > 0;
    let [low, high] = [0, this.#names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#names[middle] ?? "") < `${name}.`) low = middle + 1;
      else high = middle;
    }
    return this.#names[low]?.startsWith(`${name}.`) === true;
  }
}

/** Nested values are spelt `A.member.1.B=…`, maps `A.entry.1.key=…`; flattened ones leave the middle word out. */
function fromForm(shape: Shape, form: Form, prefix: string): unknown {
  const below = (name: string) => (prefix ? `${prefix}.${name}` : name);
  if (shape.isStructSchema()) {
    if (!form.hasBelow(prefix)) return undefined;
    const entries = [...shape.structIterator()].map(([name, member]) => {
      return [name, fromForm(member, form, below(xmlNameOf(member) ?? name))] as const;
    });
    const present = entries.filter(([, value]) => value !== undefined);
    return present.length > 0 ? Object.fromEntries(present) : undefined;
  }
  if (shape.isListSchema() || shape.isMapSchema()) {
    const flat = Boolean((shape.getMergedTraits() as { xmlFlattened?: 1 }).xmlFlattened);
    const items: unknown[] = [];
    for (let index = 1; index <= MAX_ITEMS; index++) {
      const at = flat ? `${prefix}.${index}` : `${prefix}.${shape.isMapSchema() ? "entry" : itemName(shape)}.${index}`;
      const item = itemOf(shape, form, at);
      if (item === undefined) break;
      items.push(item);
    }
    // An empty list is spelt `A=`.
    if (items.length === 0) return form.get(prefix) === "" && shape.isListSchema() ? [] : undefined;
    return shape.isMapSchema() ? Object.fromEntries(items as [string, unknown][]) : items;
  }
  const text = form.get(prefix);
  return text === null ? undefined : scalar(shape, text);
}

const xmlNameOf = (shape: Shape): string | undefined => (shape.getMergedTraits() as { xmlName?: string }).xmlName;
const itemName = (list: Shape): string => xmlNameOf(list.getValueSchema()) ?? "member";

function itemOf(shape: Shape, form: Form, at: string): unknown {
  if (!shape.isMapSchema()) return fromForm(shape.getValueSchema(), form, at);
  const key = form.get(`${at}.${xmlNameOf(shape.getKeySchema()) ?? "key"}`);
  if (key === null) return undefined;
  return [key, fromForm(shape.getValueSchema(), form, `${at}.${xmlNameOf(shape.getValueSchema()) ?? "value"}`)];
}
