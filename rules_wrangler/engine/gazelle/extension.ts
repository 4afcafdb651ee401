import { posix } from "node:path";
import { type Configuration, readConfiguration } from "../config/read.ts";
import type { Config, Directory, Folder, Generated, Rule, RuleView } from "./shape.ts";

/** What wrangler looks for, in its order. */
const configurations = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];
const kinds = ["wrangler_pages", "wrangler_worker"];
const label = /^(@[\w.-]*)?(\/\/[\w./-]*)?(:[\w./-]+)?$/;

/**
 * Writes a `wrangler_pages` or a `wrangler_worker` into each folder that has a wrangler configuration and a `site`
 * target, or a site that a directive names. The shape is the one of the Gazelle that loads it.
 */
export const extension = {
  name: "wrangler",
  kinds: {
    wrangler_pages: { matchAny: true, nonEmptyAttrs: [], mergeableAttrs: ["config"], resolveAttrs: [] },
    wrangler_worker: { matchAny: true, nonEmptyAttrs: [], mergeableAttrs: ["config"], resolveAttrs: [] },
  },
  loads: [{ from: "@rules_wrangler//:defs.bzl", kinds }],
  directives: ["wrangler", "wrangler_site"],
  configure,
  generate,
  imports: () => [],
  resolve: () => ({ attrs: {}, problems: [] }),
};

function configure(parent: Config | undefined, { directives, report }: Folder): Config {
  // A site is named for one folder; only the switch is inherited.
  let config: Config = { wrangler: parent?.wrangler ?? true, site: undefined };
  for (const directive of directives) {
    const { key, value } = directive;
    if (key === "wrangler" && (value === "enabled" || value === "disabled")) {
      config = { ...config, wrangler: value === "enabled" };
    } else if (key === "wrangler") {
      report(directive, 'no such setting; write "# gazelle:wrangler enabled|disabled"');
    } else if (key === "wrangler_site" && value !== "" && label.test(value)) {
      config = { ...config, site: value };
    } else if (key === "wrangler_site") {
      report(directive, 'no label; write "# gazelle:wrangler_site <label>", the target that makes the site\'s folder');
    }
  }
  return config;
}

function generate({ config, defaultVisibility, files, path, repository, rules }: Directory): Generated {
  const present = rules.filter(({ kind }) => kinds.includes(kind));
  const found = configurations.filter((name) => files.includes(name));
  if (!config.wrangler || found.length === 0) {
    return {
      rules: [],
      empty: present.filter((rule) => configurations.includes(rule.text("config") ?? "wrangler.jsonc")),
    };
  }
  const file = found[0]!;
  const problem = (line: number, message: string): Generated => {
    return { rules: [], empty: [], problems: [{ file: posix.join(path, file), line, message }] };
  };
  if (found.length > 1)
    return problem(1, `there is ${found.slice(1).join(" and ")} too; wrangler reads ${file}. Delete the others`);
  const read = readConfiguration(file, repository.read(posix.join(path, file)));
  if ("faults" in read) return problem(read.faults[0]!.line, read.faults[0]!.message);
  const site = siteOf(config, rules);
  if (site === undefined) return { rules: [], empty: [] };
  if (site instanceof Error) return problem(1, site.message);
  const kind = kindOf(read);
  const other = present.find((rule) => rule.kind !== kind);
  if (other !== undefined)
    return problem(1, `is that of a ${kind}, but :${other.name} is a ${other.kind}; write ${kind} there`);
  const headers = rules.find((one) => one.kind === "security_headers");
  const rule: Rule = {
    kind,
    name: present[0]?.name ?? "deploy",
    attrs: {
      config: file === "wrangler.jsonc" ? [] : file,
      headers: headers === undefined ? [] : `:${headers.name}`,
      site,
      visibility: defaultVisibility,
    },
  };
  return { rules: [rule], empty: [] };
}

function kindOf({ value }: Configuration): string {
  return value["pages_build_output_dir"] === undefined ? "wrangler_worker" : "wrangler_pages";
}

function siteOf({ site }: Config, rules: readonly RuleView[]): string | Error | undefined {
  if (site !== undefined) return site;
  const sites = rules.filter(({ kind }) => kind === "site");
  if (sites.length < 2) return sites[0] && `:${sites[0].name}`;
  const names = sites.map(({ name }) => `:${name}`).join(" and ");
  return new Error(`${names} are sites; say which one is published: "# gazelle:wrangler_site <label>"`);
}
