import { expect } from "chai";
import { failure } from "../failure.ts";
import { allowing, document, useIam } from "./fixture.ts";

const ROLE = "arn:aws:iam::111111111111:role/a";
const OTHER = "arn:aws:iam::222222222222:role/b";

describe("Looking at an account of the embedded IAM", () => {
  const aws = useIam();

  const simulated = async (ActionNames: string[], ResourceArns?: string[]) => {
    const asked = { PolicySourceArn: ROLE, ActionNames, ...(ResourceArns ? { ResourceArns } : {}) };
    const { EvaluationResults = [] } = await aws().iam.simulatePrincipalPolicy(asked);
    return EvaluationResults.map(({ EvalActionName, EvalResourceName, EvalDecision }) =>
      [EvalActionName, EvalResourceName, EvalDecision].join(" "),
    );
  };

  it("simulates a role's policies: every action on every resource, without the role's that is to be assumed", async () => {
    await aws().createRole("a");
    const put = (PolicyName: string, PolicyDocument: string) =>
      aws().iam.putRolePolicy({ RoleName: "a", PolicyName, PolicyDocument });
    await put("assume", allowing("sts:AssumeRole", OTHER));
    await put("deny", document({ Effect: "Deny", Action: "iot:*", Resource: "*" }));
    expect(await simulated(["sts:AssumeRole", "iot:Publish"], [OTHER, ROLE])).to.have.members([
      `sts:AssumeRole ${OTHER} allowed`,
      `sts:AssumeRole ${ROLE} implicitDeny`,
      `iot:Publish ${OTHER} explicitDeny`,
      `iot:Publish ${ROLE} explicitDeny`,
    ]);
    expect(await simulated(["s3:ListAllMyBuckets"])).to.deep.equal(["s3:ListAllMyBuckets * implicitDeny"]);
  });

  it("simulates a boundary, and conditions with the values that it is given", async () => {
    const { Policy } = await aws().iam.createPolicy({ PolicyName: "b", PolicyDocument: allowing("s3:*") });
    await aws().createRole("a", { PermissionsBoundary: Policy?.Arn });
    const PolicyDocument = allowing("*", "*", { StringEquals: { "aws:PrincipalTag/team": "iot" } });
    await aws().iam.putRolePolicy({ RoleName: "a", PolicyName: "may", PolicyDocument });
    const ask = (team: string) =>
      aws().iam.simulatePrincipalPolicy({
        PolicySourceArn: ROLE,
        ActionNames: ["s3:GetObject", "iot:Publish"],
        ContextEntries: [
          { ContextKeyName: "aws:PrincipalTag/team", ContextKeyValues: [team], ContextKeyType: "string" },
        ],
      });
    const decisions = async (team: string) => {
      const { EvaluationResults = [] } = await ask(team);
      return EvaluationResults.map(({ EvalActionName, EvalDecision, PermissionsBoundaryDecisionDetail: bounds }) =>
        [EvalActionName, EvalDecision, bounds?.AllowedByPermissionsBoundary].join(" "),
      );
    };
    expect(await decisions("iot")).to.deep.equal(["iot:Publish implicitDeny false", "s3:GetObject allowed true"]);
    expect(await decisions("other")).to.include("s3:GetObject implicitDeny true");
  });

  it("refuses to simulate nobody, and who may not ask", async () => {
    expect(await failure(simulated(["iot:Publish"]))).to.match(/^NoSuchEntity/);
    const bucket = { PolicySourceArn: "arn:aws:s3:::bucket-of-somebody", ActionNames: ["iot:Publish"] };
    expect(await failure(aws().iam.simulatePrincipalPolicy(bucket))).to.match(/^InvalidInput/);
    const somebody = await aws().somebody(allowing("iam:GetRole"));
    const asked = { PolicySourceArn: ROLE, ActionNames: ["iot:Publish"] };
    expect(await failure(somebody.simulatePrincipalPolicy(asked))).to.contain("iam:SimulatePrincipalPolicy");
  });

  it("lists everybody with their policies, by pages and kinds, and counts them against the quotas", async () => {
    await aws().createRole("a");
    await aws().iam.putRolePolicy({ RoleName: "a", PolicyName: "may", PolicyDocument: allowing("iot:Publish") });
    const { Policy } = await aws().iam.createPolicy({ PolicyName: "m", PolicyDocument: allowing("s3:*") });
    await aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: Policy?.Arn });
    const first = await aws().iam.getAccountAuthorizationDetails({ MaxItems: 1 });
    expect(first.UserDetailList?.map(({ UserName }) => UserName)).to.deep.equal(["administrator"]);
    const rest = await aws().iam.getAccountAuthorizationDetails({ Marker: first.Marker });
    const [role] = rest.RoleDetailList ?? [];
    expect(role?.AttachedManagedPolicies).to.deep.equal([{ PolicyName: "m", PolicyArn: Policy?.Arn }]);
    expect(decodeURIComponent(role?.RolePolicyList?.[0]?.PolicyDocument ?? "")).to.equal(allowing("iot:Publish"));
    expect(rest.Policies?.[0]?.PolicyVersionList).to.have.length(1);
    const roles = await aws().iam.getAccountAuthorizationDetails({ Filter: ["Role"] });
    expect(roles).to.deep.include({ UserDetailList: [], Policies: [], IsTruncated: false });
    const { SummaryMap } = await aws().iam.getAccountSummary({});
    expect(SummaryMap).to.include({ Roles: 1, RolesQuota: 1000, Policies: 1, AssumeRolePolicySizeQuota: 2048 });
  });
});
