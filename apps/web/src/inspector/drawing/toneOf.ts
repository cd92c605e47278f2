import type { Mark } from '../timeline/mark.js';

export type Tone = 'well' | 'mended' | 'waiting' | 'wrong' | 'quiet';

/** Well, mended without anybody noticing, still waiting, wrong, or not important. */
export function toneOf({ what, to }: Pick<Mark, 'what' | 'to'>): Tone {
  switch (what.kind) {
    case 'call':
      if (what.isStream && what.tries > 0 && (!what.outcome || what.outcome === 'left')) return 'well';
      if (!what.outcome) return 'waiting';
      if (what.outcome !== 'answered') return what.outcome === 'left' ? 'quiet' : 'wrong';
      return what.tries > 1 ? 'mended' : 'well';
    case 'refresh':
    case 'sign-in':
    case 'sign-out':
      if (!what.outcome) return 'waiting';
      // That nobody is signed in is not an error.
      if (what.reason === 'REFRESH_MISSING') return 'quiet';
      return what.outcome === 'answered' ? 'well' : 'wrong';
    case 'request': {
      const { fate, reasons, status } = what.request;
      return fate !== 'answered' || reasons.length > 0 || status >= 400 ? 'wrong' : 'well';
    }
    case 'status':
      if (what.reason === 'SIGNED_OUT') return 'quiet';
      return what.status === 'unreachable' && to === undefined ? 'waiting' : 'wrong';
    case 'strike':
      return what.thief.phase === 'refused' ? 'well' : 'wrong';
    case 'copy':
    case 'offline':
    case 'database':
    case 'revoked':
      return 'wrong';
    default:
      return 'well';
  }
}
