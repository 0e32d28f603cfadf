import { connectBlock, eachNight, Night } from './night.ts';

let night: Night;
const code = eachNight((made) => {
  night = made;
});

const secretIsOut = () => [...night.google.scriptProperties.values()].some((value) => value.includes('secret-'));

describe('connect', () => {
  it('leaves no secret where editors of the script can read it', () => {
    expect(night.google.scriptProperties.has('CONNECT')).toBe(false);
    expect(secretIsOut()).toBe(false);
    expect(night.google.userProperties.get('connection:production')).toContain('secret-production');
  });

  it('keeps the secret somewhere wherever it is cut, and a second run ends clean', () => {
    night.google.scriptProperties.set('CONNECT', connectBlock());
    const whole = night.google.run('connect');
    for (let at = 1; at <= whole.calls.length; at += 1) {
      for (const side of ['before', 'after'] as const) {
        night = new Night(code());
        night.google.userProperties.clear();
        night.google.scriptProperties.set('CONNECT', connectBlock());
        night.google.run('connect', undefined, { at, side });
        const isKept = night.google.userProperties.get('connection:production')?.includes('secret-production') ?? false;
        expect([at, side, isKept || secretIsOut()]).toEqual([at, side, true]);
        if (secretIsOut()) night.google.run('connect');
        expect([at, side, secretIsOut()]).toEqual([at, side, false]);
      }
    }
  });

  it.each([
    ['no JSON', 'secret-x {"environments"', 'the whole text'],
    [
      'a path in apiUrl',
      connectBlock().replace('api.production.example.com', 'api.production.example.com/v1'),
      'apiUrl',
    ],
    ['no https', connectBlock().replace('https://api.staging', 'http://api.staging'), 'apiUrl'],
    ['no environment', '{"environments":{}}', 'environments'],
  ])(
    '%s: says which field is wrong, quotes nothing of it, and does not leave it lying there',
    (_what, block, field) => {
      night.google.scriptProperties.set('CONNECT', block);
      const { error, log } = night.google.run('connect');
      expect(error).toContain(field);
      expect(`${error} ${log}`).not.toContain('secret-');
      expect(night.google.scriptProperties.has('CONNECT')).toBe(false);
    },
  );

  it('an environment that does not answer is kept, named, and not taken for proven', () => {
    night.api.fault = ({ url }) => (url.includes('api.staging') ? { status: 500, body: '' } : undefined);
    night.google.scriptProperties.set('CONNECT', connectBlock());
    const { error } = night.google.run('connect');
    expect(error).toContain('staging');
    expect(error).not.toContain('production');
    expect(night.google.scriptProperties.has('CONNECT')).toBe(false);
  });

  it('proves a new secret with a sign-in of its own, not with the token of the old one', () => {
    const signIns = () => night.api.signIns;
    const before = signIns();
    night.google.scriptProperties.set('CONNECT', connectBlock());
    night.google.run('connect');
    expect(signIns()).toBe(before + 2);
  });

  it('never logs a token or a secret', () => {
    night.google.scriptProperties.set('CONNECT', connectBlock());
    expect(night.google.run('connect').log.join()).not.toMatch(/secret-|Bearer/);
  });
});

describe('somebody else who can open the script', () => {
  beforeEach(() => {
    night.google.effectiveUser = 'intern@example.com';
    // Everybody has User Properties of their own.
    night.google.userProperties = new Map();
  });

  it.each(['connect', 'install'])('is refused by %s', (name) => {
    night.google.scriptProperties.set('CONNECT', connectBlock());
    const triggers = night.google.triggers;
    expect(night.google.run(name).error).toContain('drawbridge.controller@example.com');
    expect(night.google.triggers).toEqual(triggers);
    expect(night.google.userProperties.size).toBe(0);
  });

  it('runs nothing with onMinute', () => {
    night.set(2, 'Status', 'Go');
    night.minute();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Go');
    expect(night.api.received).toEqual([]);
  });

  it('install before anybody has connected says so', () => {
    night.google.scriptProperties.delete('OWNER');
    expect(night.google.run('install').error).toContain('connect()');
  });
});
