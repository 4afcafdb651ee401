/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What the page hands to {@link viewer}. */
export interface ViewerData {
  /** Along (m), elevation (m), day, x and y of each sample of the profile. */
  readonly samples: readonly (readonly [number, number, number, number, number])[];
  /** x, y, day and a caption of each photo. */
  readonly photos: readonly (readonly [number, number, number, string])[];
  /** West, north, width and height of each day on the map. */
  readonly days: readonly (readonly [number, number, number, number])[];
  readonly width: number;
  readonly height: number;
}

/**
 * Brings the page to life: moves the map, links days, profile and photos, and shows photos large. Its source is written into the page,
 * so it uses nothing from outside of itself.
 */
export function viewer(data: ViewerData): void {
  const one = <E extends Element>(selector: string) => document.querySelector<E>(selector);
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const map = one<SVGSVGElement>("#map")!;
  const here = one<SVGGElement>("#here")!;
  const profile = one<SVGSVGElement>("#profile");
  const cursor = one<SVGPathElement>("#cursor");
  const reading = one<HTMLElement>("#reading");
  const total = data.samples.at(-1)?.[0] || 1;
  let view = { x: 0, y: 0, w: data.width, h: data.height };

  const show = (next: typeof view) => {
    const w = Math.min(data.width * 1.5, Math.max(data.width / 400, next.w));
    const h = (w * data.height) / data.width;
    view = { w, h, x: next.x + (next.w - w) / 2, y: next.y + (next.h - h) / 2 };
    map.setAttribute("viewBox", [view.x, view.y, view.w, view.h].join(" "));
    map.style.setProperty("--zoom", String(view.w / data.width));
    one(".scale")?.toggleAttribute("hidden", view.w !== data.width || view.x !== 0 || view.y !== 0);
  };
  const fit = ([x, y, w, h]: readonly [number, number, number, number]) => {
    const wide = Math.max(w * 1.2, (h * 1.2 * data.width) / data.height, data.width / 60);
    const high = (wide * data.height) / data.width;
    show({ x: x + w / 2 - wide / 2, y: y + h / 2 - high / 2, w: wide, h: high });
  };
  const at = (event: { clientX: number; clientY: number }) => {
    const box = map.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const zoom = (factor: number, to = { x: 0.5, y: 0.5 }) => {
    const w = Math.min(data.width * 1.5, Math.max(data.width / 400, view.w * factor));
    const h = (w * data.height) / data.width;
    show({ w, h, x: view.x + to.x * (view.w - w), y: view.y + to.y * (view.h - h) });
  };
  const mark = (x: number, y: number) => {
    here.removeAttribute("hidden");
    here.setAttribute("transform", `translate(${x} ${y}) scale(${view.w / data.width})`);
  };

  map.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(1.0015 ** event.deltaY, at(event));
    },
    { passive: false },
  );
  const fingers = new Map<number, { x: number; y: number }>();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  map.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, at(event));
  });
  map.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    map.setPointerCapture(event.pointerId);
    const [now, apart] = [at(event), spread()];
    fingers.set(event.pointerId, now);
    if (fingers.size > 1 && apart > 0) zoom(apart / Math.max(0.01, spread()), now);
    else show({ ...view, x: view.x - (now.x - before.x) * view.w, y: view.y - (now.y - before.y) * view.h });
  });
  for (const name of ["pointerup", "pointercancel"] as const)
    map.addEventListener(name, (event) => void fingers.delete(event.pointerId));
  one("#closer")?.addEventListener("click", () => zoom(1 / 1.6));
  one("#further")?.addEventListener("click", () => zoom(1.6));

  const choose = (day: number | null) => {
    for (const element of all("[data-day]"))
      element.classList.toggle("dim", day !== null && Number(element.dataset["day"]) !== day);
    for (const button of all("[data-choose]"))
      button.setAttribute("aria-pressed", String(button.dataset["choose"] === String(day ?? "all")));
    const box = day === null ? undefined : data.days[day];
    if (box) fit(box);
    else show({ x: 0, y: 0, w: data.width, h: data.height });
  };
  for (const button of all("[data-choose]"))
    button.addEventListener("click", () => {
      const again = button.getAttribute("aria-pressed") === "true";
      choose(button.dataset["choose"] === "all" || again ? null : Number(button.dataset["choose"]));
    });

  profile?.addEventListener("pointermove", (event) => {
    const box = profile.getBoundingClientRect();
    const along = ((event.clientX - box.left) / box.width) * total;
    let low = 0;
    for (let high = data.samples.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (data.samples[middle]![0] < along) low = middle + 1;
      else high = middle;
    }
    const [way, elevation, , x, y] = data.samples[low]!;
    mark(x, y);
    cursor?.removeAttribute("hidden");
    cursor?.setAttribute("transform", `translate(${(way / total) * 1000} 0)`);
    if (reading) reading.textContent = `${(way / 1000).toFixed(1)} km · ${Math.round(elevation)} m`;
  });
  profile?.addEventListener("pointerleave", () => {
    here.setAttribute("hidden", "");
    cursor?.setAttribute("hidden", "");
    if (reading) reading.textContent = "";
  });

  const dialog = one<HTMLDialogElement>("dialog");
  let shown = 0;
  const open = (index: number) => {
    const photo = data.photos[index];
    const source = one<HTMLImageElement>(`[data-open="${index}"] img`);
    if (!photo || !source || !dialog) return;
    shown = index;
    one<HTMLImageElement>("dialog img")!.src = source.src;
    one<HTMLImageElement>("dialog img")!.alt = photo[3];
    one<HTMLElement>("dialog figcaption")!.textContent = photo[3];
    mark(photo[0], photo[1]);
    if (!dialog.open) dialog.showModal();
  };
  for (const button of all("[data-open]")) {
    const index = Number(button.dataset["open"]);
    button.addEventListener("click", () => open(index));
    button.addEventListener("pointerenter", () => mark(data.photos[index]![0], data.photos[index]![1]));
  }
  for (const dot of all("[data-photo]")) dot.addEventListener("click", () => open(Number(dot.dataset["photo"])));
  const step = (by: number) => {
    const count = data.photos.length;
    for (let tried = 1; tried <= count; tried++) {
      const next = (((shown + by * tried) % count) + count) % count;
      if (one(`[data-open="${next}"] img`)) return open(next);
    }
  };
  one("#before")?.addEventListener("click", () => step(-1));
  one("#behind")?.addEventListener("click", () => step(1));
  one("#close")?.addEventListener("click", () => dialog?.close());
  dialog?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  for (const control of all(".needs-script")) control.hidden = false;
}
