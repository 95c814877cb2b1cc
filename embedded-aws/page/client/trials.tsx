// What can be tried: a permission taken away, a fault at a call, time that passes.
import { useState } from "preact/hooks";
import { canBeTaken, type Story } from "./story.ts";
import { Text } from "./text.tsx";
import type { AccountView, Action, StateView, StatementView } from "./view.ts";

interface TrialsProps {
  readonly stories: readonly Story[];
  readonly state: StateView | undefined;
  /** The customer that is shown, and the partner. */
  readonly accounts: readonly AccountView[];
  readonly act: (action: Action) => Promise<boolean>;
}

export function Trials({ stories, state, accounts, act }: TrialsProps) {
  // The way as it was when it was whole: the story with the most stations, the newest of them.
  const longest = stories.toSorted((a, b) => b.stations.size - a.stations.size)[0];
  return (
    <>
      <section class="card" aria-labelledby="permissions">
        <h2 id="permissions">Break a permission</h2>
        <Taken state={state} act={act} />
        <Permissions story={longest} state={state} act={act} />
      </section>
      <section class="card" aria-labelledby="faults">
        <h2 id="faults">Inject a fault</h2>
        <Faults story={longest} state={state} accounts={accounts} act={act} />
      </section>
      <section class="card" aria-labelledby="time">
        <h2 id="time">Let time pass</h2>
        <p class="quiet">Retries fall due, letters are written, credentials run out.</p>
        <p class="buttons">
          {WAITS.map(([label, seconds]) => (
            <button key={label} type="button" onClick={() => void act({ do: "wait", seconds })}>
              {label}
            </button>
          ))}
        </p>
      </section>
    </>
  );
}
const WAITS = [
  ["1 minute", 60],
  ["1 hour", 3_600],
  ["1 day", 86_400],
] as const;

const keyOf = ({ account, policy, statement }: StatementView): string => `${account} ${policy} ${statement}`;

function Taken({ state, act }: Pick<TrialsProps, "state" | "act">) {
  if (!state || state.taken.length === 0) return null;
  return (
    <ul class="rows taken">
      {state.taken.map((taken) => (
        <li key={taken.id}>
          <span>
            <strong>
              <Text>{taken.statement}</Text>
            </strong>{" "}
            is gone from the <Text>{taken.policy}</Text>
          </span>
          <button
            type="button"
            aria-label={`Mend ${taken.statement}`}
            onClick={() => void act({ do: "give back", id: taken.id })}
          >
            Mend
          </button>
        </li>
      ))}
    </ul>
  );
}

interface OfStory extends Pick<TrialsProps, "state" | "act"> {
  readonly story: Story | undefined;
}

/** Each statement that let the thing pass, in the order of its way. */
function Permissions({ story, state, act }: OfStory) {
  const taken = new Set(state?.taken.map(keyOf));
  const found = new Map<string, StatementView & { readonly action: string }>();
  for (const { hop, permissions } of story?.entries ?? [])
    for (const { action, by } of hop === undefined || hop === "call" ? [] : permissions)
      for (const statement of by)
        if (canBeTaken(statement.policy) && !taken.has(keyOf(statement)) && !found.has(keyOf(statement)))
          found.set(keyOf(statement), { ...statement, action });
  if (found.size === 0) return <p class="quiet">When a thing has arrived, what let it pass is listed here.</p>;
  return (
    <ul class="rows">
      {[...found].map(([key, { action, policy, statement, account }]) => (
        <li key={key}>
          <span>
            <strong>
              <Text>{action}</Text>
            </strong>{" "}
            <span class="quiet">
              <Text>{policy}</Text>
            </span>
          </span>
          <button
            type="button"
            aria-label={`Break ${action}, by the ${policy}, statement ${statement}`}
            onClick={() => void act({ do: "take", statement: { account, policy, statement } })}
          >
            Break
          </button>
        </li>
      ))}
    </ul>
  );
}

const KINDS = [
  ["error", "fails: 500"],
  ["throttle", "is throttled"],
  ["deny", "is denied"],
  ["drop", "is cut off"],
  ["slow", "takes a second"],
] as const;
const TIMES = [
  ["once", 1],
  ["3 times", 3],
  ["always", 0],
] as const;
const USUAL = ["iot:DescribeThing", "sts:AssumeRole", "iotdata:Publish", "lambda:Invoke"];

function Faults({ story, state, accounts, act }: OfStory & Pick<TrialsProps, "accounts">) {
  const seen = (story?.entries ?? []).filter(({ kind, hop }) => kind === "call" && hop !== undefined && hop !== "call");
  const calls = [...new Set([...seen.map(({ what }) => what), ...USUAL])];
  const [call, setCall] = useState(USUAL[0] ?? "");
  const [fault, setFault] = useState<string>(KINDS[0][0]);
  const [times, setTimes] = useState<number>(TIMES[0][1]);
  const [where, setWhere] = useState("");
  const inject = () => {
    const [service = "", operation = ""] = call.split(":");
    // Of a customer that isn't shown any more: it would strike where nobody looks.
    const only = accounts.some(({ name }) => name === where) ? { account: where } : {};
    return act({ do: "fault", service, operation, fault, ...(times > 0 ? { times } : {}), ...only });
  };
  return (
    <>
      <form
        class="fault"
        onSubmit={(event) => {
          event.preventDefault();
          void inject();
        }}
      >
        <label>
          Call
          <select
            name="call"
            value={call}
            onChange={({ currentTarget }) => {
              setCall(currentTarget.value);
            }}
          >
            {calls.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label>
          What
          <select
            name="fault"
            value={fault}
            onChange={({ currentTarget }) => {
              setFault(currentTarget.value);
            }}
          >
            {KINDS.map(([kind, says]) => (
              <option key={kind} value={kind}>
                {says}
              </option>
            ))}
          </select>
        </label>
        <label>
          How often
          <select
            name="times"
            value={times}
            onChange={({ currentTarget }) => {
              setTimes(Number(currentTarget.value));
            }}
          >
            {TIMES.map(([says, number]) => (
              <option key={says} value={number}>
                {says}
              </option>
            ))}
          </select>
        </label>
        <label>
          Whose calls
          <select
            name="where"
            value={where}
            onChange={({ currentTarget }) => {
              setWhere(currentTarget.value);
            }}
          >
            <option value="">anybody’s</option>
            {accounts.map(({ name }) => (
              <option key={name} value={name}>
                {name}’s
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Inject</button>
      </form>
      {state && state.faults.length > 0 && (
        <>
          <ul class="rows taken" aria-label="Faults that are set">
            {state.faults.map(({ service, operation, fault: kind, left, account }, index) => (
              <li key={index}>
                <span>
                  <strong>
                    {service}:{operation}
                  </strong>{" "}
                  {account === undefined ? "" : `of ${account} `}
                  {KINDS.find(([one]) => one === kind)?.[1] ?? kind}, {left === null ? "always" : `${left} more`}
                </span>
              </li>
            ))}
          </ul>
          <button type="button" onClick={() => void act({ do: "no faults" })}>
            Take all faults back
          </button>
        </>
      )}
    </>
  );
}
