import { Check, Download, Link2 } from "lucide-react";
import { useState } from "react";
import { IconButton } from "#lib/web/icon-button.tsx";
import { exportUrl, type Scope } from "../api.ts";

const FORMATS = [
  ["gpx", "GPX", "for navigation and sport"],
  ["geojson", "GeoJSON", "for maps and programs"],
  ["kml", "KML", "for Google Earth"],
] as const;

interface ShareMenuProps {
  readonly trip: string;
  readonly scope: Scope;
  /** Writes the view into the address before it is copied. */
  readonly onShare: () => void;
}

/** A button that copies the address of what is seen now; it says so for a while. */
export function CopyLink({
  onShare,
  label = "Copy a link to this view",
}: {
  readonly onShare: () => void;
  readonly label?: string;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    onShare();
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <IconButton
      label={copied ? "The link was copied" : label}
      onClick={() => void copy().catch(() => prompt("The link", location.href))}
    >
      {copied ? <Check size={19} /> : <Link2 size={19} />}
    </IconButton>
  );
}

/** What can be taken away: a link to what is seen, and the trip as a file. */
export function ShareMenu({ trip, scope, onShare }: ShareMenuProps) {
  return (
    <div className="share">
      <CopyLink onShare={onShare} />
      <details className="menu">
        <summary className="icon-button" aria-label="Save the trip as a file" title="Save the trip as a file">
          <Download size={19} aria-hidden />
        </summary>
        <ul>
          {FORMATS.map(([format, name, what]) => (
            <li key={format}>
              <a href={exportUrl(trip, format, scope)} download>
                <b>{name}</b> <span className="muted">{what}</span>
              </a>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
