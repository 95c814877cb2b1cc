// The page: what happens, as the server tells it, and what a person looks at and presses.
import { render } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import "./page.css";
import { Board } from "./board.tsx";
import { Accounts } from "./accounts.tsx";
import { CustomerChooser, Impersonation, isCustomer, storiesOf, tableOf } from "./customers.tsx";
import { type Answer, type Connection, listen, perform, takeToken } from "./server.ts";
import { Stories } from "./stories.tsx";
import { servantsIn, storyOf, type Story } from "./story.ts";
import { StoryDetail } from "./story-detail.tsx";
import { Text } from "./text.tsx";
import { Trials } from "./trials.tsx";
import type { Action, EntryView, Line, StateView } from "./view.ts";

/** Traces that the page keeps, the newest. */
const MOST_TRACES = 400;

type Traces = ReadonlyMap<string, readonly EntryView[]>;

function withEntries(traces: Traces, entries: readonly EntryView[]): Traces {
  const next = new Map(traces);
  for (const entry of entries) next.set(entry.traceId, [...(next.get(entry.traceId) ?? []), entry]);
  return next.size <= MOST_TRACES ? next : new Map([...next].slice(-MOST_TRACES));
}

const CONNECTION: Record<Connection, string> = {
  connecting: "connecting",
  live: "live",
  lost: "lost; trying again",
  refused: "not let in",
};

/** By the cloud's clock, which may be ahead of this machine's. Moves on each second. */
function useNow(state: StateView | undefined): number {
  const [ahead, setAhead] = useState(0);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (state) setAhead(state.now - Date.now());
  }, [state]);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now + ahead;
}

function Page({ token }: { readonly token: string }) {
  const [traces, setTraces] = useState<Traces>(new Map());
  const [state, setState] = useState<StateView>();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [chosen, setChosen] = useState<string>();
  const [customerName, setCustomerName] = useState<string>();
  const [answer, setAnswer] = useState<Answer>();
  const now = useNow(state);

  useEffect(() => {
    const heard = (line: Line) => {
      if (line.type === "entries") setTraces((before) => withEntries(before, line.entries));
      else if (line.type === "state") setState(line.state);
    };
    void listen(token, heard, setConnection);
  }, [token]);

  const customers = useMemo(() => state?.accounts.filter(isCustomer) ?? [], [state]);
  const customer = customers.find(({ name }) => name === customerName) ?? customers[0];
  const partner = state?.accounts.find((account) => !isCustomer(account));
  const shown = useMemo(
    () =>
      customer && partner
        ? [customer, { ...partner, tables: partner.tables.map((table) => tableOf(customer, table, customers)) }]
        : [],
    [customer, partner, customers],
  );

  const all = useMemo(() => {
    const servants = servantsIn(traces.values());
    return [...traces]
      .map(([traceId, entries]) => storyOf(traceId, entries, servants))
      .filter((story): story is Story => story !== undefined)
      .sort((a, b) => b.at - a.at);
  }, [traces]);
  const stories = useMemo(() => storiesOf(customer, all, customers), [customer, all, customers]);
  // The newest is followed until somebody chooses another.
  const story = stories.find(({ traceId }) => traceId === chosen) ?? stories[0];

  const act = useCallback(
    async (action: Action): Promise<boolean> => {
      const given = await perform(token, action);
      setAnswer(given);
      if (given.done && ["create", "update", "delete", "redrive", "impersonate"].includes(action.do))
        setChosen(undefined);
      return given.done;
    },
    [token],
  );

  return (
    <>
      <header>
        <h1>A thing’s way</h1>
        <p class="quiet">from the customer’s account to the partner’s, on the embedded AWS of this machine</p>
        <p class={`connection ${connection}`} role="status">
          {CONNECTION[connection]}
        </p>
      </header>
      <main>
        {answer !== undefined && answer.said !== "" && (
          <div class={answer.done ? "answer" : "answer problem"} role={answer.done ? "status" : "alert"}>
            <p>
              <Text>{answer.said}</Text>
            </p>
            <button
              type="button"
              onClick={() => {
                setAnswer(undefined);
              }}
            >
              Close
            </button>
          </div>
        )}
        <CustomerChooser customers={customers} chosen={customer} stories={all} choose={setCustomerName} />
        <Board story={story} state={state} customer={customer} now={now} act={act} />
        <div class="columns">
          <div>
            <Stories
              stories={stories}
              chosen={story?.traceId}
              followed={chosen === undefined}
              now={now}
              choose={setChosen}
            />
            <Impersonation customer={customer} customers={customers} state={state} act={act} />
            <Trials stories={stories} state={state} accounts={shown} act={act} />
          </div>
          <StoryDetail story={story} state={state} now={now} act={act} />
        </div>
        {state && <Accounts accounts={shown} state={state} now={now} act={act} />}
      </main>
    </>
  );
}

function NoToken() {
  return (
    <main>
      <h1>A thing’s way</h1>
      <p>
        This page opens with the URL that the terminal shows, with everything behind the <code>#</code>: that is its
        key, new at each start.
      </p>
    </main>
  );
}

const token = takeToken();
const root = document.getElementById("page");
if (root) render(token === undefined ? <NoToken /> : <Page token={token} />, root);
