import { expect } from "chai";
import { CUSTOMER } from "../cloud.ts";
import { failure } from "../failure.ts";
import { BASIC, LAMBDA, allowing, trusting, useIam } from "./fixture.ts";

describe("Roles of the embedded IAM", () => {
  const aws = useIam();

  it("shows a role as it was created, with its trust policy URL-encoded", async () => {
    await aws().createRole("announce", { Path: "/hooks/", Description: "d", Tags: [{ Key: "team", Value: "iot" }] });
    const { Role: role } = await aws().iam.getRole({ RoleName: "announce" });
    expect(role?.Arn).to.equal("arn:aws:iam::111111111111:role/hooks/announce");
    expect(role?.RoleId).to.match(/^AROA[A-Z2-7]{17}$/);
    expect(role?.AssumeRolePolicyDocument).to.match(/^%7B%22Version%22/);
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).to.equal(LAMBDA);
    expect(role).to.include({ Path: "/hooks/", Description: "d", MaxSessionDuration: 3600 });
    expect(role?.Tags).to.deep.equal([{ Key: "team", Value: "iot" }]);
    expect(role?.RoleLastUsed).to.deep.equal({});
  });

  it("keeps the roles of accounts apart", async () => {
    await aws().createRole("announce");
    expect(await failure(aws().partner.getRole({ RoleName: "announce" }))).to.equal(
      "NoSuchEntityException: The role with name announce cannot be found.",
    );
  });

  it("refuses a name that is taken, in whatever case", async () => {
    await aws().createRole("announce");
    expect(await failure(aws().createRole("Announce"))).to.equal(
      "EntityAlreadyExistsException: Role with name Announce already exists.",
    );
  });

  it("refuses names that AWS refuses", async () => {
    expect(await failure(aws().createRole("a b"))).to.equal(
      "ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric " +
        "characters and/or the following: +=,.@_-",
    );
    expect(await failure(aws().createRole("r".repeat(65)))).to.match(
      /^ValidationError: 1 validation error detected: Value 'r{65}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
    );
    expect(await failure(aws().createRole("a", { Path: "nowhere" }))).to.match(/^ValidationError: .*path is invalid/);
  });

  it("refuses a session duration out of range", async () => {
    expect(await failure(aws().createRole("a", { MaxSessionDuration: 3599 }))).to.match(
      /Value '3599' at 'maxSessionDuration' .* greater than or equal to 3600/,
    );
  });

  it("refuses a trust policy of more than 2048 characters, without white space", async () => {
    const padded = (length: number) => LAMBDA.replace('{"Effect"', `{"Sid":"${"x".repeat(length)}","Effect"`);
    const spare = 2048 - padded(0).length;
    await aws().createRole("fits", { AssumeRolePolicyDocument: padded(spare) + " ".repeat(1000) });
    expect(await failure(aws().createRole("too-long", { AssumeRolePolicyDocument: padded(spare + 1) }))).to.equal(
      "LimitExceededException: Cannot exceed quota for ACLSizePerRole: 2048",
    );
  });

  it("refuses a trust policy that names a role that doesn't exist, until it does", async () => {
    const arn = "arn:aws:iam::222222222222:role/publisher";
    const trust = trusting({ AWS: arn });
    expect(await failure(aws().createRole("a", { AssumeRolePolicyDocument: trust }))).to.equal(
      `MalformedPolicyDocumentException: Invalid principal in policy: "AWS":"${arn}"`,
    );
    await aws().partner.createRole({ RoleName: "publisher", AssumeRolePolicyDocument: LAMBDA });
    await aws().createRole("a", { AssumeRolePolicyDocument: trust });
  });

  it("refuses a trust policy that names an account that doesn't exist", async () => {
    expect(
      await failure(aws().createRole("a", { AssumeRolePolicyDocument: trusting({ AWS: "999999999999" }) })),
    ).to.match(/^MalformedPolicyDocumentException: Invalid principal in policy/);
  });

  it("shows the unique id of a trusted role that was deleted, and keeps showing it for its namesake", async () => {
    const publisher = { RoleName: "publisher", AssumeRolePolicyDocument: LAMBDA };
    const { Role: first } = await aws().partner.createRole(publisher);
    await aws().createRole("a", { AssumeRolePolicyDocument: trusting({ AWS: first?.Arn }) });
    await aws().partner.deleteRole(publisher);
    await aws().partner.createRole(publisher);
    const { Role: role } = await aws().iam.getRole({ RoleName: "a" });
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).to.equal(trusting({ AWS: first?.RoleId }));
  });

  it("changes trust policy, description and session duration", async () => {
    await aws().createRole("a");
    const trust = trusting({ Service: "iot.amazonaws.com" });
    await aws().iam.updateAssumeRolePolicy({ RoleName: "a", PolicyDocument: trust });
    await aws().iam.updateRole({ RoleName: "a", Description: "new", MaxSessionDuration: 7200 });
    const { Role: role } = await aws().iam.getRole({ RoleName: "a" });
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).to.equal(trust);
    expect(role).to.include({ Description: "new", MaxSessionDuration: 7200 });
  });

  it("deletes a role only without policies", async () => {
    await aws().createRole("a");
    await aws().iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument: allowing("iot:Publish") });
    await aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
    expect(await failure(aws().iam.deleteRole({ RoleName: "a" }))).to.equal(
      "DeleteConflictException: Cannot delete entity, must detach all policies first.",
    );
    await aws().iam.detachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
    expect(await failure(aws().iam.deleteRole({ RoleName: "a" }))).to.equal(
      "DeleteConflictException: Cannot delete entity, must delete policies first.",
    );
    await aws().iam.deleteRolePolicy({ RoleName: "a", PolicyName: "p" });
    await aws().iam.deleteRole({ RoleName: "a" });
    expect(await failure(aws().iam.getRole({ RoleName: "a" }))).to.match(/^NoSuchEntity/);
  });

  it("lists roles page by page, without losing any when one is deleted in between", async () => {
    for (const name of ["a", "b", "c", "d"]) await aws().createRole(name);
    const first = await aws().iam.listRoles({ MaxItems: 2 });
    await aws().iam.deleteRole({ RoleName: "a" });
    const second = await aws().iam.listRoles({ MaxItems: 2, Marker: first.Marker });
    expect(
      [first, second].map(({ Roles, IsTruncated }) => [Roles?.map((role) => role.RoleName), IsTruncated]),
    ).to.deep.equal([
      [["a", "b"], true],
      [["c", "d"], false],
    ]);
    expect(await failure(aws().iam.listRoles({ Marker: "bogus" }))).to.match(/^ValidationError: The token/);
  });

  it("shows when a role was last used", async () => {
    const somebody = await aws().somebody(allowing("iam:ListRoles"));
    await somebody.listRoles({});
    const { Role: role } = await aws().iam.getRole({ RoleName: "somebody" });
    expect(role?.RoleLastUsed?.Region).to.equal("us-east-1");
  });

  it("lists roles by path", async () => {
    await aws().createRole("a", { Path: "/hooks/" });
    await aws().createRole("b");
    const { Roles: roles } = await aws().iam.listRoles({ PathPrefix: "/hooks/" });
    expect(roles?.map((role) => role.RoleName)).to.deep.equal(["a"]);
  });

  it("refuses a marker that only looks like one", async () => {
    const marker = Buffer.from("after a").toString("base64");
    expect(await failure(aws().iam.listRoles({ Marker: marker }))).to.match(/^ValidationError: The token/);
  });

  it("has room for a thousand roles", async () => {
    const { cloud } = aws().running;
    const credential = cloud.administrator(CUSTOMER);
    const caller = { ...credential.caller, credential };
    for (let number = 1; number <= 1000; number++) {
      const input = { RoleName: `r${number}`, AssumeRolePolicyDocument: LAMBDA };
      await cloud.call({
        service: "iam",
        operation: "CreateRole",
        input,
        caller,
        account: CUSTOMER,
        region: "us-east-1",
      });
    }
    expect(await failure(aws().createRole("one-more"))).to.equal(
      "LimitExceededException: Cannot exceed quota for RolesPerAccount: 1000",
    );
  });
});
