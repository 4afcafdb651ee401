import { byPath } from "../changes.ts";
import { change, dangerous, enumerate, type Line, say } from "../say.ts";
import { type Json, isObject, listAt, recordAt, textAt } from "../tree.ts";
import { type Kind, refused } from "./kind.ts";

/** Services. */
export const service: Kind = {
  rules: [
    {
      at: ["spec", "type"],
      say: (was, is) => {
        const [before, after] = [was ?? "ClusterIP", is ?? "ClusterIP"];
        const exposed = after === "LoadBalancer" || after === "NodePort";
        return before === after
          ? []
          : [dangerous(say`type ${change(before, after)}`, exposed && "it can be reached from outside the cluster")];
      },
    },
    { at: ["spec", "ports", "[]"], say: ports },
    { at: ["spec", "clusterIP"], say: (was, is) => [dangerous(say`clusterIP ${change(was, is)}`, refused)] },
    { at: ["spec", "clusterIPs"], say: (was, is) => [dangerous(say`clusterIPs ${change(was, is)}`, refused)] },
    { at: ["spec", "selector"], say: selector },
    {
      at: ["spec", "externalName"],
      say: (was, is) => [say`external name ${change(was, is)}`],
    },
  ],
  introduce: (object) => {
    const open = listAt(object, "spec", "ports").map((port) => text(port));
    const type = textAt(object, "spec", "type");
    const headless = textAt(object, "spec", "clusterIP") === "None";
    return [
      ...(open.length === 0 ? [] : [say`${open.length === 1 ? "port" : "ports"} ${{ is: enumerate(open) }}`]),
      ...(headless ? [say`headless`] : []),
      ...(type === "LoadBalancer" || type === "NodePort"
        ? [dangerous(say`type ${{ is: type }}`, "it can be reached from outside the cluster")]
        : []),
    ];
  },
};

function text(port: Json): string {
  const protocol = textAt(port, "protocol") || "TCP";
  const target = textAt(port, "targetPort");
  const number = textAt(port, "port");
  const node = textAt(port, "nodePort");
  const name = textAt(port, "name");
  return `${name === "" ? "" : `${name} `}${number}${protocol === "TCP" ? "" : `/${protocol}`}${target === "" || target === number ? "" : ` to ${target}`}${node === "" ? "" : ` (node port ${node})`}`;
}

function ports(was: Json | undefined, is: Json | undefined): Line[] {
  const [before, after] = [was && text(was), is && text(is)];
  if (before === after) {
    const rest = (port: Json | undefined) =>
      isObject(port)
        ? Object.fromEntries(Object.entries(port).filter(([key]) => key !== "protocol" && key !== "targetPort"))
        : port;
    const line = byPath(rest(was), rest(is), [], `port ${after}`);
    return JSON.stringify(rest(was)) === JSON.stringify(rest(is)) ? [] : [line];
  }
  return [say`port ${change(before, after)}`];
}

/** What changes in a selector of labels; a Service that selects other pods sends its traffic there. */
function selector(was: Json | undefined, is: Json | undefined): Line[] {
  const words = (value: Json | undefined) =>
    Object.entries(recordAt(value))
      .map(([key, label]) => `${key}=${label}`)
      .sort()
      .join(", ") || "nothing";
  return [say`selects pods with ${change(words(was), words(is))}`];
}
