import type { ReactNode } from "react";
import type { Layout } from "./layout.ts";
import { Sheet } from "./sheet.tsx";
import type { Snap, SnapHeights } from "./sheet-snap.ts";

interface ShellProps {
  readonly layout: Layout;
  /** Name of the panel, for those who do not see it. */
  readonly label: string;
  readonly map: ReactNode;
  /** Title and state of the site; visible at all times. */
  readonly header: ReactNode;
  readonly panel: ReactNode;
  /** What was opened from the panel or the map; null when nothing was. */
  readonly detail: ReactNode | null;
  readonly detailLabel: string;
  /** Whether the panel is only as high as what it holds. */
  readonly fit: boolean;
  readonly controls: ReactNode;
  /** A bar at the foot of the free part of the map; null for none. */
  readonly bar?: ReactNode;
  readonly credit: string;
  readonly sheet: { readonly snap: Snap; readonly heights: SnapHeights; readonly onSnap: (snap: Snap) => void };
}

/** A page that is a map, with panels over it: beside each other where there is room, else one in the place of the other, on a phone in a sheet. */
export function Shell({
  layout,
  label,
  map,
  header,
  panel,
  detail,
  detailLabel,
  fit,
  controls,
  bar = null,
  credit,
  sheet,
}: ShellProps) {
  const inPlace = layout === "wide" ? panel : (detail ?? panel);
  return (
    <div
      className="shell"
      data-layout={layout}
      data-detail={detail !== null}
      data-snap={sheet.snap}
      style={{ ["--sheet-rest" as string]: `${sheet.heights[sheet.snap]}px` }}
    >
      <main className="shell-map">{map}</main>
      {layout === "phone" ? (
        <Sheet label={detail ? detailLabel : label} header={header} {...sheet}>
          {inPlace}
        </Sheet>
      ) : (
        <section className="card card-panel" aria-label={label} data-fit={fit}>
          {header}
          <div className="scroll">{inPlace}</div>
        </section>
      )}
      {layout === "wide" && detail ? (
        <section className="card card-detail" aria-label={detailLabel}>
          <div className="scroll">{detail}</div>
        </section>
      ) : null}
      {bar === null ? null : <div className="shell-bar">{bar}</div>}
      <div className="shell-controls">{controls}</div>
      <footer className="shell-credit">{credit}</footer>
    </div>
  );
}
