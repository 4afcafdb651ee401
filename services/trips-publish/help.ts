/** Exit statuses of all commands. */
export const EXIT = { done: 0, failed: 1, environment: 2, aside: 3, usage: 64, later: 75, interrupted: 130 } as const;

const GENERAL = `Publishes photos and tracks to trips: the pictures to the object store, then the events to the stream.

  trips-publish photos <folder…>      publishes photos that know where and when they were taken
  trips-publish watch <folder>        does so with whatever arrives in a folder, until it is stopped
  trips-publish status                what is done, what waits, and what was kept aside and why
  trips-publish retry                 tries again what was kept aside or waits
  trips-publish import <file…>        publishes tracks: GPX, GeoJSON, KML, KMZ, FIT, Google Timeline, OwnTracks
  trips-publish export <trip>         writes a trip: gpx, geojson, kml, or html (one file that opens without a server)
  trips-publish delete <id…>          takes points away for good
  trips-publish trip set <id> …       names a trip and its time;  trip remove <id>  takes the name away

  --json         one JSON object a line on standard output, instead of words
  --env FILE     variables from a file, for what the environment does not say
  --help         behind a command: its options

Variables: NATS_URL, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY (or the file that <NAME>_FILE names), S3_BUCKET,
S3_REGION, TRIPS_API_URL (export), STATE_DIR (the journal). The platform of //:up on this machine is found by itself.

Exit status: 0 all done, 1 failed, 2 the environment is wrong, 3 done but some was kept aside, 64 the command line is wrong,
75 the store or the stream was away: the same command again goes on where this one stopped, 130 interrupted.
`;

const RUN = `  --concurrency N   files in memory at once (2)
  --tries N         attempts at a file before it is left for another run (5)
  --max-mib N       the largest file that is taken (512)
`;

const PHOTO = `  --camera NAME     what the camera is called (import)
  --trip ID         the trip that they belong to, whatever their time
  --tag TAG         may be repeated
  --zone ZONE       zone of local times without an offset, such as Europe/London (else that of the place)
  --track FILE      places photos without GPS by their time on a track; may be repeated
  --offset S|auto   seconds to add to the camera's clock for that; auto finds them
  --elevation FROM  folder with HGT tiles or URL of a service (Open-Elevation), for places without; may be repeated
`;

const COMMANDS: Readonly<Record<string, string>> = {
  photos: `trips-publish photos <folder or file…> [options]

Publishes every picture below the folders, once: hidden files (._* too), links and equal pictures are left out. A journal
remembers what was done; a run that was stopped goes on where it was. What cannot become a point is kept aside, see status.

${PHOTO}${RUN}  --all             looks at all files, not only at those with a picture's name
  --dry-run         only says what would be done
`,
  watch: `trips-publish watch <folder> [options]

Publishes what arrives in the folder once it has not changed for two seconds, until it is stopped. Answers /healthz, /readyz,
/metrics and /api/journal on HOST and PORT (127.0.0.1, 8085).

${PHOTO}${RUN}`,
  status: `trips-publish status [--limit N]

Counts by state, and the first N (50) files that wait or were kept aside, each with its reason.
`,
  retry: `trips-publish retry [--reason REASON] [options]

Tries again what was kept aside (for one reason, if told) or waits, with the options of its import.

${RUN}`,
  import: `trips-publish import <file…> [options]

Publishes the places of tracks as points without pictures. Places without a time are left out.

  --camera NAME     what the receiver is called (track)
  --trip ID         the trip that they belong to
  --tag TAG         may be repeated
  --every S         leaves out places less than S seconds after the last one
  --elevation FROM  folder with HGT tiles or URL of a service (Open-Elevation), for places without; may be repeated
  --dry-run         only says what would be done
`,
  export: `trips-publish export <trip> [--format gpx|geojson|kml|html] [--out FILE]

Writes a trip to a file, or to standard output. html is one file with the map, days, profile, figures and photos.
`,
  delete: `trips-publish delete <id…> [--dry-run]

Publishes a tombstone for each point. It cannot be undone: the same picture will not come back.
`,
  trip: `trips-publish trip set <id> --title TEXT --from INSTANT [--to INSTANT] [--camera NAME]…
trips-publish trip remove <id>

Points whose time lies in the window (and whose camera is one of those that are told) belong to the trip.
`,
};

/** The text of `--help`, of all or of one command. */
export function helpText(of: string | null): string {
  return (of !== null && Object.hasOwn(COMMANDS, of) ? COMMANDS[of] : undefined) ?? GENERAL;
}
