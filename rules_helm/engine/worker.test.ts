import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { type Command, Refusal } from "./command.ts";
import { serve } from "./worker.ts";

const commands: Readonly<Record<string, Command>> = {
  say: ((text: string, io) => {
    io.say(text);
    return 0;
  }) as Command<string> as Command,
  refuse: () => {
    throw new Refusal("//x:y: what happened", ["what to do"]);
  },
  fault: () => {
    throw new TypeError("a fault");
  },
};

async function answers(...requests: object[]): Promise<{ exitCode: number; output: string; requestId: number }[]> {
  const lines: string[] = [];
  const input = Readable.from(requests.map((request) => `${JSON.stringify(request)}\n`));
  await serve(commands, input, (line) => void lines.push(line));
  return lines.map((line) => JSON.parse(line));
}

test("each request has one response with its id, and what the command said", async () => {
  assert.deepEqual(await answers({ arguments: ["say", '"one"'], requestId: 7 }, { arguments: ["say", '"two"'] }), [
    { exitCode: 0, output: "one", requestId: 7 },
    { exitCode: 0, output: "two", requestId: 0 },
  ]);
});

test("a refusal is a response with a message, and the worker goes on", async () => {
  const [refused, said] = await answers({ arguments: ["refuse", "{}"] }, { arguments: ["say", '"on"'] });
  assert.deepEqual(refused, {
    exitCode: 1,
    output: "\nrules_helm: //x:y: what happened\n  what to do\n\n",
    requestId: 0,
  });
  assert.equal(said?.output, "on");
});

test("a fault of a command, an unknown command and a strange request are responses with status 70", async () => {
  const [fault, unknown, strange] = await answers(
    { arguments: ["fault", "{}"] },
    { arguments: ["other", "{}"] },
    { arguments: ["say"] },
  );
  assert.match(fault?.output ?? "", /a fault of the engine, in the command fault: TypeError: a fault/);
  assert.match(unknown?.output ?? "", /expected one of the commands fault, refuse, say, received "other"/);
  assert.match(strange?.output ?? "", /expected two lines/);
  assert.deepEqual(
    [fault, unknown, strange].map((answer) => answer?.exitCode),
    [70, 70, 70],
  );
});

test("a request to cancel is passed over", async () => {
  assert.deepEqual(await answers({ cancel: true, requestId: 3 }), []);
});

test("a request with a sandbox runs in it", async () => {
  const here = process.cwd();
  const cwd: Record<string, Command> = {
    cwd: (_, io) => {
      io.say(process.cwd());
      return 0;
    },
  };
  const lines: string[] = [];
  const request = `${JSON.stringify({ arguments: ["cwd", "{}"], sandboxDir: "/" })}\n`;
  await serve(cwd, Readable.from([request]), (line) => void lines.push(line));
  assert.equal(JSON.parse(lines[0] ?? "").output, "/");
  assert.equal(process.cwd(), here);
});
