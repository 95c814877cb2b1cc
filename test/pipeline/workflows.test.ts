// The workflows fit the roles, and hold what they promise about secrets, permissions and pinned actions.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { environmentsOf } from "../../pipeline/github-roles.ts";
import { SIDES } from "../../pipeline/permissions.ts";
import { inputsOf } from "../harness/run-stack.ts";
import { runPipeline } from "../harness/stacks.ts";
import { VERSION } from "../../tools/pulumi/build.ts";

const FOLDER = join(import.meta.dirname, "..", "..", ".github", "workflows");
const yaml = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"))("js-yaml") as {
  load(text: string): unknown;
};

interface Job {
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: { readonly side: readonly string[] } };
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }[];
}
interface Workflow {
  readonly permissions: unknown;
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const textOf = (file: string): string => readFileSync(join(FOLDER, file), "utf8");
const load = (file: string): Workflow => yaml.load(textOf(file)) as Workflow;
function jobOf(file: string, name: string): Job {
  const job = load(file).jobs[name];
  if (!job) throw new Error(`${file} has no job ${name}`);
  return job;
}
const environments = ({ environment = "", strategy }: Job): string[] =>
  (strategy?.matrix.side ?? []).map((side) => environment.replace("${{ matrix.side }}", side));
const commands = ({ steps }: Job) =>
  steps.flatMap(({ uses = "", with: inputs }) => (uses.startsWith("pulumi/actions@") ? [inputs?.command] : []));

describe("the workflows", () => {
  it("and the engine tests' Go module agree on the CLI's version", () => {
    const goModule = readFileSync(join(import.meta.dirname, "..", "..", "tools", "pulumi", "go.mod"), "utf8");
    expect(goModule).to.contain(`\tgithub.com/pulumi/pulumi/pkg/v3 v${VERSION} `);
  });

  for (const file of readdirSync(FOLDER)) {
    describe(file, () => {
      it("pins each action by its commit, with the version beside it", () => {
        const uses = textOf(file).match(/uses:.*/g) ?? [];
        expect(uses).to.have.length.above(0);
        for (const use of uses) expect(use).to.match(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      });

      it("gives no permission but by job, and writes no content anywhere", () => {
        const { permissions, jobs } = load(file);
        expect(permissions).to.deep.equal({});
        for (const job of Object.values(jobs)) expect(job.permissions.contents).to.equal("read");
      });

      it("installs the CLI that the engine tests build", () => {
        const versions = textOf(file).match(/pulumi-version: .*/g) ?? [];
        expect(versions).to.have.length.above(0);
        for (const version of versions) expect(version).to.equal(`pulumi-version: ${VERSION}`);
      });

      it("knows no secret", () => {
        expect(textOf(file)).not.to.match(/secrets[.[]/);
      });

      it("leaves no credential of the repository behind for the code that it runs", () => {
        const checkouts = Object.values(load(file).jobs).flatMap(({ steps }) =>
          steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
        );
        for (const step of checkouts) expect(step.with).to.deep.equal({ "persist-credentials": false });
      });

      it("checks without any credential", () => {
        expect(jobOf(file, "check").permissions).to.deep.equal({ contents: "read" });
        expect(jobOf(file, "check").environment).to.equal(undefined);
      });
    });
  }

  it("preview each side in the environment that its preview role trusts, and only preview there", () => {
    const preview = jobOf("pull-request.yml", "preview");
    expect(environments(preview)).to.deep.equal(SIDES.map((side) => environmentsOf(side).preview));
    expect(commands(preview)).to.deep.equal(["preview"]);
  });

  it("preview nothing for forks", () => {
    const { if: condition } = jobOf("pull-request.yml", "preview");
    expect(condition).to.equal("github.event.pull_request.head.repo.full_name == github.repository");
  });

  it("deploy each side in the environment that its deploy role trusts, then expect no change", () => {
    const up = jobOf("deploy.yml", "up");
    expect(environments(up)).to.deep.equal(SIDES.map((side) => environmentsOf(side).deploy));
    expect(commands(up)).to.deep.equal(["up", "preview"]);
    expect(up.steps.at(-1)?.with?.["expect-no-changes"]).to.equal(true);
  });

  it("give an update all the time that GitHub has, with credentials for as long as that", async () => {
    const up = jobOf("deploy.yml", "up");
    const seconds = (up["timeout-minutes"] ?? 0) * 60;
    expect(seconds).to.equal(6 * 3600);
    const credentials = up.steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
    expect(credentials?.with?.["role-duration-seconds"]).to.equal(seconds);
    const { resources } = await runPipeline();
    const role = inputsOf(resources, "aws:iam/role:Role", "github-iot-hooks-deploy");
    expect(role.maxSessionDuration).to.equal(seconds);
  });

  it("take the stack's configuration from the repository, and say so where it isn't there", () => {
    for (const job of [jobOf("pull-request.yml", "preview"), jobOf("deploy.yml", "up")]) {
      const find = job.steps.map(({ run = "" }) => run).find((run) => run.includes('Pulumi.$STACK.yaml" ||')) ?? "";
      const folder = mkdtempSync(join(tmpdir(), "stack-"));
      const run = () =>
        spawnSync("bash", ["-e", "-c", find], {
          cwd: folder,
          env: { ...process.env, STACK: "prod" },
          encoding: "utf8",
        });
      const absent = run();
      expect(absent.status).to.equal(1);
      expect(absent.stdout).to.match(/^::error::\S+\/Pulumi\.prod\.yaml is not in the repository: commit it/);
      writeFileSync(join(folder, "Pulumi.prod.yaml"), "config: {}");
      expect(run().status).to.equal(0);
      rmSync(folder, { recursive: true });
    }
  });

  it("never cancel an update", () => {
    expect(load("deploy.yml").concurrency).to.equal(undefined);
    expect(jobOf("deploy.yml", "up").concurrency?.["cancel-in-progress"]).to.equal(false);
  });

  it("install packages before credentials of AWS are there, and run no script of theirs: it could ask GitHub for a token", () => {
    for (const job of [jobOf("pull-request.yml", "preview"), jobOf("deploy.yml", "up")]) {
      const at = (found: (step: Job["steps"][number]) => boolean) => job.steps.findIndex(found);
      expect(at(({ run }) => run === "npm ci --ignore-scripts")).to.be.within(
        0,
        at(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@") === true),
      );
      expect(job.steps.filter(({ run }) => /npm (ci|i|install)/.test(run ?? ""))).to.have.length(1);
    }
  });
});
