// docs/costs.md, of the counts and the prices.
import { positionsOf, totalOf } from "../../hooks/cost/estimate.ts";
import { FURTHER_TRAIL_PER_MILLION, PRICES, PRICES_OF } from "../../hooks/cost/prices.ts";
import { differences, dollars } from "../../hooks/cost/report.ts";
import { COMBINATIONS } from "./count.ts";

const DEFAULT = { debug: true, registry: true };
const ASSUMED = { memory: 256, duration: 100, furtherTrail: false };

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export function pageText(): string {
  const positions = positionsOf(DEFAULT, ASSUMED);
  const total = totalOf(positions);
  return `# What an event costs

Written by \`npm run costs\`: what AWS bills for one event is counted on the embedded AWS, and a test counts it anew; the
prices are list prices of ${PRICES_OF.region}, put together on ${PRICES_OF.asOf}. \`npx hooks cost\` prints the same for
other settings. What Lambda takes for an invocation depends on AWS: ${ASSUMED.duration} ms are assumed, with
${ASSUMED.memory} MB; your own log has the real ones (\`platform.report\`, \`billedDurationMs\`).

**By default a million events cost about ${dollars(total)} US dollars**, ${dollars(totalOf(positions, "customer"))} in
the customer's account and ${dollars(totalOf(positions, "partner"))} in the partner's:

${table(
  ["side", "what", "per event", "dollars per million events"],
  positions.map(({ side, what, units, perMillion }) => [side, what, String(units), dollars(perMillion)]),
)}

${table(
  ["with", "dollars per million events"],
  COMBINATIONS.map((of) => [
    `\`debug: ${of.debug}\`, \`registry: ${of.registry}\``,
    dollars(totalOf(positionsOf(of, ASSUMED))),
  ]),
)}

What else would change the default:

${table(
  ["change", "dollars per million events"],
  differences(DEFAULT, ASSUMED).map(([what, by]) => [what, `${by < 0 ? "" : "+"}${dollars(by)}`]),
)}

**The floor.** Three dollars are not reached by any setting that there is. One publish in the partner's account
(${dollars(PRICES["iot:messages"].perMillion)}), one description in the customer's
(${dollars(PRICES["iot:registryOperations"].perMillion)}), the rule with its action and two invocations are
${dollars(
  PRICES["iot:messages"].perMillion +
    PRICES["iot:registryOperations"].perMillion +
    PRICES["iot:rulesTriggered"].perMillion +
    PRICES["iot:actionsExecuted"].perMillion +
    2 * PRICES["lambda:requests"].perMillion,
)} before a function has run for a millisecond or written a line. What would get below it changes the flow: to publish
by Basic Ingest, which isn't billed as a message (the rule's name would become part of the contract), or to announce a
creation by what its event says instead of describing the thing.

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
