/** What a new operator is called, in each place where its name stands. */
export interface Names {
  /** `model-cache`: the folder, the machine, the operator. */
  readonly name: string;
  /** `ModelCache`: the kind of its resource. */
  readonly kind: string;
  /** `modelcaches`: as paths of the API and kubectl have the kind. */
  readonly plural: string;
  /** `example.org`: the API group. */
  readonly group: string;
}

/** A name that cannot be, with what was expected. */
export class BadName extends Error {}

/**
 * The names of an operator, by the rules of Kubernetes.
 * @param kind the kind, where it shall not be made of the name
 * @throws BadName
 */
export function namesOf(name: string, kind: string | undefined, group: string): Names {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    throw new BadName(
      `"${name}" cannot be the name of an operator; expected small letters, digits and single dashes, a letter first, at most 40 characters, such as model-cache`,
    );
  const proper = kind ?? name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  if (!/^[A-Z][A-Za-z0-9]*$/.test(proper) || proper.length > 40)
    throw new BadName(
      `"${proper}" cannot be a kind; expected letters and digits, a capital first, at most 40 characters, such as ModelCache (--kind)`,
    );
  if (!/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(group) || !group.includes("."))
    throw new BadName(
      `"${group}" cannot be an API group; expected a domain of yours, such as homelab.example.org (--group)`,
    );
  return { name, kind: proper, plural: pluralOf(proper.toLowerCase()), group };
}

/** The plural of an English word, as kubebuilder makes it for most: backup → backups, policy → policies, address → addresses. */
export function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, "ies");
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
