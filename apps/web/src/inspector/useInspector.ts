import { useEffect, useState, useSyncExternalStore } from 'react';
import { getSnapshot, type InspectorSnapshot, subscribe } from './inspectorStore.js';

/** What tabs and server tell, for as long as the component is there. */
export function useInspector(): InspectorSnapshot {
  return useSyncExternalStore(subscribe, getSnapshot);
}

/** Renders again so many times a second, for what counts down. */
export function useTick(hertz: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1_000 / hertz);
    return () => clearInterval(timer);
  }, [hertz]);
}
