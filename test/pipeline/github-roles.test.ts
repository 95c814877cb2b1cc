// Who gets GitHub's roles: the token of one repository, in one environment.
import { expect } from "chai";
import { authorize, parsePolicy } from "embedded-aws";
import { environmentsOf } from "../../pipeline/github-roles.ts";
import { deployPolicy, previewPolicy } from "../../pipeline/permissions.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { inputsOf, made, refusal, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, pipelineOptions, runPipeline } from "../harness/stacks.ts";

const ISSUER = "token.actions.githubusercontent.com";
const PROVIDER = `arn:aws:iam::${CUSTOMER}:oidc-provider/${ISSUER}`;
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

describe("GitHub's roles", () => {
  for (const [purpose, environment] of Object.entries(environmentsOf("customer"))) {
    describe(`to ${purpose}`, () => {
      /** Whether a token with this subject and audience gets the role. */
      async function assumes(
        sub: string,
        aud = "sts.amazonaws.com",
        arn = PROVIDER,
        config: Readonly<Record<string, string>> = {},
      ): Promise<boolean> {
        const { resources } = await runPipeline(config);
        const document: unknown = inputsOf(resources, ROLE, `github-iot-hooks-${purpose}`).assumeRolePolicy;
        const policy = parsePolicy(JSON.stringify(document), "trust");
        return authorize({
          principal: { kind: "federated", arn, account: "", uniqueId: "" },
          action: "sts:AssumeRoleWithWebIdentity",
          resource: `arn:aws:iam::${CUSTOMER}:role/github`,
          resourceAccount: CUSTOMER,
          context: { [`${ISSUER}:aud`]: aud, [`${ISSUER}:sub`]: sub },
          identity: [],
          resourcePolicy: { name: "trust", policy, kind: "trust" },
        }).allowed;
      }

      it("go to a run in its environment", async () => {
        expect(await assumes(`repo:example/hooks:environment:${environment}`)).to.equal(true);
      });

      for (const subjectPrefix of [
        "repo:example@123456/hooks@456789",
        "repo:example-123456/hooks-456789",
        "repo:example/hooks",
      ]) {
        it(
          "go to a run of the repository whose subject begins with " + `${subjectPrefix}, and to no other spelling`,
          async () => {
            const config = { subjectPrefix };
            for (const prefix of [
              "repo:example@123456/hooks@456789",
              "repo:example-123456/hooks-456789",
              "repo:example/hooks",
              // The names given up and taken by somebody else: other ids.
              "repo:example@9/hooks@8",
            ])
              expect(
                await assumes(`${prefix}:environment:${environment}`, undefined, undefined, config),
                prefix,
              ).to.equal(prefix === subjectPrefix);
          },
        );
      }

      for (const [who, sub] of [
        ["in another environment", "repo:example/hooks:environment:other"],
        ["in no environment", "repo:example/hooks:ref:refs/heads/main"],
        ["of a pull request without environment", "repo:example/hooks:pull_request"],
        ["of another repository", `repo:somebody/hooks:environment:${environment}`],
        ["of a repository with a longer name", `repo:example/hooks2:environment:${environment}`],
      ] as const) {
        it(`don't go to a run ${who}`, async () => {
          expect(await assumes(sub)).to.equal(false);
        });
      }

      it("don't go to a token that was meant for somebody else, or that somebody else issued", async () => {
        const sub = `repo:example/hooks:environment:${environment}`;
        expect(await assumes(sub, "https://github.com/example")).to.equal(false);
        expect(await assumes(sub, undefined, `arn:aws:iam::${CUSTOMER}:oidc-provider/gitlab.com`)).to.equal(false);
      });
    });
  }

  it("are two, for as long as their jobs may run, each with the permissions of its purpose", async () => {
    const { resources, outputs } = await runPipeline();
    const trust = (environment: string) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: PROVIDER },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${ISSUER}:aud`]: "sts.amazonaws.com",
              [`${ISSUER}:sub`]: `repo:example/hooks:environment:${environment}`,
            },
          },
        },
      ],
    });
    const role = (purpose: string) => inputsOf(resources, ROLE, `github-iot-hooks-${purpose}`);
    expect(role("preview")).to.deep.equal({
      description: "GitHub example/hooks, environment customer-preview",
      assumeRolePolicy: trust("customer-preview"),
    });
    expect(role("deploy")).to.deep.equal({
      maxSessionDuration: 21_600,
      description: "GitHub example/hooks, environment customer",
      assumeRolePolicy: trust("customer"),
    });
    const settings = {
      ...({ side: "customer", account: { accountId: CUSTOMER, region: "us-east-1" } } as const),
      ...{ stateBucket: "example-pulumi-state", permissionsBoundaryArn: undefined },
    };
    const policy = (purpose: string) => inputsOf(resources, ROLE_POLICY, `github-iot-hooks-${purpose}`);
    expect(policy("preview")).to.deep.equal({
      role: "github-iot-hooks-preview-1234567",
      policy: previewPolicy(settings),
    });
    expect(policy("deploy")).to.deep.equal({ role: "github-iot-hooks-deploy-1234567", policy: deployPolicy(settings) });
    for (const { type, options } of resources.filter(({ account }) => account))
      expect(options.parent, type).to.equal("iot-hooks:pipeline:GithubRoles github-iot-hooks");
    expect(outputs.identityProviderArn).to.equal(PROVIDER);
  });

  it("come with the identity provider of GitHub's issuer, for the audience that its action asks for", async () => {
    const { resources } = await runPipeline();
    const provider = resourceOf(resources, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github-iot-hooks");
    expect(provider.inputs).to.deep.equal({ url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"] });
    for (const purpose of ["preview", "deploy"])
      expect(made(resourceOf(resources, ROLE, `github-iot-hooks-${purpose}`).after)).to.include(
        "github-iot-hooks OpenIdConnectProvider",
      );
  });

  it("share the account's identity provider with other stacks where it is there already", async () => {
    const { resources, outputs } = await runPipeline({ createIdentityProvider: "false" });
    expect(resources.map(({ type }) => type)).not.to.include("aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    expect(outputs.identityProviderArn).to.equal(PROVIDER);
  });

  for (const [key, value, sentence] of [
    ["side", "both", /pipeline:side is "both", but an account is the side of customer or partner/],
    ["repository", "example/*", /pipeline:repository is "example\/\*", but a repository is written owner\/name/],
    ["repository", "https://github.com/example/hooks", /written owner\/name/],
    ["subjectPrefix", "repo:example@1/*", /but a subject begins with repo:owner\/name, or with repo:owner@123456/],
    ["subjectPrefix", "repo:example@1/hooks@2:environment:x", /but a subject begins with/],
    [
      "subjectPrefix",
      "repo:exampl3@1/hooks@2",
      /but iot-hooks-pipeline:repository is "example\/hooks": both must name the same/,
    ],
    ["subjectPrefix", "repo:example@1/hooks2", /both must name the same repository/],
    ["stateBucket", "s3://state", /but that is no name of an S3 bucket: set the name alone/],
  ] as const) {
    it(`are refused for ${key} "${value}" with a sentence, and nothing is made`, async () => {
      const { message, resources } = await refusal(pipelineProgram, pipelineOptions({ [key]: value }));
      expect(message).to.match(sentence);
      expect(resources.map(({ type }) => type)).to.deep.equal(["pulumi:pulumi:Stack"]);
    });
  }
});
