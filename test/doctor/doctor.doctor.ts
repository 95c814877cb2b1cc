// `hooks doctor` against a deployment that is broken in one way after the other: it finds exactly that.
import { expect } from "chai";
import { READING_QUOTAS } from "../../hooks/quotas.ts";
import { CUSTOMER_BREAKAGES } from "./customer.ts";
import { EITHER_BREAKAGES, FOR_GOOD } from "./either.ts";
import { PAIR_BREAKAGES } from "./pair.ts";
import { PARTNER_BREAKAGES } from "./partner.ts";
import { RECONCILE_BREAKAGES } from "./reconcile.ts";
import { Scene } from "./scene.ts";

/** What an intact deployment has: nobody can do without an administrator. */
const INTACT = ["partner publishers.administrators"];

describe("hooks doctor", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start();
  });
  after(() => scene.running.endpoint.close());

  it("finds nothing in an intact deployment but who administers it", async () => {
    const { findings } = await scene.report();
    expect(findings.map(({ id, what }) => `${id}: ${what}`)).to.deep.equal([
      "publishers.administrators: Who may do everything may publish too: user administrator.",
    ]);
  });

  it("changes nothing", async () => {
    const { trace } = scene.running.cloud;
    const since = trace.since().at(-1)?.id ?? 0;
    await scene.report();
    const calls = trace.since(since).flatMap(({ name = "" }) => name);
    expect(calls.length).to.be.greaterThan(20);
    expect(calls.filter((name) => !/^(Get|List|Describe|Scan|Test|Simulate|AssumeRole)/.test(name))).to.deep.equal([]);
  });

  for (const [subject, breakages] of Object.entries({
    "the customer's side": CUSTOMER_BREAKAGES,
    "the customer's schedule": RECONCILE_BREAKAGES,
    "either side": EITHER_BREAKAGES,
    "the partner's side": PARTNER_BREAKAGES,
    "the pair": PAIR_BREAKAGES,
  }))
    describe(`of ${subject}`, () => {
      for (const { finds, broken, break: breakIt } of breakages)
        it(`finds that ${broken}: ${finds.join(", ") || "nothing"}`, async () => {
          const mend = await breakIt(scene);
          try {
            const { found, words } = await scene.findings();
            expect(found, words).to.deep.equal([...INTACT, ...finds].sort());
          } finally {
            await mend?.();
          }
        });
      it("finds nothing more when all of it is mended", async () => {
        const { found, words } = await scene.findings();
        expect(found, words).to.deep.equal(INTACT);
      });
    });

  describe("what it may not look at", () => {
    const needed = async (service: string, operation: string) => {
      scene.running.cloud.faults.set([{ service, operation, fault: "deny" }]);
      try {
        const { unseen, findings } = await scene.report();
        return { unseen: unseen.map((one) => `${one.side}: ${one.needed}`), found: findings.length };
      } finally {
        scene.running.cloud.faults.set([]);
      }
    };
    for (const [service, operation, permission, sides] of [
      ["cloudtrail", "GetTrailStatus", "cloudtrail:GetTrailStatus", ["customer"]],
      ["events", "DescribeRule", "events:DescribeRule", ["customer"]],
      ["iam", "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", ["customer", "partner"]],
      ["dynamodb", "Scan", "dynamodb:Scan", ["partner"]],
      ["iam", "ListRoles", "iam:ListRoles", ["partner"]],
      ["iam", "GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", ["partner"]],
      ["iot", "ListPolicies", "iot:ListPolicies", ["partner"]],
      ["sqs", "GetQueueAttributes", "sqs:GetQueueAttributes", ["customer", "partner"]],
      ["servicequotas", "GetServiceQuota", READING_QUOTAS, ["partner"]],
      ["cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms", ["customer", "partner"]],
    ] as const)
      it(`says so, and which permission it lacks: ${permission}`, async () => {
        const { unseen, found } = await needed(service, operation);
        for (const side of sides) expect(unseen).to.include(`${side}: ${permission}`);
        expect(found).to.be.at.most(INTACT.length);
      });

    it("says that only the function itself can try to assume the role", async () => {
      const { unseen } = await scene.report();
      expect(unseen.map(({ what }) => what).join()).to.match(/whether STS gives .* a session of/);
      expect(unseen).to.have.length(1);
    });

    it("says with one side what the other one would tell", async () => {
      for (const side of ["customer", "partner"] as const) {
        const { unseen } = await scene.report([side]);
        expect(unseen.map((one) => one.needed)).to.deep.equal(["hooks doctor both"]);
      }
    });
  });

  describe("for good", () => {
    for (const { finds, broken, break: breakIt } of FOR_GOOD)
      it(`finds that ${broken}: ${finds.join(", ")}`, async () => {
        const { found: before } = await scene.findings();
        await breakIt(scene);
        const { found } = await scene.findings();
        const after = [...found];
        for (const one of before) after.splice(after.indexOf(one), 1);
        expect(after).to.deep.equal(finds);
      });
  });
});
