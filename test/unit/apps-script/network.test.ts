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
    night.api.fault = ({ method, payload }) => {
      if (method !== 'post' || !payload?.includes('"cause":"edit"') || left === 0) return undefined;
      left -= 1;
      return answer;
    };
  };

  it.each([
    ['no answer', 'no answer' as const],
    ['503', { status: 503, body: '{"code":"TRY_AGAIN","message":"Try again."}' }],
    ['429', { status: 429, body: '{"message":"Too Many Requests"}' }],
  ])('%s: the same bytes are sent again until it is answered', (_name, answer) => {
    failing(5, answer);
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.api.bodies.length).toBeGreaterThan(5);
    expect(new Set(night.api.bodies).size).toBe(1);
    expect(posts()).toBe(1);
  });

  it('a request that never arrived is not known to have arrived, and the next minutes say that nothing was run', () => {
    failing(1_000, 'no answer');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Go');
    expect(result(2)).toContain("don't know yet");
    for (let minute = 0; minute < 3; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Nothing was run');
    expect([posts(), night.outbox]).toEqual([0, []]);
  });

  it('a request whose answer was lost ran once, and the next minute says so', () => {
    night.api.losesAnswer = ({ payload }) => payload?.includes('"cause":"edit"') ?? false;
    night.go(2);
    night.api.losesAnswer = undefined;
    night.minute();
    expect([night.value(2, 'Status'), posts()]).toEqual(['Done', 1]);
  });

  it('a refused token is taken anew, once', () => {
    night.google.cache.set('token:production', 'old');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('being shut out while looking does not turn a committed step into Failed', () => {
    night.api.leaks('shop');
    night.go(2);
    night.api.fault = ({ url }) =>
      url.includes('api.') ? { status: 401, body: '{"message":"Unauthorized"}' } : undefined;
    night.minute();
    expect(night.value(2, 'Status')).not.toBe('Failed');
    night.api.fault = undefined;
    night.api.leaks();
    night.minute();
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
    night.api.leaks('shop');
    night.go(2);
    for (let minute = 0; minute < 5; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Unproven');
    night.api.leaks();
    night.minute();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('Go on an Unproven row runs it again', () => {
    night.api.leaks('shop');
    night.go(2);
    for (let minute = 0; minute < 6; minute += 1) night.minute();
    night.api.leaks();
    night.go(2);
    night.minute();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
    expect(posts()).toBe(2);
  });

  it('a superseded step is Failed and says by what', () => {
    night.api.leaks('shop');
    night.go(2);
    night.go(8, DUTY);
    night.minute();
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('step 8');
  });
});
