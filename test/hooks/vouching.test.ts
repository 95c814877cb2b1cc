// Whom a redrive believes: the function's own role, by the id that SQS gives, and the operator, by account.
import type { IAMClient } from "@aws-sdk/client-iam";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { DeadLetter } from "../../hooks/letters/letter.ts";
import { type Vouching, doubtOf, functionRoleId, inTheNameOf, vouchesFor } from "../../hooks/redrive/vouching.ts";

const vouching = (...accounts: string[]): Vouching => ({
  functionRoleId: "AROAFUNCTION",
  accounts,
  redrivenBy: "arn:aws:iam::222222222222:user/operator",
});
const letter = (more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ form: "lambda", reason: "no", explanation: undefined, event: "{}" },
  ...more,
});

describe("whose a letter's message is", () => {
  it("is known where the function's role put it into the queue, in any session", () => {
    expect(doubtOf(letter(), "AROAFUNCTION:receive-1", vouching())).to.equal(undefined);
    expect(doubtOf(letter(), "AROAFUNCTION:", vouching())).to.equal(undefined);
  });

  it("isn't where anybody else did, however the id resembles the role's", () => {
    for (const sender of ["AROAFUNCTION", "AROAFUNCTION2:receive-1", "AIDA:AROAFUNCTION:x", "", " AROAFUNCTION:x"])
      expect(doubtOf(letter(), sender, vouching()), sender).to.equal(
        `${sender} put it into the queue, and not the function's role`,
      );
    expect(doubtOf(letter(), undefined, vouching())).to.equal(
      "nobody put it into the queue, and not the function's role",
    );
  });

  it("isn't where AWS IoT wrote it, whoever sent that: it names no principal", () => {
    const form = "iot";
    expect(doubtOf(letter({ form }), "AROAFUNCTION:receive-1", vouching())).to.equal(
      "AWS IoT doesn't say which principal published it (client id: none)",
    );
    expect(doubtOf(letter({ form, publisher: "lamp" }), undefined, vouching())).to.include("(client id: lamp)");
  });

  it("is what the operator says, of the accounts that were named, or of all", () => {
    const named = vouching("111111111111");
    expect(["111111111111", "333333333333", "all"].map((of) => vouchesFor(named, of))).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(vouchesFor(vouching(), "111111111111")).to.equal(false);
    expect(vouchesFor(vouching("all"), "111111111111")).to.equal(true);
  });

  it("is said in the operator's name, whatever name the letter has", () => {
    const event = JSON.stringify({ topic: "t", redrivenBy: "arn:forged" });
    expect(JSON.parse(inTheNameOf(event, "arn:operator"))).to.deep.equal({ topic: "t", redrivenBy: "arn:operator" });
  });
});

describe("the role whose letters are believed", () => {
  const asking = (role: object | undefined, roleArn?: string) => {
    const asked: unknown[] = [];
    const client = (answer: object) => ({
      send: ({ input }: { readonly input: unknown }) => {
        asked.push(input);
        return Promise.resolve(answer);
      },
    });
    const lambda = client({ Role: roleArn }) as unknown as LambdaClient;
    const iam = client({ Role: role }) as unknown as IAMClient;
    return { id: functionRoleId(lambda, iam, "arn:function:live"), asked };
  };

  it("is the one that the function has, by its unique id", async () => {
    const { id, asked } = asking({ RoleId: "AROAFUNCTION" }, "arn:aws:iam::222222222222:role/a/path/receive");
    expect(await id).to.equal("AROAFUNCTION");
    expect(asked).to.deep.equal([{ FunctionName: "arn:function:live" }, { RoleName: "receive" }]);
  });

  it("is nobody's where IAM doesn't say it", async () => {
    const none = { ...vouching(), functionRoleId: await asking(undefined, "arn:aws:iam::222222222222:role/r").id };
    expect(doubtOf(letter(), ":x", none)).to.not.equal(undefined);
  });
});
