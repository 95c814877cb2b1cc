import { expect } from "chai";
import fc from "fast-check";
import {
  authorize,
  bindPrincipals,
  parsePolicy,
  PolicyError,
  renderPrincipals,
} from "../../../language/policy/index.ts";
import type { AuthorizationRequest, PolicyKind } from "../../../language/policy/index.ts";
import { compileGlob, matchesGlob } from "../../../language/policy/match.ts";
import { runs } from "../../runs.ts";
import { customer, events, named, partner, roleArn, root, session, sessionArn, user } from "./documents.ts";

const kinds = ["identity", "resource", "trust", "session"] as const;
const some = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
  fc.constantFrom<T[number]>(...values);
const oneOrMore = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));

const conditions = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.dictionary(
    some(
      "StringEquals",
      "StringNotLike",
      "ArnLike",
      "Bool",
      "Null",
      "ForAllValues:StringLike",
      "ForAnyValue:StringNotEquals",
    ),
    fc.dictionary(some("aws:username", "aws:PrincipalArn", "aws:TagKeys"), oneOrMore(some("true", "false"))),
    { maxKeys: 2 },
  ),
);
const principals = some(
  "*",
  { AWS: "*" },
  { AWS: customer },
  { AWS: user.arn },
  { AWS: [roleArn, sessionArn] },
  { Service: events.arn },
);
const effects = some("Allow", "Allow", "Allow", "Allow", "Allow", "Deny");
const actions = some("sqs:*", "sqs:SendMessage", "sts:AssumeRole", "*", "s3:Get*");
const resources = some(
  "*",
  "arn:aws:sqs:*:*:orders",
  "arn:aws:sqs:us-east-1:*:${aws:username}",
  `arn:aws:iam::${partner}:role/*`,
);

/** Statements that are well formed, for each kind of policy. */
const statements = {
  identity: fc.record({
    Effect: effects,
    Action: oneOrMore(actions),
    Resource: oneOrMore(resources),
    Condition: conditions,
  }),
  resource: fc.record({
    Effect: effects,
    Principal: principals,
    Action: actions,
    Resource: resources,
    Condition: conditions,
  }),
  trust: fc.record({
    Effect: effects,
    Principal: principals.filter((one) => one !== "*"),
    Action: some("sts:AssumeRole"),
    Condition: conditions,
  }),
};
const policies = (statement: fc.Arbitrary<Record<string, unknown>>) =>
  fc.array(statement, { minLength: 1, maxLength: 4 });

interface Drawn {
  readonly identity: readonly Record<string, unknown>[];
  readonly onIt: readonly Record<string, unknown>[];
  readonly kind: "resource" | "trust";
  readonly boundary: readonly Record<string, unknown>[] | undefined;
  readonly session: readonly Record<string, unknown>[] | undefined;
  readonly request: Omit<AuthorizationRequest, "identity">;
}

const requests = fc.record({
  principal: some(user, session, events, root),
  action: some("sqs:SendMessage", "sts:AssumeRole", "s3:GetObject"),
  resource: some(`arn:aws:sqs:us-east-1:${customer}:orders`, `arn:aws:iam::${partner}:role/target`, "*"),
  resourceAccount: some(customer, partner),
  context: fc.dictionary(
    some("aws:username", "AWS:principalarn", "aws:TagKeys"),
    oneOrMore(some("true", "false", "orders", "")),
  ),
});

const drawn: fc.Arbitrary<Drawn> = some("resource", "trust").chain((kind) =>
  fc.record({
    identity: policies(statements.identity),
    onIt: policies(kind === "trust" ? statements.trust : statements.resource),
    kind: fc.constant(kind),
    boundary: fc.option(policies(statements.identity), { nil: undefined }),
    session: fc.option(policies(statements.identity), { nil: undefined }),
    request: requests,
  }),
);

function build({ identity, onIt, kind, boundary, session: own, request }: Drawn): AuthorizationRequest {
  return {
    ...request,
    identity: [named("identity", "identity", ...identity)],
    ...(boundary === undefined ? {} : { boundary: named("boundary", "identity", ...boundary) }),
    ...(own === undefined ? {} : { session: [named("session", "session", ...own)] }),
    resourcePolicy: { ...named("on it", kind, ...onIt), kind },
  };
}

function refusesOnlyByPolicyError(text: string, kind: PolicyKind): void {
  try {
    const parsed = parsePolicy(text, kind);
    renderPrincipals(
      bindPrincipals(parsed, () => "AROA"),
      () => undefined,
    );
  } catch (error) {
    expect(error).to.be.instanceOf(PolicyError);
    expect((error as PolicyError).message).to.match(/\S/);
  }
}

