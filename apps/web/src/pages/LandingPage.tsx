import { SignedIn } from '@latchkey/react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LazyMiniature } from '../inspector/LazyMiniature.js';
import { CodeSample } from '../landing/CodeSample.js';
import { KeyDrawing } from '../landing/KeyDrawing.js';
import { SAMPLES } from '../landing/samples.js';
import { TrialButton } from '../landing/TrialButton.js';
import { Trials } from '../landing/Trials.js';
import { buttonClass } from '../ui/Button.js';

const FACTS = [
  { figure: '0', text: 'database queries per request to check a session' },
  { figure: '1', text: 'conditional write to renew a session, however many tabs ask at once' },
  { figure: '< 1 s', text: 'until every server refuses a session that you ended' },
  { figure: '4 kB', text: 'of script in the browser, with no dependencies' },
] as const;

/** Introduces Latchkey. */
export function LandingPage(): ReactNode {
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6">
      <Hero />
      <Section title="See for yourself">
        <Trials />
      </Section>
      <Section title="Watch a session live">
        <LazyMiniature />
      </Section>
      <Section title="All the code it takes">
        <div className="grid gap-4 lg:grid-cols-3">
          {SAMPLES.map((sample) => (
            <CodeSample key={sample.title} {...sample} />
          ))}
        </div>
      </Section>
      <Section title="What it costs">
        <dl className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-4">
          {FACTS.map(({ figure, text }) => (
            <div
              key={text}
              className="flex flex-col-reverse justify-end gap-1.5 border-brass-fill border-t-2 pt-3"
            >
              <dt className="text-soft">{text}</dt>
              <dd className="font-display font-semibold text-4xl">{figure}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <footer className="mt-20 flex flex-wrap gap-x-6 gap-y-2 border-line border-t py-8 text-soft">
        <a className="hover:text-text" href="/docs">
          HTTP interface
        </a>
        <a className="hover:text-text" href="/dev/mailbox">
          Development mailbox
        </a>
        <span>MIT licence</span>
      </footer>
    </div>
  );
}

function Hero(): ReactNode {
  return (
    <div className="grid items-center gap-10 py-12 sm:py-16 lg:grid-cols-[1.1fr_1fr] lg:py-24">
      <div>
        <h1 className="text-4xl sm:text-5xl xl:text-6xl">Sign-in that never gets in the way.</h1>
        <p className="mt-5 max-w-prose text-lg text-soft">
          Access tokens live for minutes, and each refresh token is used once. Your visitors and your code
          never notice. For tRPC, Express and MongoDB.
        </p>
        <div className="mt-8 flex min-h-25 flex-wrap content-start gap-3 sm:min-h-11">
          <SignedIn
            fallback={
              <>
                <TrialButton />
                <Link to="/register" className={buttonClass()}>
                  Create an account
                </Link>
              </>
            }
          >
            <Link to="/notes" className={buttonClass({ look: 'primary' })}>
              Go to your notes
            </Link>
          </SignedIn>
        </div>
      </div>
      <KeyDrawing />
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="py-10 lg:py-14">
      <h2 className="mb-6 text-2xl sm:text-3xl">{title}</h2>
      {children}
    </section>
  );
}
