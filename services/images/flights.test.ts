import { expect, test } from "vitest";
import { createFlights } from "./flights.ts";

const never = new AbortController().signal;

test("whoever asks while the work goes on shares it, and whoever asks later begins it anew", async () => {
  const flights = createFlights<number>();
  let begun = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = async () => {
    begun++;
    await promise;
    return begun;
  };
  const both = [flights.join("a", never, work), flights.join("a", never, work)];
  const other = flights.join("b", never, async () => 7);
  expect(flights.size).toBe(2);
  resolve();
  expect(await Promise.all([...both, other])).toEqual([1, 1, 7]);
  expect(await flights.join("a", never, work)).toBe(2);
  expect(flights.size).toBe(0);
});

test("the work goes on while one waits for it, and is told to stop when nobody does", async () => {
  const flights = createFlights<string>();
  const [one, two] = [new AbortController(), new AbortController()];
  let stopped = false;
  const work = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => {
      signal.addEventListener("abort", () => {
        stopped = true;
        reject(signal.reason);
      });
    });
  const first = flights.join("a", one.signal, work);
  const second = flights.join("a", two.signal, work);
  one.abort(new Error("first gone"));
  await expect(first).rejects.toThrow("first gone");
  expect(stopped).toBe(false);
  two.abort(new Error("second gone"));
  await expect(second).rejects.toThrow("second gone");
  expect(stopped).toBe(true);
});

test("a failure reaches all who wait", async () => {
  const flights = createFlights<string>();
  const fails = () => Promise.reject(new Error("broken"));
  const results = await Promise.allSettled([flights.join("a", never, fails), flights.join("a", never, fails)]);
  expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
});
