// IAM's policy language: documents are read and checked by parsePolicy, requests decided by authorize. No input, no
// output, no clock.
export { bindPrincipals, renderPrincipals } from "./binding.ts";
export { parsePolicy, policySize } from "./document.ts";
export type { Policy, PolicyKind, Statement } from "./document.ts";
export { PolicyError } from "./error.ts";
export { authorize } from "./evaluate.ts";
export type { AuthorizationRequest, Decision, Missing, NamedPolicy, Side } from "./decision.ts";
export type { Principal } from "./principal.ts";
