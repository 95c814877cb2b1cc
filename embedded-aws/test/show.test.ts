import { expect } from "chai";
import fc from "fast-check";
import type { TraceEntry } from "../core/trace.ts";
import { formatEntry } from "../show/format.ts";
import { inOrder, worthShowing } from "../show/words.ts";
import { followTrace } from "../show/follow.ts";
import { wantsColour, wrap } from "../show/wrap.ts";
import { EmbeddedAws } from "../core/cloud.ts";
import { STS } from "@aws-sdk/client-sts";
import { startCloud, CUSTOMER } from "./cloud.ts";

const plain = { colour: false, zero: 1_000, width: 100 };
const entry = (more: Partial<TraceEntry> = {}): TraceEntry => ({
  id: 1,
  kind: "call",
  traceId: "1-a-b",
  spanId: "c",
  at: 1_012,
  ms: 3.25,
  account: "222222222222",
  region: "us-east-1",
  service: "iotdata",
  name: "Publish",
  principal: "arn:aws:sts::222222222222:assumed-role/publisher/session-1",
  outcome: "ok",
  ...more,
});
const resource = "arn:aws:iot:us-east-1:222222222222:topic/a/b";

describe("an entry of the trace, as people see it", () => {
  it("says when, where, what, on what, as whom and by which statement", () => {
    const decision = {
      allowed: true,
      effect: "allow",
      by: [{ side: "identity", policy: "inline policy p", statement: "Publish" }],
      missing: [],
    } as const;
    const lines = formatEntry(
      entry({ permissions: [{ action: "iot:Publish", resource, resourceAccount: "222222222222", decision }] }),
      plain,
    );
    expect(lines.map((line) => line.trim())).to.deep.equal([
      "+12 ms partner        iotdata:Publish topic/a/b (3.3 ms)",
      "as role publisher of partner (session session-1)",
      "iot:Publish allowed by inline policy p, statement Publish",
    ]);
  });

  it("marks a denial, and names account and side of what is missing and what came nearest", () => {
    const missing = [
      {
        side: "trust",
        account: "222222222222",
        sentence: "It must trust.",
        nearest: { policy: "trust policy", statement: "#1", because: "wants another" },
      },
    ] as const;
    const decision = { allowed: false, effect: "implicitDeny", by: [], missing } as const;
    const text = formatEntry(
      entry({
        outcome: "denied",
        permissions: [
          {
            action: "sts:AssumeRole",
            resource: "arn:aws:iam::222222222222:role/r",
            resourceAccount: "222222222222",
            decision,
          },
        ],
      }),
      plain,
    ).join("\n");
    expect(text).to.contain("✗ iotdata:Publish");
    expect(text).to.contain("missing in partner 222222222222, trust policy: It must trust.");
    expect(text).to.contain("nearest: trust policy, statement #1: wants another");
  });

  it("says of an explicit deny which statement denies", () => {
    const decision = {
      allowed: false,
      effect: "explicitDeny",
      by: [{ side: "identity", policy: "inline policy no", statement: "Never" }],
      missing: [],
    } as const;
    const text = formatEntry(
      entry({
        outcome: "denied",
        permissions: [{ action: "iot:Publish", resource, resourceAccount: "222222222222", decision }],
      }),
      plain,
    ).join(" ");
    expect(text.replaceAll(/\s+/g, " ")).to.contain("is denied explicitly by inline policy no, statement Never");
  });

  it("shows the error of a call that failed", () => {
    const text = formatEntry(
      entry({ outcome: "failed", error: { code: "ThrottlingException", message: "Rate exceeded" } }),
      plain,
    ).join("\n");
    expect(text).to.contain("ThrottlingException: Rate exceeded");
  });

  it("never is wider than the terminal", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.string({ maxLength: 200 }),
        fc.integer({ min: 40, max: 200 }),
        (name, principal, width) => {
          const detail = { reason: name, topic: principal };
          for (const line of formatEntry(entry({ name, principal, kind: "effect", detail }), { ...plain, width }))
            expect(line.length).to.be.at.most(width);
        },
      ),
    );
  });

  it("keeps the columns at 80, and gives them up where there are fewer", () => {
    const long = entry({ principal: `arn:aws:iam::222222222222:role/${"long-".repeat(8)}` });
    const at = (width: number) => formatEntry(long, { ...plain, width }).map((line) => line.search(/\S/));
    expect(at(80)).to.deep.equal([3, 27, 27]);
    expect(at(60)).to.deep.equal([3, 6, 6]);
  });

  it(
    "shows what a function logged, without the frame that Lambda puts around it, and what a message said " +
      "in the end",
    () => {
      const logged = [
        JSON.stringify({
          timestamp: "2026-11-24T00:00:00Z",
          level: "INFO",
          requestId: "r",
          message: { outcome: "sent" },
        }),
        JSON.stringify({ timestamp: "2026-11-24T00:00:00Z", level: "ERROR", requestId: "r", message: "it broke" }),
        "plain text",
      ];
      const ran = formatEntry(entry({ kind: "effect", name: "FunctionRan", detail: { version: "1", logged } }), plain);
      expect(ran.slice(2).map((line) => line.trim())).to.deep.equal([
        'logs { "outcome": "sent" }',
        "logs ERROR it broke",
        "logs plain text",
      ]);
      const published = formatEntry(entry({ detail: { topic: "debug", payload: '{"thingName":"lamp"}' } }), plain);
      expect(published.at(-1)?.trim()).to.equal('says { "thingName": "lamp" }');
    },
  );

  it("leaves a function's metrics out of what it says, which are in lines of its log, too", () => {
    const metrics = {
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [{ Namespace: "n", Dimensions: [["of"]], Metrics: [{ Name: "Sent" }] }],
      },
      of: "lamps",
      Sent: 1,
    };
    const said = { ...metrics, outcome: "sent", requestId: "of the run" };
    const logged = [metrics, said, { message: { _aws: "of its own" } }].map((line) => JSON.stringify(line));
    const lines = formatEntry(entry({ kind: "effect", name: "FunctionRan", detail: { logged } }), plain);
    expect(lines.filter((line) => line.includes("logs"))).to.deep.equal([
      `${" ".repeat(27)}logs { "of": "lamps", "outcome": "sent" }`,
      `${" ".repeat(27)}logs { "_aws": "of its own" }`,
    ]);
  });

  it("has colours only on a terminal that has some, where NO_COLOR says nothing else", () => {
    const on = (isTTY: boolean, hasColors?: () => boolean) => wantsColour({ isTTY, ...(hasColors && { hasColors }) });
    expect([on(true), on(true, () => true), on(true, () => false)]).to.deep.equal([true, true, false]);
    expect(on(false, () => true)).to.equal(false);
  });

  it("has colours only where they are wanted", () => {
    const escape = String.fromCharCode(27);
    expect(formatEntry(entry(), plain).join("")).not.to.contain(escape);
    expect(formatEntry(entry(), { ...plain, colour: true }).join("")).to.contain(escape);
  });
});

