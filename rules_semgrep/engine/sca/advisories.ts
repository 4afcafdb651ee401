import type { Advisory } from "./advisory.ts";
import { broken, list, type Parsed, parseYaml, record } from "./document.ts";
import { readOsv } from "./osv.ts";
import type { Source } from "./read.ts";
import { readSemgrepAdvisory } from "./semgrep-advisory.ts";

/**
 * Reads files of advisories: rules of semgrep (`rules: [...]`), or OSV records, one, a list of them, or `{"vulns": [...]}`; as JSON or YAML.
 * Two of one id about one package are refused; what was withdrawn is left out.
 *
 * @throws Refusal that names the file
 */
export function readAdvisories(sources: readonly Source[]): Advisory[] {
  const seen = new Map<string, string>();
  return sources.flatMap((source) => {
    const found = advisoriesIn(source);
    for (const { id, affected } of found) {
      for (const key of new Set(affected.map(({ ecosystem, name }) => `${id} about ${name} of ${ecosystem}`))) {
        const before = seen.get(key);
        if (before !== undefined) {
          throw broken(source.file, undefined, `${key} is there twice, also in ${before}`, "List one of the two only.");
        }
        seen.set(key, source.file);
      }
    }
    return found;
  });
}

function advisoriesIn({ text: source, file }: Source): Advisory[] {
  const { value, lineOf } = file.endsWith(".json") ? plainJson(source, file) : parseYaml(source, file);
  const { rules, vulns } = record(value);
  if (rules !== undefined) {
    const all = list(rules);
    if (all.length === 0) throw broken(file, 1, "`rules` is empty", "Is it cut off?");
    return all.map((rule, index) => readSemgrepAdvisory(rule, file, `${file}:${lineOf(["rules", index])}`));
  }
  const records = Array.isArray(value) ? value : vulns === undefined ? [value] : list(vulns);
  if (records.length === 0) throw broken(file, 1, "it holds no advisory", "Is it cut off?");
  return records.flatMap((each) => readOsv(each, file) ?? []);
}

// Databases are large: without lines it takes a tenth of the time.
function plainJson(source: string, file: string): Parsed {
  try {
    return { value: JSON.parse(source) as unknown, lineOf: () => 1 };
  } catch (error) {
    throw broken(file, undefined, `it is not JSON (${(error as Error).message})`, "Is it cut off? Fetch it again.");
  }
}
