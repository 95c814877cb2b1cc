// One story in full: each call and effect, as whom, by which statement, what functions logged, what messages said.
import { canBeTaken, duration, verdictOf, type Story } from "./story.ts";
import { pretty, Text } from "./text.tsx";
import type { Action, EntryView, PermissionView, StateView } from "./view.ts";

interface DetailProps {
  readonly story: Story | undefined;
  readonly state: StateView | undefined;
  readonly now: number;
  readonly act: (action: Action) => Promise<boolean>;
}

export function StoryDetail({ story, state, now, act }: DetailProps) {
  if (!story) return <section class="card detail" aria-label="Nothing chosen" />;
  const verdict = verdictOf(story, now);
  return (
    <section class="card detail" aria-labelledby="detail" tabIndex={0}>
      <h2 id="detail">
        <Text>{`${story.title} ${story.on}`}</Text>
      </h2>
      <p class={`verdict is-${verdict.kind.replace(" ", "-")}`}>{verdict.headline}</p>
      {verdict.why.length > 0 && (
        <div class="why">
          <h3>Why</h3>
          {verdict.why.map((sentence) => (
            <p key={sentence}>
              <Text>{sentence}</Text>
            </p>
          ))}
          <Given state={state} act={act} />
        </div>
      )}
      <ol class="entries">
        {story.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} since={story.at} act={act} />
        ))}
      </ol>
    </section>
  );
}

/** What was taken away here may be the reason. */
function Given({ state, act }: Pick<DetailProps, "state" | "act">) {
  if (!state || state.taken.length === 0) return null;
  return (
    <ul class="taken">
      {state.taken.map(({ id, policy, statement }) => (
        <li key={id}>
          <span>
            You took <Text>{statement}</Text> from the <Text>{policy}</Text>.
          </span>
          <button type="button" onClick={() => void act({ do: "give back", id })}>
            Give it back
          </button>
        </li>
      ))}
    </ul>
  );
}

const SIGNS = { ok: "", denied: "✗ ", failed: "! " } as const;

function Entry({ entry, since, act }: { entry: EntryView; since: number; act: DetailProps["act"] }) {
  const { what, on, outcome, principal, permissions, error, logs, payload, account, took, at } = entry;
  return (
    <li class={`${outcome} ${account}`}>
      <span class="time quiet">+{duration(Math.max(0, at - since))}</span>
      <div>
        <p class="what">
          <span class={`account ${account}`}>{account}</span>{" "}
          <strong>
            {SIGNS[outcome]}
            <Text>{what}</Text>
          </strong>{" "}
          <Text>{on}</Text> {took !== undefined && <span class="quiet">{took}</span>}
        </p>
        {principal !== undefined && (
          <p class="quiet">
            as <Text>{principal}</Text>
          </p>
        )}
        {permissions.map((permission) => (
          <Permission key={permission.action} permission={permission} act={act} />
        ))}
        {error !== undefined && (
          <p class="bad">
            <Text>{error}</Text>
          </p>
        )}
        {logs.map((line, index) => (
          <p key={index} class="log">
            <span class="quiet">logs</span> <Text>{line}</Text>
          </p>
        ))}
        {payload !== undefined && (
          <details>
            <summary>message</summary>
            <pre tabIndex={0}>{pretty(payload)}</pre>
          </details>
        )}
      </div>
    </li>
  );
}

function Permission({ permission, act }: { permission: PermissionView; act: DetailProps["act"] }) {
  return (
    <div class={permission.allowed ? "permission" : "permission bad"}>
      {permission.words.map((words) => (
        <p key={words}>
          <Text>{words}</Text>
        </p>
      ))}
      {permission.allowed &&
        permission.by
          .filter(({ policy }) => canBeTaken(policy))
          .map((statement) => (
            <button
              key={`${statement.policy} ${statement.statement}`}
              type="button"
              class="small"
              onClick={() => void act({ do: "take", statement })}
            >
              Take <Text>{statement.statement}</Text> away
              <span class="unseen">
                {" "}
                from the <Text>{statement.policy}</Text>
              </span>
            </button>
          ))}
    </div>
  );
}