describe("the trace, as people see it", () => {
  it("stands in the order in which things began", () => {
    const ended = [entry({ id: 1, at: 30 }), entry({ id: 2, at: 10 }), entry({ id: 3, at: 10 })];
    expect(inOrder(ended).map(({ id }) => id)).to.deep.equal([2, 3, 1]);
  });

  it("leaves out the log lines that functions write, unless they are refused", () => {
    expect(worthShowing(entry({ service: "logs" }))).to.equal(false);
    expect(worthShowing(entry({ service: "logs", outcome: "denied" }))).to.equal(true);
  });

  it("leaves out that a new alarm has nothing to ring for", () => {
    const changed = (from: string, to: string) =>
      worthShowing(entry({ kind: "effect", service: "cloudwatch", name: "AlarmStateChanged", detail: { from, to } }));
    expect(changed("INSUFFICIENT_DATA", "OK")).to.equal(false);
    expect(changed("INSUFFICIENT_DATA", "ALARM")).to.equal(true);
    expect(changed("ALARM", "OK")).to.equal(true);
  });

  it("is printed live, and what is left when it ends is printed too", async () => {
    const running = await startCloud();
    let printed = "";
    const stop = followTrace(running.cloud, {
      isTTY: false,
      write: (text: string | Uint8Array) => Boolean((printed += String(text))),
    });
    await new STS(running.config(CUSTOMER)).getCallerIdentity({});
    stop();
    expect(printed).to.contain("sts:GetCallerIdentity");
    await running.endpoint.close();
  });
});

describe("wrapping", () => {
  it("keeps every character but the spaces at which it breaks, and the width", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 5, max: 50 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(line.length).to.be.at.most(width);
        expect(lines.join("").replaceAll(" ", "")).to.equal(text.replaceAll(" ", ""));
      }),
    );
  });

  it("breaks a long word after a separator", () => {
    expect(wrap("as arn:aws:iam::222222222222:role/publish-from-customer-role-111111111111", 32)).to.deep.equal([
      "as",
      "arn:aws:iam::222222222222:role/",
      "publish-from-customer-role-",
      "111111111111",
    ]);
  });

  it("breaks no word that a line could hold", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "/", ":", "-"), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 20, max: 50 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.flatMap((line) => line.split(" "))).to.deep.equal(words.length > 0 ? words : [""]);
      }),
    );
  });

  it("cuts nothing but what is longer than a line and has no separator", () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "b", "c", "d", "e", "f", "/", ":"),
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), fc.integer({ min: 20, max: 50 }), (words, width) => {
        const text = words.join(" ");
        const lines = wrap(text, width);
        let at = 0;
        for (const line of lines.slice(0, -1)) {
          at += line.length;
          const [before, after] = [text[at - 1] ?? "", text[at] ?? ""];
          if (after === " ") at += 1;
          else if (!/[/:]/.test(before)) expect(line).to.match(new RegExp(`[a-f]{${width}}$`));
        }
      }),
    );
  });
});

describe("an account that there isn't", () => {
  it("has no administrator, and the error names those that have one", () => {
    expect(() => new EmbeddedAws([]).administrator("999999999999")).to.throw(
      "There is no account 999999999999 here; there are 111111111111",
    );
  });
});
