import type { RequestView, ThiefView } from '@latchkey/api/inspector';
import type { CallMark, RefreshCause, SessionCallMark, StatusMark, TokenMark } from '../tap/tabMark.js';
import type { Mark, ServerMark } from './mark.js';

const CAUSES: Record<RefreshCause, string> = {
  opening: 'The page was opened and checked whether somebody is signed in',
  ahead: 'The tab renewed its access token ahead of time, at a random moment in the second half of its life',
  needed: 'A call needed a token and the last one had expired, so the tab requested a new one',
  refused: 'The guard had refused the token, so the tab requested a new one',
  again: 'The last try got no response, so the tab tried again',
  forced: 'A button requested a new access token',
};

const ENDINGS: Record<string, string> = {
  logout: 'somebody signed out',
  reuse: 'a superseded refresh token was used, so one of its two holders is a thief',
  replaced: 'a new sign-in took its place',
  revoked: 'it was revoked',
  disabled: 'the account was disabled',
  limit: 'there were too many sessions',
};

const REASONS: Record<string, string> = {
  REFRESH_REUSED:
    'its token was superseded and the successor was in use, so one of the two holders is a thief',
  REFRESH_STALE: 'its token was out of date, but not in a suspicious way',
  REFRESH_MISSING: 'the browser had no refresh token',
  SESSION_REVOKED: 'the session had been ended',
  SESSION_EXPIRED: 'the session had expired',
  TOKEN_EXPIRED: 'its access token had expired',
  TOKEN_INVALID: 'its access token was not genuine',
};

function because(reason: string | undefined | null) {
  return reason ? (REASONS[reason] ?? reason) : 'no reason was given';
}

/** Formats a length of time. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 120)
    return `${seconds < 20 ? seconds.toFixed(1).replace(/\.0$/, '') : Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** Explains a mark in one sentence. */
export function explain({ what, from, to }: Mark, now: number): string {
  const took = (to ?? now) - from;
  switch (what.kind) {
    case 'token':
      return explainToken(what, { to: to ?? what.end, now });
    case 'call':
      return explainCall(what, took);
    case 'refresh':
      return explainRefresh(what, took);
    case 'sign-in':
    case 'sign-out':
      return explainSigning(what, took);
    case 'status':
      return explainStatus(what, took);
    case 'request':
      return explainRequest(what.request);
    case 'generation':
      return explainGeneration(what, { took, isOver: to !== undefined, now });
    case 'offline':
      return `For ${duration(took)} the server cut every connection of this session before it read the request.`;
    case 'database':
      return `For ${duration(took)} the database did not respond.`;
    case 'revoked':
      return `The server ended the session, because ${ENDINGS[what.reason] ?? what.reason}.`;
    case 'copy':
      return explainCopy(what.thief, now);
    case 'strike':
      return explainStrike(what.thief);
  }
}

const SOURCES = {
  refresh: 'which this tab requested',
  'sign-in': 'which came with the sign-in',
  tab: 'which another tab requested and shared',
} as const;

function explainToken({ generation, via, at, end }: TokenMark, { to, now }: { to: number; now: number }) {
  const life = `An access token of generation ${generation}, ${SOURCES[via]}; its lifetime is ${duration(end - at)}`;
  if (to < end) return `${life}, and the next one replaced it ${duration(end - to)} before its end.`;
  return end > now ? `${life} and ends in ${duration(end - now)}.` : `${life} and was used to its end.`;
}

function explainCall(mark: CallMark, took: number) {
  const { path, isStream, tries, sentAt, at, outcome, reason } = mark;
  const waited = (sentAt ?? at) - at;
  const wait = waited > 30 ? ` It first waited ${duration(waited)} for an access token.` : '';
  const name = isStream ? `The subscription ${path}` : `The call ${path}`;
  if (isStream && tries > 0 && !outcome) return explainStream(name, { tries, took });
  if (!outcome && tries === 0)
    return `${name} has been waiting ${duration(took)} for an access token, and goes out once there is one.`;
  if (!outcome) return `${name} has been in progress for ${duration(took)}.`;
  if (outcome === 'left') return `${name} was abandoned by the page after ${duration(took)}.`;
  if (outcome === 'unanswered')
    return `${name} got no response. The tab cannot tell whether the server executed it.`;
  if (outcome === 'refused') return `${name} was refused, because ${because(reason)}.${wait}`;
  if (tries > 1)
    return `${name} was refused by the guard before it ran, then sent again with a new token and answered. The page did not notice.`;
  return `${name} was answered in ${duration(took)}.${wait}`;
}

