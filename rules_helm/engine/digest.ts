import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { chartFolder, unpack } from "./archive.ts";
import type { Command } from "./command.ts";
import { Struct, goJson } from "./go-json.ts";

/** Which archive, and where its digest is written to. */
export interface DigestParams {
  readonly archive: string;
  readonly out: string;
}

/** Writes the digest that `helm push` gives a chart in a registry, without a registry. */
export const digest: Command<DigestParams> = async ({ archive, out }) => {
  const bytes = readFileSync(archive);
  const files = await unpack(bytes);
  const meta = parse(files.get(`${chartFolder(files)}/Chart.yaml`)?.toString() ?? "", { version: "1.1" }) as Meta;
  writeFileSync(out, sha256(manifest(meta, bytes)));
  return 0;
};

/** Chart.yaml as helm has normalised it. */
export interface Meta {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly home?: string;
  readonly sources?: readonly string[];
  readonly maintainers?: readonly { readonly name: string; readonly email?: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const chartFields =
  "name home sources version description keywords maintainers icon apiVersion condition tags appVersion deprecated annotations kubeVersion dependencies type";
const dependencyFields = "name version repository condition tags enabled import-values alias";

/** The OCI manifest that helm makes of a chart: fields stand in the order of its structs. */
export function manifest(meta: Meta, archive: Buffer): string {
  const config = goJson(struct(meta, chartFields, { maintainers: "name email url", dependencies: dependencyFields }));
  return goJson(
    new Struct([
      ["schemaVersion", 2],
      ["config", descriptor("application/vnd.cncf.helm.config.v1+json", Buffer.from(config))],
      ["layers", [descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", archive)]],
      ["annotations", annotations(meta)],
    ]),
  );
}

function descriptor(mediaType: string, bytes: Buffer): Struct {
  return new Struct([
    ["mediaType", mediaType],
    ["digest", sha256(bytes)],
    ["size", bytes.length],
  ]);
}

function struct(value: object, order: string, inner: Readonly<Record<string, string>> = {}): Struct {
  const fields = value as Readonly<Record<string, unknown>>;
  const shaped = (name: string): unknown => {
    const [field, shape] = [fields[name], inner[name]];
    return shape === undefined || !Array.isArray(field) ? field : field.map((one: object) => struct(one, shape));
  };
  return new Struct(order.split(" ").map((name) => [name, shaped(name)]));
}

function annotations(meta: Meta): Record<string, string> {
  const authors = (meta.maintainers ?? []).map(({ name, email }) => (email ? `${name} (${email})` : name));
  const ours = {
    title: meta.name,
    version: meta.version,
    description: meta.description,
    url: meta.home,
    created: "1980-01-01T00:00:00Z",
    source: meta.sources?.[0],
    authors: authors.join(", "),
  };
  const own = Object.entries(meta.annotations ?? {}).filter(([key]) => !reserved.includes(key));
  const said = Object.entries(ours).filter(([, value]) => (value ?? "").trim() !== "");
  return Object.fromEntries([...said.map(([key, value]) => [prefix + key, value]), ...own]) as Record<string, string>;
}

const prefix = "org.opencontainers.image.";
const reserved = [`${prefix}title`, `${prefix}version`];

function sha256(bytes: Buffer | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
