import {
  AppWindow,
  Hourglass,
  KeyRound,
  Layers,
  type LucideIcon,
  ServerOff,
  Unplug,
  VenetianMask,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { client, tap } from '../../api.js';
import { Notice } from '../../ui/Notice.js';
import { setWorkers } from '../inspectorStore.js';
import type { ServerState } from '../sources/connectServer.js';
import { orders } from '../sources/orders.js';
import { duration } from '../timeline/explain.js';

const SHORT_LIFE_MS = 5_000;
const OUTAGE_MS = 10_000;
const TABS = 10;

export interface TroublesProps {
  readonly server: ServerState;
  readonly now: number;
  /** The number of running workers. */
  readonly workers: number;
}

/** Refreshes now; the timeline shows the result. */
function refresh() {
  return tap.session.refresh().catch(() => {});
}

/** Buttons that cause real failures, for this session alone. */
export function Troubles(props: TroublesProps): ReactNode {
  const [error, setError] = useState<string>();
  const act: Act = (work) => () => {
    setError(undefined);
    work().catch((cause: unknown) => setError(cause instanceof Error ? cause.message : String(cause)));
  };
  return (
    <section aria-labelledby="troubles" className="grid content-start gap-2.5">
      <h2 id="troubles" className="text-xl">
        Cause trouble
      </h2>
      {error && <Notice kind="wrong">{error}</Notice>}
      <div className="grid grid-cols-2 gap-2 lg:grid-cols-3">
        <ConnectionTroubles {...props} act={act} />
        <TokenTroubles {...props} act={act} />
      </div>
      <p className="text-soft text-sm">
        <AppWindow aria-hidden className="mr-1.5 inline size-4 align-[-3px]" />
        Real tabs work too:{' '}
        <a
          href="/inspector"
          target="_blank"
          rel="noopener"
          className="font-semibold text-brass underline underline-offset-4"
        >
          open another
        </a>{' '}
        and it gets a lane here.
      </p>
    </section>
  );
}

/** Runs the work of a button and shows its error. */
type Act = (work: () => Promise<unknown>) => () => void;

function ConnectionTroubles({ server, now, act }: TroublesProps & { act: Act }): ReactNode {
  const { troubles } = server;
  const isShort = troubles?.lifeMs != null;
  const outage = (troubles?.offlineUntil ?? 0) - now;
  return (
    <>
      <Trouble
        icon={Hourglass}
        title={isShort ? 'Restore the token lifetime' : `Shorten tokens to ${duration(SHORT_LIFE_MS)}`}
        isOn={isShort}
        onPress={act(async () => {
          await orders.trouble({ lifeMs: isShort ? null : SHORT_LIFE_MS });
          await refresh();
        })}
      >
        Tokens are renewed every few seconds. No call fails.
      </Trouble>
      <Trouble
        icon={Unplug}
        title="Lose the next response"
        isOn={troubles?.lose === true}
        onPress={act(async () => {
          await orders.trouble({ lose: true });
          await refresh();
        })}
      >
        The server rotates the refresh token, and the connection breaks before the response is sent.
      </Trouble>
      <Trouble
        icon={ServerOff}
        title={outage > 0 ? `Back in ${duration(outage)}; end it now` : 'Take the server offline'}
        isOn={outage > 0}
        onPress={act(() => orders.trouble({ offlineMs: outage > 0 ? 0 : OUTAGE_MS }))}
      >
        Cuts every connection of this session for {duration(OUTAGE_MS)}. You stay signed in, and calls wait.
      </Trouble>
    </>
  );
}

function TokenTroubles({ server, workers, act }: TroublesProps & { act: Act }): ReactNode {
  const { troubles, thief, graceMs = 0 } = server;
  const isStolen = thief?.phase === 'holding' || thief?.phase === 'waiting';
  return (
    <>
      <Trouble
        icon={KeyRound}
        title="Break a token"
        isOn={troubles?.spoil === true}
        onPress={act(async () => {
          await orders.trouble({ spoil: true });
          await client.whoami.query();
        })}
      >
        Damages the token of the next call on its way. The guard refuses the call, and the client sends it
        again.
      </Trouble>
      <Trouble
        icon={VenetianMask}
        title={isStolen ? 'Let the thief strike now' : 'Give a thief a copy'}
        isOn={isStolen}
        onPress={act(isStolen ? orders.strike : orders.copyToken)}
      >
        A second client gets your refresh token. It waits until your next token is in use and the grace period
        ({duration(graceMs)}) is over, or until you press again.
      </Trouble>
      <Trouble
        icon={Layers}
        title={workers > 0 ? 'Close the ten tabs' : 'Open ten tabs'}
        isOn={workers > 0}
        onPress={act(async () => setWorkers(workers > 0 ? 0 : TABS))}
      >
        Starts ten workers, because browsers block ten windows. Each runs the client in its own thread with
        the same cookies.
      </Trouble>
    </>
  );
}

interface TroubleProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly isOn: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Trouble({ icon: Icon, title, isOn, onPress, children }: TroubleProps): ReactNode {
  return (
    <button
      type="button"
      onClick={onPress}
      className={`grid grid-cols-[auto_1fr] content-start gap-x-2.5 rounded-lg border px-3 py-2.5 sm:px-3.5 text-left transition-colors ${isOn ? 'border-rust bg-rust-tint' : 'border-line bg-surface hover:border-line-strong'}`}
    >
      <Icon aria-hidden className={`mt-0.5 size-5 ${isOn ? 'text-rust' : 'text-brass'}`} />
      <span className="font-semibold tabular-nums leading-snug">{title}</span>
      <span className="col-start-2 text-soft text-sm leading-snug max-sm:sr-only">{children}</span>
    </button>
  );
}
