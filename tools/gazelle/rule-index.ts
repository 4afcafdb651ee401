/** A rule that can be imported. */
export interface Owner {
  readonly label: string;
  readonly kind: string;
}

/** Import name → rules, for each extension apart. */
export class RuleIndex {
  readonly #owners = new Map<string, Map<string, Owner[]>>();

  add(extension: string, name: string, owner: Owner): void {
    const names = this.#owners.get(extension) ?? new Map<string, Owner[]>();
    this.#owners.set(extension, names);
    names.set(name, [...(names.get(name) ?? []), owner]);
  }

  owners(extension: string, name: string): readonly Owner[] {
    return this.#owners.get(extension)?.get(name) ?? [];
  }
}
