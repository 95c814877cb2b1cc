// What happened, newest first, one line each.
import { HOPS } from "./hops.ts";
import { verdictOf, type Story } from "./story.ts";
import { Text } from "./text.tsx";

interface StoriesProps {
  readonly stories: readonly Story[];
  readonly chosen: string | undefined;
  readonly followed: boolean;
  readonly now: number;
  readonly choose: (traceId: string | undefined) => void;
}
const MOST = 30;

export function Stories({ stories, chosen, followed, now, choose }: StoriesProps) {
  return (
    <section class="card stories" aria-labelledby="stories">
      <div class="head">
        <h2 id="stories">What happened</h2>
        <button
          type="button"
          aria-pressed={followed}
          onClick={() => {
            choose(followed ? chosen : undefined);
          }}
        >
          Follow the newest
        </button>
      </div>
      {stories.length === 0 && <p class="quiet">Nothing was asked of the registry yet. Create a thing.</p>}
      <ul>
        {stories.slice(0, MOST).map((story) => (
          <li key={story.traceId}>
            <button
              type="button"
              class={`story is-${verdictOf(story, now).kind.replace(" ", "-")}`}
              aria-current={story.traceId === chosen}
              onClick={() => {
                choose(story.traceId);
              }}
            >
              <span class="time quiet">{new Date(story.at).toLocaleTimeString()}</span>
              <span class="name">
                <Text>{`${story.title.replace("iot:", "")} ${story.on.replace(/^thing\//, "")}`}</Text>
              </span>
              <Dots story={story} />
              <span class="quiet result">
                <Text>{verdictOf(story, now).headline}</Text>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Dots = ({ story }: { readonly story: Story }) => (
  <span class="dots" aria-hidden="true">
    {HOPS.map(({ id }) => (
      <i key={id} class={story.stations.get(id)?.outcome ?? "idle"} />
    ))}
  </span>
);
