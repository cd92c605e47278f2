import { useEffect, useEffectEvent, useRef } from 'react';

/** Receives the messages of other tabs under this name; returns a function that sends one. */
export function useTabBroadcast<T>(name: string, onMessage: (message: T) => void): (message: T) => void {
  const channel = useRef<BroadcastChannel>(null);
  const receive = useEffectEvent(onMessage);

  useEffect(() => {
    const opened = new BroadcastChannel(name);
    opened.onmessage = ({ data }) => receive(data);
    channel.current = opened;
    return () => opened.close();
  }, [name]);

  return (message) => channel.current?.postMessage(message);
}
