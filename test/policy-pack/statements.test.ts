// What the rules on policies say of each statement, without a program around it.
import { expect } from "chai";
import { violations } from "../../policy-pack/rules.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";

type Props = Readonly<Record<string, unknown>>;

const ROLE = `arn:aws:iam::${CUSTOMER}:role/x`;
const ROOT = `arn:aws:iam::${PARTNER}:root`;
const ISSUER = "token.actions.githubusercontent.com";
const PROVIDER = `arn:aws:iam::${CUSTOMER}:oidc-provider/${ISSUER}`;
const PERMISSION = "aws:lambda/permission:Permission";

/** `rule: message` of each violation. */
const said = (props: Props, type = "aws:iam/role:Role"): string[] =>
  violations([{ type, name: "x", props }]).map(({ rule, message }) => `${rule}: ${message}`);
const document = (statement: unknown) => ({ Version: "2012-10-17", Statement: statement });
const allow = (statement: object) => ({ Effect: "Allow", Action: "iot:Publish", Resource: ROLE, ...statement });
/** Of a policy that says what somebody may do, or who may do it to a resource. */
const saidOf = (statement: object): string[] => said({ policy: document([allow(statement)]) });
/** Of a policy that says who may assume a role. */
const saidOfTrust = (statement: object): string[] =>
  said({ assumeRolePolicy: document([{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }]) });
const saidOfPermission = (props: Props): string[] => said(props, PERMISSION);

const everybody = (where: string) => `no-wildcard-principal: ${where} lets everybody in (*): name the principal.`;
const action = (name: string) =>
  `no-wildcard-action: statement #1 of policy allows the action ${name}: name the actions that are needed.`;
const resource = (name: string, all = "*") =>
  `no-wildcard-resource: statement #1 of policy allows ${name} on every resource (${all}): give the ARNs that are meant.`;
const source = (where: string, service: string, both = false) =>
  `service-needs-source: ${where} lets in ${service}.amazonaws.com for whichever account it works: demand ` +
  `aws:SourceArn ${both ? "and aws:SourceAccount, both" : "or aws:SourceAccount"}.`;
const untold = (arn: string) =>
  `trust-needs-condition: statement #1 of assumeRolePolicy trusts ${arn} without a condition: demand ` +
  "aws:PrincipalArn or aws:PrincipalOrgID or sts:ExternalId.";
const anyToken =
  `trust-needs-condition: statement #1 of assumeRolePolicy trusts every token of ${PROVIDER}: demand its audience ` +
  "(aud) and its subject (sub), without wildcards.";

