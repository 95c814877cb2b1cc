// Who may import whom: the one place where the borders between the rooms of this repository are drawn. `npm run
// check:borders` enforces it with dependency-cruiser, types included, and refuses cycles; test/borders.check.ts plants
// a crossing at every border.
import type { ICruiseOptions, IForbiddenRuleType } from "dependency-cruiser";

/**
 * The rooms, each a regular expression over paths. A file belongs to the first that matches. `imports` names the
 * rooms that it may import beside itself; `packages`, where it is given, the only npm packages that may be loaded at
 * run time (types may come from any).
 */
export interface Room {
  readonly name: string;
  readonly path: string;
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
}

export const ROOMS: readonly Room[] = [
  // The product. Handlers and the contract run inside Lambda: neither may load Pulumi, not even through another module.
  { name: "contract", path: "^shared/contract/", imports: [], packages: ["valibot"] },
  {
    name: "both functions",
    path: "^shared/lambda/",
    imports: ["contract"],
    packages: ["@aws-lambda-powertools/metrics", "@aws-sdk/client-sqs", "valibot"],
  },
  { name: "shared", path: "^shared/", imports: ["contract"] },
  {
    name: "customer's function",
    path: "^customer/lambda/",
    imports: ["contract", "both functions"],
    packages: ["@aws-sdk/.*", "valibot"],
  },
  { name: "customer", path: "^customer/", imports: ["customer's function", "shared", "contract"] },
  {
    name: "partner's function",
    path: "^partner/(lambda/|on-thing\\.ts$)",
    imports: ["contract", "both functions"],
    packages: ["@aws-sdk/.*", "valibot"],
  },
  { name: "partner", path: "^partner/", imports: ["partner's function", "shared", "contract"] },
  // The customer's side for those without Pulumi, made by running its component.
  {
    name: "kit",
    path: "^kit/",
    imports: ["customer", "shared", "contract"],
    packages: ["@pulumi/pulumi", "fflate"],
  },
  // The operator's command. It works on what is deployed, by AWS's calls: it knows no program and loads no Pulumi, but
  // for `hooks kit`, when that is typed: see "kit when asked" below. How the functions' settings are read, what the
  // rule says, and how things are handed over, it has from the functions.
  {
    name: "hooks command",
    path: "^hooks/",
    imports: ["contract", "both functions", "customer's function", "kit", "partner's function"],
    packages: ["@aws-sdk/.*", "@smithy/core", "cli-table3", "commander", "valibot", "yaml", "yocto-spinner"],
  },
  { name: "both sides", path: "^(index|program)\\.ts$", imports: ["customer", "partner", "shared", "contract"] },
  { name: "pipeline", path: "^pipeline/", imports: ["shared", "contract"] },
  { name: "policy pack", path: "^policy-pack/", imports: [] },
  // By the package's name only, which leads to its entries: `exports` in package.json.
  { name: "examples", path: "^examples/", imports: ["customer", "partner", "contract"] },
  { name: "plugin", path: "^plugin/", imports: ["customer", "partner"] },

  // The embedded AWS. Others come in by its entries only.
  {
    name: "embedded AWS",
    path: "^embedded-aws/(index|testing|pulumi/index)\\.ts$",
    imports: [
      "embedded AWS: commands",
      "embedded AWS: browser",
      "embedded AWS: core",
      "embedded AWS: languages",
      "embedded AWS: page",
      "embedded AWS: services",
      "embedded AWS: Pulumi",
      "embedded AWS: terminal",
      "embedded AWS: tests",
    ],
  },
  { name: "embedded AWS: languages", path: "^embedded-aws/language/", imports: [], packages: [] },
  { name: "embedded AWS: wire", path: "^embedded-aws/core/wire/", imports: ["embedded AWS: core"] },
  {
    name: "embedded AWS: core",
    path: "^embedded-aws/core/",
    imports: ["embedded AWS: wire", "embedded AWS: languages"],
  },
  { name: "embedded AWS: functions", path: "^embedded-aws/functions/", imports: ["embedded AWS: core"] },
  {
    name: "embedded AWS: services",
    path: "^embedded-aws/services/",
    imports: ["embedded AWS: core", "embedded AWS: languages", "embedded AWS: functions"],
  },
  { name: "embedded AWS: Pulumi", path: "^embedded-aws/pulumi/", imports: ["embedded AWS: core"] },
  { name: "embedded AWS: terminal", path: "^embedded-aws/show/", imports: ["embedded AWS: core"] },
  // In the browser nothing of Node.js or of the services can be loaded.
  { name: "embedded AWS: browser", path: "^embedded-aws/page/client/", imports: [], packages: ["preact"] },
  {
    name: "embedded AWS: page",
    path: "^embedded-aws/page/",
    imports: ["embedded AWS: browser", "embedded AWS: core", "embedded AWS: services", "embedded AWS: terminal"],
  },
  {
    name: "embedded AWS: tests",
    path: "^embedded-aws/(test|bench|tools)/",
    imports: [
      "embedded AWS",
      "embedded AWS: commands",
      "embedded AWS: core",
      "embedded AWS: functions",
      "embedded AWS: browser",
      "embedded AWS: languages",
      "embedded AWS: page",
      "embedded AWS: Pulumi",
      "embedded AWS: services",
      "embedded AWS: terminal",
      "embedded AWS: wire",
    ],
  },
  {
    name: "embedded AWS: commands",
    path: "^embedded-aws/[^/]+\\.ts$",
    imports: ["embedded AWS: core", "embedded AWS: page", "embedded AWS: services", "embedded AWS: terminal"],
  },

  // What uses both.
  {
    name: "start",
    path: "^start/",
    imports: ["customer", "customer's function", "partner", "contract", "embedded AWS", "hooks command"],
  },
  {
    name: "tests",
    path: "^test/",
    imports: [
      "both functions",
      "both sides",
      "contract",
      "customer",
      "customer's function",
      "embedded AWS",
      "hooks command",
      "kit",
      "partner",
      "partner's function",
      "pipeline",
      "policy pack",
      "shared",
      "start",
      "tools",
    ],
  },
  {
    name: "benchmarks",
    path: "^bench/",
    imports: ["tests", "customer", "partner", "contract", "embedded AWS"],
  },
  {
    name: "tools",
    path: "^tools/",
    imports: ["embedded AWS", "customer", "partner", "shared", "tests", "hooks command"],
  },
];

