server.get("/api/preview", { schema }, async (request) => {
  const target = (request.query as { url: string }).url;
  // ruleid: fetch-of-request-url
  return fetch(target, { signal });
});
server.post("/api/hook", { schema }, async (request) => {
  // ruleid: fetch-of-request-url
  await fetch(`https://${request.body.host}/notify`, { signal });
});
server.get("/api/parsed", { schema }, async (req) => {
  // ruleid: fetch-of-request-url
  return new URL(req.headers.referer);
});
server.get("/api/image/:key", { schema }, async (request) => {
  // ok: fetch-of-request-url
  return fetch(`${config.STORE_URL}/${encodeURIComponent(request.params.key)}`, { signal });
});
server.get("/api/fixed", { schema }, async (request) => {
  const wanted = request.query.limit;
  // ok: fetch-of-request-url
  const reply = await fetch(config.UPSTREAM_URL, { signal });
  return (await reply.json()).slice(0, wanted);
});
function discover(camera: Camera) {
  // ok: fetch-of-request-url
  return fetch(camera.query.url, { signal });
}
