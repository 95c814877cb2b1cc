// What the partner's topic rule says: what it is deployed with, and what is compared with what is there.
import { TOPIC_PREFIX } from "../../shared/contract/names.ts";

/** Functions in the rule need this version; a rule without one gets 2015-10-08 (AWS IoT, "SQL versions"). */
export const RULE_SQL_VERSION = "2016-03-23";

/**
 * What was sent travels as one base64 text, so that nothing in it can pass as what the rules engine knows, and a
 * payload that isn't JSON reaches the function too, which can say so. `+/+` and not `#`: on a shorter topic
 * `topic(3)` would be Undefined and left out.
 */
export const RULE_SQL =
  "SELECT encode(*, 'base64') AS data, topic() AS topic, topic(2) AS accountId, topic(3) AS operation, " +
  `timestamp() AS receivedAt, principal() AS principal FROM '${TOPIC_PREFIX}/+/+'`;