describe("a statement", () => {
  it("may let in whom it names, and not everybody", () => {
    for (const Principal of [
      "*",
      { AWS: "*" },
      { AWS: [ROOT, "*"] },
      { Service: "s3.amazonaws.com", CanonicalUser: "*" },
    ])
      expect(saidOf({ Principal })[0], JSON.stringify(Principal)).to.equal(everybody("statement #1 of policy"));
    for (const Principal of [undefined, ROOT, { AWS: ROOT }, { AWS: [ROOT, ROLE] }])
      expect(saidOf({ Principal }), JSON.stringify(Principal)).to.deep.equal([]);
    expect(saidOf({ NotPrincipal: { AWS: ROOT } })).to.deep.equal([
      "no-wildcard-principal: statement #1 of policy lets in everybody but a few (NotPrincipal): name the principal.",
    ]);
  });

  it("may allow actions, and not all of them or all of a service's", () => {
    for (const name of ["*", "**", "*:*", "iot:*", "iot:?*", "i?t:*", "execute-api:*?"]) {
      expect(saidOf({ Action: name })).to.deep.equal([action(name)]);
      expect(saidOfPermission({ action: name, principal: CUSTOMER })).to.deep.equal([
        `no-wildcard-action: The permission allows the action ${name}: name the actions that are needed.`,
      ]);
    }
    expect(saidOfPermission({ action: "lambda:InvokeFunction", principal: CUSTOMER })).to.deep.equal([]);
    expect(saidOf({ Action: ["iot:*", "s3:*"] })).to.deep.equal([action("iot:*"), action("s3:*")]);
    for (const name of ["iot:Describe*", "iot:*Thing", "iot:DescribeThing", "iot:????"])
      expect(saidOf({ Action: name }), name).to.deep.equal([]);
    expect(saidOf({ Action: undefined, NotAction: "iot:Publish" })).to.deep.equal([
      "no-wildcard-action: statement #1 of policy allows all actions but a few (NotAction): name the actions that are " +
        "needed.",
    ]);
  });

  it("may allow something on resources, and on all of them only what AWS knows no other for", () => {
    for (const all of ["*", "**", "arn:*", "arn:aws:*", "arn:aws:iot:*", "arn:*:iot:*:*:*", "arn:aws:s3:::*"])
      expect(saidOf({ Resource: [ROLE, all] })).to.deep.equal([resource("iot:Publish", all)]);
    expect(saidOf({ Action: ["iot:DescribeEndpoint", "s3:GetObject"], Resource: "*" })).to.deep.equal([
      resource("s3:GetObject"),
    ]);
    const onlyOnEverything = [
      ...["cloudtrail:DescribeTrails", "iot:DescribeEndpoint", "iot:DescribeEventConfigurations"],
      ...["iot:UpdateEventConfigurations", "iot:ListThings", "iot:ListTopicRules"],
    ];
    expect(saidOf({ Action: onlyOnEverything, Resource: "*" })).to.deep.equal([]);
    for (const Resource of ["arn:aws:s3:::b/*", "arn:aws:iot:us-east-1:*", "arn:aws:iot:*:*:thing/*", "*/x", undefined])
      expect(saidOf({ Resource })).to.deep.equal([]);
    expect(saidOf({ Resource: undefined, NotResource: ROLE })).to.deep.equal([
      "no-wildcard-resource: statement #1 of policy allows it on everything but a few resources (NotResource): give " +
        "the ARNs that are meant.",
    ]);
  });

  it("may let a service in on behalf of an account or a resource, AWS IoT of both", () => {
    const where = "statement #1 of policy";
    const arn = { ArnLike: { "aws:SourceArn": ROLE } };
    const account = { StringEquals: { "aws:SourceAccount": CUSTOMER } };
    const of = (service: string, Condition?: object) =>
      saidOf({ Principal: { Service: `${service}.amazonaws.com` }, Condition });
    for (const service of ["sns", "lambda"]) expect(of(service)).to.deep.equal([source(where, service)]);
    for (const condition of [arn, account, { ...arn, ...account }]) expect(of("sns", condition)).to.deep.equal([]);
    for (const condition of [undefined, arn, account])
      expect(of("iot", condition)).to.deep.equal([source(where, "iot", true)]);
    expect(of("iot", { ...arn, ...account })).to.deep.equal([]);
    // The other key has the account.
    expect(of("iot", { ArnLike: { "aws:SourceArn": "arn:aws:iot:*:*:rule/x" }, ...account })).to.deep.equal([]);
    expect(saidOf({ Principal: { Service: ["sns.amazonaws.com", "iot.amazonaws.com"] } })).to.deep.equal([
      source(where, "sns"),
      source(where, "iot", true),
    ]);
  });

  it("demands what holds only where the key is there, and not for any value", () => {
    const condition = (operator: string, value: unknown, key = "aws:SourceArn") =>
      saidOf({ Principal: { Service: "sns.amazonaws.com" }, Condition: { [operator]: { [key]: value } } }).length === 0;
    const demand = [
      ...["StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike"],
      ...["ForAnyValue:StringEquals", "ForAnyValue:ArnLike"],
    ];
    for (const operator of demand) expect(condition(operator, ROLE), operator).to.equal(true);
    const none = [
      ...["StringEqualsIfExists", "ForAllValues:StringEquals", "StringNotEquals", "ArnNotLike", "Null", "Bool"],
      ...["NotStringEquals", "x:ForAnyValue:StringEquals"],
    ];
    for (const operator of none) expect(condition(operator, ROLE), operator).to.equal(false);
    // Of several values any one will do.
    for (const value of ["*", "?*", "arn:*", "arn:aws:iot:*:*:*", "", [], ["*", ROLE], [ROLE, "arn:*"]])
      expect(condition("ArnLike", value), String(value)).to.equal(false);
    for (const value of ["arn:aws:iot:*:1*:*", "*a", [ROLE, ROOT]])
      expect(condition("ArnLike", value), String(value)).to.equal(true);
    // A resource of that name in whichever account, but for buckets: their names are one account's.
    const everyAccount = ["arn:aws:iot:*:*:rule/x", "arn:aws:iot:us-east-1:*", "arn:aws:iam::?*:role/x"];
    for (const value of [...everyAccount, [ROLE, "arn:aws:iot:us-east-1:*:rule/x"]])
      expect(condition("ArnLike", value), String(value)).to.equal(false);
    expect(condition("ArnLike", "arn:aws:s3:::b")).to.equal(true);
    expect(condition("ArnLike", ROLE, "AWS:sourcearn")).to.equal(true);
    expect(condition("ArnLike", ROLE, "aws:SourceIp")).to.equal(false);
  });
});

