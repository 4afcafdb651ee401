import { Type } from "typebox";

// ok: unchecked-nats-json
const body: unknown = await message.json();
