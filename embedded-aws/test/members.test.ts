// Each member of each operation's input is used, refused, or ignored for a reason. That a member is read, and not only
// named somewhere, is watched in every call that these tests make (reads.ts), in the recorded calls of the provider
// too. Here are all members of the models, also those that no test brings: most need a scene of their own before their
// operation comes to read them, so they are looked for by their names in its service's sources.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { S3 } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { refuseUnmodelled } from "../core/members.ts";
import type { Service } from "../core/service.ts";
import { modelOf, type Shape } from "../core/wire/model.ts";
import { SERVICES } from "../services/index.ts";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { watching } from "./reads.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const files = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) => read(`${folder}/${name}`));

/** Where a service's members are read: by itself, by what all share, and DynamoDB's by dynalite. */
function sourceOf({ name }: Service): Set<string> {
  const own = existsSync(new URL(`../services/${name}`, import.meta.url))
    ? files(`../services/${name}`)
    : [read(`../services/${name}.ts`)];
  const dynalite = fileURLToPath(new URL("validations", import.meta.resolve("dynalite/index.js")));
  const borrowed =
    name === "dynamodb" ? readdirSync(dynalite).map((file) => readFileSync(`${dynalite}/${file}`, "utf8")) : [];
  return new Set([...own, read("../core/tags.ts"), ...borrowed].join("\n").match(/\w+/g));
}

/** Whether `only` names the members of what is above a path, or of what is above that, and leaves it out. */
const isLeftOut = (path: string, only: Readonly<Record<string, readonly string[]>>): boolean =>
  Object.entries(only).some(([of, names]) => {
    if (of !== "" && !path.startsWith(`${of}.`)) return false;
    const [member = ""] = path.slice(of === "" ? 0 : of.length + 1).split(".");
    return !names.includes(member);
  });

/** An alarm keeps and shows the whole input. */
const KEPT_WHOLE = ["PutMetricAlarm: AlarmDescription"];

/** Paths of all members, each with its last name. */
function* membersOf(
  shape: Shape,
  at = "",
  above: readonly string[] = [],
): Generator<readonly [path: string, name: string]> {
  if (shape.isListSchema()) yield* membersOf(shape.getValueSchema(), at, above);
  else if (shape.isMapSchema()) yield* membersOf(shape.getValueSchema(), `${at}.*`, above);
  else if (shape.isStructSchema() && !above.includes(shape.getName() ?? ""))
    for (const [name, member] of shape.structIterator()) {
      const path = at === "" ? name : `${at}.${name}`;
      yield [path, name];
      yield* membersOf(member, path, [...above, shape.getName() ?? ""]);
    }
}

