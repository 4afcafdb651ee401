import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";

/** Where an S3 bucket is and who asks. Addressed by path: `<endpoint>/<bucket>/<key>`. */
export interface ObjectsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** How long one answer may take to begin, in milliseconds; 30 s unless told. */
  readonly timeoutMs?: number;
}

/**
 * What the store says of an object. `etag` is as the server wrote it, with its quotes; `sha256` is the checksum of the
 * bytes in hex where the store keeps it, else null.
 */
export interface ObjectHead {
  readonly etag: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly sha256: string | null;
}

/** An object with its bytes, which arrive while they are read. Cancel the stream when it is not read to its end. */
export interface ObjectBody extends ObjectHead {
  /** The Content-Range of a part, such as `bytes 0-99/5000`; `bytes` is then the length of the part. */
  readonly contentRange?: string;
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Thrown when the store refuses or fails. `code` is the store's own error code (such as `NoSuchBucket`),
 * or `Unreachable` when no answer came; `status` is then 0.
 */
export class ObjectsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ObjectsError";
    this.code = code;
    this.status = status;
  }
}

/** One bucket of an S3 store. No method retries: the caller knows how long it can wait. */
export interface Objects {
  /** Creates the bucket; fine when it is there already and is ours. */
  ensureBucket(): Promise<void>;
  /**
   * Stores the bytes under the key, over what was there. The store refuses them when they do not arrive as they were
   * sent (SHA-256). May take longer than other answers: a second more for each 100 kB.
   */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** What is known of the object, or null when there is none. */
  head(key: string): Promise<ObjectHead | null>;
  /** The object as a stream, or the part of it that a Range header such as `bytes=0-99` names; null when there is none. */
  get(key: string, range?: string): Promise<ObjectBody | null>;
  /** Deletes the object; fine when there is none. */
  remove(key: string): Promise<void>;
}

/** Opens a bucket. Connects to nothing until a method is called. */
export function openObjects(options: ObjectsOptions): Objects {
  const { accessKeyId, secretAccessKey, region } = options;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 0 });
  const base = `${options.endpoint.replace(/\/+$/, "")}/${options.bucket}`;

  async function request(method: string, key: string | null, init: RequestInit = {}, longerMs = 0): Promise<Response> {
    const url = key === null ? base : `${base}/${key.split("/").map(encodeURIComponent).join("/")}`;
    const controller = new AbortController();
    const timeoutMs = (options.timeoutMs ?? 30_000) + longerMs;
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      return await client.fetch(url, { ...init, method, signal: controller.signal });
    } catch (cause) {
      throw new ObjectsError(
        "Unreachable",
        0,
        `${method} ${url} got no answer (${reason(cause)}); expected an S3 server there. Check S3_ENDPOINT and that it runs.`,
        { cause },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async ensureBucket() {
      const response = await request("PUT", null);
      if (response.ok) return discard(response);
      const error = await errorOf(response, "PUT", base);
      if (error.code !== "BucketAlreadyOwnedByYou") throw error;
    },
    async put(key, bytes, contentType) {
      const headers = {
        "content-type": contentType,
        "content-length": String(bytes.byteLength),
        "x-amz-checksum-sha256": createHash("sha256").update(bytes).digest("base64"),
      };
      const body = bytes as Uint8Array<ArrayBuffer>;
      const response = await request("PUT", key, { body, headers }, bytes.byteLength / 100);
      if (!response.ok) throw await errorOf(response, "PUT", `${base}/${key}`);
      await discard(response);
    },
    async head(key) {
      const response = await request("HEAD", key, { headers: { "x-amz-checksum-mode": "ENABLED" } });
      if (response.status === 404) return null;
      if (!response.ok) throw await errorOf(response, "HEAD", `${base}/${key}`);
      return headOf(response);
    },
    async get(key, range) {
      const response = await request("GET", key, range === undefined ? {} : { headers: { range } });
      const contentRange = response.headers.get("content-range");
      if (response.ok && response.body)
        return { ...headOf(response), body: response.body, ...(contentRange !== null && { contentRange }) };
      const error = await errorOf(response, "GET", `${base}/${key}`);
      if (error.code === "NoSuchKey") return null;
      throw error;
    },
    async remove(key) {
      const response = await request("DELETE", key);
      if (!response.ok && response.status !== 404) throw await errorOf(response, "DELETE", `${base}/${key}`);
      await discard(response);
    },
  };
}

const SHA256_BASE64 = /^[A-Za-z0-9+/]{43}=$/;

function headOf(response: Response): ObjectHead {
  const checksum = response.headers.get("x-amz-checksum-sha256");
  return {
    etag: response.headers.get("etag") ?? "",
    bytes: Number(response.headers.get("content-length") ?? 0),
    contentType: response.headers.get("content-type") ?? "application/octet-stream",
    sha256: checksum !== null && SHA256_BASE64.test(checksum) ? Buffer.from(checksum, "base64").toString("hex") : null,
  };
}

async function errorOf(response: Response, method: string, url: string): Promise<ObjectsError> {
  const text = await response.text();
  const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? `Http${response.status}`;
  const detail = /<Message>([^<]+)<\/Message>/.exec(text)?.[1] ?? response.statusText;
  return new ObjectsError(
    code,
    response.status,
    `${method} ${url} was refused with ${response.status} ${code}: ${detail}`,
  );
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}` : message;
}
