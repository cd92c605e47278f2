import { config } from 'zod/v4/core';

// Else zod tries whether it may compile schemas by `eval`; the app's content rules forbid and report that.
config({ jitless: true });
