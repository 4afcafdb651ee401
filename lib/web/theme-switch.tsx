import { Monitor, Moon, Sun } from "lucide-react";
import { IconButton } from "./icon-button.tsx";
import { chooseTheme, nextChoice, type ThemeChoice, useThemeChoice } from "./theme.ts";

const ICONS: Readonly<Record<ThemeChoice, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };

/** A button that goes through the themes: the machine's, light, dark. */
export function ThemeSwitch() {
  const choice = useThemeChoice();
  const next = nextChoice(choice);
  const Icon = ICONS[choice];
  return (
    <IconButton label={`Theme: ${choice}. Change to ${next}`} onClick={() => chooseTheme(next)}>
      <Icon size={20} />
    </IconButton>
  );
}
