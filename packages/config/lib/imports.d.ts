/** An import of one file by another; paths are below the root that was read. */
export interface FileImport {
  readonly from: string;
  readonly to: string;
}

/** An import across two rooms. */
export interface RoomImport extends FileImport {
  readonly fromRoom: string;
  readonly toRoom: string;
}

/** The relative imports of a source folder. */
export interface SourceImports {
  readonly rooms: readonly string[];
  readonly imports: readonly FileImport[];
  readonly between: readonly RoomImport[];
  readonly roomCycles: readonly (readonly string[])[];
  readonly fileCycles: readonly (readonly string[])[];
}

/** Reads the relative imports of a source folder; the folders in `nested` have a room per folder of theirs. */
export function readImports(
  root: string | URL,
  options?: { readonly nested?: readonly string[] },
): SourceImports;

/** The imports that go against an order of rooms, the highest first. */
export function importsAgainst(
  read: Pick<SourceImports, 'rooms' | 'between'>,
  order: readonly string[],
): string[];
