// Whose side the page shows beside the partner's, where there are several customers; and that none can pass as another.
import type { Story } from "./story.ts";
import type { AccountView, Action, StateView, TableView } from "./view.ts";

export const isCustomer = ({ name }: Pick<AccountView, "name">): boolean => name !== "partner";

/** Whether a story is of a customer: something happened in its account, or is about it by its account's number. */
const isOf = ({ name, id }: AccountView, { entries }: Story): boolean =>
  entries.some(({ account, on, principal = "" }) => account === name || on.includes(id) || principal.includes(id));

/** Those of one customer, and those of none, which are the partner's own. */
export const storiesOf = (
  customer: AccountView | undefined,
  stories: readonly Story[],
  customers: readonly AccountView[],
): readonly Story[] =>
  customer === undefined
    ? stories
    : stories.filter((story) => isOf(customer, story) || !customers.some((one) => isOf(one, story)));

/** A partner's table without what is another customer's. */
export function tableOf(customer: AccountView, table: TableView, customers: readonly AccountView[]): TableView {
  const others = customers.filter(({ id }) => id !== customer.id).map(({ id }) => id);
  const isAnothers = (row: readonly string[]): boolean =>
    row.some((cell) => others.some((id) => cell.includes(id))) && !row.some((cell) => cell.includes(customer.id));
  return { ...table, rows: table.rows.filter((row) => !isAnothers(row)) };
}

interface ChooserProps {
  readonly customers: readonly AccountView[];
  readonly chosen: AccountView | undefined;
  readonly stories: readonly Story[];
  readonly choose: (name: string) => void;
}

/** Radio buttons: arrow keys go from one customer to the next. */
export function CustomerChooser({ customers, chosen, stories, choose }: ChooserProps) {
  if (customers.length < 2) return null;
  return (
    <fieldset class="customers">
      <legend>Customer</legend>
      {customers.map((customer) => (
        <label key={customer.name}>
          <input
            type="radio"
            name="customer"
            value={customer.name}
            checked={customer.name === chosen?.name}
            onChange={() => {
              choose(customer.name);
            }}
          />
          {customer.name}{" "}
          <span class="quiet">
            {customer.id}, {counted(customer.thingCount, "thing")},{" "}
            {counted(stories.filter((story) => isOf(customer, story)).length, "event")}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

interface ImpersonationProps {
  readonly customer: AccountView | undefined;
  readonly customers: readonly AccountView[];
  readonly state: StateView | undefined;
  readonly act: (action: Action) => Promise<boolean>;
}

export function Impersonation({ customer, customers, state, act }: ImpersonationProps) {
  if (customer === undefined || customers.length < 2 || state?.impersonates !== true) return null;
  return (
    <section class="card" aria-labelledby="impersonation">
      <h2 id="impersonation">Pass as another customer</h2>
      <p class="quiet">
        With all that {customer.name} may do in its own account: as its function’s role it asks for the other’s publish
        role, then publishes on the other’s topic with its own.
      </p>
      <p class="buttons">
        {customers
          .filter(({ name }) => name !== customer.name)
          .map(({ name }) => (
            <button
              key={name}
              type="button"
              onClick={() => void act({ do: "impersonate", account: customer.name, as: name })}
            >
              Publish as {name}
            </button>
          ))}
      </p>
    </section>
  );
}
