/** A label that a target's closure depends on. */
export interface Dependency {
  /** The canonical name of its repository; "" for the target's own. */
  readonly repository: string;
  readonly package: string;
  readonly name: string;
}
