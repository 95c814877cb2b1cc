// What is mutated, by which tests it is to be found, and how much of it. A slice is one run of Stryker: its tests are
// those that are about its files, and nothing else, since each of them is loaded once per mutant of what a module does
// while it loads.

export interface Slice {
  readonly name: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Per cent of the mutants of each file that a test has to find. */
  readonly atLeast: number;
}

const CHECKS = 95;
const PROGRAMS = 90;

const within = (folder: string, names: string): string[] => names.split(" ").map((name) => `${folder}/${name}.ts`);
const tests = (folder: string, names: string): string[] =>
  names.split(" ").map((name) => `test/${folder}/${name}.test.ts`);

export const SLICES: readonly Slice[] = [
  {
    name: "names",
    files: within("shared/contract", "names"),
    tests: tests("contract", "names"),
    atLeast: CHECKS,
  },
  {
    name: "operations",
    files: within("shared/contract", "operations"),
    tests: tests("contract", "operations content"),
    atLeast: CHECKS,
  },
  {
    name: "content",
    files: within("shared/contract", "content message printable"),
    tests: [...tests("contract", "content message"), ...tests("lambda", "unpack")],
    atLeast: CHECKS,
  },
  {
    name: "failures",
    files: within("shared/lambda", "excerpt failure-table letter"),
    tests: tests("lambda", "excerpt failure-table failure-queue letter receive receive-loaded"),
    atLeast: CHECKS,
  },
  {
    name: "settings",
    files: ["shared/lambda/variables.ts", "customer/lambda/settings.ts", "partner/lambda/settings.ts"],
    tests: tests("lambda", "settings"),
    atLeast: CHECKS,
  },
  {
    name: "announce",
    files: [
      ...within("customer/lambda", "announcement describe event failure partner publication"),
      ...within("shared/lambda", "clients meter"),
    ],
    tests: tests(
      "lambda",
      "announce announce-content announce-calls announce-other-calls announce-rejections announce-failure " +
        "announce-registry-events meter partner-endpoint partner-role publication synchronisation",
    ),
    atLeast: CHECKS,
  },
  {
    name: "synchronisation",
    files: ["customer/lambda/synchronisation.ts", "shared/contract/sync.ts"],
    tests: [...tests("contract", "sync"), ...tests("lambda", "synchronisation announce-rejections")],
    atLeast: CHECKS,
  },
  {
    name: "unpack",
    files: within("partner/lambda", "unpack rule-event rejected-message sender"),
    tests: tests("lambda", "unpack sender"),
    atLeast: CHECKS,
  },
  {
    name: "receive",
    files: [
      ...within("partner/lambda", "reception handling-failure"),
      "partner/on-thing.ts",
      ...within("shared/lambda", "deadline set-aside"),
    ],
    tests: tests("lambda", "receive receive-metrics receive-loaded reception-registry"),
    atLeast: CHECKS,
  },
  {
    name: "change",
    files: within("partner/lambda", "change"),
    tests: tests("lambda", "change"),
    atLeast: CHECKS,
  },
  {
    name: "registry",
    files: within("partner/lambda", "registry"),
    tests: tests("lambda", "registry-calls registry-claims registry"),
    atLeast: CHECKS,
  },
  {
    name: "registry-requests",
    files: within("partner/lambda", "registry-requests"),
    tests: tests("lambda", "registry-known registry-order registry-claims registry"),
    atLeast: CHECKS,
  },
  {
    name: "customers",
    files: within("partner/lambda", "customers"),
    tests: tests("lambda", "customers sender"),
    atLeast: CHECKS,
  },
  {
    name: "registry-events",
    files: ["customer/lambda/registry-event.ts", "shared/contract/registry-events.ts"],
    tests: [
      ...tests("contract", "registry-events"),
      ...tests("lambda", "announce-registry-events announce-other-calls announce-rejections"),
    ],
    atLeast: CHECKS,
  },
  {
    name: "reconciliation",
    files: within("customer/lambda", "reconciliation pace sync-sender thing-pages"),
    tests: [...tests("lambda", "reconciliation sync-sender"), ...tests("hooks", "backfill")],
    atLeast: CHECKS,
  },
  {
    name: "redrive",
    files: ["hooks/redrive/vouching.ts", "hooks/letters/letter.ts"],
    tests: tests("hooks", "vouching letter-forms"),
    atLeast: CHECKS,
  },
  {
    name: "hooks-options",
    files: within("hooks", "options"),
    tests: tests("hooks", "options"),
    atLeast: PROGRAMS,
  },
  {
    name: "doctor",
    files: within("hooks/doctor", "policy topics finding report"),
    tests: tests("hooks", "doctor"),
    atLeast: PROGRAMS,
  },
  {
    name: "policy-names",
    files: ["policy-pack/names.ts"],
    tests: tests("policy-pack", "names"),
    atLeast: PROGRAMS,
  },
  {
    name: "policy-rules",
    files: within("policy-pack", "access delivery documents rules services"),
    tests: tests("policy-pack", "statements needs"),
    atLeast: PROGRAMS,
  },
  {
    name: "partner-policies",
    files: ["partner/policies.ts", "partner/lambda/rule-sql.ts", "shared/policy-document.ts"],
    tests: tests("programs", "trusted-roles grants registry partner publish-role receive"),
    atLeast: PROGRAMS,
  },
  {
    name: "partner-access",
    files: within("partner", "publish-role topic-rule customer-access"),
    tests: tests("programs", "grants structure partner publish-role receive customer-access"),
    atLeast: PROGRAMS,
  },
  {
    name: "customer-policies",
    files: within("customer", "policies registry-rule registry-events rule-target write-trail reconciliation"),
    tests: tests(
      "programs",
      "functions grants structure customer-trail customer-registry-events customer-reconcile customer",
    ),
    atLeast: PROGRAMS,
  },
  {
    name: "trusted",
    files: within("partner", "customers configured-customers stack-outputs topics"),
    tests: tests(
      "programs",
      "trusted-roles topics refusals refused-arguments refused-code publish-role customer-access",
    ),
    atLeast: PROGRAMS,
  },
  {
    name: "setting-values",
    files: ["shared/settings.ts", "customer/settings.ts", "partner/settings.ts", "pipeline/settings.ts"],
    tests: tests("programs", "setting-values list-settings settings-together"),
    atLeast: PROGRAMS,
  },
  {
    name: "program-settings",
    files: within("shared", "inputs configuration"),
    tests: tests(
      "programs",
      "list-settings settings-together refusals refused-arguments refused-code unknown-settings",
    ),
    atLeast: PROGRAMS,
  },
  {
    name: "customer-component",
    files: within("customer", "customer-hooks announce-function sts-region"),
    tests: [
      ...tests(
        "programs",
        "functions structure grants components customer customer-registry-events customer-reconcile customer-trail " +
          "refused-arguments",
      ),
      ...tests("shared", "bundle"),
    ],
    atLeast: PROGRAMS,
  },
  {
    name: "partner-component",
    files: within("partner", "partner-hooks receive-function customers-table registry-table on-demand-table own-code"),
    tests: tests(
      "programs",
      "functions structure grants components partner receive registry refused-arguments refused-code own-code " +
        "publish-role customer-access both-sides",
    ),
    atLeast: PROGRAMS,
  },
  {
    name: "versioned-function",
    files: within("shared", "versioned-function"),
    tests: tests("programs", "functions structure grants customer dead-letters"),
    atLeast: PROGRAMS,
  },
  {
    name: "dashboards",
    files: ["shared/contract/metrics.ts", "shared/dashboard.ts", "customer/dashboard.ts", "partner/dashboard.ts"],
    tests: [...tests("programs", "dashboards"), ...tests("lambda", "receive-metrics")],
    atLeast: PROGRAMS,
  },
  {
    name: "alarms",
    files: ["shared/alarms.ts", "customer/alarms.ts", "partner/alarms.ts"],
    tests: tests("programs", "alarms"),
    atLeast: PROGRAMS,
  },
  {
    name: "trim",
    files: within("shared", "trim trim-endpoints trim-errors trim-modules trim-versions bundling"),
    tests: tests("shared", "bundle trim trim-endpoints"),
    atLeast: PROGRAMS,
  },
  {
    name: "queues",
    files: within("shared", "dead-letter-queue error-action"),
    tests: tests("programs", "grants structure dead-letters"),
    atLeast: PROGRAMS,
  },
  {
    name: "pipeline-permissions",
    files: within("pipeline", "permissions services"),
    tests: tests("pipeline", "grants"),
    atLeast: PROGRAMS,
  },
  {
    name: "pipeline-roles",
    files: within("pipeline", "github-roles"),
    tests: tests("pipeline", "github-roles"),
    atLeast: PROGRAMS,
  },
];
