// For test suites and benchmarks: a running cloud for a test file, DynamoDB's items without one, what mocha's hooks
// caught, and how to measure.
export * from "./test/cloud.ts";
export { PEM } from "./test/certificate.ts";
export { arnOf, documentOf } from "./test/names.ts";
export { type ProviderCall, providerCalls, send } from "./test/provider-calls.ts";
export { assumeWith } from "./test/roles.ts";
export { runs } from "./test/runs.ts";
export { asError, takeRejections } from "./test/rejections.ts";
export { functionsCpu } from "./bench/processes.ts";
export { scale, timeOf } from "./bench/scale.ts";
export { megabytes, milliseconds, quantile, quantiles, row, slope } from "./bench/table.ts";
export { type Action, ask, type InputOf, type OutputOf } from "./services/dynamodb/engine.ts";
export { ItemsInOrder } from "./services/dynamodb/items-in-order.ts";
