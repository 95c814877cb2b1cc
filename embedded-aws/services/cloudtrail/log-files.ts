// Log files in the trail's bucket: «CloudTrail log file name format» and «Finding your CloudTrail log files», user
// guide.
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Cloud } from "../../core/service.ts";
import { AwsError } from "../../core/errors.ts";
import { serviceCaller } from "../../core/identity.ts";
import { childSpan } from "../../core/trace.ts";
import type { CloudTrailRecord } from "./record.ts";
import type { Trail } from "./state.ts";

// «CloudTrail publishes log files multiple times an hour, about every 5 minutes.»
const EVERY_MS = 300_000;
// A busy account gets more files rather than more memory used.
const MAX_RECORDS = 5000;

const compress = promisify(gzip);

/** `<prefix>/AWSLogs/<account>/CloudTrail`, where a trail may write. */
export const logFolder = ({ prefix, account }: Pick<Trail, "prefix" | "account">): string =>
  `${prefix ? `${prefix}/` : ""}AWSLogs/${account}/CloudTrail`;

/** Puts an object into the trail's bucket as CloudTrail does. @throws AwsError */
export const putAsTrail = (
  cloud: Cloud,
  trail: Pick<Trail, "arn" | "account" | "homeRegion" | "bucket">,
  Key: string,
  Body: Buffer,
) =>
  cloud.call({
    service: "s3",
    operation: "PutObject",
    input: {
      Bucket: trail.bucket,
      Key,
      Body,
      ACL: "bucket-owner-full-control",
      ...(Key.endsWith(".gz") ? { ContentType: "application/json", ContentEncoding: "gzip" } : {}),
    },
    caller: serviceCaller("cloudtrail.amazonaws.com", trail.arn, trail.account),
    account: trail.account,
    region: trail.homeRegion,
    sourceIp: "cloudtrail.amazonaws.com",
    userAgent: "cloudtrail.amazonaws.com",
  });

/** Keeps the record for the next log file, and sees to it that there is one. */
export function keepForLogFile(cloud: Cloud, trail: Trail, record: CloudTrailRecord): void {
  trail.pending.push(record);
  if (trail.pending.length === 1)
    cloud.clock.after(EVERY_MS, () => {
      flush(cloud, trail);
    });
  else if (trail.pending.length >= MAX_RECORDS) flush(cloud, trail);
}

function flush(cloud: Cloud, trail: Trail): void {
  const records = trail.pending.splice(0);
  if (records.length === 0) return;
  const of = {
    account: trail.account,
    region: trail.homeRegion,
    span: childSpan(undefined),
    service: "cloudtrail",
    name: "LogFile",
  };
  cloud.background(async () => {
    const regions = Map.groupBy(records, ({ awsRegion }) => awsRegion);
    for (const [region, Records] of regions) {
      const key = fileName(trail, region, cloud.clock.date());
      try {
        await putAsTrail(cloud, trail, key, await compress(JSON.stringify({ Records })));
        trail.deliveryError = undefined;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // What S3 refused: the call and its reason are in the trace, the code in GetTrailStatus.
        trail.deliveryError = error.code;
      }
      trail.deliveredAt = cloud.clock.date();
    }
  }, of);
}

function fileName(trail: Trail, region: string, at: Date): string {
  const [day = "", time = ""] = at.toISOString().split("T");
  const minute = `${day.replaceAll("-", "")}T${time.slice(0, 5).replace(":", "")}Z`;
  const unique = randomBytes(8).toString("hex");
  const name = `${trail.account}_CloudTrail_${region}_${minute}_${unique}.json.gz`;
  return `${logFolder(trail)}/${region}/${day.replaceAll("-", "/")}/${name}`;
}
