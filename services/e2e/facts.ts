import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { openMessaging } from "#lib/messaging/connection.ts";
import { decodeEvent } from "#lib/messaging/events.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { type Photo, PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { TRIPS_STREAM } from "#lib/schemas/trips/v1/stream.ts";
import type { S3Server } from "#lib/testing/s3.ts";
import { getJson } from "./system.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** All photo events of the stream, oldest first; each message of it has to be one. */
export async function eventsOf(natsUrl: string): Promise<Photo[]> {
  const messaging = await openMessaging({ url: natsUrl, name: "test" });
  try {
    const { messages } = (await messaging.manager.streams.info(TRIPS_STREAM)).state;
    const consumer = await messaging.jetstream.consumers.get(TRIPS_STREAM);
    const events: Photo[] = [];
    while (events.length < messages)
      for await (const message of await consumer.fetch({ max_messages: 500, expires: 1_000 })) {
        const decoded = decodeEvent(PhotoSchema, message.data);
        if (!decoded.ok) throw new Error(`Message ${message.seq} is no photo: ${decoded.problem}`);
        events.push(decoded.value);
      }
    return events;
  } finally {
    await messaging.close();
  }
}

/** The keys below `photos/`, at most 1000, each with the SHA-256 of the bytes that are there. */
export async function picturesIn(s3: S3Server): Promise<Map<string, string>> {
  const client = new AwsClient({ ...s3, service: "s3" });
  const listing = await client.fetch(`${s3.endpoint}/trips?list-type=2&prefix=photos/`);
  const keys = [...(await listing.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => match[1]!);
  const objects = openObjects({ ...s3, bucket: "trips" });
  const found = new Map<string, string>();
  for (const key of keys) {
    const object = await objects.get(key);
    if (!object) throw new Error(`${key} is listed and not there.`);
    found.set(key, sha256(new Uint8Array(await new Response(object.body).arrayBuffer())));
  }
  return found;
}

/** The SHA-256 of every picture on the camera's card. */
export async function picturesOnCard(cameraUrl: string): Promise<string[]> {
  const list = await getJson<{ media: { d: string; fs: { n: string }[] }[] }>(`${cameraUrl}/gopro/media/list`);
  const hashes: string[] = [];
  for (const { d, fs } of list.media)
    for (const { n } of fs) {
      const response = await fetch(`${cameraUrl}/videos/DCIM/${d}/${n}`);
      if (!response.ok) throw new Error(`${n} was answered with ${response.status}.`);
      hashes.push(sha256(new Uint8Array(await response.arrayBuffer())));
    }
  return hashes;
}
