import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { startKubernetes } from "#lib/testing/kubernetes.ts";

// The build action behind :openapi_documents.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("expected one argument, the folder to write");

const plane = await startKubernetes();
try {
  const index = JSON.parse((await plane.request("GET", "/openapi/v3")).body) as { paths: Record<string, unknown> };
  const versions = Object.keys(index.paths).filter((name) => /^(api|apis\/[^/]+)\/v\w+$/.test(name));
  if (versions.length === 0) throw new Error("the server lists no API version below /openapi/v3");
  await mkdir(folder, { recursive: true });
  for (const version of versions) {
    const answer = await plane.request("GET", `/openapi/v3/${version}`);
    if (answer.status !== 200)
      throw new Error(`/openapi/v3/${version}: expected status 200, received ${answer.status}`);
    await writeFile(path.join(folder, `${version.replaceAll("/", "_")}.json`), answer.body);
  }
} finally {
  await plane.close();
}
