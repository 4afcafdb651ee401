import { expect, test } from "vitest";
import { readArguments } from "./cli.ts";
import type { Command } from "./command.ts";
import { helpText } from "./help.ts";

const read = (...argv: string[]) => readArguments(argv, "/home/me");
const command = (...argv: string[]): Command => {
  const result = read(...argv);
  if (!result.ok) throw new Error(result.message);
  return result.command;
};
const problem = (...argv: string[]): string => {
  const result = read(...argv);
  return result.ok ? "none" : result.message;
};

test("photos takes folders from where the person stands, and what is told of them", () => {
  expect(command("photos", "a", "/b", "--camera", "one", "--tag", "car", "--tag", "rain", "--zone", "+02:00")).toEqual({
    name: "photos",
    folders: ["/home/me/a", "/b"],
    photo: { camera: "one", trip: null, tags: ["car", "rain"], zone: "+02:00", tracks: [], offset: 0, elevation: [] },
    run: { concurrency: 2, tries: 5, mostBytes: 512 * 1024 * 1024 },
    dryRun: false,
    all: false,
  });
});

test("a track places photos, with an offset that is told or found", () => {
  const photo = (...argv: string[]) => (command("photos", "a", "--track", "t.gpx", ...argv) as { photo: object }).photo;
  expect(photo("--offset", "auto")).toMatchObject({ tracks: ["/home/me/t.gpx"], offset: "auto" });
  expect(photo("--offset=-3600.5")).toMatchObject({ offset: -3600.5 });
});

test("elevation comes from folders and services, in the order that is told", () => {
  expect(command("photos", "a", "--elevation", "hgt", "--elevation", "https://heights.example/lookup")).toMatchObject({
    photo: { elevation: ["/home/me/hgt", "https://heights.example/lookup"] },
  });
});

test("a command line that is wrong says what was expected", () => {
  expect(problem("photo")).toContain('no command "photo"');
  expect(problem("constructor")).toContain("no command");
  expect(problem("photos")).toContain("a folder of photos");
  expect(problem("photos", "a", "--zone", "Narnia")).toContain("Europe/London");
  expect(problem("photos", "a", "--camera", "a.b")).toContain("letters, digits");
  expect(problem("photos", "a", "--concurrency", "0")).toContain("from 1 to 16");
  expect(problem("photos", "a", "--concurrency", "")).toContain("from 1 to 16");
  expect(problem("photos", "a", "--offset", "soon", "--track", "t")).toContain("auto, or seconds");
  expect(problem("photos", "a", "--offset", "5")).toContain("needs --track");
  expect(problem("photos", "a", "--nope")).toContain("--nope");
  expect(problem("watch", "a", "b")).toContain("one folder");
  expect(problem("watch", "a", "--track", "t", "--offset", "auto")).toContain("in seconds");
  expect(problem("export", "north", "--format", "pdf")).toContain("gpx, geojson, kml, html");
  expect(problem("export", "../x")).toContain("letters, digits");
  expect(problem("delete")).toContain("the id of a point");
  expect(problem("trip", "set", "north", "--title", "North")).toContain("--from");
  expect(problem("trip", "set", "north", "--title", "North", "--from", "May")).toContain("2026-05-01T00:00:00Z");
});

test("a trip's instants become UTC", () => {
  expect(
    command("trip", "set", "n", "--title", "N", "--from", "2026-05-01", "--to", "2026-05-02T12:00:00+02:00"),
  ).toMatchObject({
    from: "2026-05-01T00:00:00.000Z",
    to: "2026-05-02T10:00:00.000Z",
  });
});

test("help is there for all and for each command", () => {
  expect(command("--help")).toEqual({ name: "help", of: null });
  for (const name of ["photos", "watch", "status", "retry", "import", "export", "delete", "trip"]) {
    expect(command(name, "--help")).toEqual({ name: "help", of: name });
    expect(helpText(name)).toContain(`trips-publish ${name}`);
    expect(helpText(null)).toContain(`trips-publish ${name}`);
  }
});
