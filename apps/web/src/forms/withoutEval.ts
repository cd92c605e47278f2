import { config } from 'zod/v4/core';

// Otherwise zod probes whether `eval` works, which the Content-Security-Policy forbids and reports.
config({ jitless: true });
