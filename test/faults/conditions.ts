// What goes wrong without a call that fails: events that come twice, late or in another order, things that have changed
// before they are described, permissions that aren't known everywhere yet, own code that takes all memory there is.
import { IAM } from "@aws-sdk/client-iam";
import { CUSTOMER, PARTNER, type Statement, changeRolePolicy } from "../flow/deployment.ts";
import { type Cell, RETRIES_S } from "./cell.ts";
import type { Expected, Lasts } from "./expected.ts";
import { ANNOUNCE_ROLE, PUBLISH_ROLE } from "./hops.ts";
import type { Scene } from "./scene.ts";

const SILENT: Expected = { applied: true, rings: [] };
const failing = (of: string, ...more: readonly string[]) => ({
  passing: { applied: true, rings: [`${of}-errors`, ...more] },
  lasting: {
    applied: false,
    letterIn: of as "announce" | "receive",
    rings: [`${of}-dropped`, `${of}-errors`, `${of}-letters`, ...more],
  },
});

const cell = (given: Pick<Cell, "hop" | "fault" | "lasts" | "expected" | "begin" | "mend"> & Partial<Cell>): Cell => ({
  strikes: false,
  hurried: false,
  waits: RETRIES_S,
  act: (scene, thingName) => scene.create(thingName),
  ...given,
});

// CloudTrail promises at least once, and no order. One event of a thing, or all the changes of a life and a half.
const LATE_S = 300;
const DELIVERIES = {
  duplicate: { duplicate: 1 },
  reordered: { reorder: true },
  "minutes late": { delaySeconds: LATE_S },
  "all three": { duplicate: 1, reorder: true, delaySeconds: LATE_S },
};
const deliveries: readonly Cell[] = Object.entries(DELIVERIES).flatMap(([fault, settings]) =>
  (["passing", "lasting"] as const).map((lasts) =>
    cell({
      hop: "CloudTrail to EventBridge",
      fault,
      lasts,
      expected: SILENT,
      begin: ({ running }) => {
        running.cloud.delivery.set(settings);
      },
      act: (scene, thingName) => (lasts === "passing" ? scene.create(thingName) : scene.live(thingName)),
      mend: ({ running }) => {
        running.cloud.delivery.set({});
      },
    }),
  ),
);

/** What has become of a thing by the time that somebody looks. */
const CHANGES = {
  "updated before it is described": (scene: Scene, name: string) => scene.update(name),
  "deleted before it is described": (scene: Scene, name: string) => scene.delete(name),
  "re-created before it is described": async (scene: Scene, name: string) => {
    await scene.delete(name);
    await scene.create(name);
  },
};
/** Its event comes late, or can't be described before Lambda gave it up. */
const changes: readonly Cell[] = Object.entries(CHANGES).flatMap(([fault, change]) => [
  cell({
    hop: "announce: DescribeThing",
    fault,
    lasts: "passing",
    expected: SILENT,
    begin: ({ running }) => {
      running.cloud.delivery.set({ delaySeconds: LATE_S });
    },
    act: async (scene, thingName) => {
      await scene.create(thingName);
      await change(scene, thingName);
    },
    mend: ({ running }) => {
      running.cloud.delivery.set({});
    },
  }),
  cell({
    hop: "announce: DescribeThing",
    fault,
    lasts: "lasting",
    expected: failing("announce").lasting,
    strikes: true,
    begin: ({ running }) => {
      running.cloud.faults.set([
        { service: "iot", operation: "DescribeThing", caller: ANNOUNCE_ROLE, fault: "throttle" },
      ]);
    },
    act: async (scene, thingName) => {
      await scene.create(thingName);
      await scene.pass(RETRIES_S);
      await change(scene, thingName);
    },
    mend: ({ running }) => {
      running.cloud.faults.set([]);
    },
  }),
]);

/** Seconds until a permission is known: longer than Lambda's first retry, or than all of them. */
const PROPAGATES_S: Readonly<Record<Lasts, number>> = { passing: 90, lasting: 3_600 };

