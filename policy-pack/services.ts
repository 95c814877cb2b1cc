// What AWS IoT rules, functions and log groups need.
import type { Rule } from "./rule.ts";

/**
 * Lambda Developer Guide, "Lambda runtimes": Node runtimes with a date of deprecation that is still ahead. No other
 * language is used here.
 */
const SUPPORTED_RUNTIMES = ["nodejs22.x", "nodejs24.x"];

/** AWS IoT, "SQL versions": the newest. */
const RULE_SQL_VERSION = "2016-03-23";

const FUNCTION = "aws:lambda/function:Function";

export const SERVICE_RULES: readonly Rule[] = [
  {
    name: "topic-rule-sql-version",
    description: `A topic rule's SQL is of version ${RULE_SQL_VERSION}: without one it gets that of 2015.`,
    check: ({ type, props }) =>
      type !== "aws:iot/topicRule:TopicRule" || props.sqlVersion === RULE_SQL_VERSION
        ? []
        : [`sqlVersion is ${shown(props.sqlVersion)}: set ${RULE_SQL_VERSION}, as the functions in the SQL need it.`],
  },
  {
    name: "supported-runtime",
    description: "A function runs on a runtime that Lambda keeps up to date.",
    check: ({ type, props }) =>
      type !== FUNCTION || SUPPORTED_RUNTIMES.includes(props.runtime as string)
        ? []
        : [`runtime is ${shown(props.runtime)}: set ${SUPPORTED_RUNTIMES.join(" or ")}.`],
  },
  {
    name: "function-names-log-group",
    description:
      "A function writes into a log group of the program: one that Lambda makes by itself keeps logs for ever.",
    check: ({ type, props }) => {
      if (type !== FUNCTION) return [];
      const { logGroup } = (props.loggingConfig ?? {}) as { logGroup?: string };
      return logGroup ? [] : ["loggingConfig.logGroup is not set: name a log group of the program."];
    },
  },
  {
    name: "log-group-retention",
    description: "A log group forgets.",
    check: ({ type, props }) =>
      // 0 means for ever, as in the provider's documentation.
      type !== "aws:cloudwatch/logGroup:LogGroup" || Number(props.retentionInDays ?? 0) > 0
        ? []
        : [
            `retentionInDays is ${shown(props.retentionInDays)}, so that logs are kept for ever: set a number of ` +
              "days, such as 30.",
          ],
  },
];

const shown = (value: unknown): string => (value === undefined ? "not set" : JSON.stringify(value));
