import type { ReactNode } from 'react';

/** A note as the list shows it. */
interface ListedNote {
  readonly id: string;
  readonly text: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Props of {@link NoteList}. */
export interface NoteListProps {
  /** Undefined while they are being fetched. */
  readonly notes: readonly ListedNote[] | undefined;
  /** A note on its way to the server. */
  readonly adding: { readonly id?: string | undefined; readonly text: string } | undefined;
  /** The id of a note being deleted. */
  readonly deleting: string | undefined;
  readonly onDelete: (id: string) => void;
}

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The notes, newest first, or what is to be said when there are none. */
export function NoteList({ notes, adding, deleting, onDelete }: NoteListProps): ReactNode {
  if (!notes) return <p className="waiting">Fetching your notes…</p>;
  const newestFirst = notes.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const isListed = notes.some(({ id }) => id === adding?.id);
  if (notes.length === 0 && !adding) return <p className="empty">No notes yet. Write the first one above.</p>;
  return (
    <ul className="list">
      {adding && !isListed && (
        <li className="pending">
          <p>{adding.text}</p>
          <span className="time">Saving…</span>
        </li>
      )}
      {newestFirst.map(({ id, text, createdAt }) => (
        <li key={id} className={id === deleting ? 'pending' : undefined}>
          <p>{text}</p>
          <time className="time" dateTime={createdAt}>
            {time.format(new Date(createdAt))}
          </time>
          <button type="button" className="quiet" disabled={id === deleting} onClick={() => onDelete(id)}>
            Delete<span className="unseen"> “{text}”</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
