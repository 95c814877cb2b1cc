// The control interface under /_local/, for tests and scripts of any language. It is no part of AWS: who has the
// token of the data folder may use it.
import * as v from "valibot";
import { ACCOUNTS, DEFAULT_REGION } from "./accounts.ts";
import type { EmbeddedAws } from "./cloud.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { messageOf } from "./errors.ts";
import { sameSecret } from "./keys.ts";
import { QUOTAS, quotaBy, setQuota } from "./quotas.ts";
import type { Service } from "./service.ts";
import type { WireReply, WireRequest } from "./wire/index.ts";

const FAULT_LIST = v.array(
  v.strictObject({
    service: v.string(),
    operation: v.string(),
    account: v.optional(v.string()),
    caller: v.optional(v.string()),
    fault: v.picklist(FAULTS),
    code: v.optional(v.string()),
    times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    seed: v.optional(v.pipe(v.number(), v.integer())),
    delayMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  }),
);
const DELIVERY = v.strictObject({
  duplicate: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  reorder: v.optional(v.boolean()),
  delaySeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  trailWarmUpSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
  iamDelaySeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
  disabledRegions: v.optional(v.record(v.pipe(v.string(), v.regex(/^\d{12}$/)), v.array(v.string()))),
  principal: v.optional(v.picklist(["roleIdAndSession", "roleId"])),
});
const QUOTA_LIST = v.array(
  v.strictObject({
    account: v.picklist(ACCOUNTS.map(({ id }) => id)),
    region: v.optional(v.string(), DEFAULT_REGION),
    serviceCode: v.string(),
    quotaCode: v.string(),
    value: v.pipe(v.number(), v.minValue(0)),
  }),
);
const ADVANCE = v.strictObject({ advanceSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(366 * 86_400)) });

/** A fault that could never strike would make a test pass for nothing. */
function checkTarget({ services }: EmbeddedAws, { service, operation }: Fault): void {
  const meant = service === "*" ? [...services.values()] : [services.get(service)].filter((one) => one !== undefined);
  if (meant.length === 0)
    throw new Error(`There is no service "${service}"; there are *, ${[...services.keys()].join(", ")}`);
  const has = ({ operations, failurePoints = [] }: Service) =>
    Object.hasOwn(operations, operation) || failurePoints.includes(operation);
  if (operation !== "*" && !meant.some(has)) throw new Error(`${service} has no operation "${operation}" here`);
}

/** Replaces the faults. @throws ValiError for another form, Error for a fault that could never strike */
export function setFaults(cloud: EmbeddedAws, list: unknown): void {
  const faults = v.parse(FAULT_LIST, list) as Fault[];
  for (const fault of faults) checkTarget(cloud, fault);
  cloud.faults.set(faults);
}

/** Sets each; others stay. @throws ValiError for another form, Error for a quota that isn't here */
function setQuotas(cloud: EmbeddedAws, list: unknown): void {
  const found = v.parse(QUOTA_LIST, list).map(({ serviceCode, quotaCode, ...rest }) => {
    const quota = quotaBy(serviceCode, quotaCode);
    if (quota) return { quota, ...rest };
    const known = QUOTAS.map((one) => `${one.serviceCode}/${one.quotaCode}`).join(", ");
    throw new Error(`There is no quota ${serviceCode}/${quotaCode} here; there are ${known}`);
  });
  for (const { quota, value, ...place } of found) setQuota(cloud, quota, place, value);
}

type Handler = (cloud: EmbeddedAws, request: WireRequest) => Promise<WireReply> | WireReply;

const text = (status: number, body: string): WireReply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
});
const done = (): WireReply => ({ status: 204, headers: {}, body: "" });
const json = (value: unknown): WireReply => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

const HANDLERS: Readonly<Record<string, Handler>> = {
  "GET /_local/trace": (cloud, { url }) => {
    const since = Number(url.searchParams.get("since") ?? 0);
    if (!Number.isInteger(since) || since < 0)
      return text(400, `since takes the id of an entry, not "${url.searchParams.get("since") ?? ""}".`);
    const lines = cloud.trace.since(since).map((entry) => `${JSON.stringify(entry)}\n`);
    return { status: 200, headers: { "content-type": "application/x-ndjson" }, body: lines.join("") };
  },
  "GET /_local/usage": (cloud) => json(cloud.trace.usage()),
  "PUT /_local/faults": (cloud, request) => {
    setFaults(cloud, JSON.parse(request.body.toString()));
    return done();
  },
  "DELETE /_local/faults": (cloud) => {
    cloud.faults.set([]);
    return done();
  },
  "PUT /_local/delivery": (cloud, request) => {
    cloud.delivery.set(v.parse(DELIVERY, JSON.parse(request.body.toString())));
    return done();
  },
  "DELETE /_local/delivery": (cloud) => {
    cloud.delivery.set({});
    return done();
  },
  "PUT /_local/quotas": (cloud, request) => {
    setQuotas(cloud, JSON.parse(request.body.toString()));
    return done();
  },
  "POST /_local/clock": async (cloud, request) => {
    const { advanceSeconds } = v.parse(ADVANCE, JSON.parse(request.body.toString()));
    await cloud.advance(advanceSeconds * 1000);
    return json({ now: cloud.clock.date().toISOString() });
  },
  "POST /_local/reset": async (cloud) => {
    await cloud.reset();
    return done();
  },
};

export async function control(
  cloud: EmbeddedAws,
  request: Omit<WireRequest, "body">,
  body: () => Promise<Buffer>,
): Promise<WireReply> {
  const route = `${request.method} ${request.url.pathname}`;
  const [, token = ""] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "") ?? [];
  if (!sameSecret(token, cloud.token)) {
    return text(
      401,
      "The control interface wants its token: Authorization: Bearer <token>, of keys.json in the data folder.",
    );
  }
  const handler = HANDLERS[route];
  if (!handler) return text(404, `There is no ${route}. There are: ${Object.keys(HANDLERS).join(", ")}.`);
  const read = await body();
  try {
    return await handler(cloud, { ...request, body: read });
  } catch (error) {
    // Bad JSON, or a body of another form: the schema's own sentence says which.
    const at =
      error instanceof v.ValiError
        ? ` at ${v.getDotPath((error as v.ValiError<typeof FAULT_LIST>).issues[0]) ?? "the top"}`
        : "";
    return text(400, `${route}: ${messageOf(error)}${at}.`);
  }
}
