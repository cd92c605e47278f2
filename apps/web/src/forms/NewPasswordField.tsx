import { Meter } from '@base-ui/react/meter';
import { useUser } from '@latchkey/react';
import type { PasswordStrength } from '@latchkey/server/password-strength';
import { type ReactNode, useEffect, useState } from 'react';
import { PasswordField, type PasswordFieldProps } from './PasswordField.js';
import { PASSWORD_MIN_LENGTH } from './passwordMinLength.js';

const COLOURS = ['bg-rust', 'bg-rust', 'bg-amber', 'bg-patina', 'bg-patina'] as const;

/** A new password with a strength meter. */
export function NewPasswordField(props: Omit<PasswordFieldProps, 'autoComplete' | 'hint'>): ReactNode {
  const [password, setPassword] = useState('');
  const strength = useStrength(password);
  return (
    <div className="grid gap-1.5">
      <PasswordField
        {...props}
        autoComplete="new-password"
        hint={
          strength?.message ?? `At least ${PASSWORD_MIN_LENGTH} characters. A few words make a good password.`
        }
        onChange={(event) => {
          setPassword(event.currentTarget.value);
          props.onChange?.(event);
        }}
      />
      <Meter.Root
        value={strength?.score ?? 0}
        max={4}
        aria-label="Strength of the password"
        aria-valuetext={strength?.message ?? 'Nothing typed yet'}
      >
        <Meter.Track className="h-1.5 overflow-hidden rounded-sm bg-sunken">
          <Meter.Indicator className={`h-full transition-[width] ${COLOURS[strength?.score ?? 0]}`} />
        </Meter.Track>
      </Meter.Root>
    </div>
  );
}

/** Applies the server's own rules, whose word lists are fetched when the person begins to type. */
function useStrength(password: string): PasswordStrength | undefined {
  const user = useUser();
  const [judged, setJudged] = useState<{ password: string; strength: PasswordStrength }>();
  useEffect(() => {
    if (password === '') return;
    let isLatest = true;
    const judge = async () => {
      const { passwordStrength } = await import('@latchkey/server/password-strength');
      const strength = await passwordStrength(password, { minLength: PASSWORD_MIN_LENGTH, ...user });
      if (isLatest) setJudged({ password, strength });
    };
    // The meter only helps: if its lists cannot be fetched, the server still checks the password.
    judge().catch(() => {});
    return () => {
      isLatest = false;
    };
  }, [password, user]);
  return password === '' ? undefined : judged?.strength;
}
