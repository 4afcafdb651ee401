import type { ReactNode } from "react";

interface IconButtonProps {
  /** What the button does; also its tooltip. */
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
  /** For a button that is on or off. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}

/** A button of 44 × 44 px that shows an icon. */
export function IconButton({ label, onClick, children, pressed, disabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