describe("a role's trust", () => {
  it("is for an account under a condition that says whom in it is meant", () => {
    expect(saidOfTrust({ Principal: { AWS: [ROOT, ROLE] } })).to.deep.equal([untold(ROOT), untold(ROLE)]);
    for (const key of ["aws:PrincipalArn", "aws:PrincipalOrgID", "sts:ExternalId"])
      expect(saidOfTrust({ Principal: { AWS: ROOT }, Condition: { StringEquals: { [key]: "x" } } }), key).to.deep.equal(
        [],
      );
    expect(
      saidOfTrust({ Principal: { AWS: ROOT }, Condition: { StringEquals: { "aws:RequestTag/x": "x" } } }),
    ).to.deep.equal([untold(ROOT)]);
  });

  it("is for an identity provider's tokens of an audience and a subject", () => {
    const of = (...keys: string[]) =>
      saidOfTrust({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: PROVIDER },
        Condition: { StringEquals: Object.fromEntries(keys.map((key) => [key, "x"])) },
      });
    for (const keys of [[], [`${ISSUER}:aud`], [`${ISSUER}:sub`], ["other:aud", "other:sub"], ["aws:PrincipalArn"]])
      expect(of(...keys), keys.join(" ")).to.deep.equal([anyToken]);
    expect(of(`${ISSUER}:aud`, `${ISSUER}:sub`)).to.deep.equal([]);
    // In a subject a wildcard lets in whoever finds a name that fits: repo:my-company* is also my-company-2's.
    for (const sub of ["repo:*", "repo:my-company*", ["repo:me/mine", "repo:*/mine"]])
      expect(
        saidOfTrust({
          Principal: { Federated: PROVIDER },
          Condition: { StringEquals: { [`${ISSUER}:aud`]: "x" }, StringLike: { [`${ISSUER}:sub`]: sub } },
        }),
        String(sub),
      ).to.deep.equal([anyToken]);
  });

  it("is for Lambda without a source, which it doesn't send, and for no other service", () => {
    expect(saidOfTrust({ Principal: { Service: "lambda.amazonaws.com" } })).to.deep.equal([]);
    expect(saidOfTrust({ Principal: { Service: "sns.amazonaws.com" } })).to.deep.equal([
      source("statement #1 of assumeRolePolicy", "sns"),
    ]);
  });
});

