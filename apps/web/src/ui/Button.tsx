import type { ButtonHTMLAttributes, ReactNode } from 'react';

const LOOKS = {
  /** The main action of a page. */
  primary: 'bg-brass-fill text-on-brass hover:bg-brass-strong font-semibold',
  /** Everything else. */
  quiet: 'border border-line bg-surface hover:border-line-strong font-medium',
  /** A button among text. */
  bare: 'text-soft hover:bg-sunken hover:text-text font-medium',
  /** An action that cannot be undone. */
  danger: 'bg-rust-fill text-white hover:brightness-110 font-semibold',
} as const;

const SIZES = { normal: 'min-h-11 px-4', small: 'min-h-9 px-3 text-[0.9375rem]' } as const;

export interface ButtonLook {
  readonly look?: keyof typeof LOOKS;
  readonly size?: keyof typeof SIZES;
}

/** The classes of a button, also for links that look like one. */
export function buttonClass({ look = 'quiet', size = 'normal' }: ButtonLook = {}): string {
  return `inline-flex items-center justify-center gap-2 rounded-md whitespace-nowrap transition-colors disabled:opacity-60 ${LOOKS[look]} ${SIZES[size]}`;
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  /** Whether its action is still running. The button keeps its width and takes no second press. */
  readonly busy?: boolean;
}

export function Button({ look, size, busy = false, className = '', ...rest }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={`${buttonClass({ ...(look && { look }), ...(size && { size }) })} ${busy ? 'animate-breathe' : ''} ${className}`}
    />
  );
}
