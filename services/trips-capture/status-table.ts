import type { Overview, PhotoLine } from "./overview.ts";
import type { CameraStatus } from "./session.ts";
import { STATES } from "./states.ts";
import type { Report } from "./store.ts";

/** The overview as text for a terminal. */
export function statusTable(overview: Overview, nowMs: number): string {
  const { states, reports, oldest } = overview;
  const counts = STATES.filter((state) => states[state] > 0).map((state) => `  ${state.padEnd(12)} ${states[state]}`);
  const lines = [
    overview.paused ? "PAUSED by the owner; `resume` lets it go on." : null,
    "Photos",
    ...(counts.length > 0 ? counts : ["  none yet"]),
    oldest ? `  oldest not published: ${photoText(oldest)}, for ${age(nowMs - Date.parse(oldest.since))}` : null,
    ...section("Waits after an error", overview.waiting),
    ...section("Kept aside", overview.failed),
    "",
    ...cameraLines(reports["camera"], nowMs),
    ...["nats", "s3"].map((name) => partLine(name, reports[name], nowMs)),
    ...Object.entries((reports["holds"]?.value as Record<string, string> | undefined) ?? {}).map(
      ([by, reason]) => `Held up by ${by}: ${reason}`,
    ),
  ];
  return `${lines.filter((line) => line !== null).join("\n")}\n`;
}

function section(title: string, photos: readonly PhotoLine[]): string[] {
  if (photos.length === 0) return [];
  return ["", title, ...photos.map((photo) => `  ${photoText(photo)}: ${photo.reason ?? "no reason"}`)];
}

const photoText = ({ id, folder, name, state }: PhotoLine) => `${id} ${folder}/${name} (${state})`;

function cameraLines(report: Report | undefined, nowMs: number): string[] {
  if (!report) return ["Camera: not asked yet"];
  const { mode, info, problem, vitals, verdict } = report.value as CameraStatus;
  const known = (value: number | null, unit: string) => (value === null ? "?" : `${value}${unit}`);
  const lines = [`Camera: ${mode}${info ? `, ${info.model}` : ""}, ${age(nowMs - report.atMs)} ago`];
  if (problem) lines.push(`  ${problem}`);
  if (vitals)
    lines.push(
      `  battery ${known(vitals.batteryPercent, " %")}, card ${vitals.storage} with ${known(vitals.freeKb === null ? null : Math.round(vitals.freeKb / 1024), " MB")} free,` +
        ` ${vitals.overheated ? "OVERHEATED" : "heat fine"}, satellites ${vitals.gpsLock === null ? "?" : vitals.gpsLock ? "yes" : "no"}`,
    );
  return [...lines, ...(verdict?.warnings ?? []).map((warning) => `  ! ${warning}`)];
}

function partLine(name: string, report: Report | undefined, nowMs: number): string {
  const label = name === "nats" ? "NATS" : "S3";
  if (!report) return `${label}: not asked yet`;
  const { ready, problem } = report.value as { ready: boolean; problem: string | null };
  return `${label}: ${ready ? "ready" : `waiting: ${problem}`}, since ${age(nowMs - report.atMs)}`;
}

/** A span of time in words: `42 s`, `5 min`, `3 h`, `2 d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
