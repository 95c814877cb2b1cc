// Where the partner's own code may publish, and where it must not: as topics of a setting, and as resources of a
// statement of its own.
import * as v from "valibot";
import { type AccountRegion, TOPIC_PREFIX, regionalArn } from "../shared/contract/names.ts";
import { type Naming, refusal, text } from "../shared/settings.ts";

/** AWS IoT Core, "message broker and protocol limits": bytes in a topic. */
const MAX_TOPIC_BYTES = 256;

/**
 * Where the partner's own code must not publish: what is on the first reaches the receive function itself, which would
 * loop and could forge customers' messages; the second is where it says what it took; the third is AWS IoT's own, and
 * by way of `$aws/rules` reaches a rule past the first.
 */
const RESERVED_TOPICS = [`${TOPIC_PREFIX}/`, "debug/", "$aws/"];

/** How far a pattern with IAM's wildcards can have been read when it has taken `start`: nowhere, where it can't. */
function placesBehind(start: string, pattern: string): readonly number[] {
  // From a `*` also the place behind it is reached.
  const withSkipped = (places: readonly number[]): number[] =>
    places.flatMap((place) => (pattern[place] === "*" ? [place, ...withSkipped([place + 1])] : [place]));
  let places = withSkipped([0]);
  for (const character of start) {
    const reached = places.flatMap((place) => {
      if (pattern[place] === "*") return [place];
      return pattern[place] === "?" || pattern[place] === character ? [place + 1] : [];
    });
    places = withSkipped([...new Set(reached)]);
  }
  return places;
}

/** Whether a pattern takes anything that begins so: whatever remains of it has something that it takes. */
const takesOf = (start: string, pattern: string): boolean => placesBehind(start, pattern).length > 0;
const takes = (whole: string, pattern: string): boolean => placesBehind(whole, pattern).includes(pattern.length);

const topicProblem = (pattern: string): string | undefined => {
  if (Buffer.byteLength(pattern) > MAX_TOPIC_BYTES) {
    return `but a topic has at most ${MAX_TOPIC_BYTES} bytes: set a shorter one`;
  }
  if (/[+#]/.test(pattern)) return "but in a policy + and # are plain characters: write * and ? for wildcards";
  if (pattern.includes("${")) return "but policy variables aren't meant here: name the topic";
  if (/[\s\p{Cc}]/u.test(pattern)) return "but white space doesn't belong in a topic: remove it";
  const reserved = RESERVED_TOPICS.find((prefix) => takesOf(prefix, pattern));
  if (reserved === undefined) return undefined;
  return `but that takes in topics of ${reserved}, which are not for your code: name others, as in fleet/*`;
};

/** Topics as IAM resources spell them: with `*` and `?`, where MQTT's own wildcards mean nothing. */
export const topicPatterns = v.array(
  v.pipe(
    text,
    v.check(
      (pattern) => topicProblem(pattern) === undefined,
      ({ input }) => topicProblem(input) ?? "",
    ),
  ),
);

/** IAM compares actions without regard to case. */
const PUBLISH = "iot:publish";

export interface GivenStatement {
  readonly Effect?: string | undefined;
  /** Absent, for whoever writes NotAction past the types: then all but those. */
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/**
 * Throws RunError for a statement that lets the partner's own code publish where it must not. Its condition isn't
 * looked at: whoever needs one names other topics.
 */
export function checkPublishing(statements: readonly GivenStatement[], partner: AccountRegion, naming: Naming): void {
  for (const [index, { Effect = "Allow", Action = "*", Resource = "*" }] of statements.entries()) {
    if (Effect !== "Allow" || ![Action].flat().some((action) => takes(PUBLISH, action.toLowerCase()))) continue;
    for (const resource of [Resource].flat()) {
      // A policy variable may become anything.
      const pattern = resource.replaceAll(/\$\{[^}]*\}/g, "*");
      const reserved = RESERVED_TOPICS.find((prefix) =>
        takesOf(regionalArn("iot", partner, `topic/${prefix}`), pattern),
      );
      if (reserved === undefined) continue;
      throw refusal(
        naming,
        `policyStatements[${index}].Resource`,
        resource,
        `but with iot:Publish that takes in topics of ${reserved}, which are not for your code: name others in a ` +
          "statement of its own",
      );
    }
  }
}
