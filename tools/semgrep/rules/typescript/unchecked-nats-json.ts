import { type JsMsg, jetstream } from "@nats-io/jetstream";

function onMessage(message: JsMsg, m: JsMsg, reply: Response) {
  // ruleid: unchecked-nats-json
  const photo = message.json<Photo>();
  // ruleid: unchecked-nats-json
  const { id } = m.json();
  // ok: unchecked-nats-json
  const decoded = decodeEvent(PhotoSchema, message.data);
  // ok: unchecked-nats-json
  const body: unknown = reply.json();
  // ok: unchecked-nats-json
  const text = message.string();
}
