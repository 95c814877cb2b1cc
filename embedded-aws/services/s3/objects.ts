// Objects: CloudTrail writes them, operators list, read and delete them.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { S3 } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { bucketOf, bucketPermission, dataEvent, onBucket, type Bucket, type StoredObject } from "./state.ts";

interface ObjectInput {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
}
const onObject = (action: string) => (input: ObjectInput, call: Call) =>
  bucketPermission(action, input.Bucket, call, input.Key ?? "");

function objectOf(input: ObjectInput, call: Call): StoredObject {
  const object = bucketOf(input, call).objects.get(input.Key ?? "");
  if (!object) throw new AwsError("NoSuchKey", "The specified key does not exist.", { status: 404 });
  return object;
}

interface Sums {
  readonly ContentMD5?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

/** @throws AwsError BadDigest, as S3 answers when what came isn't what was sent («Checking object integrity») */
function checkSums(body: Buffer, { ContentMD5, ChecksumCRC32, ChecksumSHA1, ChecksumSHA256 }: Sums): void {
  const hash = (name: string) => createHash(name).update(body).digest("base64");
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const sums = [
    ["Content-MD5", ContentMD5, hash("md5")],
    ["CRC32", ChecksumCRC32, crc.toString("base64")],
    ["SHA1", ChecksumSHA1, hash("sha1")],
    ["SHA256", ChecksumSHA256, hash("sha256")],
  ] as const;
  for (const [name, given, real] of sums)
    if (given !== undefined && given !== real)
      throw new AwsError("BadDigest", `The ${name} you specified did not match the calculated checksum.`, {
        status: 400,
      });
}

const headOf = ({ etag, modifiedAt, contentType, contentEncoding }: StoredObject) => ({
  ETag: etag,
  LastModified: modifiedAt,
  ServerSideEncryption: "AES256" as const,
  ...(contentType === undefined ? {} : { ContentType: contentType }),
  ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
});

const MAX_KEYS = 1000;
/** The version of every object of a bucket without versioning («How S3 Versioning works»). */
const VERSION = "null";

/**
 * What a listing shows: objects, and where keys go on after a delimiter what they have in common («ListObjectsV2»,
 * CommonPrefixes).
 */
function rowsOf(bucket: Bucket, prefix: string, delimiter: string | undefined, after: string) {
  const found = [...bucket.objects].filter(([key]) => key.startsWith(prefix) && key > after);
  return new Map(
    found.map(([key, object]) => {
      const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      return cut < 0 ? [key, object] : [key.slice(0, cut + (delimiter ?? "").length), undefined];
    }),
  );
}

/** Keys may have characters that XML 1.0 hasn't («ListObjectsV2», EncodingType). */
const shownBy = (encoding: string | undefined) => (key: string) =>
  encoding ? encodeURIComponent(key).replaceAll("%2F", "/") : key;

const shownObject = (Key: string, object: StoredObject) => ({
  Key,
  ETag: object.etag,
  Size: object.body.length,
  LastModified: object.modifiedAt,
  StorageClass: "STANDARD" as const,
});
const shownRows = (rows: readonly (readonly [string, StoredObject | undefined])[], shown: (key: string) => string) => ({
  prefixes: rows.flatMap(([key, object]) => (object ? [] : [{ Prefix: shown(key) }])),
  objects: rows.flatMap(([key, object]) => (object ? [shownObject(shown(key), object)] : [])),
});

export const objects = operations<S3>({
  PutObject: {
    record: dataEvent,
    authorize: (input, call) => ({
      ...onObject("s3:PutObject")(input, call),
      context: { "s3:x-amz-acl": input.ACL },
    }),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      // With ACLs switched off, as they are for new buckets, only this one may be said («Controlling ownership of
      // objects»).
      if (input.ACL !== undefined && input.ACL !== "bucket-owner-full-control")
        throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", { status: 400 });
      const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
      checkSums(body, input);
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      bucket.objects.set(input.Key ?? "", {
        body,
        etag,
        modifiedAt: call.time,
        // S3's own default (recorded on AWS by another project's tests).
        contentType: input.ContentType ?? "binary/octet-stream",
        contentEncoding: input.ContentEncoding,
      });
      call.cloud.trace.count(call.account, "s3:puts");
      return { ETag: etag, ServerSideEncryption: "AES256" };
    },
  },
  GetObject: {
    record: dataEvent,
    authorize: onObject("s3:GetObject"),
    run: (input, call) => {
      const object = objectOf(input, call);
      return { ...headOf(object), Body: object.body as never };
    },
  },
  HeadObject: {
    record: dataEvent,
    authorize: onObject("s3:GetObject"),
    run: (input, call) => {
      const object = objectOf(input, call);
      return { ...headOf(object), ContentLength: object.body.length };
    },
  },
  DeleteObject: {
    record: dataEvent,
    authorize: (input, call) =>
      onObject(input.VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion")(input, call),
    run: (input, call) => {
      const { objects } = bucketOf(input, call);
      if (input.VersionId !== undefined && input.VersionId !== VERSION)
        throw new AwsError("InvalidArgument", "Invalid version id specified", { status: 400 });
      objects.delete(input.Key ?? "");
      return {};
    },
  },
  DeleteObjects: {
    record: dataEvent,
    // Each object is decided by itself, and one that is denied doesn't hold up the others («DeleteObjects»,
    // Permissions).
    authorize: (input, call) => {
      bucketOf(input, call);
      return [];
    },
    run: async ({ Bucket, Delete }, call) => {
      const Deleted: object[] = [];
      const Errors: object[] = [];
      if ((Delete?.Objects?.length ?? 0) > MAX_KEYS)
        throw new AwsError("MalformedXML", `At most ${MAX_KEYS} objects can be deleted at once.`, { status: 400 });
      for (const { Key, VersionId } of Delete?.Objects ?? []) {
        const one = { ...call, service: "s3", operation: "DeleteObject", cause: call.span };
        const which = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
        try {
          await call.cloud.call({ ...one, requestId: uuid(), input: { Bucket, ...which } });
          Deleted.push(which);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({ ...which, Code: error.code, Message: error.message });
        }
      }
      return { ...(Delete?.Quiet ? {} : { Deleted }), Errors };
    },
  },
  ListObjectsV2: {
    record: dataEvent,
    authorize: onBucket("s3:ListBucket"),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      const { Prefix = "", MaxKeys = MAX_KEYS, StartAfter = "", Delimiter, EncodingType } = input;
      const shown = shownBy(EncodingType);
      const rows = rowsOf(bucket, Prefix, Delimiter, StartAfter);
      const { items, next } = pageByKey(rows, ([key]) => key, {
        token: input.ContinuationToken,
        limit: Math.min(MaxKeys, MAX_KEYS),
        code: "InvalidArgument",
      });
      const { prefixes, objects } = shownRows(items, shown);
      return {
        Name: bucket.name,
        Prefix: shown(Prefix),
        ...(Delimiter === undefined ? {} : { Delimiter: shown(Delimiter) }),
        ...(EncodingType ? { EncodingType } : {}),
        MaxKeys,
        KeyCount: items.length,
        IsTruncated: next !== undefined,
        ...(next === undefined ? {} : { NextContinuationToken: next }),
        CommonPrefixes: prefixes,
        Contents: objects,
      };
    },
  },
  ListObjectVersions: {
    record: dataEvent,
    authorize: onBucket("s3:ListBucketVersions"),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      const { Prefix = "", MaxKeys = MAX_KEYS, KeyMarker = "", Delimiter, EncodingType } = input;
      const shown = shownBy(EncodingType);
      const rows = [...rowsOf(bucket, Prefix, Delimiter, KeyMarker)].sort(([a], [b]) => (a < b ? -1 : 1));
      const items = rows.slice(0, Math.min(MaxKeys, MAX_KEYS));
      const more = items.length < rows.length;
      const { prefixes, objects } = shownRows(items, shown);
      return {
        Name: bucket.name,
        Prefix: shown(Prefix),
        KeyMarker: shown(KeyMarker),
        ...(EncodingType ? { EncodingType } : {}),
        MaxKeys,
        IsTruncated: more,
        ...(Delimiter === undefined ? {} : { Delimiter: shown(Delimiter) }),
        ...(more ? { NextKeyMarker: shown(items.at(-1)?.[0] ?? ""), NextVersionIdMarker: VERSION } : {}),
        CommonPrefixes: prefixes,
        Versions: objects.map((object) => ({ ...object, VersionId: VERSION, IsLatest: true })),
      };
    },
  },
});
