import { useUser } from '@latchkey/react';
import { useSubscription } from '@trpc/tanstack-react-query';
import { trpc } from '../trpc.js';
import { notesCache } from './notesCache.js';
import { useTabBroadcast } from './useTabBroadcast.js';
import { useTabLeader } from './useTabLeader.js';

interface NoteChange {
  readonly type: string;
  readonly note: Parameters<typeof notesCache.put>[0];
}

function apply({ type, note }: NoteChange) {
  return type === 'deleted' ? notesCache.remove(note.id) : notesCache.put(note);
}

/**
 * Applies changes made elsewhere to the list. One tab listens to the server and tells the others: a browser opens at
 * most six connections to a server, and streams of many tabs would use them all up.
 */
export function useLiveNotes(): { readonly isLive: boolean } {
  const name = `latchkey-notes:${useUser()?.id}`;
  const isLeader = useTabLeader(name);
  const tell = useTabBroadcast(name, apply);
  const stream = useSubscription(
    trpc.notes.onChange.subscriptionOptions(
      {},
      {
        enabled: isLeader,
        onStarted: () => void notesCache.refetch(),
        onData: ({ data }) => {
          apply(data);
          tell(data);
        },
      },
    ),
  );
  return { isLive: !isLeader || stream.status === 'pending' };
}
