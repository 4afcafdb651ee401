import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonOf } from "./json.ts";
import { commentLimit, markdownOf, marker } from "./markdown.ts";
import { deployment, type Manifests, reportOn, resource } from "./testing.ts";
import { textOf } from "./text.ts";

const command = "bazel run //manifests:diff";
const comment = (was: Manifests, is: Manifests) => markdownOf(reportOn(was, is), { command });
const map = (name: string, data: Record<string, string>) => resource("v1", "ConfigMap", name, { data });

test("a comment has its mark, the dangers, a table and the details", () => {
  const claim = resource("v1", "PersistentVolumeClaim", "data");
  const was = { "p/api/d.yaml": deployment(), "p/db/c.yaml": claim };
  const is = {
    "p/api/d.yaml": deployment({ image: "registry.example.org/x/api:1.5.0" }, {}, { replicas: 0 }),
    "p/api/c.yaml": map("c", { level: "info" }),
  };
  assert.equal(
    comment(was, is),
    `<!-- manifests-diff -->
## What changes in the cluster

1 resource added, 1 changed and 1 removed in 2 applications.

> [!WARNING]
> 2 changes to look at twice
>
> - **Deployment api** (p · api): replicas \`2\` → \`0\` — nothing runs any more
> - **PersistentVolumeClaim data** (p · db): removed — its data go with it unless the volume is retained

| Overlay | Application | Added | Changed | Removed | Dangers |
| --- | --- | --: | --: | --: | --- |
| p | api | 1 | 1 |  | ⚠️ 1 |
| p | db (removed) |  |  | 1 | ⚠️ 1 |

<details><summary><b>p · api</b>: 1 added, 1 changed</summary>

- **Deployment api** ↻ restarts its pods
  - ⚠️ replicas \`2\` → \`0\`
  - image \`registry.example.org/x/api\` \`1.4.0\` → \`1.5.0\`
- **ConfigMap c** added: key \`level\`

</details>

<details><summary><b>p · db</b>: 1 removed</summary>

- ⚠️ **PersistentVolumeClaim data** removed

</details>

<sub>main (1a2b3c4) → the working tree</sub>
`,
  );
});

test("no change is a comment too, so that an old one is replaced", () => {
  const text = comment({ "p/a/x.yaml": deployment() }, { "p/a/x.yaml": deployment() });
  assert.equal(
    text,
    `${marker}\n## What changes in the cluster\n\nNothing changes in the cluster.\n\n<sub>main (1a2b3c4) → the working tree</sub>\n`,
  );
});

test("one application alone is shown unfolded, without a table", () => {
  const text = comment({ "p/a/x.yaml": map("c", { a: "1" }) }, { "p/a/x.yaml": map("c", { a: "2" }) });
  assert.match(text, /<details open><summary><b>p · a<\/b>: 1 changed<\/summary>/);
  assert.doesNotMatch(text, /\| Overlay/);
});

test("nothing in a manifest is Markdown, HTML, a mention or an end of a fence", () => {
  const nasty = "a`b``c | <b>x</b> @team #1 *y* [z](http://evil.test)";
  const text = comment(
    { "p/a/x.yaml": map("c", { [`k_${nasty}`]: "1" }) },
    { "p/a/x.yaml": map("c", { [`k_${nasty}`]: nasty, f: "```\n</details>\nx\n" }) },
  );
  assert.match(text, /```a`b``c \| <b>x<\/b> @team #1 \*y\* \[z\]\(http:\/\/evil\.test\)```/);
  assert.match(text, /^ {4}````diff$/m);
  assert.match(text, /^ {4}\+<\/details>$/m);
  const named = comment({}, { "p/@x_<b>/x.yaml": map("c", {}) });
  assert.match(named, /<b>p · @\u200bx_&lt;b&gt;<\/b>/);
});

test("a comment that would be too long is cut with a notice, and closes what it opened", () => {
  const large = (word: string) =>
    Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`file-${n}`, `${word}\n`.repeat(3) + "x".repeat(200)]));
  const folder = (word: string) =>
    Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`p/app-${n}/x.yaml`, map("c", large(`${word} ${n}`))]));
  const report = reportOn(folder("a"), folder("b"));
  for (const limit of [commentLimit, 20_000, 9_000, 4_000]) {
    const text = markdownOf(report, { command, limit });
    assert.ok(text.length <= limit && text.length > limit * 0.8, `${text.length} of ${limit} characters`);
    assert.ok(text.startsWith(marker));
    assert.match(
      text,
      /> \[!NOTE\]\n> This comment has no room for more. The whole difference: `bazel run \/\/manifests:diff`/,
    );
    assert.equal(text.match(/^<details/gm)?.length, text.match(/^<\/details>/gm)?.length);
    assert.equal((text.match(/^ *```/gm)?.length ?? 0) % 2, 0);
  }
});

test("colour marks what was and what is, and only where it is asked for", () => {
  const report = reportOn({ "p/a/x.yaml": map("c", { a: "1" }) }, { "p/a/x.yaml": map("c", { a: "2" }) });
  assert.match(textOf(report, { colour: true }), /a \u001b\[31m1\u001b\[39m → \u001b\[32m2\u001b\[39m/);
  assert.doesNotMatch(textOf(report, { colour: false }), /\u001b/);
});

test("a long difference is cut in text, and says by how much", () => {
  const file = (word: string) =>
    map("c", { f: Array.from({ length: 100 }, (_, n) => `${n % 3 === 0 ? word : "same"} ${n}\n`).join("") });
  const text = textOf(reportOn({ "p/a/x.yaml": file("a") }, { "p/a/x.yaml": file("b") }), { colour: false });
  assert.match(text, /… \d+ more lines$/m);
  assert.ok(text.split("\n").length < 40);
});

test("JSON has what the text says, and no value of a Secret", () => {
  const secret = (value: string) => resource("v1", "Secret", "s", { stringData: { password: value } });
  const parsed = JSON.parse(jsonOf(reportOn({ "p/a/x.yaml": secret("hunter1") }, { "p/a/x.yaml": secret("hunter2") })));
  assert.deepEqual(parsed.apps[0].resources[0].changes, [{ text: "key password changed" }]);
  assert.deepEqual(parsed.counts, { added: 0, changed: 1, removed: 0 });
  assert.doesNotMatch(JSON.stringify(parsed), /hunter|aHVudGVy/);
});
