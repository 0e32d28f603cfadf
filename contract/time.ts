import * as z from 'zod/mini';

export const isoInstant = z.iso.datetime({
  error: 'It must be an ISO 8601 time in UTC, such as 2026-11-22T02:00:00Z.',
});
