import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "../command.ts";
import { readDefinitions } from "./definitions.ts";
import { readManifests } from "./files.ts";
import { isObject, type Json, type JsonObject } from "./schema.ts";
import { crdSchemas, openApiSchemas, schemaText } from "./schema-files.ts";

/** What schemas are made of, and where they go. Paths are relative to the working directory. */
export interface SchemasParams {
  readonly label: string;
  /** Files and folders with OpenAPI v3 documents of a kube-apiserver, as `kubectl get --raw /openapi/v3/apis/apps/v1` prints them. */
  readonly openapi: readonly string[];
  /** Files with CustomResourceDefinitions. */
  readonly crds: readonly string[];
  /** The folder that is written, laid out as `schemaPath` says. */
  readonly out: string;
}

/** Writes a JSON schema for every kind of OpenAPI documents and CustomResourceDefinitions: the same bytes for the same input. */
export const schemas: Command<SchemasParams> = async (params) => {
  const files = new Map<string, JsonObject>();
  for (const document of await readManifests(params.openapi, params.label)) {
    const value = JSON.parse(document.text) as Json;
    if (isObject(value)) for (const [name, schema] of openApiSchemas(value)) files.set(name, schema);
  }
  const metadata = files.get("v1/configmap_v1.json");
  for (const crd of await readDefinitions(params.crds, params.label))
    for (const [name, schema] of crdSchemas(crd.object, metadata)) files.set(name, schema);
  for (const [name, schema] of files) {
    await mkdir(path.dirname(path.join(params.out, name)), { recursive: true });
    await writeFile(path.join(params.out, name), schemaText(schema));
  }
  return 0;
};
