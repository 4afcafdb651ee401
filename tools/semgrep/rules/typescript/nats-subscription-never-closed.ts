async function count(connection: NatsConnection) {
  // ruleid: nats-subscription-never-closed
  const sub = connection.subscribe("trips.>");
  for await (const message of sub) seen(message);
}
async function inline({ nc }: Deps) {
  // ruleid: nats-subscription-never-closed
  for await (const message of nc.subscribe("trips.>")) {
    seen(message);
  }
}
function withCallback(messaging: Messaging) {
  // ruleid: nats-subscription-never-closed
  const sub = messaging.connection.subscribe("trips.>", { callback: seen });
  metrics.subscriptions.inc();
}
async function closed(connection: NatsConnection) {
  // ok: nats-subscription-never-closed
  const sub = connection.subscribe("trips.>");
  signal.addEventListener("abort", () => sub.unsubscribe());
  for await (const message of sub) seen(message);
}
function handedOver(connection: NatsConnection) {
  // ok: nats-subscription-never-closed
  const sub = connection.subscribe("trips.>");
  return { close: () => sub.drain() };
}
async function once(connection: NatsConnection) {
  // ok: nats-subscription-never-closed
  const sub = connection.subscribe("trips.>", { max: 1 });
  for await (const message of sub) return message;
}
async function guarded(connection: NatsConnection) {
  // ok: nats-subscription-never-closed
  const sub = connection.subscribe("trips.>");
  try {
    for await (const message of sub) seen(message);
  } finally {
    sub.unsubscribe();
  }
}
function store() {
  // ok: nats-subscription-never-closed
  const stop = state.subscribe(() => render());
}
