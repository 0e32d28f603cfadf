import { formatDirectStamp, parseDirectStamp } from '../../../contract/stamp.ts';

const stamp = {
  mode: 'maintenance',
  at: '2026-11-22T02:00:00.000Z',
  actor: 'arn:aws:sts::111122223333:assumed-role/break-glass/alice@example.com',
} as const;

test('a direct write is known by its stamp', () => {
  expect(parseDirectStamp(formatDirectStamp(stamp))).toEqual(stamp);
});

test('a direct write says when it is planned to open again', () => {
  const planned = { ...stamp, plannedEnd: '2026-11-22T04:00:00.000Z' };
  expect(parseDirectStamp(formatDirectStamp(planned))).toEqual(planned);
  // A time that is none is no reason to lose the write.
  expect(parseDirectStamp(formatDirectStamp({ ...stamp, plannedEnd: 'soonZ' }))).toEqual(stamp);
});

test('a stamp holds only what WAF takes in a description', () => {
  const description = formatDirectStamp({ ...stamp, actor: `Zoë "(x)" ${'long'.repeat(100)}` });
  expect(description).toMatch(/^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/);
  expect(description.length).toBeLessThanOrEqual(256);
  expect(parseDirectStamp(description)?.mode).toBe('maintenance');
  expect(parseDirectStamp(formatDirectStamp({ ...stamp, actor: 'Zoë (x)' }))?.actor).toBe('Zo---x-');
});

test.each([
  '',
  'drawbridge r17 maintenance since 2026-11-22T02:00:00.000Z',
  'drawbridge direct closed at x by y',
  'drawbridge direct normal at noonZ by y',
])('%p is no direct stamp', (description) => {
  expect(parseDirectStamp(description)).toBeUndefined();
});
