// Both sides deployed, for one file's tests of `hooks redrive`, and what they look at.
import { IoT } from "@aws-sdk/client-iot";
import type { Lambda } from "@aws-sdk/client-lambda";
import type { QueueReport, Work } from "../../hooks/redrive/redrive.ts";
import type { Side } from "../../hooks/sides.ts";
import {
  CUSTOMER,
  type Customer,
  type Partner,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
} from "../flow/deployment.ts";
import { redriveWork } from "../flow/redriving.ts";

/** The client, but that `first` is told of each event before it is sent, and may send another one. */
export function telling(lambda: Lambda, first: (event: Uint8Array) => Promise<Uint8Array | undefined>): Lambda {
  lambda.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as { Payload: Uint8Array };
      return next({ ...args, input: { ...input, Payload: (await first(input.Payload)) ?? input.Payload } });
    },
    { step: "initialize" },
  );
  return lambda;
}

export const parsed = (payload: Uint8Array): unknown => JSON.parse(Buffer.from(payload).toString());

export const outcomes = ({ rows }: QueueReport) =>
  Object.fromEntries(rows.map(({ outcome, reason, letters }) => [`${reason}: ${outcome}`, letters]));

export class RedriveScene {
  running!: RunningCloud;
  sides!: Readonly<Record<Side, Customer | Partner>>;

  /** Within `describe`: for all of its tests, of which none leaves a fault or an event behind. */
  constructor() {
    before(async () => {
      this.running = await startCloud();
      // Letters made by hand name no role that there is.
      const partner = await deployPartner(this.running, undefined, { senderCheck: "observe" });
      this.sides = { customer: await deployCustomer(this.running), partner };
      await new IoT(this.running.config(CUSTOMER)).createThing({ thingName: "lamp" });
      await this.running.cloud.settled();
    });
    after(() => this.running.endpoint.close());
    afterEach(async () => {
      this.running.cloud.faults.set([]);
      await this.running.cloud.settled();
    });
  }

  work(side: Side, more: Partial<Work> = {}): Work {
    return redriveWork(this.running, side, this.sides[side].outputs, more);
  }
}
