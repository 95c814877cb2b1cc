// Ways to make the partner believe something about somebody else's things, and who has to refuse each.
import type { Attempt } from "./attempt.ts";
import { byContent } from "./by-content.ts";
import { byOtherServices } from "./by-other-services.ts";
import { byRole } from "./by-role.ts";
import { byTopic } from "./by-topic.ts";
import { fromWithin } from "./from-within.ts";

export const ATTEMPTS: readonly Attempt[] = [...byTopic, ...byContent, ...byRole, ...byOtherServices, ...fromWithin];
