server.get("/leave", { schema }, (request, reply) => {
  // ruleid: redirect-from-request
  return reply.redirect(request.query.to);
});
server.get("/back", { schema }, (request, reply) => {
  const from = request.headers.referer;
  // ruleid: redirect-from-request
  return reply.redirect(from, 303);
});
server.get("/trips", (request, reply) => {
  // ok: redirect-from-request
  return reply.redirect("/trips/", 308);
});
server.get("/known", { schema }, (request, reply) => {
  const target = TARGETS.find((known) => known.listed);
  // ok: redirect-from-request
  return reply.redirect(target.url);
});
server.get("/settings", (request, reply) => {
  // ok: redirect-from-request
  return reply.redirect(settings.query.target);
});
