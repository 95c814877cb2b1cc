// Objects: CloudTrail writes them, operators list, read and delete them.
import { createHash } from "node:crypto";
import type { S3 } from "@aws-sdk/client-s3";
import { AwsError, notModelled } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { bucketOf, bucketPermission, dataEvent, type StoredObject } from "./state.ts";

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

const headOf = ({ etag, modifiedAt, contentType, contentEncoding }: StoredObject) => ({
  ETag: etag,
  LastModified: modifiedAt,
  ServerSideEncryption: "AES256" as const,
  ...(contentType === undefined ? {} : { ContentType: contentType }),
  ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
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
      // With ACLs switched off, as they are for new buckets, only this one may be said («Controlling ownership of objects»).
      if (input.ACL !== undefined && input.ACL !== "bucket-owner-full-control")
        throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", { status: 400 });
      if (input.ServerSideEncryption !== undefined && input.ServerSideEncryption !== "AES256")
        throw notModelled(`Encryption of an object with ${input.ServerSideEncryption}`);
      const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      bucket.objects.set(input.Key ?? "", {
        body,
        etag,
        modifiedAt: call.time,
        contentType: input.ContentType,
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
      if (input.Range !== undefined || input.VersionId !== undefined)
        throw notModelled("A range or a version of an object");
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
    authorize: onObject("s3:DeleteObject"),
    run: (input, call) => {
      bucketOf(input, call).objects.delete(input.Key ?? "");
      return {};
    },
  },
  ListObjectsV2: {
    record: dataEvent,
    authorize: ({ Bucket }, call) => bucketPermission("s3:ListBucket", Bucket, call),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      const { Prefix = "", MaxKeys = 1000, StartAfter = "", Delimiter } = input;
      const found = [...bucket.objects].filter(([key]) => key.startsWith(Prefix) && key > StartAfter);
      // With a delimiter, keys that go on after it are shown by what they have in common («ListObjectsV2», CommonPrefixes).
      const rows = new Map(
        found.map(([key, object]) => {
          const cut = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
          return cut < 0 ? [key, object] : [key.slice(0, cut + (Delimiter ?? "").length), undefined];
        }),
      );
      const { items, next } = pageByKey(rows, ([key]) => key, {
        token: input.ContinuationToken,
        limit: Math.min(MaxKeys, 1000),
        code: "InvalidArgument",
      });
      return {
        Name: bucket.name,
        Prefix,
        ...(Delimiter === undefined ? {} : { Delimiter }),
        MaxKeys,
        KeyCount: items.length,
        IsTruncated: next !== undefined,
        ...(next === undefined ? {} : { NextContinuationToken: next }),
        CommonPrefixes: items.flatMap(([key, object]) => (object ? [] : [{ Prefix: key }])),
        Contents: items.flatMap(([Key, object]) =>
          object
            ? [
                {
                  Key,
                  ETag: object.etag,
                  Size: object.body.length,
                  LastModified: object.modifiedAt,
                  StorageClass: "STANDARD" as const,
                },
              ]
            : [],
        ),
      };
    },
  },
});
