const js = jetstream(connection);

async function send(messaging: Messaging, data: string, options: object) {
  // ruleid: jetstream-publish-without-id
  await messaging.jetstream.publish("trips.v1.photo", data);
  // ruleid: jetstream-publish-without-id
  await messaging.jetstream.publish("trips.v1.photo", data, { timeout: 3_000 });
  // ruleid: jetstream-publish-without-id
  await js.publish("trips.v1.photo", data);
  // ok: jetstream-publish-without-id
  await messaging.jetstream.publish("trips.v1.photo", data, { msgID: "camera-7", timeout: 3_000 });
  // ok: jetstream-publish-without-id
  await js.publish("trips.v1.photo", data, { ...options, timeout: 3_000 });
  // ok: jetstream-publish-without-id
  await js.publish("trips.v1.photo", data, options);
  // ok: jetstream-publish-without-id
  connection.publish("heartbeat", data);
}
