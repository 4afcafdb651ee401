import type { App, Entry, Report, Warning } from "./report.ts";
import { count, type Line, type Part, plainPart } from "./say.ts";
import { appTitle, entryTitle, several, summary } from "./words.ts";

/** The first line of a comment, by which the next run finds the comment to replace. */
export const marker = "<!-- manifests-diff -->";

/** GitHub's limit for the text of a comment, in characters. */
export const commentLimit = 65_536;

/** What a comment is made for. */
export interface Comment {
  /** What shows the whole difference. */
  readonly command: string;
  readonly limit?: number;
}

/**
 * The report as a comment on a pull request: dangers, a table of applications, and their details folded.
 * What does not fit into `limit` characters is left out from the end, with a notice that says so.
 */
export function markdownOf(report: Report, { command, limit = commentLimit }: Comment): string {
  const head = [marker, "## What changes in the cluster", "", summary(report)];
  const total = report.counts.added + report.counts.changed + report.counts.removed;
  const from = `<sub>${escape(report.base)} → ${escape(report.head)}</sub>`;
  if (total === 0) return `${[...head, "", from].join("\n")}\n`;
  const blocks = [
    ...warnings(report.warnings),
    ...table(report.apps),
    ...report.apps.map((app) => [details(app, report.apps.length === 1)]),
  ];
  return fitted(
    head.join("\n"),
    blocks.map((block) => block.join("\n")),
    `\n${from}\n`,
    limit,
    command,
  );
}

function fitted(head: string, blocks: readonly string[], foot: string, limit: number, command: string): string {
  const notice = `> [!NOTE]\n> This comment has no room for more. The whole difference: \`${command}\`\n`;
  let text = head;
  for (const [n, block] of blocks.entries()) {
    const last = n === blocks.length - 1;
    const room = limit - text.length - foot.length - (last ? 0 : notice.length + 2) - 2;
    if (block.length <= room) text += `\n\n${block}`;
    else return `${text}\n\n${cutBlock(block, limit - text.length - foot.length - notice.length - 4)}${notice}${foot}`;
  }
  return `${text}\n${foot}`;
}

