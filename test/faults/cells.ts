// The matrix: each hop with each fault, passing and lasting, and what isn't a fault of one call.
import { type Cell, RETRIES_S } from "./cell.ts";
import { CONDITIONS } from "./conditions.ts";
import { type Lasts, expectedOf } from "./expected.ts";
import { FAULTS, type FaultKind } from "./faults.ts";
import { HOPS, type Hop } from "./hops.ts";

/** EventBridge gives up after a day. */
const DAY_S = 25 * 3600;
/** A role's session, and some more. */
const SESSION_S = 2 * 3600;

function cellOf(hop: Hop, kind: FaultKind, lasts: Lasts): Cell {
  const { name, onlyBy: _, onlyPassingBy: __, harmless: ___, hurried = false, ...fault } = kind;
  const expected = expectedOf(hop, kind, lasts);
  return {
    hop: hop.name,
    fault: name,
    lasts,
    expected,
    lossSaidBy: hop.loss?.said,
    strikes: true,
    hurried,
    waits: expected.letterIn === "registryRule" && hop.behind === undefined ? DAY_S : RETRIES_S,
    begin: async (scene) => {
      if (hop.cold === true) await scene.pass(SESSION_S);
      scene.running.cloud.faults.set([
        { ...hop.at, ...fault, ...(lasts === "passing" ? { times: 1 } : {}) },
        ...(hop.behind === undefined ? [] : [{ ...hop.behind, fault: "deny" as const }]),
      ]);
    },
    act: (scene, thingName) => scene.create(thingName),
    mend: (scene) => {
      scene.running.cloud.faults.set([]);
    },
  };
}

const OF_FAULTS: readonly Cell[] = HOPS.flatMap((hop) =>
  FAULTS.filter(({ onlyBy }) => onlyBy === undefined || onlyBy === hop.by).flatMap((kind) =>
    (kind.onlyPassingBy === hop.by ? (["passing"] as const) : (["passing", "lasting"] as const)).map((lasts) =>
      cellOf(hop, kind, lasts),
    ),
  ),
);

export const CELLS: readonly Cell[] = [...OF_FAULTS, ...CONDITIONS];
export const nameOf = ({ hop, fault, lasts }: Cell): string => `${hop}, ${fault}, ${lasts}`;
