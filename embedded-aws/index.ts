// What others may use of the embedded AWS. `embedded-aws/pulumi` deploys programs into it, `embedded-aws/testing` is
// for test suites.
export { ACCOUNTS, type Account, DEFAULT_REGION } from "./core/accounts.ts";
export { EmbeddedAws } from "./core/cloud.ts";
export { type Keys, keysOf, newKeys } from "./core/keys.ts";
export { type Endpoint, PortTaken, listen } from "./core/endpoint.ts";
export type { Place } from "./core/arn.ts";
export type { AnyOperation, Service } from "./core/service.ts";
export { QUOTAS, type Quota, quotaOf, setQuota } from "./core/quotas.ts";
export type { Fault } from "./core/faults.ts";
export type { TrailDeliverySettings } from "./core/trail-delivery.ts";
export type { PermissionTrace, TraceEntry } from "./core/trace.ts";
export {
  type Command,
  DEFAULT_PORT,
  PORT_OPTION,
  UsageError,
  commandLine,
  portOf,
  runCommand,
} from "./command-line.ts";
export { runLocal } from "./local.ts";
export { checkTemporaryFolder, folderOf, openFolder, publish } from "./data-folder.ts";
export { type Missing, authorize, parsePolicy } from "./language/policy/index.ts";
export { HOPS, type Hop } from "./page/client/hops.ts";
export type { Deployed } from "./page/actions.ts";
export { type Page, pageOf } from "./page/site.ts";
export { exportLines, profileFiles, writeProfiles } from "./profiles.ts";
export { SERVICES } from "./services/index.ts";
export { subscribe } from "./services/iot/messages.ts";
export { followTrace } from "./show/follow.ts";
export { formatEntry } from "./show/format.ts";
export { inOrder, worthShowing } from "./show/words.ts";
export { columnsOf, wantsColour, wrap } from "./show/wrap.ts";
