import type { inferOutput } from '@trpc/tanstack-react-query';
import { queryClient } from '../api.js';
import { trpc } from '../trpc.js';

/** A note as the server sends it. */
export type Note = inferOutput<typeof trpc.notes.list>[number];

/** Changes the list of notes that the page shows, without asking the server. */
function change(next: (notes: Note[]) => Note[]) {
  return queryClient.setQueryData(trpc.notes.list.queryKey(), (notes) => notes && next(notes));
}

/** The cached list of notes, and the ways it changes: by what is done here, and by what the server tells. */
export const notesCache = {
  /** Puts a note in, or in the place of its older state. */
  put: (note: Note): void =>
    void change((notes) =>
      notes.some(({ id }) => id === note.id)
        ? notes.map((other) => (other.id === note.id ? note : other))
        : [note, ...notes],
    ),
  remove: (id: string): void => void change((notes) => notes.filter((note) => note.id !== id)),
  get: (id: string): Note | undefined =>
    queryClient.getQueryData(trpc.notes.list.queryKey())?.find((note) => note.id === id),
  /** Asks the server for the whole list again. */
  refetch: (): Promise<void> => queryClient.invalidateQueries({ queryKey: trpc.notes.list.queryKey() }),
};
