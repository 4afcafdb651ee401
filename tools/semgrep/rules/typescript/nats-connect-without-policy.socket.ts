import { connect } from "node:net";

// ok: nats-connect-without-policy
connect({ port: 4222, host: "127.0.0.1" });
