// Behind `bazel run` of oci_push: pushes by digest, so that nothing half-pushed has a tag, then tags.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { die, topManifest } from "./layout.mjs";

const [runfiles, settingsJson, ...argv] = process.argv.slice(2);
const settings = JSON.parse(settingsJson);
const read = (path) => readFileSync(join(runfiles, path), "utf8");

/** The caller's arguments: what goes to every call of crane, what to `crane push` only, the repository and the tags. */
function parse(args) {
  const parsed = {
    everywhere: [],
    push: [],
    tags: [],
    repository: settings.repositoryFile ? read(settings.repositoryFile).trim() : settings.repository,
  };
  for (let i = 0; i < args.length; i++) {
    const [, flag, inline] = /^(--[a-z-]+)=(.*)$/s.exec(args[i]) ?? [null, args[i], undefined];
    const value = () => inline ?? args[++i] ?? die(`oci_push: ${flag} needs a value`);
    if (["-r", "--repository"].includes(flag)) parsed.repository = value();
    else if (["-t", "--tag"].includes(flag)) parsed.tags.push(value());
    else if (flag === "--platform") parsed.everywhere.push("--platform", value());
    else if (["--allow-nondistributable-artifacts", "--insecure", "-v", "--verbose"].includes(flag))
      parsed.everywhere.push(flag);
    else parsed.push.push(args[i]);
  }
  return parsed;
}

function crane(...args) {
  const { status, error } = spawnSync(join(runfiles, settings.crane), args, { stdio: "inherit" });
  if (error) die(`oci_push: crane does not start: ${error.message}`);
  if (status !== 0) die(`oci_push: \`crane ${args.join(" ")}\` ended with status ${status}; its message stands above`);
}

if (!settings.crane) {
  die(
    "oci_push: no crane is registered: declare a crane_toolchain (@rules_oci//oci:toolchain.bzl) of type " +
      "@rules_oci//oci:crane_toolchain_type and name it in register_toolchains",
  );
}
const { everywhere, push, tags, repository } = parse(argv);
if (!repository) die("oci_push: no repository: pass -r REPOSITORY, or set `repository`");
const image = join(runfiles, settings.image);
const reference = `${repository}@${topManifest(image).digest}`;
crane("push", ...everywhere, image, reference, ...push);
for (const tag of [...tags, ...(settings.tags ? read(settings.tags).split(/\s+/).filter(Boolean) : [])])
  crane("tag", ...everywhere, reference, tag);
