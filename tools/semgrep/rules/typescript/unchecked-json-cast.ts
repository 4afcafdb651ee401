async function read(reply: Response, text: string) {
  // ruleid: unchecked-json-cast
  const photo = JSON.parse(text) as Photo;
  // ruleid: unchecked-json-cast
  const points = (await reply.json()) as Point[];
  // ruleid: unchecked-json-cast
  const entry: Entry = JSON.parse(text);
  // ok: unchecked-json-cast
  const value: unknown = JSON.parse(text);
  // ok: unchecked-json-cast
  const body = (await reply.json()) as unknown;
  // ok: unchecked-json-cast
  if (Value.Check(PhotoSchema, JSON.parse(text))) return true;
  // ok: unchecked-json-cast
  const parsed = parsePoints(await reply.json().catch(() => null));
  // ok: unchecked-json-cast
  return JSON.stringify(photo) as Text;
}
