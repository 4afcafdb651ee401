interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  passengers: number;
}

/** Work that is done once for all who ask for it at the same time. */
export interface Flights<T> {
  /**
   * Joins the work that goes on under this name, or begins it. When the signal is aborted the caller gets its reason; the work
   * is told to stop by its own signal when nobody waits for it any more.
   */
  join(name: string, signal: AbortSignal, begin: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** How many works go on. */
  readonly size: number;
}

/** Makes an empty set of works. */
export function createFlights<T>(): Flights<T> {
  const flights = new Map<string, Flight<T>>();

  function start(name: string, begin: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const result = begin(controller.signal);
    const flight = { result, controller, passengers: 0 };
    flights.set(name, flight);
    const land = () => {
      if (flights.get(name) === flight) flights.delete(name);
    };
    result.then(land, land);
    return flight;
  }

  return {
    async join(name, signal, begin) {
      signal.throwIfAborted();
      const flight = flights.get(name) ?? start(name, begin);
      flight.passengers++;
      let leave = () => {};
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(signal.reason);
        signal.addEventListener("abort", leave, { once: true });
      });
      try {
        return await Promise.race([flight.result, left]);
      } finally {
        signal.removeEventListener("abort", leave);
        flight.passengers--;
        if (flight.passengers === 0) {
          if (flights.get(name) === flight) flights.delete(name);
          flight.controller.abort(new Error("nobody waits for it any more"));
        }
      }
    },
    get size() {
      return flights.size;
    },
  };
}
