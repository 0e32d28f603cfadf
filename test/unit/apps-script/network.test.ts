import type { Operation } from '../../../contract/operation.ts';
import { DUTY, eachNight, type Night } from './night.ts';

let night: Night;
eachNight((made) => {
  night = made;
});

const posts = () => night.api.received.length;
const result = (step: number) => String(night.value(step, 'Result'));

describe('the network', () => {
  const failing = (times: number, answer: { status: number; body: string } | 'no answer') => {
    let left = times;
    night.api.fault = ({ method }) => {
      if (method !== 'post' || left === 0) return undefined;
      left -= 1;
      return answer;
    };
  };

  it.each([
    ['no answer', 'no answer' as const],
    ['503', { status: 503, body: '{"code":"TRY_AGAIN","message":"Try again."}' }],
    ['429', { status: 429, body: '{"message":"Too Many Requests"}' }],
  ])('%s: the same bytes are sent again until it is answered', (_name, answer) => {
    const bodies: (string | undefined)[] = [];
    let left = 5;
    night.api.fault = ({ payload }) => {
      if (!payload?.includes('"cause":"edit"')) return undefined;
      bodies.push(payload);
      left -= 1;
      return left >= 0 ? answer : undefined;
    };
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(bodies).toHaveLength(6);
    expect(new Set(bodies).size).toBe(1);
    expect(posts()).toBe(1);
  });

  it('while nothing is answered the row says that nobody knows yet', () => {
    failing(1_000, 'no answer');
    night.go(2);
    expect(result(2)).toContain("don't know yet");
  });

  it('a request that never arrived is put back, and says that nothing was run', () => {
    failing(1_000, 'no answer');
    night.go(2);
    night.api.fault = undefined;
    for (let minute = 0; minute < 4; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Nothing was run');
    expect(posts()).toBe(0);
  });

  it('a refused token is taken anew, once', () => {
    night.google.cache.set('token:production', 'old');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('being shut out while looking does not turn a committed step into Failed', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    night.api.fault = ({ url }) =>
      url.includes('api.') ? { status: 401, body: '{"message":"Unauthorized"}' } : undefined;
    night.minute();
    expect(night.value(2, 'Status')).not.toBe('Failed');
    night.api.fault = undefined;
    night.api.looksNeeded = 1;
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('a sign-in that is refused before anything was sent is Failed at once', () => {
    night.google.cache.clear();
    night.api.fault = ({ url }) =>
      url.includes('auth.') ? { status: 400, body: '{"error":"invalid_client"}' } : undefined;
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('Nothing was run');
  });

  it('accepted without proof for five minutes is Unproven, and later proof makes it Done', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    for (let minute = 0; minute < 5; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Unproven');
    night.api.looksNeeded = 1;
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('Go on an Unproven row runs it again', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    for (let minute = 0; minute < 6; minute += 1) night.minute();
    night.api.looksNeeded = 1;
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(posts()).toBe(2);
  });

  it('a superseded step is Failed and says by what', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    const [id, operation] = [...night.api.operations][0] as [string, Operation];
    night.api.operations.set(id, {
      ...operation,
      state: 'superseded',
      supersededBy: { operationId: 'op-x', step: '8', by: DUTY },
    });
    night.minute();
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('step 8');
  });
});
