server.get("/search", { schema }, (request) => {
  // ruleid: regex-from-request
  return names.filter((name) => new RegExp(request.query.match).test(name));
});
server.get("/search/:prefix", { schema }, (request) => {
  const { prefix } = request.params;
  // ruleid: regex-from-request
  const wanted = RegExp(`^${prefix}`, "i");
  return names.filter((name) => wanted.test(name));
});
server.get("/escaped", { schema }, (request) => {
  // ok: regex-from-request
  return names.filter((name) => new RegExp(RegExp.escape(request.query.match)).test(name));
});
server.get("/contains", { schema }, (request) => {
  // ok: regex-from-request
  return names.filter((name) => name.includes(request.query.match));
});
// ok: regex-from-request
const configured = new RegExp(settings.pattern);
// ok: regex-from-request
const chosen = new RegExp(settings.query.match);
