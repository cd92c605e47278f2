import type { ReactNode } from 'react';

const KINDS = {
  good: 'bg-patina-tint text-patina',
  warning: 'bg-amber-tint text-amber',
  wrong: 'bg-rust-tint text-rust',
  brass: 'bg-brass-tint text-text',
} as const;

export function Badge({ kind, children }: { kind: keyof typeof KINDS; children: ReactNode }): ReactNode {
  return (
    <span className={`inline-block rounded-sm px-2 py-0.5 font-medium text-sm leading-5 ${KINDS[kind]}`}>
      {children}
    </span>
  );
}
