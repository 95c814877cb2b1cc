// CloudTrail: a record of every management call, in the event history, in trails' buckets, and on EventBridge while a
// trail logs.
import { AWS_JSON } from "../../core/common-errors.ts";
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
  inputModel: new URL("../constraints/cloudtrail.json", import.meta.url),
  errors: AWS_JSON,
  // «Errors» of LookupEvents and PutEventSelectors, API reference.
  exceptions: {
    "MaxResults.min": "InvalidMaxResultsException",
    "MaxResults.max": "InvalidMaxResultsException",
    "LookupAttributeKey.enum": "InvalidLookupAttributesException",
    "EventCategory.enum": "InvalidEventCategoryException",
    "ReadWriteType.enum": "InvalidEventSelectorsException",
  },
  operations: { ...trails, ...tags, ...selectors, ...lookup },
  observe,
};
