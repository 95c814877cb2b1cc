// docs/costs.md, of the counts and the prices.
import { CHANGE_NAMES, type Change } from "../../hooks/cost/changes.ts";
import { OF_THE_SAMPLE } from "../../hooks/cost/counts.ts";
import { type Position, positionsFrom, positionsOf, totalOf } from "../../hooks/cost/estimate.ts";
import { FURTHER_TRAIL_PER_MILLION, PRICES, PRICES_OF } from "../../hooks/cost/prices.ts";
import { differences, dollars } from "../../hooks/cost/report.ts";

const ASSUMED = { memory: 256, duration: 100, busy: false, furtherTrail: false };

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const withoutLogs = (positions: readonly Position[]): number =>
  totalOf(positions.filter(({ what }) => what !== PRICES["logs:bytes"].what));

export function pageText(): string {
  const positions = positionsOf([], ASSUMED);
  const total = totalOf(positions);
  const priceOf = (changes: readonly Change[]) => totalOf(positionsOf(changes, ASSUMED));
  const savings = CHANGE_NAMES.filter((change) => priceOf([change]) < total);
  const registered = savings.filter((change) => change !== "registry: false");
  const sample = totalOf(positionsFrom([OF_THE_SAMPLE], ASSUMED));
  return `# What an event costs

Written by \`npm run costs\`: what AWS bills for one event is counted on the embedded AWS, and a test counts it anew; the
prices are list prices of ${PRICES_OF.region}, put together on ${PRICES_OF.asOf}. \`npx hooks cost\` prints the same for
other settings. What Lambda takes for an invocation depends on AWS: ${ASSUMED.duration} ms are assumed, with
${ASSUMED.memory} MB; CloudWatch's metric \`Duration\` has your own. Whom the receive function
has heard within a minute it remembers, in each execution environment; here each event is its customer's first for a
minute, and costs a read of the table of customers, which is the most that it can be.

**By default a million events cost about ${dollars(total)} US dollars**, ${dollars(totalOf(positions, "customer"))} in
the customer's account and ${dollars(totalOf(positions, "partner"))} in the partner's:

${table(
  ["side", "what", "per event", "dollars per million events"],
  positions.map(({ side, what, units, perMillion }) => [side, what, String(units), dollars(perMillion)]),
)}

What changes it:

${table(
  ["change", "dollars per million events"],
  differences([], ASSUMED).map(([what, by]) => [what, `${by < 0 ? "" : "+"}${dollars(by)}`]),
)}

What is off by default was given up for its price: debug messages, which show a partner in AWS IoT's test client what
it took (\`hooks tail\` tells from the log what became of each), and Lambda's own lines of invocations that end well
(CloudWatch has their durations as a metric; those of failures are kept). What is on by default is worth its price:
\`registry\` keeps duplicates and stale events from the partner's code, a topic needs nothing agreed on but accounts, and CloudTrail's
events know principals and billing groups. A deployment that needs none of it sets
${savings.map((saving) => `\`${saving}\``).join(", ")}, and pays
${dollars(priceOf(savings))} dollars, ${dollars(priceOf(registered))} with the registry kept. Whether AWS bills the
messages of its registry's events, which would be ${dollars(PRICES["iot:messages"].perMillion)} more, is not confirmed.

The AWS sample that this project follows costs ${dollars(sample)} dollars, counted in the same way and under the same assumptions,
without what it logs: it has no registry and no queues, and publishes a second message of each thing. The hooks without
registry and logs: ${dollars(withoutLogs(positionsOf(["registry: false"], ASSUMED)))} dollars.

**What it has cost.** \`npx hooks cost customer|partner|both --days 30\` asks CloudWatch instead what a side that is
deployed has used, and multiplies that with the same prices: invocations and durations of its functions, bytes of their
logs, matches and actions of the topic rule, write units of the registry, read units of the table of customers (those of
\`hooks\` itself, and of whoever else reads it, among them), and by the functions' own metrics descriptions and debug
messages. Durations are taken as measured; what Lambda bills is a little more, as starts are in it and each is
rounded up. Messages by Basic Ingest are counted, though they aren't billed. Needed: \`cloudwatch:GetMetricData\`,
\`lambda:GetFunctionConfiguration\`, and \`dynamodb:Scan\` on the table of customers while there are debug messages.

Not in it: the first trail's events are free, each further trail costs ${FURTHER_TRAIL_PER_MILLION} dollars per million
of **all** the account's management events, of which the hooks' are few; a trail's files and stored logs; alarms and the
functions' metrics, each by the month and not by the event.

## Prices

${table(
  ["what", "dollars per million", "source"],
  Object.values(PRICES).map(({ what, perMillion, source }) => [what, String(perMillion), source]),
)}
`;
}
