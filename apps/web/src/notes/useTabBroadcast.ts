import { useEffect, useEffectEvent, useRef } from 'react';

/** Hears what other tabs say under this name; the function returned says something to them. */
export function useTabBroadcast<T>(name: string, onMessage: (message: T) => void): (message: T) => void {
  const channel = useRef<BroadcastChannel>(null);
  const hear = useEffectEvent(onMessage);

  useEffect(() => {
    const opened = new BroadcastChannel(name);
    opened.onmessage = ({ data }) => hear(data);
    channel.current = opened;
    return () => opened.close();
  }, [name]);

  return (message) => channel.current?.postMessage(message);
}
