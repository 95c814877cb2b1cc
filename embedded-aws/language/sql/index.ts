// The SQL of AWS IoT rules, version 2016-03-23, as far as embedded-aws/README.md lists it.
export { SqlParseError } from "./error.ts";
export type { RuleInput } from "./message.ts";
export { parseRule } from "./parse.ts";
export { evaluateRule, topicMatches } from "./query.ts";
export type { RuleQuery, RuleResult } from "./query.ts";
