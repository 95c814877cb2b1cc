import { expect } from "chai";
import { failure } from "../failure.ts";
import { BASIC, LAMBDA, allowing, trusting, useIam } from "./fixture.ts";

describe("Permissions of the embedded IAM", () => {
  const aws = useIam();

  describe("permissions", () => {
    it("decides by the role's ARN", async () => {
      await aws().createRole("one");
      await aws().createRole("two");
      const somebody = await aws().somebody(allowing("iam:GetRole", "arn:aws:iam::111111111111:role/one"));
      await somebody.getRole({ RoleName: "one" });
      expect(await failure(somebody.getRole({ RoleName: "two" }))).to.contain(
        "is not authorized to perform: iam:GetRole on resource: arn:aws:iam::111111111111:role/two",
      );
    });

    it("decides by the policy that is to be attached", async () => {
      const condition = { ArnEquals: { "iam:PolicyARN": BASIC } };
      const somebody = await aws().somebody(allowing("iam:AttachRolePolicy", "*", condition));
      await aws().createRole("a");
      const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
      await somebody.attachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
      expect(await failure(somebody.attachRolePolicy({ RoleName: "a", PolicyArn: admin }))).to.match(/^AccessDenied/);
    });

    it("decides by the tags of a role and of the request", async () => {
      const somebody = await aws().somebody(
        allowing("iam:TagRole", "*", {
          StringEquals: { "iam:ResourceTag/team": "iot", "aws:RequestTag/stage": "dev" },
        }),
      );
      await aws().createRole("ours", { Tags: [{ Key: "team", Value: "iot" }] });
      await aws().createRole("theirs");
      const tag = (RoleName: string, Value: string) => somebody.tagRole({ RoleName, Tags: [{ Key: "stage", Value }] });
      await tag("ours", "dev");
      expect(await failure(tag("ours", "live"))).to.match(/^AccessDenied/);
      expect(await failure(tag("theirs", "dev"))).to.match(/^AccessDenied/);
    });

    it("reads AWS's own policies with the caller's permissions alone", async () => {
      const somebody = await aws().somebody(allowing("iam:GetPolicy", BASIC));
      await somebody.getPolicy({ PolicyArn: BASIC });
    });

    it("decides by the keys of the tags that are taken away", async () => {
      const condition = { "ForAllValues:StringEquals": { "aws:TagKeys": ["stage"] } };
      const somebody = await aws().somebody(allowing("iam:UntagRole", "*", condition));
      await aws().createRole("a");
      await somebody.untagRole({ RoleName: "a", TagKeys: ["stage"] });
      expect(await failure(somebody.untagRole({ RoleName: "a", TagKeys: ["stage", "team"] }))).to.match(
        /^AccessDenied/,
      );
    });

    it("decides by the path of a role, and by the boundary that a new one gets", async () => {
      const condition = { ArnEquals: { "iam:PermissionsBoundary": BASIC } };
      const somebody = await aws().somebody(allowing("iam:*", "arn:aws:iam::111111111111:role/hooks/*", condition));
      const role = { RoleName: "b", AssumeRolePolicyDocument: LAMBDA, PermissionsBoundary: BASIC };
      expect(await failure(somebody.createRole(role))).to.match(/^AccessDenied/);
      await somebody.createRole({ ...role, Path: "/hooks/" });
    });

    it("decides by the boundary that a role has, whatever changes what it may do", async () => {
      const condition = { ArnEquals: { "iam:PermissionsBoundary": BASIC } };
      const somebody = await aws().somebody(allowing("iam:*", "*", condition));
      await aws().createRole("bound", { PermissionsBoundary: BASIC });
      await aws().createRole("free");
      const PolicyDocument = allowing("s3:*");
      for (const change of [
        (RoleName: string) => somebody.putRolePolicy({ RoleName, PolicyName: "p", PolicyDocument }),
        (RoleName: string) => somebody.deleteRolePolicy({ RoleName, PolicyName: "p" }),
        (RoleName: string) => somebody.attachRolePolicy({ RoleName, PolicyArn: BASIC }),
        (RoleName: string) => somebody.detachRolePolicy({ RoleName, PolicyArn: BASIC }),
        (RoleName: string) => somebody.deleteRolePermissionsBoundary({ RoleName }),
      ]) {
        expect(await failure(change("free"))).to.match(/^AccessDenied/);
        await change("bound");
      }
    });

    it("knows the path of a role that is asked for by name", async () => {
      await aws().createRole("b", { Path: "/hooks/" });
      const somebody = await aws().somebody(allowing("iam:GetRole", "arn:aws:iam::111111111111:role/hooks/*"));
      await somebody.getRole({ RoleName: "b" });
    });
  });

  describe("tags", () => {
    it("adds, replaces, lists and removes tags of roles", async () => {
      await aws().createRole("a", { Tags: [{ Key: "one", Value: "1" }] });
      await aws().iam.tagRole({
        RoleName: "a",
        Tags: [
          { Key: "two", Value: "2" },
          { Key: "ONE", Value: "I" },
        ],
      });
      await aws().iam.untagRole({ RoleName: "a", TagKeys: ["two"] });
      expect((await aws().iam.listRoleTags({ RoleName: "a" })).Tags).to.deep.equal([{ Key: "ONE", Value: "I" }]);
    });

    it("refuses a key that stands twice, and too many tags", async () => {
      const tag = (Key: string) => ({ Key, Value: "" });
      expect(await failure(aws().createRole("a", { Tags: [tag("x"), tag("X")] }))).to.match(
        /^InvalidInput.*: Duplicate tag keys/,
      );
      const many = Array.from({ length: 51 }, (_, index) => tag(`k${index}`));
      expect(await failure(aws().createRole("a", { Tags: many }))).to.match(
        /^ValidationError: .* at 'tags' .* less than or equal to 50$/,
      );
      expect(await failure(aws().iam.getRole({ RoleName: "a" }))).to.match(/^NoSuchEntity/);
    });

    it("needs the permission to tag for a role that is created with tags", async () => {
      const somebody = await aws().somebody(allowing("iam:CreateRole"));
      const role = { RoleName: "b", AssumeRolePolicyDocument: LAMBDA };
      expect(await failure(somebody.createRole({ ...role, Tags: [{ Key: "a", Value: "b" }] }))).to.contain(
        "not authorized to perform: iam:TagRole on resource: arn:aws:iam::111111111111:role/b",
      );
      await somebody.createRole(role);
    });
  });

  describe("OpenID Connect providers", () => {
    const url = "https://token.actions.githubusercontent.com";
    const arn = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
    const provider = { Url: url, ClientIDList: ["sts.amazonaws.com"], Tags: [{ Key: "a", Value: "b" }] };

    it("creates, shows, lists and deletes one", async () => {
      expect((await aws().iam.createOpenIDConnectProvider(provider)).OpenIDConnectProviderArn).to.equal(arn);
      const shown = await aws().iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn });
      expect(shown).to.deep.include({
        Url: "token.actions.githubusercontent.com",
        ClientIDList: ["sts.amazonaws.com"],
        Tags: [{ Key: "a", Value: "b" }],
      });
      expect((await aws().iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList).to.deep.equal([{ Arn: arn }]);
      await aws().iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: arn });
      expect(await failure(aws().iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }))).to.equal(
        `NoSuchEntityException: OpenIDConnect Provider not found for arn ${arn}`,
      );
    });

    it("refuses a URL that is taken, and one without https", async () => {
      await aws().iam.createOpenIDConnectProvider(provider);
      expect(await failure(aws().iam.createOpenIDConnectProvider(provider))).to.match(
        /^EntityAlreadyExistsException: Provider with url https:.* already exists/,
      );
      expect(await failure(aws().iam.createOpenIDConnectProvider({ ...provider, Url: "http://a.example" }))).to.match(
        /^ValidationError/,
      );
    });

    it("can be trusted by a role, under conditions on the token", async () => {
      const condition = { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } };
      const trust = trusting({ Federated: arn }, condition).replace("AssumeRole", "AssumeRoleWithWebIdentity");
      await aws().createRole("deploy", { AssumeRolePolicyDocument: trust });
    });
  });

  it("says what a request lacks", async () => {
    expect(await failure(aws().iam.getRole({ RoleName: undefined }))).to.match(
      /^ValidationError: .*Value null at 'roleName'/,
    );
  });

  it("refuses operations that aren't modelled", async () => {
    expect(await failure(aws().iam.createUser({ UserName: "u" }))).to.match(
      /^NotModelledHere: iam:CreateUser is not modelled/,
    );
  });
});
