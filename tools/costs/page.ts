// docs/costs.md, of the counts and the prices.
import { OF_THE_SAMPLE } from "../../hooks/cost/counts.ts";
import { ASSUMED, type Position, positionsFrom, positionsOf, totalOf } from "../../hooks/cost/estimate.ts";
import { FURTHER_TRAIL_PER_MILLION, PRICES, PRICES_OF } from "../../hooks/cost/prices.ts";
import { differences, dollars, ladder } from "../../hooks/cost/report.ts";

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const withoutLogs = (positions: readonly Position[]): number =>
  totalOf(positions.filter(({ what }) => what !== PRICES["logs:bytes"].what));

export function pageText(): string {
  const positions = positionsOf([], ASSUMED);
  const total = totalOf(positions);
  const sample = totalOf(positionsFrom([OF_THE_SAMPLE], ASSUMED));
  return `# What an event costs

Written by \`npm run costs\`: what AWS bills for one event is counted on the embedded AWS, and a test counts it anew; the
prices are list prices of ${PRICES_OF.region}, put together on ${PRICES_OF.asOf}. \`npx hooks cost\` prints the same for
other settings. Two things are assumed:

- What Lambda takes for an invocation depends on AWS: ${ASSUMED.duration} ms are assumed, with ${ASSUMED.memory} MB.
  Either function takes some [2 ms](performance.md) of a processor; ${ASSUMED.memory} MB have a seventh of one (Lambda
  Developer Guide, "Configure Lambda function memory"), so that they become 15. Beside them the receive function waits
  for three calls of DynamoDB, each some 10 ms with a connection that is kept (measured by others:
  theburningmonk.com, "Lambda optimization tip", 2019), the announce function for two of AWS IoT, of which no
  measurement was found: 20 ms each are assumed. CloudWatch's metric \`Duration\` has your own, for \`--duration\`.
- Whom the receive function has heard within a minute it remembers, in each execution environment, whether customers
  stand in the partner's list or have stacks of their own. Here each event is its customer's first for a minute, and
  costs a read of the table of customers, which is the most that it can be.

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

**What was given up for its price, by default:** debug messages, which show a partner in AWS IoT's test client what it
took (\`hooks tail\` tells from the log what became of each); Lambda's own lines of invocations that end well (CloudWatch
has their durations as a metric; those of failures are kept); and a line of its own for metrics, which stand in the line
that says what came of the event.

**What wasn't:** three things are most of what is left, and a default below three dollars would have to lose one.
Describing a thing (${dollars(PRICES["iot:registryOperations"].perMillion)}) is how a message says the state, and not the
request, of whichever call it was. A message by the broker (${dollars(PRICES["iot:messages"].perMillion)}) needs nothing
agreed on but accounts. The registry's two writes (${dollars(2 * PRICES["dynamodb:writes"].perMillion)}) keep late and
repeated events from the partner's code, and one of them wouldn't do: a claim before the code runs, so that of two
deliveries at a time one waits; and the state after it has run, so that what failed is tried again. With the first alone
a change whose code failed, or whose environment died, would be lost; with the second alone two environments could run
it at once, and an older change after a newer one. Who needs less goes down by settings, step by step:

${table(
  ["step", "dollars per million events", "gives up"],
  [
    ["by default", dollars(total), ""],
    ...ladder(ASSUMED).map(([step, cost, why]) => [`+ ${step}`, dollars(cost), why]),
  ],
)}

Whether AWS bills the messages of its registry's events, which would be
${dollars(PRICES["iot:messages"].perMillion)} more, is not confirmed.

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
