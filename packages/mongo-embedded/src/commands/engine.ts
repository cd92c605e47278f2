import { type Catalog, openCatalog } from '../storage/catalog.js';
import { openRecords, type Records } from '../storage/records.js';
import { openStore, type Store } from '../storage/store.js';
import { type Cursors, openCursors } from './cursors.js';

export interface Engine {
  store: Store;
  catalog: Catalog;
  records: Records;
  cursors: Cursors;
}

/** Opens the data in the folder `path`. */
export function openEngine(options: { path: string; sync: boolean }): Engine {
  const store = openStore(options);
  const catalog = openCatalog(store);
  return { store, catalog, records: openRecords(store, catalog), cursors: openCursors() };
}
