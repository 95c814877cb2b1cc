import type { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import {
  type Customer,
  type CustomersParts,
  CachedCustomers,
  KEPT_AGAINST_MS,
  KEPT_MS,
} from "../../partner/lambda/customers.ts";
import { CUSTOMER, PARTNER } from "./records.ts";

const KNOWN = { accountId: { S: CUSTOMER }, roleId: { S: "AROAONE" }, disabled: { BOOL: false } };
const anything = () => true;
const enabled = ({ disabled }: Customer) => !disabled;
const role = (id: string) => (customer: Customer) => customer.roleId === id;

/** The table's reads, by the time at which each was made. */
class Scene {
  item: object | undefined = KNOWN;
  failure: Error | undefined;
  at = 1_000_000;
  readonly reads: GetItemCommand["input"][] = [];
  readonly signal = AbortSignal.timeout(1000);
  /** What each read is given up by. */
  readonly signals: unknown[] = [];
  readonly #customers = new CachedCustomers({
    client: {
      send: (command: GetItemCommand, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
        this.reads.push(command.input);
        this.signals.push(abortSignal);
        return this.failure === undefined ? Promise.resolve({ Item: this.item }) : Promise.reject(this.failure);
      },
    } as unknown as CustomersParts["client"],
    tableName: "customers",
    now: () => this.at,
  });

  find(expected: (customer: Customer) => boolean = anything, accountId = CUSTOMER) {
    return this.#customers.find(accountId, expected, this.signal);
  }
}

describe("the customers that the receive function knows", () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });

  it("are read from the table, as it is at that moment", async () => {
    expect(await scene.find()).to.deep.equal({ roleId: "AROAONE", disabled: false });
    expect(scene.reads).to.deep.equal([
      { TableName: "customers", Key: { accountId: { S: CUSTOMER } }, ConsistentRead: true },
    ]);
  });

  it("aren't waited for beyond the function's time", async () => {
    await scene.find();
    expect(scene.signals).to.deep.equal([scene.signal]);
  });

  it("are kept for a minute, and read again then", async () => {
    await scene.find();
    scene.at += KEPT_MS - 1;
    await scene.find();
    expect(scene.reads).to.have.length(1);
    scene.at += 1;
    scene.item = { ...KNOWN, roleId: { S: "AROATWO" } };
    expect(await scene.find()).to.include({ roleId: "AROATWO" });
    expect(scene.reads).to.have.length(2);
  });

  it("are asked for again at once where there was none: a new one is heard without a delay", async () => {
    scene.item = undefined;
    expect(await scene.find()).to.equal(undefined);
    scene.item = KNOWN;
    expect(await scene.find()).to.not.equal(undefined);
  });

  it("are read again after a second where what is kept speaks against them", async () => {
    scene.item = { ...KNOWN, disabled: { BOOL: true } };
    await scene.find(enabled);
    scene.at += KEPT_AGAINST_MS - 1;
    scene.item = KNOWN;
    expect(await scene.find(enabled)).to.include({ disabled: true });
    scene.at += 1;
    expect(await scene.find(enabled)).to.include({ disabled: false });
  });

  it("are read again for a role that isn't the one that is kept: it may have been made anew", async () => {
    await scene.find();
    scene.at += KEPT_AGAINST_MS;
    scene.item = { ...KNOWN, roleId: { S: "AROATWO" } };
    expect(await scene.find(role("AROATWO"))).to.include({ roleId: "AROATWO" });
  });

  it("are no longer ones within a minute of their item's end", async () => {
    await scene.find();
    scene.item = undefined;
    scene.at += KEPT_MS;
    expect(await scene.find()).to.equal(undefined);
    scene.at -= 1;
    expect(await scene.find()).to.equal(undefined);
  });

  it("aren't asked for by what is no account, whatever somebody publishes", async () => {
    for (const text of ["", "1", "toString", "abcdefghijkl", `${CUSTOMER}0`, "x".repeat(3000)])
      expect(await scene.find(anything, text)).to.equal(undefined);
    expect(scene.reads).to.deep.equal([]);
  });

  it("are kept by account", async () => {
    await scene.find();
    await scene.find(anything, PARTNER);
    expect(scene.reads.map(({ Key }) => Key?.["accountId"]?.S)).to.deep.equal([CUSTOMER, PARTNER]);
  });

  it("are unknown to nobody but an error where the table can't be read", async () => {
    scene.failure = new Error("throttled");
    expect(await scene.find().catch((error: unknown) => error)).to.equal(scene.failure);
  });

  for (const item of [
    { ...KNOWN, roleId: undefined },
    { ...KNOWN, roleId: { S: "*" } },
    { ...KNOWN, roleId: { S: "" } },
    // A principal that begins with one of these and a colon isn't that role's session.
    { ...KNOWN, roleId: { S: "AROAONE:" } },
    { ...KNOWN, roleId: { S: "AROAONE*" } },
    { ...KNOWN, roleId: { S: "*AROAONE" } },
    { ...KNOWN, roleId: { S: "A".repeat(129) } },
    { ...KNOWN, disabled: undefined },
    { ...KNOWN, disabled: { S: "false" } },
  ])
    it(`aren't guessed from an item that no program of ours writes: ${JSON.stringify(item)}`, async () => {
      scene.item = item;
      const error = (await scene.find().catch((thrown: unknown) => thrown)) as Error;
      expect(error).to.have.property("name", "MalformedCustomer");
      expect(error.message)
        .to.include(CUSTOMER)
        .and.match(/run pulumi up --refresh in the stack of this customer\.$/);
    });
});
