/** Switches the camera's turbo transfer, which stops it from taking pictures. */
export interface Turbo {
  /** Switches it on when so many files wait and nothing holds it off; off when none waits. */
  offload(waiting: number): Promise<void>;
  /** Does something during which turbo transfer is off. */
  whileOff<T>(work: () => Promise<T>): Promise<T>;
}

/** Makes the switch. @param from with so many waiting files it is worth it; 0: never */
export function createTurbo(camera: { turbo(on: boolean): Promise<void> }, from: number): Turbo {
  let on = false;
  let held = 0;
  let last: Promise<void> = Promise.resolve();
  const set = (wanted: boolean): Promise<void> => {
    last = last
      .catch(() => undefined)
      .then(async () => {
        if (on === wanted || (wanted && held > 0)) return;
        await camera.turbo(wanted);
        on = wanted;
      });
    return last;
  };
  return {
    async offload(waiting) {
      if (from > 0 && waiting >= from) await set(true);
      if (waiting === 0) await set(false);
    },
    async whileOff(work) {
      held++;
      try {
        await set(false);
        return await work();
      } finally {
        held--;
      }
    },
  };
}
