import { NotebookPen } from 'lucide-react';
import { type FormEvent, type ReactNode, useId } from 'react';
import { INPUT_CLASS } from '../forms/Field.js';
import { NoteItem } from '../notes/NoteItem.js';
import { useLiveNotes } from '../notes/useLiveNotes.js';
import { useNotes } from '../notes/useNotes.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { LoadingError } from '../ui/LoadingError.js';
import { PageHeader } from '../ui/PageHeader.js';
import { Skeleton } from '../ui/Skeleton.js';

/** A person's notes, newest first. */
export function NotesPage(): ReactNode {
  const { list, saving, create, update, remove } = useNotes();
  const { isLive } = useLiveNotes();
  return (
    <>
      <PageHeader title="Notes" action={<Live isLive={isLive} />}>
        Open a second tab and write in both.
      </PageHeader>
      <AddNote onAdd={create} />
      {list.isPending && <Skeleton label="Fetching your notes…" />}
      {list.isError && <LoadingError error={list.error} onRetry={list.refetch} />}
      {list.data?.length === 0 && (
        <EmptyState icon={NotebookPen} title="No notes yet">
          Write your first note above. It survives restarts, lost connections and expired tokens.
        </EmptyState>
      )}
      {list.data && list.data.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
          {list.data.toSorted(newestFirst).map((note) => (
            <NoteItem
              key={note.id}
              note={note}
              isSaving={saving.has(note.id)}
              onUpdate={update}
              onRemove={remove}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function newestFirst(a: { createdAt: string }, b: { createdAt: string }) {
  return b.createdAt.localeCompare(a.createdAt);
}

function AddNote({ onAdd }: { onAdd: (text: string) => void }): ReactNode {
  const id = useId();
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text')).trim();
    if (text) onAdd(text);
    event.currentTarget.reset();
  };
  return (
    <form onSubmit={add} className="mb-6 grid gap-x-2 gap-y-1.5 sm:grid-cols-[1fr_auto]">
      <label htmlFor={id} className="font-medium sm:col-span-2">
        Note
      </label>
      <input id={id} name="text" maxLength={2000} autoComplete="off" required className={INPUT_CLASS} />
      <Button type="submit" look="primary">
        Add note
      </Button>
    </form>
  );
}

function Live({ isLive }: { isLive: boolean }) {
  return (
    <span className="flex items-center gap-2 text-sm text-soft">
      <span
        aria-hidden
        className={`size-2 rounded-full ${isLive ? 'bg-patina' : 'animate-breathe bg-amber'}`}
      />
      {isLive ? 'Live' : 'Connecting'}
    </span>
  );
}
