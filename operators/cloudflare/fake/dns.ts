import { type Static, Type } from "typebox";
import { Refusal } from "./reply.ts";
import { bodyOf, paged, type Route, type RouteCall } from "./route.ts";
import { type FakeRecord, type FakeZone, having, hexId, lacking, type World } from "./world.ts";

const specSchema = Type.Object({
  type: Type.String({ minLength: 1 }),
  name: Type.String({ minLength: 1, maxLength: 255 }),
  content: Type.String({ minLength: 1 }),
  proxied: Type.Optional(Type.Boolean()),
  ttl: Type.Optional(Type.Union([Type.Literal(1), Type.Integer({ minimum: 60, maximum: 86_400 })])),
  comment: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 100 })])),
});
const identified = Type.Object({ id: Type.String({ minLength: 1 }) });
const patchSchema = Type.Intersect([identified, Type.Partial(specSchema)]);
const putSchema = Type.Intersect([identified, specSchema]);
const listOf = <Schema extends Parameters<typeof Type.Array>[0]>(schema: Schema) => Type.Optional(Type.Array(schema));
const batchSchema = Type.Object({
  deletes: listOf(identified),
  patches: listOf(patchSchema),
  puts: listOf(putSchema),
  posts: listOf(specSchema),
});
type Spec = Static<typeof specSchema>;

/** What a batch may hold on the free plan. */
const BATCH = 200;
const VALIDATION = 1004;
const addresses = ["A", "AAAA"];
const proxiable = [...addresses, "CNAME"];

/** Zones and their records. */
export const dnsRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/zones",
    run: (call) => {
      const name = call.query.get("name");
      const zones = [...call.world.zones.values()].filter((zone) => name === null || zone.name === name);
      return paged(zones, call, 50, (zone) => zone);
    },
  },
  {
    method: "POST",
    path: "/zones",
    run: (call) => {
      const { name } = bodyOf(Type.Object({ name: Type.String({ minLength: 3 }) }), call, VALIDATION);
      const { world } = call;
      if ([...world.zones.values()].some((zone) => zone.name === name))
        throw new Refusal(400, 1061, `${name} already exists`);
      const zone: FakeZone = { id: hexId(world.made), name, status: "active" };
      return { result: zone, world: { ...world, made: world.made + 1, zones: having(world.zones, zone.id, zone) } };
    },
  },
  {
    method: "GET",
    path: "/zones/:zone/dns_records",
    run: (call) => {
      const zone = zoneOf(call);
      const matches = filterOf(call.query);
      const found = [...call.world.records.values()].filter(
        (record) => record.zone_id === zone.id && matches.every((match) => match(record)),
      );
      return paged(found, call, 5000, (record) => record);
    },
  },
  {
    method: "GET",
    path: "/zones/:zone/dns_records/:record",
    run: (call) => ({ result: recordOf(call.world, zoneOf(call), call.params["record"]!) }),
  },
  {
    method: "POST",
    path: "/zones/:zone/dns_records",
    run: (call) => posted(call.world, zoneOf(call), bodyOf(specSchema, call, VALIDATION)),
  },
  {
    method: "PATCH",
    path: "/zones/:zone/dns_records/:record",
    run: (call) =>
      changed(
        call.world,
        zoneOf(call),
        call.params["record"]!,
        bodyOf(Type.Partial(specSchema), call, VALIDATION),
        true,
      ),
  },
  {
    method: "PUT",
    path: "/zones/:zone/dns_records/:record",
    run: (call) =>
      changed(call.world, zoneOf(call), call.params["record"]!, bodyOf(specSchema, call, VALIDATION), false),
  },
  {
    method: "DELETE",
    path: "/zones/:zone/dns_records/:record",
    run: (call) => {
      const { world, result } = removed(call.world, zoneOf(call), call.params["record"]!);
      return { world, result: { id: result.id } };
    },
  },
  { method: "POST", path: "/zones/:zone/dns_records/batch", run: batch },
];

/** All or nothing: the world of a batch that is refused is dropped. */
function batch(call: RouteCall) {
  const zone = zoneOf(call);
  const { deletes = [], patches = [], puts = [], posts = [] } = bodyOf(batchSchema, call, VALIDATION);
  const size = deletes.length + patches.length + puts.length + posts.length;
  if (size === 0 || size > BATCH)
    throw new Refusal(400, VALIDATION, `DNS Validation Error: a batch holds 1 to ${BATCH} operations, not ${size}`);
  let world = call.world;
  const each = <T>(items: readonly T[], step: (item: T) => { readonly world: World; readonly result: FakeRecord }) =>
    items.map((item) => {
      const effect = step(item);
      world = effect.world;
      return effect.result;
    });
  const result = {
    deletes: each(deletes, ({ id }) => removed(world, zone, id)),
    patches: each(patches, ({ id, ...fields }) => changed(world, zone, id, fields, true)),
    puts: each(puts, ({ id, ...fields }) => changed(world, zone, id, fields, false)),
    posts: each(posts, (spec) => posted(world, zone, spec)),
  };
  return { world, result };
}

