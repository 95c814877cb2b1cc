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
    tests: [...tests("contract", "content"), ...tests("lambda", "unpack")],
    atLeast: CHECKS,
  },
  {
    name: "failures",
    files: within("shared/lambda", "excerpt failure-table letter"),
    tests: tests("lambda", "excerpt failure-table letter receive receive-loaded"),
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
      "shared/contract/metrics.ts",
    ],
    tests: tests(
      "lambda",
      "announce announce-content announce-calls announce-rejections partner-endpoint synchronisation",
    ),
    atLeast: CHECKS,
  },
  {
    name: "synchronisation",
    files: ["customer/lambda/synchronisation.ts", "shared/contract/sync.ts"],
    tests: tests("lambda", "synchronisation"),
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
    files: within("partner/lambda", "registry registry-requests"),
    tests: tests("lambda", "registry registry-order reception-registry"),
    atLeast: CHECKS,
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
    tests: tests("policy-pack", "rules"),
    atLeast: PROGRAMS,
  },
];
