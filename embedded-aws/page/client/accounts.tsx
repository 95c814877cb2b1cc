// What lies in the accounts: queues with their letters, tables with their items. Whatever there is, whoever made it.
import { lettersIn } from "./letters.ts";
import { duration } from "./story.ts";
import { pretty, Text } from "./text.tsx";
import type { AccountView, Action, LetterView, QueueView, StateView, TableView } from "./view.ts";

interface AccountsProps {
  /** The customer that is shown, and the partner. */
  readonly accounts: readonly AccountView[];
  readonly state: StateView;
  readonly now: number;
  readonly act: (action: Action) => Promise<boolean>;
}

export function Accounts({ accounts, state: { redrivable }, now, act }: AccountsProps) {
  const queues = accounts.flatMap(({ name, queues: own }) => own.map((queue) => ({ account: name, queue })));
  const tables = accounts.flatMap(({ name, tables: own }) => own.map((table) => ({ account: name, table })));
  return (
    <>
      <section class="card" aria-labelledby="queues">
        <h2 id="queues">Queues</h2>
        <p class="buttons">
          {accounts
            .filter(({ name, queues: own }) => redrivable.includes(name) && own.some((queue) => queue.visible > 0))
            .map(({ name }) => (
              <button key={name} type="button" onClick={() => void act({ do: "redrive", account: name })}>
                Send the {name}’s letters again
              </button>
            ))}
        </p>
        {queues.length === 0 && <p class="quiet">There is no queue in these accounts.</p>}
        <div class="queues">
          {queues.map(({ account, queue }) => (
            <Queue key={`${account} ${queue.name}`} account={account} queue={queue} now={now} />
          ))}
        </div>
      </section>
      <section class="card" aria-labelledby="tables">
        <h2 id="tables">Tables</h2>
        {tables.length === 0 && <p class="quiet">There is no table in these accounts.</p>}
        {tables.map(({ account, table }) => (
          <Table key={`${account} ${table.name}`} account={account} table={table} />
        ))}
      </section>
    </>
  );
}

function Queue({ account, queue, now }: { account: string; queue: QueueView; now: number }) {
  const { name, visible: waiting, inFlight, delayed, letters } = queue;
  const total = lettersIn(queue);
  return (
    <article class={total > 0 ? "queue full" : "queue"}>
      <h3>
        <span class={`account ${account}`}>{account}</span> <Text>{name}</Text>
      </h3>
      <p class="quiet">
        {total === 0 ? "empty" : `${waiting} waiting`}
        {inFlight > 0 && `, ${inFlight} being looked at`}
        {delayed > 0 && `, ${delayed} delayed`}
      </p>
      {letters.map((letter) => (
        <Letter key={letter.id} letter={letter} now={now} />
      ))}
      {letters.length < total && <p class="quiet">The oldest {letters.length} are shown.</p>}
    </article>
  );
}

function Letter({ letter: { sentAt, receives, attributes, body }, now }: { letter: LetterView; now: number }) {
  return (
    <details>
      <summary>
        {duration(Math.max(0, now - sentAt))} old{receives > 0 && `, received ${receives} times`}
      </summary>
      {attributes.length > 0 && (
        <dl>
          {attributes.map(([name, value]) => (
            <div key={name}>
              <dt>
                <Text>{name}</Text>
              </dt>
              <dd>
                <Text>{value}</Text>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <pre tabIndex={0}>{pretty(body)}</pre>
    </details>
  );
}

function Table({ account, table }: { account: string; table: TableView }) {
  const { name, columns, rows, count, key } = table;
  return (
    <div class="table">
      <h3>
        <span class={`account ${account}`}>{account}</span> <Text>{name}</Text>{" "}
        <span class="quiet">{rows.length === 0 ? "no items" : `${rows.length} items`}</span>
      </h3>
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Items of ${name}`}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col" class={key.includes(column) ? "key" : ""}>
                    <Text>{column}</Text>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.slice(0, key.length).join(" ")}>
                  {row.map((cell, index) => (
                    <td key={columns[index]}>
                      <Text>{cell}</Text>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length < count && (
        <p class="quiet">
          {rows.length} of {count}.
        </p>
      )}
    </div>
  );
}
