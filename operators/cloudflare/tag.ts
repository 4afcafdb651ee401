import type { CallOptions, Cloudflare } from "./api/types.ts";
import type { CloudflareError } from "./api/errors.ts";
import { tagOf } from "./marks.ts";
import type { Observation } from "./observe.ts";

/** Makes the tag that all applications of an operator carry. */
export interface TagWriter {
  /** Resolves with undefined when the tag is there; it is made once for all who ask meanwhile. */
  ensure(): Promise<CloudflareError | undefined>;
  /** Cloudflare has refused an application: perhaps since somebody has deleted the tag. The next one to ask makes sure. */
  forget(): void;
}

/** Makes a writer. */
export function tagWriter(cloudflare: Cloudflare, { world }: Observation, options: CallOptions): TagWriter {
  const tag = tagOf(world.identity.owner);
  let running: Promise<CloudflareError | undefined> | undefined;

  const create = async (): Promise<CloudflareError | undefined> => {
    const answer = await cloudflare.tags.create(tag, options);
    // "Invalid" is the answer for one that is there.
    if (!answer.ok && answer.error.kind !== "Invalid") return answer.error;
    world.tags.add(tag);
    return undefined;
  };
  return {
    ensure: async () => {
      if (world.tags.has(tag)) return undefined;
      running ??= create().finally(() => (running = undefined));
      return await running;
    },
    forget: () => void world.tags.delete(tag),
  };
}
