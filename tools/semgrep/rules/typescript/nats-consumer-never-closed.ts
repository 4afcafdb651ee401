async function endless(consumer: Consumer) {
  // ruleid: nats-consumer-never-closed
  const messages = await consumer.consume({ max_messages: 100 });
  for await (const message of messages) handle(message);
}
async function inline(consumer: Consumer) {
  // ruleid: nats-consumer-never-closed
  for await (const message of await consumer.consume()) {
    handle(message);
  }
}
async function stopOnly(consumer: Consumer) {
  // ruleid: nats-consumer-never-closed
  const messages = await consumer.consume({ callback: handle });
  logger.info("consuming");
}
async function closes(consumer: Consumer) {
  // ok: nats-consumer-never-closed
  const messages = await consumer.consume({ callback: handle });
  let closing = false;
  return {
    close: async () => {
      closing = true;
      await messages.close();
    },
  };
}
async function returned(consumer: Consumer) {
  // ok: nats-consumer-never-closed
  const messages = await consumer.consume({ callback: handle });
  return messages;
}
async function onSignal(consumer: Consumer, signal: AbortSignal) {
  // ok: nats-consumer-never-closed
  const messages = await consumer.consume();
  signal.addEventListener("abort", () => void messages.close());
  for await (const message of messages) handle(message);
}
