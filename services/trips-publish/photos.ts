import { preparePhoto } from "#lib/photos/prepare.ts";
import type { Outcome } from "#lib/photos/publish.ts";
import { type PhotoOptions, type PhotosCommand, readPhotoOptions, type RunOptions } from "./command.ts";
import type { Destination } from "./connect.ts";
import { EXIT } from "./help.ts";
import { type Result, runImport } from "./importer.ts";
import { openOrigins, type Origins } from "./origin.ts";
import type { Report } from "./report.ts";
import { listPictures } from "./scan.ts";
import type { FoundFile, Item, Journal } from "./store.ts";

/** What publishing photos works with. */
export interface PhotosDeps {
  readonly journal: Journal;
  readonly publish: Destination["publish"];
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Publishes the photos of folders. Returns the exit status. */
export async function publishPhotos(command: PhotosCommand, deps: PhotosDeps): Promise<number> {
  const { journal, report } = deps;
  const options = JSON.stringify(command.photo);
  const files: FoundFile[] = [];
  let added = 0;
  for (const folder of command.folders) {
    for await (const listing of listPictures(folder, command.all)) {
      for (const { path, message } of listing.unreadable) report.note(`left out  ${path}: ${message}`);
      files.push(...listing.files);
      added += journal.add(listing.files, options);
      report.found(added);
      if (deps.signal.aborted) return EXIT.interrupted;
    }
  }
  if (added < files.length) report.note(`${files.length - added} of ${files.length} files are in the journal already`);
  const known = new Map([[options, await originsOf(command.photo, files, command.run.mostBytes)]]);
  if (known.get(options)?.found) report.note(known.get(options)!.found!);
  return runJournal(deps, command.run, known);
}

/** Works on what the journal holds, with the options of each import. Returns the exit status. */
export async function runJournal(
  deps: PhotosDeps,
  run: RunOptions,
  known = new Map<string, Origins>(),
): Promise<number> {
  const { journal, report, signal } = deps;
  const totals: Record<Result["kind"], number> = { published: 0, duplicate: 0, aside: 0, later: 0 };
  const originOf = async (item: Item) => {
    let origins = known.get(item.options);
    if (!origins) {
      const files = journal.pathsOf(item.options);
      origins = await originsOf(
        readPhotoOptions(item.options),
        files.map((path) => ({ path })),
        run.mostBytes,
      );
      known.set(item.options, origins);
    }
    return origins.originOf(item);
  };
  const onResult = (result: Result) => {
    totals[result.kind]++;
    report.result(result);
  };
  await runImport({ ...deps, ...run, originOf, now: Date.now, onResult }, signal);
  const { pending, working } = journal.counts();
  report.end({
    published: totals.published,
    duplicates: totals.duplicate,
    "kept aside": totals.aside,
    waiting: pending + working,
  });
  if (signal.aborted) return EXIT.interrupted;
  if (pending > 0) return EXIT.later;
  return totals.aside > 0 ? EXIT.aside : EXIT.done;
}

/** Says what a picture would become, without a store or a stream. */
export const trial: Destination["publish"] = async (bytes, origin): Promise<Outcome> => {
  const prepared = await preparePhoto(bytes, origin, Date.now());
  if (prepared.kind === "aside") return { ...prepared, key: null };
  return { kind: "published", photo: prepared.photo, published: { seq: 0, duplicate: false }, stored: "new" };
};

function originsOf(photo: PhotoOptions, files: readonly { path: string }[], mostBytes: number): Promise<Origins> {
  return openOrigins(
    photo,
    files.map(({ path }) => path),
    "import",
    mostBytes,
  );
}
