// The contract, for who writes handlers or tools around it: what travels, under which names, and what the two stacks
// tell each other.
export * from "./message.ts";
export * from "./metrics.ts";
export * from "./names.ts";
export * from "./operations.ts";
export { type RegistryEventKind, TRIGGERS, type Trigger } from "./registry-events.ts";
export type { CustomerOutputs, PartnerOutputs } from "./outputs.ts";
