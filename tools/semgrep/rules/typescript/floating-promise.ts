async function upload(name: string): Promise<void> {
  await store.put(name);
}
const later = async (name: string) => {
  await store.put(name);
};
function count(name: string): number {
  return name.length;
}
server.post("/api/photos", { schema }, async (request) => {
  // ruleid: floating-promise
  upload(request.body.name);
  // ruleid: floating-promise
  later(request.body.name);
  // ruleid: floating-promise
  if (request.body.now) upload("now");
  // ok: floating-promise
  await upload(request.body.name);
  // ok: floating-promise
  void upload(request.body.name);
  // ok: floating-promise
  upload(request.body.name).catch(fail);
  // ok: floating-promise
  const running = upload(request.body.name);
  // ok: floating-promise
  count(request.body.name);
  // ok: floating-promise
  await Promise.all([running, later("b")]);
  // ok: floating-promise
  return upload(request.body.name);
});
// ok: floating-promise
const start = () => upload("first");
// ok: floating-promise
await retry(() => upload("again"));
function begin(signal: AbortSignal) {
  // ok: floating-promise
  void watch(signal);
  // ruleid: floating-promise
  watch(signal);
  // ok: floating-promise
  track(watch(signal));
}
async function watch(signal: AbortSignal): Promise<void> {
  await once(signal, "abort");
}
