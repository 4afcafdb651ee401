async function silent(jetstream: JetStreamClient) {
  const consumer = await jetstream.consumers.get("TRIPS", "archive");
  const messages = await consumer.consume();
  // ruleid: jetstream-message-never-settled
  for await (const message of messages) {
    await store.add(message.data);
  }
}
async function silentInline(jetstream: JetStreamClient) {
  const consumer = await jetstream.consumers.get(STREAM, DURABLE_NAME);
  // ruleid: jetstream-message-never-settled
  for await (const message of await consumer.fetch({ max_messages: 10 })) {
    seen.push(message.seq);
  }
}
async function acknowledged(jetstream: JetStreamClient) {
  const consumer = await jetstream.consumers.get("TRIPS", "archive");
  const messages = await consumer.consume();
  // ok: jetstream-message-never-settled
  for await (const message of messages) {
    await store.add(message.data);
    message.ack();
  }
}
async function settled(jetstream: JetStreamClient) {
  const consumer = await jetstream.consumers.get("TRIPS", "archive");
  const messages = await consumer.consume();
  // ok: jetstream-message-never-settled
  for await (const message of messages) {
    try {
      await store.add(message.data);
      message.ack();
    } catch (error) {
      message.nak(1_000);
    }
  }
}
async function handedOver(jetstream: JetStreamClient) {
  const consumer = await jetstream.consumers.get("TRIPS", "archive");
  const messages = await consumer.consume();
  // ok: jetstream-message-never-settled
  for await (const message of messages) {
    await settle(message);
  }
}
async function ordered(jetstream: JetStreamClient, start: OrderedConsumerOptions) {
  const consumer = await jetstream.consumers.get("TRIPS", start);
  const messages = await consumer.consume();
  // ok: jetstream-message-never-settled
  for await (const message of messages) {
    seen.push(message.seq);
  }
}
