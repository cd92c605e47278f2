const NAMES = [
  'surface',
  'sunken',
  'line',
  'line-strong',
  'text',
  'soft',
  'brass',
  'brass-fill',
  'brass-tint',
  'on-brass',
  'patina',
  'patina-tint',
  'amber',
  'amber-tint',
  'rust',
  'rust-tint',
] as const;

/** The colours of the page in a form that a canvas accepts. */
export type Palette = Readonly<Record<(typeof NAMES)[number] | 'font', string>>;

/** Reads the colours within an element in the current theme. */
export function readPalette(within: Element): Palette {
  const probe = document.createElement('span');
  within.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  const font = getComputedStyle(within).fontFamily;
  probe.remove();
  return { ...(colours as Record<(typeof NAMES)[number], string>), font };
}