/** Given a moment ago: it is taken away, and given again. */
async function giveLate(scene: Scene, lasts: Lasts, account: string, role: string, action: string): Promise<void> {
  let kept: Statement[] = [];
  await changeRolePolicy(scene.running, account, role, (statements) => {
    kept = statements;
    return statements.map((one) => ([one.Action].flat().includes(action) ? { ...one, Effect: "Deny" } : one));
  });
  scene.running.cloud.delivery.set({ iamDelaySeconds: PROPAGATES_S[lasts] });
  await changeRolePolicy(scene.running, account, role, () => kept);
  scene.running.cloud.delivery.set({});
}

/** The same of who may be a role. */
async function trustLate(scene: Scene, lasts: Lasts): Promise<void> {
  const iam = new IAM(scene.running.config(PARTNER));
  const { Role } = await iam.getRole({ RoleName: PUBLISH_ROLE });
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  const put = (PolicyDocument: string) => iam.updateAssumeRolePolicy({ RoleName: PUBLISH_ROLE, PolicyDocument });
  await put(trust.replace('"Effect":"Allow"', '"Effect":"Deny"'));
  scene.running.cloud.delivery.set({ iamDelaySeconds: PROPAGATES_S[lasts] });
  await put(trust);
  scene.running.cloud.delivery.set({});
}

const WARM_S = 2 * 3600;
const PERMISSIONS = [
  {
    hop: "announce: DescribeThing",
    of: failing("announce"),
    give: (scene: Scene, lasts: Lasts) => giveLate(scene, lasts, CUSTOMER, ANNOUNCE_ROLE, "iot:DescribeThing"),
  },
  {
    hop: "announce: AssumeRole",
    of: failing("announce"),
    give: async (scene: Scene, lasts: Lasts) => {
      // No session of before is left.
      await scene.pass(WARM_S);
      await trustLate(scene, lasts);
    },
  },
  {
    hop: "announce: Publish",
    of: failing("announce", "publish-denied"),
    give: (scene: Scene, lasts: Lasts) => giveLate(scene, lasts, PARTNER, PUBLISH_ROLE, "iot:Publish"),
  },
  {
    hop: "receive: registry write",
    of: failing("receive"),
    give: (scene: Scene, lasts: Lasts) => giveLate(scene, lasts, PARTNER, scene.receiveRole, "dynamodb:UpdateItem"),
  },
  {
    hop: "receive: onThing",
    of: failing("receive"),
    give: (scene: Scene, lasts: Lasts) => giveLate(scene, lasts, PARTNER, scene.receiveRole, "dynamodb:PutItem"),
  },
];
const permissions: readonly Cell[] = PERMISSIONS.flatMap(({ hop, of, give }) =>
  (["passing", "lasting"] as const).map((lasts) =>
    cell({
      hop,
      fault: "permission not propagated yet",
      lasts,
      expected: of[lasts],
      begin: (scene) => give(scene, lasts),
      mend: (scene) => scene.pass(PROPAGATES_S[lasts]),
    }),
  ),
);

/** effect.ts takes this answer as a sign to allocate without end: the function really has no memory left. */
const EXHAUST = "AllocateWithoutEnd";
const memory: readonly Cell[] = (["passing", "lasting"] as const).map((lasts) =>
  cell({
    hop: "receive: onThing",
    fault: "takes all memory",
    lasts,
    expected: failing("receive")[lasts],
    strikes: true,
    begin: ({ running }) => {
      const at = { service: "dynamodb", operation: "PutItem", caller: "/hooks-receive" };
      const times = lasts === "passing" ? { times: 1 } : {};
      running.cloud.faults.set([{ ...at, fault: "deny", code: EXHAUST, ...times }]);
    },
    mend: ({ running }) => {
      running.cloud.faults.set([]);
    },
  }),
);

export const CONDITIONS: readonly Cell[] = [...deliveries, ...changes, ...permissions, ...memory];
