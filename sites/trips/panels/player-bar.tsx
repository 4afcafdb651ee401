import { Gauge, Pause, Play, Video, X } from "lucide-react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { IconButton } from "#lib/web/icon-button.tsx";
import { formatInstant, formatMeters, formatTime } from "../format.ts";
import type { Player } from "../player.ts";
import { useStore } from "../store.ts";
import { placeAt, positionAt, type Timeline } from "../timeline.ts";
import type { Track } from "../track.ts";
import { Thumb } from "./thumb.tsx";

interface PlayerBarProps {
  readonly player: Player;
  readonly track: Track;
  readonly timeline: Timeline;
  readonly zone: string;
  readonly onToggle: () => void;
  readonly onOpen: (id: string) => void;
}

const CAMERAS = { free: "follow", follow: "chase", chase: "free" } as const;
const CAMERA_SAYS = {
  free: "Camera: stays where it is",
  follow: "Camera: follows from above",
  chase: "Camera: flies behind",
};
const nobody = () => undefined;

/** The photo that was passed last at a point of the track. */
function passed(points: readonly Point[], index: number): Point | undefined {
  for (let i = index; i >= 0 && i > index - 500; i--) if (points[i]!.image) return points[i];
  return undefined;
}

/** Playback of the trip: play and pause, where it is, how fast, what the camera does, the photo that was passed last. */
export function PlayerBar({ player, track, timeline, zone, onToggle, onOpen }: PlayerBarProps) {
  const { active, playing, ms, speed, camera } = useStore(player.state);
  const place = placeAt(timeline, ms);
  const { instant, along } = positionAt(track, place);
  const said = formatInstant(new Date(instant).toISOString(), zone);
  const photo = active ? passed(track.points, place.index) : undefined;
  return (
    <section className="player" aria-label="Playback" data-active={active} data-playing={playing}>
      <IconButton label={playing ? "Pause (K)" : "Play the trip (K)"} onClick={onToggle}>
        {playing ? <Pause size={20} /> : <Play size={20} />}
      </IconButton>
      <div className="player-where">
        <input
          type="range"
          aria-label="Where playback is"
          aria-valuetext={`${said}, ${formatMeters(along)}`}
          min={0}
          max={Math.max(1, timeline.length)}
          step={1000}
          value={ms}
          onChange={(event) => player.seek(Number(event.target.value))}
        />
        {active ? (
          <p>
            <time dateTime={new Date(instant).toISOString()}>{said}</time>
            <span className="muted"> · {formatMeters(along)}</span>
          </p>
        ) : (
          <p className="muted">Play the trip</p>
        )}
      </div>
      <button
        type="button"
        className="icon-button player-speed"
        aria-label={`Speed: ${speed} times. Faster, ] and [ change it`}
        title="Speed ( [ and ] )"
        onClick={() => (speed === 3600 ? [...Array(5)].forEach(() => player.faster(-1)) : player.faster(1))}
      >
        <Gauge size={15} aria-hidden /> {speed}×
      </button>
      <IconButton
        label={CAMERA_SAYS[camera]}
        pressed={camera !== "free"}
        onClick={() => player.setCamera(CAMERAS[camera])}
      >
        <Video size={19} data-camera={camera} />
      </IconButton>
      {active ? (
        <IconButton label="End playback" onClick={player.close}>
          <X size={19} />
        </IconButton>
      ) : null}
      {photo ? (
        <div className="player-photo">
          <Thumb
            key={photo.id}
            point={photo}
            time={formatTime(photo.takenAt, zone)}
            open={false}
            onOpen={onOpen}
            onPoint={nobody}
          />
        </div>
      ) : null}
    </section>
  );
}
