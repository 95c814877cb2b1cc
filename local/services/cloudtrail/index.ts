// CloudTrail: a record of every management call, in the event history, in trails' buckets, and on EventBridge while a trail logs.
import type { Service } from "../../core/service.ts";
import { lookup } from "./lookup.ts";
import { observe } from "./observe.ts";
import { selectors } from "./selectors.ts";
import { tags } from "./tags.ts";
import { trails } from "./trails.ts";

export const cloudtrail: Service = {
  name: "cloudtrail",
  signingNames: ["cloudtrail"],
  eventSource: "cloudtrail.amazonaws.com",
  model: () => import("@aws-sdk/client-cloudtrail"),
  accessDenied: { code: "AccessDeniedException", status: 400 },
  operations: { ...trails, ...tags, ...selectors, ...lookup },
  observe,
};
