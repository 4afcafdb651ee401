import type { ServedSystem } from "#lib/schemas/front-door/systems.ts";

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] as string);

const frame = (title: string, body: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 8l6-5 6 5v6H2z' fill='%23167a6e'/%3E%3C/svg%3E">
<style>
  :root { --ink: light-dark(#1a2023, #e8eeee); --quiet: light-dark(#56646a, #9db0b3); --paper: light-dark(#f6f8f7, #12181a); --card: light-dark(#fff, #1a2225); --line: light-dark(#dbe2e1, #2b373a); --accent: light-dark(#0d6a60, #5fd0bf); }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
  main { max-width: 44rem; margin: 0 auto; padding: clamp(2rem, 8vh, 6rem) 1.25rem }
  h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; text-wrap: balance }
  p { margin: 0; color: var(--quiet) }
  ul { list-style: none; margin: 2rem 0 0; padding: 0; display: grid; gap: .75rem }
  a, .card { display: block; min-height: 44px; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); color: inherit; text-decoration: none }
  a strong { color: var(--accent) }
  a:hover { border-color: var(--accent) }
  a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
  strong { font-size: 1.125rem }
</style>
<main>
${body}
</main>
</html>
`;

/** The page at `/`: every system with a link to its site, or a word on why there is none. */
export function homePage(systems: readonly ServedSystem[]): string {
  const items = systems.map(({ name, title, about, site }) => {
    const text = `<strong>${escaped(title)}</strong><p>${escaped(about)}</p>`;
    return site === null
      ? `<li><div class="card">${text}<p>Its site was not built; the API answers at /${name}/api/.</p></div></li>`
      : `<li><a href="/${name}/">${text}</a></li>`;
  });
  return frame("Homelab", `<h1>Homelab</h1>\n<p>The platform on this machine.</p>\n<ul>\n${items.join("\n")}\n</ul>`);
}

/** The page for a path where there is nothing. */
export const missingPage = (path: string): string =>
  frame(
    "Nothing here",
    `<h1>Nothing here</h1>\n<p>${escaped(path)} does not exist.</p>\n<ul><li><a href="/"><strong>All systems</strong></a></li></ul>`,
  );
