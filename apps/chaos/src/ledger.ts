/** The time whose writes a restore may have undone. */
export interface Forgotten {
  readonly from: number;
  readonly to: number;
}

/** The database at the end: how often each text is stored, and how often its creation was announced. */
export interface Stored {
  readonly notes: ReadonlyMap<string, number>;
  readonly creations: ReadonlyMap<string, number>;
}

export interface LedgerResult {
  readonly attempted: number;
  readonly acknowledged: number;
  /** Acknowledged writes that the restored copy cannot hold. They are not compared. */
  readonly excluded: number;
  readonly lost: readonly string[];
  readonly ranTwice: readonly string[];
}

/** Records what the clients write. Every note has a unique text. */
export type Ledger = ReturnType<typeof createLedger>;

interface Entry {
  sentAt: number;
  acknowledgedAt?: number;
}

export function createLedger(now: () => number) {
  const entries = new Map<string, Entry>();
  return {
    /** Records that a note is about to be sent, for the first time or again. */
    sent(text: string) {
      entries.set(text, { sentAt: now() });
    },
    acknowledged(text: string) {
      const entry = entries.get(text);
      if (entry === undefined) throw new Error(`${text} was never sent`);
      entry.acknowledgedAt = now();
    },
    compare({ notes, creations }: Stored, forgotten: Forgotten | undefined): LedgerResult {
      const all = [...entries];
      const acknowledged = all.filter(([, { acknowledgedAt }]) => acknowledgedAt !== undefined);
      const comparable = acknowledged.filter(([, entry]) => !isForgotten(entry, forgotten));
      const texts = new Set([...notes.keys(), ...creations.keys()]);
      return {
        attempted: all.length,
        acknowledged: acknowledged.length,
        excluded: acknowledged.length - comparable.length,
        lost: comparable.map(([text]) => text).filter((text) => !notes.has(text)),
        ranTwice: [...texts].filter((text) => (notes.get(text) ?? 0) > 1 || (creations.get(text) ?? 0) > 1),
      };
    },
  };
}

/** Whether a write may have been made between the copy and the restore. */
function isForgotten({ sentAt, acknowledgedAt = 0 }: Entry, forgotten: Forgotten | undefined): boolean {
  return forgotten !== undefined && sentAt < forgotten.to && acknowledgedAt > forgotten.from;
}
