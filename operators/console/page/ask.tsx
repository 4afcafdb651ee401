import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { IconButton } from "#lib/web/icon-button.tsx";

/** One text that is asked for. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** Values that are offered; others may be written. */
  readonly offers?: readonly string[];
  /** A regular expression for the whole, and what it stands for. */
  readonly pattern?: readonly [string, string];
}

interface AskProps {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly children?: ReactNode;
  /** What the button says that does it. */
  readonly action: string;
  /** Resolves to whether it was done; then the dialog closes. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<boolean>;
  readonly onClose: () => void;
}

/** A dialog that asks for texts. */
export function Ask({ title, fields, children, action, onSubmit, onClose }: AskProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries(
      [...new FormData(event.currentTarget)].map(([name, text]) => [name, String(text).trim()]),
    );
    setBusy(true);
    const isDone = await onSubmit(values);
    setBusy(false);
    if (isDone) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className="ask" aria-labelledby={id} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="ask-head">
          <h2 id={id}>{title}</h2>
          <IconButton label="Close" onClick={() => dialog.current?.close()}>
            <X size={20} />
          </IconButton>
        </div>
        {children && <p className="muted">{children}</p>}
        {fields.map(({ name, label, value, offers = [], pattern }) => (
          <label key={name} className="field">
            <span>{label}</span>
            <input
              name={name}
              defaultValue={value}
              required
              maxLength={253}
              autoComplete="off"
              spellCheck={false}
              list={offers.length > 0 ? `${id}-${name}` : undefined}
              pattern={pattern?.[0]}
              title={pattern?.[1]}
            />
            {offers.length > 0 && (
              <datalist id={`${id}-${name}`}>
                {offers.map((offer) => (
                  <option key={offer} value={offer} />
                ))}
              </datalist>
            )}
          </label>
        ))}
        <button type="submit" className="button primary" disabled={busy}>
          {action}
        </button>
      </form>
    </dialog>
  );
}

/** What names of Kubernetes look like. */
export const NAME: readonly [string, string] = ["[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?", "small letters, digits and -"];