/** As many lines as there is room for, with everything that they opened closed again; "" where that is none. */
function cutBlock(block: string, room: number): string {
  const lines = block.split("\n");
  let kept = "";
  let best = "";
  let fence = "";
  let folds = 0;
  for (const line of lines) {
    kept += `${line}\n`;
    const marks = /^\s*(`{3,})/.exec(line)?.[1];
    if (marks !== undefined) fence = fence === "" ? marks : marks === fence ? "" : fence;
    if (fence === "" && line.startsWith("<details>")) folds += 1;
    if (fence === "" && line.startsWith("</details>")) folds -= 1;
    const closing = `${fence === "" ? "" : `${fence}\n`}${"\n</details>\n".repeat(folds)}\n`;
    if (kept.length + closing.length > room) break;
    best = kept + closing;
  }
  return best;
}

function warnings(found: readonly Warning[]): string[][] {
  if (found.length === 0) return [];
  const most = 25;
  const lines = found.slice(0, most).map(({ entry, line, danger }) => {
    const where = appTitle(entry);
    const what = line === undefined ? "removed" : parts(line.parts);
    return `> - **${escape(entryTitle(entry))}**${where === "" ? "" : ` (${escape(where)})`}: ${what} — ${escape(danger)}`;
  });
  const rest = found.length > most ? [`> - … and ${found.length - most} more, marked ⚠️ below`] : [];
  return [["> [!WARNING]", `> ${count(found.length, "change")} to look at twice`, ">", ...lines, ...rest]];
}

function table(apps: readonly App[]): string[][] {
  const named = apps.filter(({ app, overlay }) => app !== "" || overlay !== "");
  if (named.length < 2) return [];
  const overlays = named.some(({ overlay }) => overlay !== "");
  const dangers = (app: App) =>
    app.entries.reduce(
      (sum, entry) =>
        sum + (entry.danger === undefined ? 0 : 1) + entry.lines.filter(({ danger }) => danger !== undefined).length,
      0,
    );
  const rows = named.map((app) => {
    const { added, changed, removed } = app.counts;
    const cell = (number: number) => (number === 0 ? "" : String(number));
    const name =
      app.action === "changed" ? escape(app.app) : `${escape(app.app)} (${app.action === "added" ? "new" : "removed"})`;
    return `| ${[...(overlays ? [escape(app.overlay)] : []), name, cell(added), cell(changed), cell(removed), dangers(app) > 0 ? `⚠️ ${dangers(app)}` : ""].join(" | ")} |`;
  });
  const columns = [...(overlays ? ["Overlay"] : []), "Application", "Added", "Changed", "Removed", "Dangers"];
  const alignment = columns.map((column) => (["Added", "Changed", "Removed"].includes(column) ? "--:" : "---"));
  return [[`| ${columns.join(" | ")} |`, `| ${alignment.join(" | ")} |`, ...rows]];
}

function details(app: App, alone: boolean): string {
  const title = appTitle(app);
  const { added, changed, removed } = app.counts;
  const words = [
    added > 0 ? `${added} added` : "",
    changed > 0 ? `${changed} changed` : "",
    removed > 0 ? `${removed} removed` : "",
  ].filter((word) => word !== "");
  const body = [
    ...app.entries.map(entryOf),
    ...app.common.map(
      ({ line, entries }) =>
        `- ${count(entries.length, "resource")} (${escape(several(entries))}): ${parts(line.parts)}${fence(line, "  ")}`,
    ),
  ].join("\n");
  const summaryText = `<b>${html(title || "Manifests")}</b>: ${words.join(", ")}`;
  return `<details${alone ? " open" : ""}><summary>${summaryText}</summary>\n\n${body}\n\n</details>`;
}

function entryOf(entry: Entry): string {
  const former = entry.formerName === undefined ? "" : ` (was ${code(entry.formerName)})`;
  const notes = `${former}${entry.restarts ? " ↻ restarts its pods" : ""}`;
  const verb = entry.action === "changed" ? "" : ` ${entry.action}`;
  const mark = entry.danger === undefined ? "" : "⚠️ ";
  const heading = `- ${mark}**${escape(entryTitle(entry))}**${verb}${notes}`;
  const lines = entry.lines.map((line) => `${line.danger === undefined ? "" : "⚠️ "}${parts(line.parts)}`);
  if (entry.lines.length === 1 && (entry.lines[0]!.details ?? "") === "") return `${heading}: ${lines[0]}`;
  return [heading, ...entry.lines.map((line, n) => `  - ${lines[n]}${fence(line, "    ")}`)].join("\n");
}

function fence({ details }: Line, indent: string): string {
  if (details === undefined || details === "") return "";
  const most = 400;
  const all = details.split("\n");
  const shown = all.length > most ? [...all.slice(0, most), `… ${count(all.length - most, "more line")}`] : all;
  const ticks = "`".repeat(Math.max(3, ...[...details.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return ["", "", `${ticks}diff`, ...shown.map((line) => (line.length > 400 ? `${line.slice(0, 399)}…` : line)), ticks]
    .map((line) => (line === "" ? "" : `${indent}${line}`))
    .join("\n");
}

function parts(all: readonly Part[]): string {
  return all.map((part) => (typeof part === "string" ? escape(part) : code(plainPart(part)))).join("");
}

/** A code span that holds any text. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const ticks = "`".repeat(Math.max(1, ...[...line.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const space = line.startsWith("`") || line.endsWith("`") || line.trim() === "" ? " " : "";
  return `${ticks}${space}${line}${space}${ticks}`;
}

/** Text that Markdown shows as it is; mentions of people and issues do not become links. */
function escape(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/([@#])(?=[\w])/g, "$1\u200b");
}

function html(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\s+/g, " ")
    .replace(/@(?=\w)/g, "@\u200b");
}
