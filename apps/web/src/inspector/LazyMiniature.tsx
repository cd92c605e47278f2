import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';

const InspectorMiniature = lazy(async () => {
  const { InspectorMiniature: component } = await import('./InspectorMiniature.js');
  return { default: component };
});

/** Loads the small inspector when it is about to come into view, and reserves its space. */
export function LazyMiniature(): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) setNear(true);
      },
      { rootMargin: '200px' },
    );
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className="min-h-104">
      {isNear && (
        <Suspense>
          <InspectorMiniature />
        </Suspense>
      )}
    </div>
  );
}
