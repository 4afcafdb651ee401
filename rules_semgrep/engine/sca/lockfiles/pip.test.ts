import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, locked, refused, told } from "../testing.ts";

test("requirements: hashes, extras, markers and names of any spelling", () => {
  const text = `
    # compiled
    --index-url https://packages.invalid/simple
    Foo_Bar[security,socks]==1.2.3 ; python_version < "4" \\
        --hash=sha256:aa \\
        --hash=sha256:bb
        # via app
    other.name==2.0
    ours @ git+https://git.invalid/ours@abc
    open>=1.0,<2.0
    any
    part==1.*
  `;
  assert.deepEqual(told(locked("requirements_lock.txt", text)), [
    "3: foo-bar 1.2.3 listed",
    "7: other-name 2.0 listed",
    "8: ours  listed (it comes from git+https://git.invalid/ours@abc)",
    "9: open  listed (it is not pinned (>=1.0,<2.0))",
    "10: any  listed (it is not pinned (any version))",
    "11: part  listed (it is not pinned (==1.*))",
  ]);
});

test("requirements: what says nothing of a version is refused", () => {
  const read = (text: string): unknown => locked("requirements.txt", flush(text));
  refused(() => read("a==1\n-r other.txt\n"), "requirements.txt:2", "it takes in other.txt");
  refused(() => read("-e .\n"), "-e . has no name and no version");
  refused(() => read("./folder\n"), "./folder is no requirement");
  refused(() => read("git+https://git.invalid/x\n"), "is no requirement with a name");
  refused(() => read("a==1 \\"), "requirements.txt:1", "the file ends");
  refused(() => read("a==1\nA==1\n"), "a@1 is there twice, also in line 1");
  refused(() => read("a==\n"), "requirements.txt:1", "is no requirement");
});

const PIPFILE = `{
  "_meta": { "pipfile-spec": 6 },
  "default": {
    "Foo_Bar": { "version": "==1.2.3", "hashes": ["sha256:aa"] },
    "ours": { "git": "https://git.invalid/ours", "ref": "abc" },
    "open": { "version": "*" }
  },
  "develop": { "foo-bar": { "version": "==1.2.4" } }
}`;

test("Pipfile.lock: all groups, git, and what is not pinned", () => {
  assert.deepEqual(told(locked("Pipfile.lock", PIPFILE)), [
    "4: foo-bar 1.2.3 listed",
    "5: ours  listed (it comes from https://git.invalid/ours)",
    "6: open  listed (it is not pinned (*))",
    "8: foo-bar 1.2.4 listed",
  ]);
  refused(() => locked("Pipfile.lock", PIPFILE.slice(0, 200)), "it is not JSON");
  refused(() => locked("Pipfile.lock", "{}"), "it has no `_meta`");
  refused(
    () => locked("Pipfile.lock", PIPFILE.replace('"version": "*"', '"x": 1')),
    "Pipfile.lock:6",
    "open has no version",
  );
});