function explainStream(name: string, { tries, took }: { tries: number; took: number }) {
  const resumed = tries > 1 ? `; it was resumed ${tries - 1} times with a newer token and lost no event` : '';
  return `${name} has been open for ${duration(took)}${resumed}.`;
}

function explainRefresh(
  { cause = 'needed', outcome, generation, replayed, reason }: SessionCallMark,
  took: number,
) {
  const why = CAUSES[cause];
  if (!outcome) return `${why}; it has been waiting for ${duration(took)}.`;
  if (outcome === 'unanswered') return `${why}; no response came, so it keeps the session and tries again.`;
  if (outcome === 'refused') return `${why}; it was refused, because ${because(reason)}.`;
  if (replayed)
    return `${why}; it came within the grace period, so the server returned generation ${generation} again with a new access token.`;
  return `${why}; the session moved to generation ${generation} in ${duration(took)}.`;
}

function explainSigning({ kind, outcome, reason }: SessionCallMark, took: number) {
  const name = kind === 'sign-in' ? 'A sign-in' : 'A sign-out';
  if (!outcome) return `${name} is in progress.`;
  if (outcome === 'answered') return `${name} was answered in ${duration(took)}.`;
  return outcome === 'refused' ? `${name} was refused: ${reason}.` : `${name} got no response.`;
}

function explainStatus({ status, reason }: StatusMark, took: number) {
  if (status === 'unreachable')
    return `For ${duration(took)} this tab could not reach the server. It stayed signed in, and its calls waited.`;
  if (reason === 'SIGNED_OUT') return 'Here this tab received the sign-out.';
  return `Here this tab was signed out, because ${because(reason)}.`;
}

function explainRequest({ from, path, status, took, reasons, refresh, fate, spoiled }: RequestView) {
  const who = from === 'thief' ? 'The thief' : 'The browser';
  if (fate === 'unheard')
    return `${who} requested ${path}, but the server was “offline” and cut the connection before it read the request.`;
  if (refresh) {
    const shown = `${who} presented the refresh token of generation ${refresh.presented}`;
    if (refresh.answered === null) return `${shown} and was refused, because ${because(reasons[0])}.`;
    if (fate === 'lost')
      return `${shown}; the server moved on to generation ${refresh.answered}, and its response was lost on the way.`;
    if (refresh.answered === refresh.presented)
      return `${shown} within the grace period and got the same one back with a new access token.`;
    return `${shown} and got generation ${refresh.answered}.`;
  }
  if (spoiled)
    return `The token of ${path} was damaged on the way, and the guard refused it before anything ran.`;
  if (reasons.length > 0) return `${who} requested ${path} and was refused, because ${because(reasons[0])}.`;
  return `${who} requested ${path}; the server responded with ${status} in ${duration(took)}.`;
}

function explainGeneration(
  { number, graceUntil, acknowledgedAt }: Extract<ServerMark, { kind: 'generation' }>,
  { took, isOver, now }: { took: number; isOver: boolean; now: number },
) {
  const use =
    acknowledgedAt === null ? 'its access token is not used yet' : 'its access token was seen in use';
  const grace =
    graceUntil === null || isOver
      ? ''
      : graceUntil > now
        ? `, and for ${duration(graceUntil - now)} more it is also the response to the one before`
        : ', and a use of the one before is detected as theft';
  return `Generation ${number} of the refresh token ${isOver ? `was the newest for ${duration(took)}` : `has been the newest for ${duration(took)}`}; ${use}${grace}.`;
}

function explainCopy({ generation, phase, strikesAt }: ThiefView, now: number) {
  const copy = `A thief has a copy of the refresh token of generation ${generation}`;
  if (phase === 'holding') return `${copy}, which is still the newest one.`;
  if (strikesAt === null) return `${copy}; it is superseded, but its successor is not used yet.`;
  if (strikesAt <= now) return `${copy}; the grace period is over.`;
  return `${copy}; it is superseded, and in ${duration(strikesAt - now)}, when the grace period is over, the thief will use it.`;
}

function explainStrike({ generation, phase, reason }: ThiefView) {
  if (phase === 'let in')
    return `The thief got in with generation ${generation}. Until the next rotation the server cannot tell it from a second tab; then the second of the two to refresh reveals the theft.`;
  if (phase === 'gone' && reason === null) return 'The thief got no response and gave up.';
  if (phase === 'gone')
    return `The session ended before the thief could use its copy: ${ENDINGS[reason ?? ''] ?? reason}.`;
  if (reason === 'REFRESH_REUSED')
    return `Caught: the thief presented generation ${generation}, which was superseded and past its grace period. It got nothing, and the session was ended everywhere.`;
  return `The thief was refused, because ${because(reason)}.`;
}
