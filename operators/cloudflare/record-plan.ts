import { type RecordBatch, type RecordSpec, tunnelTarget, type Zone } from "./api/types.ts";
import { type Mark, markText, txtName } from "./marks.ts";
import { hashOnRecord, isOwnRecord, type Placed, type World } from "./world.ts";

/** Changes to the records of one zone, all or none. */
export interface RecordChange {
  readonly kind: "records";
  readonly zone: Zone;
  readonly hostname: string;
  readonly batch: Required<Pick<RecordBatch, "deletes" | "puts" | "posts">>;
}

/** What marks a DNS record: its comment, or a TXT record beside it too. */
export type Ownership = "comment" | "comment+txt";

/** Brings the records of a hostname, which is in a zone, to what they are to be: what is there is adopted, what is too much goes, also from zones that do not answer for the hostname. */
export function recordsFor(hostname: string, mark: Mark, world: World, ownership: Ownership): RecordChange[] {
  const zone = world.zoneOf(hostname)!;
  const comment = markText(mark);
  const wanted: RecordSpec[] = [
    { type: "CNAME", name: hostname, content: tunnelTarget(world.identity.tunnel.id), proxied: true, ttl: 1, comment },
  ];
  if (ownership === "comment+txt")
    wanted.push({ type: "TXT", name: txtName(hostname), content: `"${comment}"`, proxied: false, ttl: 1, comment });
  const own = ownRecords(hostname, world);
  const spare = own.filter((placed) => placed.zone.id === zone.id);
  const strays = own.filter((placed) => placed.zone.id !== zone.id);
  const puts: Required<RecordBatch>["puts"][number][] = [];
  const posts: RecordSpec[] = [];
  for (const spec of wanted) {
    const same = spare.findIndex(({ record }) => record.type === spec.type && record.name === spec.name);
    const [found] = same < 0 ? [] : spare.splice(same, 1);
    if (found === undefined) posts.push(spec);
    else if (!isSame(found.record, spec)) puts.push({ id: found.record.id, ...spec });
  }
  const deletes = spare.map(({ record }) => record.id);
  const isChanged = deletes.length + puts.length + posts.length > 0;
  return [
    ...deletionOf(hostname, strays),
    ...(isChanged ? [{ kind: "records", zone, hostname, batch: { deletes, puts, posts } } as const] : []),
  ];
}

/** Deletes what carries a hash among the records of a hostname. */
export const removalOfRecords = (hostname: string, hash: string, world: World): RecordChange[] =>
  deletionOf(
    hostname,
    ownRecords(hostname, world).filter(({ record }) => hashOnRecord(record) === hash),
  );

/** The record of somebody else that stands where the hostname's own is to be. */
export function foreignRecord(hostname: string, world: World): Placed | undefined {
  const zone = world.zoneOf(hostname);
  return world
    .recordsAt(hostname)
    .find(
      (placed) =>
        placed.zone.id === zone?.id &&
        ["A", "AAAA", "CNAME"].includes(placed.record.type) &&
        !isOwnRecord(world.identity, placed.record),
    );
}

function deletionOf(hostname: string, placed: readonly Placed[]): RecordChange[] {
  const byZone = Map.groupBy(placed, ({ zone }) => zone.id);
  return [...byZone.values()].map((some) => ({
    kind: "records",
    zone: some[0]!.zone,
    hostname,
    batch: { deletes: some.map(({ record }) => record.id), puts: [], posts: [] },
  }));
}

const ownRecords = (hostname: string, world: World): Placed[] =>
  [
    ...world.recordsAt(hostname).filter(({ record }) => record.type !== "TXT"),
    ...world.recordsAt(txtName(hostname)),
  ].filter(({ record }) => isOwnRecord(world.identity, record));

const isSame = (record: RecordSpec, spec: RecordSpec): boolean =>
  record.content === spec.content &&
  record.proxied === spec.proxied &&
  record.ttl === spec.ttl &&
  record.comment === spec.comment;
