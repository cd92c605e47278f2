import { useUser } from '@latchkey/react';
import { type ReactNode, useCallback, useState } from 'react';
import { tap } from '../api.js';
import { Navigation } from '../shell/Navigation.js';
import { Notice } from '../ui/Notice.js';
import { PageHeader } from '../ui/PageHeader.js';
import { FUTURE, type TimeView } from './drawing/timeScale.js';
import { timeline } from './inspectorStore.js';
import { BeginSession } from './parts/BeginSession.js';
import { Controls } from './parts/Controls.js';
import { EventList } from './parts/EventList.js';
import { Facts } from './parts/Facts.js';
import { Legend } from './parts/Legend.js';
import { Narration } from './parts/Narration.js';
import { TimelineView } from './parts/TimelineView.js';
import { Troubles } from './parts/Troubles.js';
import type { ServerState } from './sources/connectServer.js';
import type { Mark } from './timeline/mark.js';
import { useInspector, useTick } from './useInspector.js';
import { useShortLife } from './useShortLife.js';
import { useThiefStory } from './useThiefStory.js';
import { useTraffic } from './useTraffic.js';

const FIRST_SPAN = 30_000;
const { now } = tap.recorder;

/** Draws the life of the session on a time axis, in every tab and on the server. */
export function InspectorPage(): ReactNode {
  const { server, workers } = useInspector();
  const { view, setView, pause } = useTimeView();
  const { current, setPointed, setChosen } = useChosenMark();
  const [everyMs, setPace] = useState(1_000);
  const user = useUser();
  useTick(4);
  useTraffic(everyMs);
  useThiefStory(server ?? {});
  useShortLife(server ?? {});

  return (
    <>
      {user && <Navigation />}
      <div className="mx-auto flex max-w-6xl flex-col gap-4 px-4 pt-6 pb-10 sm:px-6 lg:pt-8">
        <PageHeader
          title="Session inspector"
          className="mb-2"
          action={
            <Controls view={view} onView={setView} onPause={pause} everyMs={everyMs} onPace={setPace} />
          }
        >
          Shows every access token, call and refresh of this session, live and from real traffic.
        </PageHeader>
        <BeginSession endedBy={server?.session?.revokedReason} />
        <div className="max-md:order-3">
          <Facts server={server} />
        </div>
        <div className="max-md:order-2">{server && <ServerSide server={server} workers={workers} />}</div>
        <div className="grid gap-2 max-md:order-1">
          <TimelineView
            timeline={timeline}
            now={now}
            view={view}
            chosen={current}
            onView={setView}
            onPause={pause}
            onPoint={setPointed}
            onChoose={setChosen}
          />
          <Narration timeline={timeline} chosen={current} now={now()} />
        </div>
        <div className="grid gap-4 max-md:order-4">
          <Legend />
          <EventList timeline={timeline} now={now()} onChoose={setChosen} />
        </div>
      </div>
    </>
  );
}

/** The mark under the pointer, or else the chosen one, as it is now. */
function useChosenMark() {
  const [pointed, setPointed] = useState<Mark>();
  const [chosen, setChosen] = useState<Mark>();
  const shown = pointed ?? chosen;
  return { current: shown && (timeline.find(shown.id) ?? shown), setPointed, setChosen };
}

/** The visible part of time; `pause` stops it or lets it move again. */
function useTimeView() {
  const [view, setView] = useState<TimeView>({ span: FIRST_SPAN });
  const pause = useCallback(
    () => setView(({ span, end }) => (end === undefined ? { span, end: now() + span * FUTURE } : { span })),
    [],
  );
  return { view, setView, pause };
}

function ServerSide({ server, workers }: { server: ServerState; workers: number }): ReactNode {
  if (server.connection !== 'absent' || server.session)
    return <Troubles server={server} now={now()} workers={workers} />;
  return (
    <Notice>
      This server does not show its side and does not simulate failures, because it runs in production.
    </Notice>
  );
}
