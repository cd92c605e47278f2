import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';
import { tap } from '../../api.js';
import type { ServerState } from '../sources/connectServer.js';
import { duration } from '../timeline/explain.js';
import { useTick } from '../useInspector.js';

const STATES = {
  restoring: 'Checking the session',
  anonymous: 'Not signed in',
  authenticated: 'Signed in',
  refreshing: 'Getting a new token',
  unreachable: 'Server unreachable',
  ended: 'Session ended',
} as const;

const TONES: Partial<Record<keyof typeof STATES, string>> = {
  authenticated: 'text-patina',
  refreshing: 'text-brass',
  unreachable: 'text-amber',
  ended: 'text-rust',
};

/** The current state in four figures. */
export function Facts({ server }: { server: ServerState | undefined }): ReactNode {
  useTick(4);
  const { status } = useSession();
  const now = tap.recorder.now();
  const token = tap.recorder.token();
  const session = server?.session;
  const grace = (session?.graceUntil ?? 0) - now;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
      <Fact name="Session" value={STATES[status]} tone={TONES[status]} />
      <Fact
        name="Access token"
        value={token && token.end > now ? `ends in ${duration(token.end - now)}` : 'none'}
        note={token && `lives ${duration(token.end - token.at)}, in memory only`}
      />
      <Fact
        name="Refresh token"
        value={session ? `generation ${session.generation}` : '—'}
        note={
          session &&
          (session.acknowledged >= session.generation
            ? 'its access token is in use'
            : 'its access token is not used yet')
        }
      />
      <Fact
        name="Grace period"
        value={session ? (session.revokedAt === null && grace > 0 ? `${duration(grace)} left` : 'over') : '—'}
        note={server?.graceMs === undefined ? undefined : `${duration(server.graceMs)} after each rotation`}
      />
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: string | undefined;
}

function Fact({ name, value, note, tone = '' }: FactProps): ReactNode {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-soft text-sm">{name}</dt>
      <dd className={`font-display font-semibold text-lg tabular-nums leading-snug ${tone}`}>{value}</dd>
      <dd className="min-h-5 text-soft text-xs">{note}</dd>
    </div>
  );
}
