import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import type { Resource } from "./finding.ts";

/**
 * The line of a field that a server names, such as `spec.containers[0].image` or `spec.containers[name="web"].image`, or of the nearest
 * field above it that is written; the resource's own line where nothing is named.
 */
export function fieldLine(resource: Resource, field: string | undefined): number {
  if (!field || resource.text.startsWith("{")) return resource.line;
  const counter = new LineCounter();
  const document = parseDocument(resource.text, { lineCounter: counter, uniqueKeys: false });
  let node: unknown = document.contents;
  const first = isNode(node) && node.range ? counter.linePos(node.range[0]).line : 1;
  let line = first;
  for (const step of field.match(/\[[^\]]+\]|[^.[\]]+/g) ?? []) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isNode(item.key) && String(item.key) === step);
      if (!pair || !isNode(pair.key)) break;
      line = counter.linePos(pair.key.range![0]).line;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items.find((item, index) => meant(step.slice(1, -1), item, index));
      if (!isNode(node)) break;
      line = counter.linePos(node.range![0]).line;
    } else break;
  }
  return resource.line + line - first;
}

/** Whether an item of a list is the one of an index, or the one with the keys of a selector such as `name="web",protocol="TCP"`. */
function meant(step: string, item: unknown, index: number): boolean {
  if (/^\d+$/.test(step)) return Number(step) === index;
  const keys = [...step.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  return isMap(item) && keys.length > 0 && keys.every(([, key, value]) => agrees(item.get(key), value!));
}

/** Keys that are not written have their default, which the selector shows. */
function agrees(written: unknown, shown: string): boolean {
  return written === undefined || JSON.stringify(written) === shown;
}
