// What a refused setting looks like, and how it is put together.
import type { Inputs } from "../harness/run-stack.ts";
import { CUSTOMER_STACK, PARTNER } from "../harness/stacks.ts";

export interface Refused {
  readonly why: string;
  readonly config: Readonly<Record<string, string>>;
  /** What the sentence begins with: the setting and its value. */
  readonly says: string;
  /** What it ends with: what to do. */
  readonly advises: RegExp;
  readonly stackOutputs?: Readonly<Record<string, Inputs>>;
}

export const customerRole = (account: string, name = `publish-to-partner-role-${PARTNER}`) =>
  `arn:aws:iam::${account}:role/${name}`;
export const list = (...entries: unknown[]) => JSON.stringify(entries);
export const customers = (...entries: unknown[]) => ({ customers: list(...entries) });
export const stackWith = (outputs: Inputs) => ({
  config: customers(CUSTOMER_STACK),
  says: `iot-hooks-partner:customers[0] is "${CUSTOMER_STACK}", but`,
  stackOutputs: { [CUSTOMER_STACK]: outputs },
});
