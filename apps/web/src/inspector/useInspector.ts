import { useEffect, useState, useSyncExternalStore } from 'react';
import { getSnapshot, type InspectorSnapshot, subscribe } from './inspectorStore.js';

/** Subscribes to the state of the tabs and the server. */
export function useInspector(): InspectorSnapshot {
  return useSyncExternalStore(subscribe, getSnapshot);
}

/** Rerenders this many times a second, for countdowns. */
export function useTick(hertz: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1_000 / hertz);
    return () => clearInterval(timer);
  }, [hertz]);
}