describe("the members of an input", () => {
  for (const service of SERVICES)
    it(`of ${service.name} are each used, refused, or ignored for a reason`, async () => {
      const words = sourceOf(service);
      const { operations } = modelOf(await service.model());
      const silent: string[] = [];
      const stale: string[] = [];
      for (const name of Object.keys(service.operations)) {
        const { only = {}, refused = {}, ignored = {} } = service.unmodelled?.[name] ?? {};
        const input = operations.get(name)?.input as Shape;
        const all = input.isUnitSchema() ? [] : [...membersOf(input)];
        const listed = [...Object.keys(refused), ...Object.keys(ignored)];
        for (const [path, word] of all)
          if (
            !listed.some((one) => `${path}.`.startsWith(`${one}.`) || one.startsWith(`${path}.`)) &&
            !isLeftOut(path, only) &&
            !words.has(word) &&
            !KEPT_WHOLE.includes(`${name}: ${path}`)
          )
            silent.push(`${name}: ${path}`);
        const named = Object.entries(only).flatMap(([of, names]) =>
          names.map((one) => (of === "" ? one : `${of}.${one}`)),
        );
        for (const path of [...listed, ...named])
          if (!all.some(([one]) => one === path)) stale.push(`${name}: ${path}`);
      }
      expect(silent, "dropped without a word").to.deep.equal([]);
      expect(stale, "no such member").to.deep.equal([]);
    });

  it("are refused wherever they stand, unless they say what is so without them", () => {
    const table = { only: { o: ["a"], "list.in": ["a"] }, refused: { "list.a": ["no"], "map.*.a": [], b: [] } };
    const refuse = (input: object) => () => {
      refuseUnmodelled("x:Y", table, input);
    };
    for (const input of [
      { list: [{ a: "no" }, { c: 1 }] },
      { map: { k: { a: "" } } },
      { b: { c: [], d: false } },
      { a: 1 },
      { o: { a: 1, b: false }, list: [{ in: { a: 1 } }] },
    ])
      expect(refuse(input)).not.to.throw();
    expect(refuse({ list: [{}, { a: "yes" }] })).to.throw("The parameter list.a of x:Y is not modelled");
    expect(refuse({ map: { k: { a: 1 } } })).to.throw("map.*.a");
    expect(refuse({ o: { a: 1, b: 1 } })).to.throw("The parameter o.b of x:Y");
    expect(refuse({ list: [{ in: { a: 1 } }, { in: { b: 1 } }] })).to.throw("The parameter list.in.b of x:Y");
    expect(refuse({ b: { d: true } })).to.throw("The parameter b of x:Y");
  });

  it("that an operation succeeds without having read fail the call", async () => {
    const [run, authorize] = [({ a }: { a: { b: number }[] }) => ({ b: a[0]?.b }), () => []];
    const deaf = watching({
      ...(SERVICES[0] as Service),
      operations: { Hear: { authorize, run } },
      unmodelled: { Hear: { ignored: { i: "for a reason" } } },
    }).operations.Hear;
    const call = (input: object) => deaf?.run(input, undefined as never) as Promise<unknown>;
    expect(await call({ a: [{ b: 1 }], i: 2 })).to.deep.equal({ b: 1 });
    for (const [input, path] of [
      [{ a: [{ b: 1 }], c: 2 }, "c"],
      [{ a: [{ b: 1, d: { e: 1 } }] }, "a.d.e"],
    ] as const)
      expect(await call(input).catch(String)).to.equal(`Error: cloudtrail:Hear drops ${path} without a word.`);
  });

  describe("over the wire", () => {
    let running: RunningCloud;
    let s3: S3;
    beforeEach(async () => {
      running = await startCloud();
      s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
    });
    afterEach(() => running.endpoint.close());
    const refusal = (call: Promise<unknown>) =>
      call.then(
        () => "done",
        (error: unknown) => String(error),
      );

    it("are refused before anything is done", async () => {
      expect(await refusal(s3.createBucket({ Bucket: "the-bucket", ObjectLockEnabledForBucket: true }))).to.match(
        /^NotModelledHere: The parameter ObjectLockEnabledForBucket of s3:CreateBucket is not modelled/,
      );
      expect((await s3.listBuckets({})).Buckets ?? []).to.deep.equal([]);
    });

    it("are kept: the tags of CreateBucket are the bucket's", async () => {
      const TagSet = [{ Key: "a", Value: "1" }];
      await s3.createBucket({ Bucket: "the-bucket", CreateBucketConfiguration: { Tags: TagSet } });
      expect((await s3.getBucketTagging({ Bucket: "the-bucket" })).TagSet).to.deep.equal(TagSet);
    });

    it("are believed: another owner than expected, and sums that don't fit, are refused", async () => {
      await s3.createBucket({ Bucket: "the-bucket" });
      const object = { Bucket: "the-bucket", Key: "k", Body: "text" };
      expect(await refusal(s3.putObject({ ...object, ExpectedBucketOwner: "222222222222" }))).to.match(/^AccessDenied/);
      expect(await refusal(s3.putObject({ ...object, ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }))).to.match(/^BadDigest/);
      expect(await refusal(s3.putObject({ ...object, ChecksumCRC32: "AAAAAA==" }))).to.match(/^BadDigest/);
      await s3.putObject({ ...object, ExpectedBucketOwner: CUSTOMER });
    });
  });
});