describe("a function's permission", () => {
  const where = "The permission";
  it("is for whom it names", () => {
    expect(saidOfPermission({ principal: "*" })).to.deep.equal([
      "no-wildcard-principal: The permission lets everybody in: name the service or the account.",
    ]);
    for (const principal of [CUSTOMER, ROLE, undefined]) expect(saidOfPermission({ principal })).to.deep.equal([]);
    // What is called so elsewhere is something else.
    for (const principal of ["*", "sns.amazonaws.com"]) expect(said({ principal })).to.deep.equal([]);
  });

  it("is for a service with a source, for AWS IoT with its account as well", () => {
    const of = (service: string, more: Props) => saidOfPermission({ principal: `${service}.amazonaws.com`, ...more });
    const [sourceArn, sourceAccount] = [ROLE, CUSTOMER];
    expect(of("events", {})).to.deep.equal([source(where, "events")]);
    for (const more of [{ sourceArn }, { sourceAccount }]) {
      expect(of("events", more)).to.deep.equal([]);
      expect(of("iot", more)).to.deep.equal([source(where, "iot", true)]);
    }
    expect(of("iot", { sourceArn, sourceAccount })).to.deep.equal([]);
    for (const all of ["*", "arn:aws:events:*", "arn:aws:events:us-east-1:*:rule/x"]) {
      expect(of("events", { sourceArn: all }), all).to.deep.equal([source(where, "events")]);
      expect(of("events", { sourceArn: all, sourceAccount }), all).to.deep.equal([]);
    }
    expect(of("s3", { sourceArn: "arn:aws:s3:::b" })).to.deep.equal([]);
  });
});

describe("a policy", () => {
  const bad = { Effect: "Allow", Action: "iot:*", Resource: ROLE };
  const good = { ...bad, Action: "iot:Publish" };
  const name = (label: string, property = "policy") =>
    `no-wildcard-action: statement ${label} of ${property} allows the action iot:*: name the actions that are needed.`;

  it("is found as an object, as JSON, and deeper inside of a property that is called so", () => {
    const forms: readonly unknown[] = [
      document(bad),
      document([bad]),
      JSON.stringify(document(bad)),
      [{ name: "p", policy: JSON.stringify(document([bad])) }],
      { inner: { json: document([bad]) } },
    ];
    for (const form of forms) {
      expect(said({ policy: form }), JSON.stringify(form)).to.deep.equal([name("#1")]);
      expect(said({ inlinePolicies: form })).to.deep.equal([name("#1", "inlinePolicies")]);
      expect(said({ other: form })).to.deep.equal([]);
    }
  });

  it("is none in a text, a number, nothing", () => {
    for (const policy of ["arn:aws:iam::aws:policy/x", "{", 7, undefined, null, {}, []])
      expect(said({ policy }), JSON.stringify(policy)).to.deep.equal([]);
  });

  it("has a statement called by its Sid, or by its place", () => {
    expect(said({ policy: document([good, bad, { ...bad, Sid: "Wide" }]) })).to.deep.equal([name("#2"), name("Wide")]);
  });

  it("is the program's own, wherever its ARN stands: AWS's have wildcards, and change by themselves", () => {
    const managed = "arn:aws:iam::aws:policy/AdministratorAccess";
    const sentence = (property: string) => [
      `no-aws-managed-policy: ${property} has ${managed}, which AWS writes for everybody: write a policy of what is ` +
        "needed.",
    ];
    expect(said({ policyArn: managed }, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")).to.deep.equal(
      sentence("policyArn"),
    );
    const own = `arn:aws:iam::${CUSTOMER}:policy/x`;
    expect(said({ managedPolicyArns: [own, managed] })).to.deep.equal(sentence("managedPolicyArns"));
    expect(said({ policyArn: own, permissionsBoundary: managed })).to.deep.equal([]);
  });

  it("may deny whatever it likes: that takes away only", () => {
    expect(saidOf({ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" })).to.deep.equal([]);
  });
});
