import type { AuthMail } from '@latchkey/server';
import { Router } from 'express';
import type { Mailer } from './smtpMailer.js';

/** A mail that was kept instead of sent. */
export interface KeptMail extends AuthMail {
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A mailer that keeps mails in memory. */
export interface DevMailbox extends Mailer {
  /** Serves the mails, newest first: `/dev/mailbox`, and as JSON `/dev/mailbox.json`. */
  readonly router: Router;
}

const MAX_MAILS = 200;

/** Creates a mailbox for development: anyone who reaches this server can read every mail. */
export function createDevMailbox(now: () => Date = () => new Date()): DevMailbox {
  let mails: KeptMail[] = [];
  const router = Router();
  router.use('/dev', (_req, res, next) => {
    res.set('cache-control', 'no-store');
    next();
  });
  router.get('/dev/mailbox.json', (_req, res) => {
    res.json(mails);
  });
  router.get('/dev/mailbox.css', (_req, res) => {
    res.type('css').send(STYLE);
  });
  router.get('/dev/mailbox', (_req, res) => {
    res.type('html').send(page(mails));
  });
  return {
    router,
    async send(mail) {
      mails = [{ ...mail, at: now().toISOString() }, ...mails].slice(0, MAX_MAILS);
    },
    close() {},
  };
}

function page(mails: readonly KeptMail[]) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Development mailbox</title>
<link rel="stylesheet" href="/dev/mailbox.css">
</head>
<body>
<main>
<header>
<h1>Development mailbox</h1>
<p>No mail leaves this server while <code>SMTP_URL</code> is not set. Newest first; <a href="/dev/mailbox">reload</a>, or read it <a href="/dev/mailbox.json">as JSON</a>.</p>
</header>
${mails.length === 0 ? '<p class="empty">No mail yet.</p>' : mails.map(article).join('\n')}
</main>
</body>
</html>
`;
}

function article({ at, to, subject, text, link }: KeptMail) {
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p class="envelope">To <strong>${escapeHtml(to)}</strong>, <time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time></p>
<pre>${linked(escapeHtml(text.trim()), link && escapeHtml(link))}</pre>
</article>`;
}

function linked(text: string, link: string | undefined) {
  return link === undefined ? text : text.replace(link, () => `<a href="${link}">${link}</a>`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string) {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

// The colours and measures of the demo.
const STYLE = `:root { color-scheme: light dark; --line: light-dark(#dcd3c1, #38332a); --soft: light-dark(#5d5545, #b5ab97);
  background: light-dark(#f6f2e9, #141210); color: light-dark(#1e1a13, #f3eee3); font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1, h2 { font-family: Rockwell, "Roboto Slab", Georgia, serif; margin: 0; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; }
header p, .envelope, .empty { color: var(--soft); margin: 0.25rem 0 0; }
article { background: light-dark(#fffdf8, #1d1a16); border: 1px solid var(--line); border-radius: 10px; margin-top: 1rem; padding: 1rem; }
pre { font: inherit; margin: 0.75rem 0 0; overflow-wrap: anywhere; white-space: pre-wrap; }
a { color: light-dark(#80560a, #e6b75a); }
`;
