/**
 * The lines around a fault that helm's YAML reader tells of, as they were rendered; helm prints what is invalid with --debug.
 *
 * @param file the template, as in `# Source:`
 * @param line in what the template rendered to, from 1
 * @param debug the output of `helm template --debug`
 */
export function renderedLines(file: string, line: number, debug: string): string[] {
  const sections = debug.split(/^---[^\S\n]*\n/m).map((section) => section.split("\n"));
  const found = sections.find(([first]) => first?.trimEnd() === `# Source: ${file}`)?.slice(1);
  if (found === undefined) return [];
  const from = Math.max(0, line - 2);
  return found.slice(from, line + 2).map((text, index) => `${file}, rendered line ${from + index + 1}: ${text}`);
}