function posted(world: World, zone: FakeZone, spec: Spec) {
  const record = built(zone, hexId(world.made), spec);
  checkUnique(world, record);
  const records = having(world.records, record.id, record);
  return { result: record, world: { ...world, made: world.made + 1, records } };
}

function changed(world: World, zone: FakeZone, id: string, fields: Partial<Spec>, keep: boolean) {
  const { type, name, content, proxied, ttl, comment } = recordOf(world, zone, id);
  const before = keep ? { type, name, content, proxied, ttl, comment } : {};
  const record = built(zone, id, { ...before, ...fields } as Spec);
  checkUnique(world, record);
  return { result: record, world: { ...world, records: having(world.records, id, record) } };
}

function removed(world: World, zone: FakeZone, id: string) {
  const result = recordOf(world, zone, id);
  return { result, world: { ...world, records: lacking(world.records, id) } };
}

function built(zone: FakeZone, id: string, { type, content, proxied = false, ttl = 1, ...spec }: Spec): FakeRecord {
  const given = spec.name.toLowerCase().replace(/\.$/, "");
  if (!/^[\x21-\x7e]+$/.test(given)) throw new Refusal(400, 9000, "DNS name is invalid: expected punycode.");
  if (given.split(".").some((label) => label.length === 0 || label.length > 63))
    throw new Refusal(400, 9000, "DNS name is invalid: a label has 1 to 63 characters.");
  const name = given === zone.name || given.endsWith(`.${zone.name}`) ? given : `${given}.${zone.name}`;
  if (proxied && !proxiable.includes(type))
    throw new Refusal(400, 9004, `This record type cannot be proxied: ${type}.`);
  return {
    id,
    zone_id: zone.id,
    zone_name: zone.name,
    type,
    name,
    content: type === "CNAME" ? content.toLowerCase().replace(/\.$/, "") : content,
    proxied,
    proxiable: proxiable.includes(type),
    ttl: proxied ? 1 : ttl,
    comment: spec.comment ?? null,
  };
}

function checkUnique(world: World, record: FakeRecord): void {
  for (const other of world.records.values()) {
    if (other.name !== record.name || other.id === record.id || other.zone_id !== record.zone_id) continue;
    const same = other.type === record.type && other.content === record.content;
    if (same && other.proxied === record.proxied && other.ttl === record.ttl && other.comment === record.comment)
      throw new Refusal(400, 81058, "An identical record already exists.");
    if (record.type === "CNAME" && proxiable.includes(other.type))
      throw new Refusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
    if (addresses.includes(record.type) && other.type === "CNAME")
      throw new Refusal(400, 81054, "A CNAME record with that host already exists.");
    if (same) throw new Refusal(400, 81057, "The record already exists.");
  }
}

function zoneOf({ world, params }: RouteCall): FakeZone {
  const zone = world.zones.get(params["zone"]!);
  if (zone === undefined)
    throw new Refusal(404, 7003, "Could not route to that zone, perhaps your object identifier is invalid?");
  return zone;
}

function recordOf(world: World, zone: FakeZone, id: string): FakeRecord {
  const record = world.records.get(id);
  if (record === undefined || record.zone_id !== zone.id) throw new Refusal(404, 81044, "Record does not exist.");
  return record;
}

/** What a list asks for. A filter that the fake does not know is refused, since it would show too much. */
function filterOf(query: URLSearchParams): readonly ((record: FakeRecord) => boolean)[] {
  return [...query].flatMap(([key, value]) => {
    switch (key) {
      case "page":
      case "per_page":
        return [];
      case "name":
      case "name.exact":
        return [(record: FakeRecord) => record.name === value.toLowerCase()];
      case "type":
        return [(record: FakeRecord) => record.type === value];
      case "content":
      case "content.exact":
        return [(record: FakeRecord) => record.content === value];
      case "comment.startswith":
        return [(record: FakeRecord) => (record.comment ?? "").startsWith(value)];
      case "comment.contains":
        return [(record: FakeRecord) => (record.comment ?? "").includes(value)];
      default:
        throw new Refusal(400, VALIDATION, `the filter ${key} is not known here`);
    }
  });
}
