import { decodeUtf8, readJson } from "./value.ts";
import type { Value } from "./value.ts";

/** What a rule is evaluated on. */
export interface RuleInput {
  /** The topic, for Basic Ingest without `$aws/rules/<rule>/`. */
  topic: string;
  payload: Uint8Array;
  /** The MQTT client's; none for HTTP. */
  clientId?: string;
  principal?: string;
  /** The account that owns the rule. */
  accountId: string;
  /** Milliseconds since 1970. */
  now: number;
  newUuid(): string;
  /** Told when an expression asks for JSON and the payload is none. */
  notJson?(): void;
}

/** The input with its payload read when an expression first asks for it. */
export class Message {
  readonly input: RuleInput;
  #read: { json: Value } | undefined;

  constructor(input: RuleInput) {
    this.input = input;
  }

  /** The payload as JSON; Undefined when it is none. */
  get json(): Value {
    this.#read ??= { json: this.#parse() };
    return this.#read.json;
  }

  #parse(): Value {
    const text = decodeUtf8(this.input.payload);
    const json = text === undefined ? undefined : readJson(text);
    if (json === undefined && this.input.payload.length > 0) this.input.notJson?.();
    return json;
  }
}
