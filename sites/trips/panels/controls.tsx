import { Compass, LocateFixed, Maximize, Minus, MountainSnow, Plus } from "lucide-react";
import { IconButton } from "#lib/web/icon-button.tsx";

interface ControlsProps {
  readonly following: boolean;
  /** Whether there is anything to show or follow. */
  readonly enabled: boolean;
  readonly relief: boolean;
  /** Whether north is not up, or the map lies tilted. */
  readonly turned: boolean;
  readonly onFollow: () => void;
  readonly onFit: () => void;
  readonly onZoom: (step: 1 | -1) => void;
  readonly onRelief: () => void;
  readonly onNorth: () => void;
}

/** What can be done with the map. */
export function Controls({
  following,
  enabled,
  relief,
  turned,
  onFollow,
  onFit,
  onZoom,
  onRelief,
  onNorth,
}: ControlsProps) {
  return (
    <>
      <div className="control-group control-zoom">
        <IconButton label="Zoom in" onClick={() => onZoom(1)}>
          <Plus size={20} />
        </IconButton>
        <IconButton label="Zoom out" onClick={() => onZoom(-1)}>
          <Minus size={20} />
        </IconButton>
      </div>
      <div className="control-group">
        <IconButton
          label={following ? "Keep the newest photo in view: on" : "Keep the newest photo in view: off"}
          pressed={following}
          disabled={!enabled}
          onClick={onFollow}
        >
          <LocateFixed size={20} />
        </IconButton>
        <IconButton label="Show the whole trip" disabled={!enabled} onClick={onFit}>
          <Maximize size={20} />
        </IconButton>
      </div>
      <div className="control-group">
        <IconButton label={relief ? "Hills in 3D: on" : "Hills in 3D: off"} pressed={relief} onClick={onRelief}>
          <MountainSnow size={20} />
        </IconButton>
        {turned ? (
          <IconButton label="North up" onClick={onNorth}>
            <Compass size={20} />
          </IconButton>
        ) : null}
      </div>
    </>
  );
}
