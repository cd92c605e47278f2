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
 * Keeps the list in step with what happens to it elsewhere. One tab listens to the server and tells the others: a
 * browser has six connections per server, and eight tabs with a stream each would leave none to ask by.
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
