import { Type } from "typebox";
import { Host, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the control plane. ETCD_BIN and KUBE_APISERVER_BIN, the programs, are read by whoever starts them. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8181),
  SERVER_PORT: port(8182),
  ETCD_PORT: port(8183),
  PEER_PORT: port(8184),
  LOG_LEVEL: LogLevel,
  STATE_DIR: Type.String({ minLength: 1, description: "the folder where etcd keeps its data" }),
  KUBECONFIG: Type.String({ minLength: 1, description: "the file that is written for clients" }),
});