describe("For any input", () => {
  it("a policy is read or refused with a PolicyError, whatever the text", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), some(...kinds), refusesOnlyByPolicyError), {
      numRuns: runs(300),
    });
  });

  it("a policy is read or refused with a PolicyError, whatever stands in its elements", () => {
    const value = fc.oneof(
      fc.string(),
      some("*", "arn:aws:s3", "__proto__", "constructor", "${", "${aws:username}"),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const element = some(
      ...[
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "toString",
      ],
    );
    const condition = fc.dictionary(
      fc.oneof(some("StringLike", "IpAddress", "constructor"), fc.string()),
      fc.dictionary(some("aws:username", "__proto__"), value),
    );
    const statement = fc.tuple(
      some({ Effect: "Allow", Action: "a:b", Resource: "*" }),
      fc.dictionary(element, fc.oneof(value, condition)),
    );
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 2 }), some(...kinds), (list, kind) => {
        const Statement = list.map(([base, more]) => ({ ...base, ...more }));
        refusesOnlyByPolicyError(JSON.stringify({ Version: "2012-10-17", Statement }), kind);
      }),
      { numRuns: runs(100) },
    );
  });

  it("a request is decided: allowed, or denied with a reason", () => {
    fc.assert(
      fc.property(drawn, (draw) => {
        const { allowed, effect, by, missing } = authorize(build(draw));
        expect(allowed).to.equal(effect === "allow");
        expect(missing.length > 0).to.equal(effect === "implicitDeny");
        // Only the root user needs no statement.
        if (effect === "implicitDeny") expect(by).to.deep.equal([]);
        // the root user needs no statement
        else if (!allowed || draw.request.principal !== root) expect(by).not.to.deep.equal([]);
        for (const { sentence, nearest } of missing) {
          expect(sentence.length).to.be.within(1, 200);
          expect(nearest?.because.length ?? 1).to.be.within(1, 200);
        }
      }),
      { numRuns: runs(150) },
    );
  });

  it("an explicit deny on any side wins", () => {
    const denyAll = { Effect: "Deny", Action: "*", Resource: "*" };
    fc.assert(
      fc.property(drawn, some("identity", "boundary", "session", "onIt"), (draw, side) => {
        const denying =
          side !== "onIt"
            ? denyAll
            : draw.kind === "resource"
              ? { ...denyAll, Principal: "*" }
              : { Effect: "Deny", Action: "sts:AssumeRole", Principal: { AWS: "*" } };
        fc.pre(side !== "onIt" || draw.kind === "resource" || draw.request.action === "sts:AssumeRole");
        const denied = { ...draw, [side]: [...(draw[side] ?? []), denying] };
        expect(authorize(build(denied)).effect).to.equal("explicitDeny");
      }),
      { numRuns: runs(100) },
    );
  });

  it("a further Allow never turns an allowed request into a denied one", () => {
    let tried = 0;
    fc.assert(
      fc.property(drawn, statements.identity, statements.resource, (draw, own, onIt) => {
        const more = {
          ...draw,
          identity: [...draw.identity, { ...own, Effect: "Allow" }],
          onIt: draw.kind === "resource" ? [...draw.onIt, { ...onIt, Effect: "Allow" }] : draw.onIt,
        };
        if (!authorize(build(draw)).allowed) return;
        tried += 1;
        expect(authorize(build(more)).allowed).to.equal(true);
      }),
      { numRuns: runs(300) },
    );
    expect(tried).to.be.above(runs(10));
  });

  it("a boundary or a session policy never allows what wasn't allowed without it", () => {
    let tried = 0;
    fc.assert(
      fc.property(drawn, (draw) => {
        if (!authorize(build(draw)).allowed) return;
        tried += 1;
        expect(authorize(build({ ...draw, boundary: undefined, session: undefined })).allowed).to.equal(true);
      }),
      { numRuns: runs(300) },
    );
    expect(tried).to.be.above(runs(10));
  });

  it("the order of statements doesn't matter", () => {
    fc.assert(
      fc.property(drawn, (draw) => {
        const turned = { ...draw, identity: draw.identity.toReversed(), onIt: draw.onIt.toReversed() };
        const [one, other] = [authorize(build(draw)), authorize(build(turned))];
        expect(other.effect).to.equal(one.effect);
        expect(other.missing.map(({ side }) => side)).to.deep.equal(one.missing.map(({ side }) => side));
      }),
      { numRuns: runs(100) },
    );
  });

  it("wildcards agree with a regular expression", () => {
    const letters = fc.string({ unit: some("a", "b", ":", "/", "*", "?", "."), maxLength: 12 });
    const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    const free = (pattern: string) =>
      escape(pattern)
        .replaceAll(String.raw`\*`, "[^]*")
        .replaceAll(String.raw`\?`, "[^]");
    const parts = (pattern: string) =>
      pattern
        .split(":")
        .map((part, index, all) => (index < 5 ? part : all.slice(5).join(":")))
        .slice(0, 6);
    const models = {
      free,
      exact: escape,
      arn: (pattern: string) =>
        parts(pattern)
          .map((part, index) => (index < 5 ? free(part).replaceAll("[^]", "[^:]") : free(part)))
          .join(":"),
      resource: (pattern: string) =>
        parts(pattern)
          .map((part, index) => (index < 5 ? free(part).replaceAll(/\[\^\](?!\*$)/g, "[^:]") : free(part)))
          .join(":"),
    };
    fc.assert(
      fc.property(letters, letters, some("free", "exact", "arn", "resource"), (pattern, text, wildcards) => {
        const expected = new RegExp(`^${models[wildcards](pattern)}$`).test(text);
        expect(matchesGlob(compileGlob([{ text: pattern, literal: false }], wildcards), text)).to.equal(expected);
      }),
      { numRuns: runs(1000) },
    );
  });
});
