import { connect, type NatsConnection } from "@nats-io/transport-node";

async function open(url: string, options: object): Promise<NatsConnection> {
  // ruleid: nats-connect-without-policy
  await connect({ servers: url });
  // ruleid: nats-connect-without-policy
  await connect({ servers: url, name: "trips-api" });
  // ruleid: nats-connect-without-policy
  await connect({ servers: url, maxReconnectAttempts: -1 });
  // ruleid: nats-connect-without-policy
  await connect();
  // ok: nats-connect-without-policy
  await connect({ maxReconnectAttempts: -1, servers: url, name: "trips-api" });
  // ok: nats-connect-without-policy
  await connect({ ...DEFAULTS, servers: url });
  // ok: nats-connect-without-policy
  await camera.connect({ servers: url });
  // ok: nats-connect-without-policy
  return connect({ name: "trips-api", servers: url, maxReconnectAttempts: -1, ...options });
}