const pathsOf = (rooms: readonly Room[]) => rooms.map(({ path }) => path);
/** A room's files: what belongs to an earlier room isn't this one's, although its pattern may match. */
const filesOf = (room: Room) => ({ path: room.path, pathNot: pathsOf(ROOMS.slice(0, ROOMS.indexOf(room))) });

/** One rule for each pair of rooms between which nothing may be imported. */
const borders = ROOMS.flatMap((from) =>
  ROOMS.filter((to) => to !== from && !from.imports.includes(to.name)).map((to): IForbiddenRuleType => ({
    name: `${from.name} -> ${to.name}`,
    severity: "error",
    comment: `borders.ts: ${from.name} may import ${["itself", ...from.imports].join(", ")}.`,
    from: filesOf(from),
    to: filesOf(to),
  })),
);

const packages = ROOMS.flatMap((room): IForbiddenRuleType[] =>
  room.packages === undefined
    ? []
    : [
        {
          name: `${room.name} -> packages`,
          severity: "error",
          comment: `borders.ts: at run time ${room.name} may load ${room.packages.join(", ") || "no package"}.`,
          from: filesOf(room),
          to: {
            path: "(^|/)node_modules/",
            pathNot: room.packages.map((name) => `(^|/)node_modules/${name}/`),
            dependencyTypesNot: ["type-only"],
          },
        },
      ],
);

/** The matrix as dependency-cruiser's rules. */
export const configuration = {
  forbidden: [
    ...borders,
    ...packages,
    { name: "no cycles", severity: "error", comment: "Types count too.", from: {}, to: { circular: true } },
    {
      name: "services apart",
      severity: "error",
      comment:
        "A service calls another through Cloud.call, but for CloudTrail's way into EventBridge and a " +
        "publish's into the rules engine.",
      from: { path: "^embedded-aws/services/([^/]+)/" },
      to: {
        path: "^embedded-aws/services/",
        pathNot: ["^embedded-aws/services/$1/", "^embedded-aws/services/events/index\\.ts$"],
      },
    },
    {
      name: "kit when asked",
      severity: "error",
      comment: "By a dynamic import or for its types: other commands load no Pulumi.",
      from: { path: "^hooks/" },
      to: { path: "^kit/", dynamic: false, dependencyTypesNot: ["type-only"] },
    },
    { name: "nothing unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "every file has a room",
      severity: "error",
      comment: "Add its folder to borders.ts.",
      from: { pathNot: [...pathsOf(ROOMS), "^(borders\\.ts|[.\\w-]+\\.m?js)$"] },
      to: {},
    },
  ] satisfies IForbiddenRuleType[],
  options: {
    // Imports of types, which the compiler removes, count as imports.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(\\.local|dist|reports)/|^embedded-aws/test/clients/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
    moduleSystems: ["es6", "cjs"],
  } satisfies ICruiseOptions,
};
