// The customer's registry, with what can be done to it.
import { useState } from "preact/hooks";
import { Text } from "./text.tsx";
import type { Action, ThingView } from "./view.ts";

interface ThingsProps {
  /** Name of the customer whose registry it is. */
  readonly account: string;
  readonly things: readonly ThingView[];
  readonly count: number;
  readonly act: (action: Action) => Promise<boolean>;
}

/** A name that isn't taken yet. */
function freeName(things: readonly ThingView[], count: number): string {
  const taken = new Set(things.map(({ name }) => name));
  let number = count + 1;
  while (taken.has(`lamp-${number}`)) number++;
  return `lamp-${number}`;
}

export function Things({ account, things, count, act }: ThingsProps) {
  const [typed, setTyped] = useState<string>();
  const [colour, setColour] = useState("warm-white");
  const name = typed ?? freeName(things, count);
  const create = async () => {
    if (await act({ do: "create", account, name, attributes: colour === "" ? {} : { colour } })) setTyped(undefined);
  };
  return (
    <div class="card things">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <label>
          Thing
          <input
            name="thing"
            value={name}
            required
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => {
              setTyped(currentTarget.value);
            }}
          />
        </label>
        <label>
          colour
          <input
            name="colour"
            value={colour}
            autocomplete="off"
            onInput={({ currentTarget }) => {
              setColour(currentTarget.value);
            }}
          />
        </label>
        <button type="submit" class="main">
          Create
        </button>
      </form>
      <ul aria-label={`Things in the registry of ${account}: ${count}`} tabIndex={0}>
        {things.map(({ name: thing, version, attributes }) => (
          <li key={thing}>
            <span class="name">
              <Text>{thing}</Text>
            </span>
            <span class="quiet">
              <Text>
                {[`v${version}`, ...Object.entries(attributes).map(([key, value]) => `${key} ${value}`)].join(", ")}
              </Text>
            </span>
            <span class="buttons">
              <button
                type="button"
                aria-label={`Update ${thing}`}
                onClick={() =>
                  void act({ do: "update", account, name: thing, attributes: { colour: nextColour(attributes) } })
                }
              >
                Update
              </button>
              <button
                type="button"
                aria-label={`Delete ${thing}`}
                onClick={() => void act({ do: "delete", account, name: thing })}
              >
                Delete
              </button>
            </span>
          </li>
        ))}
      </ul>
      {things.length < count && (
        <p class="quiet">
          The newest {things.length} of {count}.
        </p>
      )}
    </div>
  );
}

const COLOURS = ["warm-white", "amber", "teal", "violet"];
const nextColour = ({ colour = "" }: ThingView["attributes"]): string =>
  COLOURS[(COLOURS.indexOf(colour) + 1) % COLOURS.length] ?? "";
