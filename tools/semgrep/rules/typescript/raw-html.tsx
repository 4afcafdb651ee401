export function Place({ name, html }: { name: string; html: string }) {
  // ruleid: raw-html
  const raw = <p className="place" dangerouslySetInnerHTML={{ __html: html }} />;
  // ruleid: raw-html
  node.innerHTML = `<b>${name}</b>`;
  // ruleid: raw-html
  node.insertAdjacentHTML("beforeend", html);
  // ruleid: raw-html
  document.write(html);
  // ruleid: raw-html
  new Popup().setHTML(`<h2>${name}</h2>`);
  // ok: raw-html
  node.innerHTML = "";
  // ok: raw-html
  node.textContent = html;
  // ok: raw-html
  const safe = <p className="place">{html}</p>;
  // ok: raw-html
  stream.write(html);
  // ok: raw-html
  const copy = node.innerHTML;
  return [raw, safe, copy];
}
