import { expect } from "chai";
import { authorize, bindPrincipals, parsePolicy, renderPrincipals } from "../../../language/policy/index.ts";
import type { Policy } from "../../../language/policy/index.ts";
import {
  allow,
  customer,
  document,
  partner,
  policy,
  queue,
  request,
  roleArn,
  session,
  sessionArn,
  user,
} from "./documents.ts";

const ids = new Map([
  [user.arn, user.uniqueId],
  [roleArn, session.uniqueId],
]);
const resolve = (arn: string) => ids.get(arn);
const principals = { AWS: [user.arn, roleArn, sessionArn, customer, "*"], Service: "events.amazonaws.com" };
const onQueue = (principal: unknown): Policy => policy("resource", { ...allow, Principal: principal });

/** Whether the queue's policy alone lets a caller in. */
function letsIn(saved: Policy, caller = session): boolean {
  return authorize(
    request({ principal: caller, resourcePolicy: { name: "queue policy", policy: saved, kind: "resource" } }),
  ).allowed;
}

// "AWS JSON policy elements: Principal", IAM role principals
describe("A policy that is saved", () => {
  it("trusts the role that it names", () => {
    expect(letsIn(bindPrincipals(onQueue({ AWS: roleArn }), resolve))).to.equal(true);
  });
  it("doesn't trust a role of the same name that was created later", () => {
    const saved = bindPrincipals(onQueue({ AWS: roleArn }), resolve);
    expect(letsIn(saved, { ...session, uniqueId: "AROALATER" })).to.equal(false);
  });
  it("doesn't trust a user of the same name that was created later", () => {
    const saved = bindPrincipals(onQueue({ AWS: user.arn }), resolve);
    expect(letsIn(saved, user)).to.equal(true);
    expect(letsIn(saved, { ...user, uniqueId: "AIDALATER" })).to.equal(false);
  });
  it("still trusts the role when it has another name by now", () => {
    const saved = bindPrincipals(onQueue({ AWS: roleArn }), resolve);
    expect(letsIn(saved, { ...session, roleArn: `${roleArn}-renamed` })).to.equal(true);
  });
  it("keeps everything that isn't a user or a role as it is", () => {
    const saved = bindPrincipals(onQueue(principals), resolve);
    expect(saved.statements[0]?.principals?.entries.map(({ boundId }) => boundId)).to.deep.equal([
      ...[user.uniqueId, session.uniqueId, undefined, undefined, undefined, undefined],
    ]);
  });
  for (const arn of [`arn:aws:iam::${partner}:role/gone`, `arn:aws:iam::${partner}:user/gone`, "AROAGONE"]) {
    it(`is refused when it names ${arn}, which doesn't exist`, () => {
      expect(() => bindPrincipals(onQueue({ AWS: [roleArn, arn] }), resolve))
        .to.throw(`Invalid principal in policy: "AWS":"${arn}"`)
        .that.includes({ code: "MalformedPolicyDocument" });
    });
  }
  it("is refused when it names an account that doesn't exist", () => {
    const exists = (account: string) => account === customer;
    expect(() => bindPrincipals(onQueue({ AWS: [customer, roleArn] }), resolve, exists)).not.to.throw();
    expect(() => bindPrincipals(onQueue({ AWS: partner }), resolve, exists)).to.throw(
      `Invalid principal in policy: "AWS":"${partner}"`,
    );
  });
  it("may name a unique id itself", () => {
    const saved = bindPrincipals(onQueue({ AWS: session.uniqueId }), (id) =>
      id === session.uniqueId ? id : undefined,
    );
    expect(letsIn(saved)).to.equal(true);
  });
  it("may have no principals at all", () => {
    const own = policy("identity", allow);
    expect(bindPrincipals(own, () => undefined).statements).to.deep.equal(own.statements);
  });
});

describe("A saved policy that is shown", () => {
  const spaced = `{ "Version": "2012-10-17", "Statement": ${JSON.stringify({ ...allow, Principal: principals })} }`;
  const saved = () => bindPrincipals(parsePolicy(spaced, "resource"), resolve);

  it("is the text that was given, while users and roles exist", () => {
    expect(renderPrincipals(saved(), (id) => (id === user.uniqueId ? user.arn : roleArn))).to.equal(spaced);
  });
  it("has the unique id of a role that was deleted", () => {
    const shown = renderPrincipals(saved(), (id) => (id === user.uniqueId ? user.arn : undefined));
    expect(JSON.parse(shown)).to.deep.equal({
      Version: "2012-10-17",
      Statement: {
        ...allow,
        Principal: { ...principals, AWS: [user.arn, session.uniqueId, sessionArn, customer, "*"] },
      },
    });
  });
  it("has a deleted principal that stands alone", () => {
    const one = bindPrincipals(
      parsePolicy(
        document({ Sid: "Kept", ...allow, Principal: { AWS: roleArn } }, { ...allow, Principal: "*" }),
        "resource",
      ),
      resolve,
    );
    expect(JSON.parse(renderPrincipals(one, () => undefined))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        { Sid: "Kept", ...allow, Principal: { AWS: session.uniqueId } },
        { ...allow, Principal: "*" },
      ],
    });
  });
  it("has a deleted principal of NotPrincipal", () => {
    const denied = bindPrincipals(
      policy("resource", { ...allow, Effect: "Deny", NotPrincipal: { AWS: roleArn } }),
      resolve,
    );
    expect(JSON.parse(renderPrincipals(denied, () => undefined))).to.have.nested.property(
      "Statement[0].NotPrincipal.AWS",
      session.uniqueId,
    );
  });
  it("has nothing replaced but principals", () => {
    const mixed = {
      ...allow,
      Resource: queue,
      Principal: { AWS: roleArn },
      Condition: { ArnEquals: { "aws:PrincipalArn": roleArn } },
    };
    const shown = renderPrincipals(bindPrincipals(policy("resource", mixed), resolve), () => undefined);
    expect(JSON.parse(shown)).to.have.deep.nested.property("Statement[0].Condition", mixed.Condition);
  });
  it("is the text that was given when nothing was bound", () => {
    expect(renderPrincipals(policy("identity", allow), () => undefined)).to.equal(document(allow));
  });
});
