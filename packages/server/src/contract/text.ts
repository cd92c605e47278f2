import { z } from 'zod';

const NUL = '\u0000';

/** Well-formed text of at most `max` UTF-16 code units, without null characters. */
export function text(max: number) {
  return z
    .string()
    .max(max, `At most ${max} characters.`)
    .refine((value) => !value.includes(NUL), 'Must not contain a null character.')
    .refine((value) => !/\p{Surrogate}/u.test(value), 'Must be well-formed text.');
}
