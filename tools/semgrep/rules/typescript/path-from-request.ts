server.get("/files/:name", { schema }, async (request) => {
  // ruleid: path-from-request
  return readFile(`${root}/${request.params.name}`);
});
server.get("/download", { schema }, async (request, reply) => {
  const { name } = request.query;
  // ruleid: path-from-request
  const file = join(root, name);
  return reply.send({ file });
});
createServer((req, res) => {
  // ruleid: path-from-request
  const file = path.resolve(root, req.url.slice(1));
  res.end();
});
server.get("/safe/:name", { schema }, async (request) => {
  // ok: path-from-request
  return readFile(join(root, basename(request.params.name)));
});
server.get("/fixed", { schema }, async (request) => {
  const limit = request.query.limit;
  // ok: path-from-request
  const lines = await readFile(join(root, "index.json"), "utf8");
  return lines.slice(0, limit);
});
server.get("/list", { schema }, async (request) => {
  // ok: path-from-request
  return request.query.names.join(",");
});
server.get("/card/:name", { schema }, async (request) => {
  const found = await card.find(request.params.name);
  // ok: path-from-request
  return createReadStream(found.path);
});
function open(archive: Archive) {
  // ok: path-from-request
  return join(root, archive.params.name);
}
