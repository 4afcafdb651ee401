import { styleText } from "node:util";
import type { App, Entry, Report, Warning } from "./report.ts";
import { count, type Line, type Part, plain, plainPart } from "./say.ts";
import { appTitle, entryTitle, several, summary } from "./words.ts";

/** How text is shown. */
export interface Look {
  readonly colour: boolean;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const width = 110;
const longest = 24;

/** The report for a terminal or a log: a paragraph for each application, dangers first. */
export function textOf(report: Report, { colour }: Look): string {
  const paint: Paint = (style, text) =>
    colour && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  const blocks = report.apps.map((app) => appText(app, paint));
  const warnings = report.warnings.map((warning) => warningText(warning, paint));
  const dangers =
    warnings.length === 0
      ? []
      : [`${paint(["bold", "red"], `${count(warnings.length, "danger")}:`)}\n${warnings.join("\n")}`];
  return `${[`${report.base} → ${report.head}`, ...dangers, ...blocks, paint("bold", summary(report))].join("\n\n")}\n`;
}

function warningText({ entry, line, danger }: Warning, paint: Paint): string {
  const where = appTitle(entry);
  const what = line === undefined ? "removed" : plain(line);
  return `  ${paint("red", "!")} ${where === "" ? "" : `${where}: `}${entryTitle(entry)} ${what} ${paint("red", `(${danger})`)}`;
}

function appText(app: App, paint: Paint): string {
  const heading = appTitle(app) || "manifests";
  const verb =
    app.action === "changed" ? "" : app.action === "added" ? paint("green", " (new)") : paint("red", " (removed)");
  const common = app.common.map(({ line, entries }) => {
    const shown = `  ${paint("dim", `${count(entries.length, "resource")} (${several(entries)}):`)} ${partsText(line.parts, paint)}`;
    return [shown, ...detailsOf(line, paint)].join("\n");
  });
  return [`${paint("bold", heading)}${verb}`, ...app.entries.map((entry) => entryText(entry, paint)), ...common].join(
    "\n",
  );
}

function entryText(entry: Entry, paint: Paint): string {
  const former = entry.formerName === undefined ? "" : ` (was ${entry.formerName})`;
  const restarts = entry.restarts ? paint("dim", " (restarts)") : "";
  const title = `  ${paint("bold", entryTitle(entry))}${former}${restarts}`;
  if (entry.action === "removed" && entry.lines.length === 0) return `${title} ${paint("red", "removed")}`;
  const verb = entry.action === "changed" ? "" : ` ${paint(entry.action === "added" ? "green" : "red", entry.action)}`;
  const phrases = entry.lines.map(
    (line) => `${line.danger === undefined ? "" : paint("red", "! ")}${partsText(line.parts, paint)}`,
  );
  if (phrases.length === 0) return `${title}${verb || " has another name"}`;
  const separator = entry.lines.some((line) => plain(line).includes(",")) ? "; " : ", ";
  const oneLine =
    [title.length, ...entry.lines.map((line) => plain(line).length + 2)].reduce((sum, length) => sum + length) <= width;
  const hasDetails = entry.lines.some(({ details }) => details !== undefined && details !== "");
  if (oneLine && !hasDetails) return `${title}${verb}: ${phrases.join(separator)}`;
  return [
    `${title}${verb}`,
    ...entry.lines.flatMap((line, n) => [`    ${phrases[n]}`, ...detailsOf(line, paint)]),
  ].join("\n");
}

function detailsOf({ details }: Line, paint: Paint): string[] {
  if (details === undefined || details === "") return [];
  const all = details.split("\n");
  const shown = all.length > longest ? all.slice(0, longest - 1) : all;
  const rest = all.length - shown.length;
  const style = (line: string): Style => (line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim");
  return [
    ...shown.map((line) => `      ${paint(style(line), printable(line))}`),
    ...(rest > 0 ? [`      ${paint("dim", `… ${count(rest, "more line")}`)}`] : []),
  ];
}

function partsText(parts: readonly Part[], paint: Paint): string {
  return parts
    .map((part) => {
      const text = printable(plainPart(part));
      return typeof part === "string" || "it" in part ? text : paint("was" in part ? "red" : "green", text);
    })
    .join("");
}

/** Manifests are somebody's text: nothing in them moves the cursor. */
function printable(text: string): string {
  const cut = text.length > 300 ? `${text.slice(0, 299)}…` : text;
  return cut.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === "\t"
      ? "  "
      : character === "\r"
        ? ""
        : `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}
