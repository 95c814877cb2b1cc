// For test suites: a running cloud for a test file, and hooks for mocha.
export * from "./test/cloud.ts";
export { assumeWith } from "./test/roles.ts";
export { asError, takeRejections } from "./test/rejections.ts";
