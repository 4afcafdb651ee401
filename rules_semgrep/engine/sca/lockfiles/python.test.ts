import assert from "node:assert/strict";
import { test } from "node:test";
import { locked, refused, rootsOf, told } from "../testing.ts";

const UV = `
version = 1
requires-python = ">=3.12"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "jinja2" },
    { name = "torch", version = "2.5.0", marker = "sys_platform == 'linux'" },
    { name = "ours" },
]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "jinja2"
version = "3.1.2"
source = { registry = "https://packages.invalid/simple" }
dependencies = [{ name = "markupsafe" }]

[[package]]
name = "markupsafe"
version = "2.1.3"
source = { registry = "https://packages.invalid/simple" }

[[package]]
name = "ours"
version = "1.0"
source = { git = "https://git.invalid/ours?rev=abc#abc" }

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://packages.invalid/simple" }

[[package]]
name = "torch"
version = "2.4.0"
source = { registry = "https://packages.invalid/simple" }

[[package]]
name = "torch"
version = "2.5.0"
source = { registry = "https://packages.invalid/simple" }
`.trimStart();

const POETRY = `
[[package]]
name = "Jinja2"
version = "3.1.2"

[package.dependencies]
MarkupSafe = ">=2.0"
Babel = {version = ">=2.7", optional = true}

[[package]]
name = "markupsafe"
version = "2.1.3"

[[package]]
name = "ours"
version = "1.0"

[package.source]
type = "git"
url = "https://git.invalid/ours"

[metadata]
lock-version = "2.1"
`.trimStart();

test("uv.lock: the project's own, several versions of a package, groups and git are told apart", () => {
  const lock = locked("uv.lock", UV);
  assert.deepEqual(told(lock), [
    "17: jinja2 3.1.2 direct → markupsafe@2.1.3",
    "23: markupsafe 2.1.3 transitive",
    "28: ours 1.0 direct (it comes from https://git.invalid/ours?rev=abc#abc)",
    "33: pytest 8.0.0 direct",
    "38: torch 2.4.0 transitive",
    "43: torch 2.5.0 direct",
  ]);
  assert.deepEqual(rootsOf(lock), [
    ":jinja2=jinja2@3.1.2",
    ":torch=torch@2.5.0",
    ":ours=ours@1.0",
    ":pytest=pytest@8.0.0",
  ]);
});

test("poetry.lock: names are normalised, what is not wanted may be absent", () => {
  assert.deepEqual(told(locked("poetry.lock", POETRY)), [
    "1: jinja2 3.1.2 direct → markupsafe@2.1.3",
    "9: markupsafe 2.1.3 transitive",
    "13: ours 1.0 direct (it comes from git https://git.invalid/ours)",
  ]);
});

test("what is cut off, twice there or without a format is refused", () => {
  refused(() => locked("uv.lock", UV.slice(0, UV.indexOf('2.1.3"'))), "uv.lock:", "it is not TOML");
  refused(
    () => locked("uv.lock", UV.slice(0, UV.indexOf('[[package]]\nname = "pytest"'))),
    "app depends on torch, of which",
  );
  refused(
    () => locked("uv.lock", UV.replace('version = "2.4.0"', 'version = "2.5.0"')),
    "uv.lock:43",
    "torch@2.5.0 is there twice",
  );
  refused(
    () => locked("uv.lock", UV.replace('version = "2.1.3"\n', "")),
    "uv.lock:23",
    "expected a name and a version",
  );
  refused(() => locked("uv.lock", ""), "it has no version of its format");
  refused(
    () => locked("poetry.lock", POETRY.slice(0, POETRY.indexOf("[metadata]"))),
    "it has no version of its format",
  );
});
