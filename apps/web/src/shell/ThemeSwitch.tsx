import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { setTheme, THEMES, useTheme } from '../theme/theme.js';
import { Button } from '../ui/Button.js';

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;
const NAMES = { system: 'system', light: 'light', dark: 'dark' } as const;

/** Switches to the next theme. */
export function ThemeSwitch(): ReactNode {
  const theme = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const Icon = ICONS[theme];
  return (
    <Button
      look="bare"
      size="small"
      aria-label={`Theme: ${NAMES[theme]}`}
      title={`Theme: ${NAMES[theme]}`}
      onClick={() => setTheme(next)}
    >
      <Icon aria-hidden className="size-5" />
    </Button>
  );
}
