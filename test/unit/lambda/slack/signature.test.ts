import { createHmac } from 'node:crypto';
import { type Signed, signatureFault } from '../../../../lambda/src/slack/signature.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const BODY = Buffer.from('command=%2Fdrawbridge&text=enter+shop');
const sign = (secret: string, timestamp: string, body = BODY) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
const at = (shiftMs: number) => String(Math.floor((NOW + shiftMs) / 1_000));

const signed = (more: Partial<Signed> = {}): Signed => {
  const timestamp = more.timestamp ?? at(0);
  return { timestamp, signature: sign('newer', timestamp), body: BODY, ...more };
};
const fault = (request: Signed, secrets = ['newer', 'older']) => signatureFault(request, secrets, NOW);

it('is the one that openssl makes', () => {
  // printf 'v0:1795312800:command=%%2Fdrawbridge&text=enter+shop' | openssl dgst -sha256 -hmac 'a secret of the test'
  const signature = 'v0=e3bc99f6f7be2aea51c72fbc7e2d59d5ca0d98d28f3c09dff19765cff618da91';
  const request = { timestamp: '1795312800', signature, body: BODY };
  expect(signatureFault(request, ['a secret of the test'], NOW)).toBeUndefined();
});

it.each([
  ['the newer secret', signed(), undefined],
  ['the older secret, while it is being replaced', signed({ signature: sign('older', at(0)) }), undefined],
  ['four minutes ago', signed({ timestamp: at(-240_000) }), undefined],
  ['six minutes ago', signed({ timestamp: at(-360_000) }), 'old'],
  ['six minutes ahead', signed({ timestamp: at(360_000) }), 'old'],
  ['a secret that was taken away', signed({ signature: sign('oldest', at(0)) }), 'wrong'],
  ['another body', signed({ body: Buffer.from('command=%2Fdrawbridge&text=exit+shop') }), 'wrong'],
  ['another time than was signed', signed({ signature: sign('newer', at(-60_000)) }), 'wrong'],
  ['no signature', signed({ signature: undefined }), 'missing'],
  ['no time', { ...signed(), timestamp: undefined }, 'missing'],
  ['an empty signature', signed({ signature: '' }), 'missing'],
  ['half of the signature', signed({ signature: sign('newer', at(0)).slice(0, 40) }), 'wrong'],
  ['the signature in capitals', signed({ signature: sign('newer', at(0)).toUpperCase() }), 'wrong'],
  ['another version', signed({ signature: sign('newer', at(0)).replace('v0', 'v1') }), 'wrong'],
  ['a time that is none', signed({ timestamp: 'NaN', signature: sign('newer', 'NaN') }), 'wrong'],
  ['a time with a sign', signed({ timestamp: '-1', signature: sign('newer', '-1') }), 'wrong'],
] as const)('with %s: %#', (_what, request, expected) => {
  expect(fault(request)).toBe(expected);
});

it('is right for nobody where there is no secret', () => {
  expect(fault(signed(), [])).toBe('wrong');
  expect(fault(signed({ signature: sign('', at(0)) }), [])).toBe('wrong');
});
