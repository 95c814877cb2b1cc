// Every call that the provider's code was seen to make is known, authorised, and answered as AWS answers for a new
// resource.
import { expect } from "chai";
import { startCloud, type RunningCloud } from "./cloud.ts";
import { prepare, providerCalls, send } from "./provider-calls.ts";
import { assumeWith } from "./roles.ts";

/**
 * Calls that AWS answers with an error, since nobody has set what they ask for, and one that waits for five minutes.
 */
const REFUSED: Readonly<Record<string, string>> = {
  "s3 GET /X?cors=": "404 NoSuchCORSConfiguration",
  "s3 GET /X?website=": "404 NoSuchWebsiteConfiguration",
  "s3 GET /X?lifecycle=": "404 NoSuchLifecycleConfiguration",
  "s3 GET /X?replication=": "404 ReplicationConfigurationNotFoundError",
  "s3 GET /X?object-lock=": "404 ObjectLockConfigurationNotFoundError",
  "iot DELETE /thing-types/lamps": "400 InvalidRequestException",
};

describe("the calls of the aws provider", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
    await prepare(running);
  });
  after(() => running.endpoint.close());

  for (const call of providerCalls()) {
    it(`${call.name} is answered as on AWS, and denied to a session without permissions`, async () => {
      const nobody = call.name.startsWith("sts") ? undefined : await session(call.account);
      const denied = nobody && (await send(running.endpoint.url, call, nobody));
      // HEAD has no words for it; DeleteObjects says it of each object, within an answer.
      if (denied) expect(denied.code ?? String(denied.status)).to.be.oneOf([...DENIALS, "403"]);
      const { status, code, text } = await send(running.endpoint.url, call, running.cloud.administrator(call.account));
      const expected = REFUSED[call.name];
      if (expected === undefined) expect(status, text).to.be.within(200, 204);
      else expect(`${status} ${code ?? ""}`, text).to.equal(expected);
    });
  }

  const sessions = new Map<string, ReturnType<typeof assumeWith>>();
  function session(account: string) {
    let made = sessions.get(account);
    if (!made) sessions.set(account, (made = assumeWith(running, account, [NOTHING], "nobody")));
    return made;
  }
});

/** What services call a missing permission. */
const DENIALS = ["AccessDenied", "AccessDeniedException", "ForbiddenException", "UnauthorizedException"];
const NOTHING = { Effect: "Deny", Action: "*", Resource: "*" };
