import { runInNewContext } from 'node:vm';
import { type Content, typed } from '../../../../../local/apps-script-runtime/spreadsheet/cell.ts';
import {
  eventText,
  shown,
  type Value,
  type WallDate,
} from '../../../../../local/apps-script-runtime/spreadsheet/value.ts';
import { fromWall } from '../../../../../local/apps-script-runtime/spreadsheet/zoned-time.ts';

const BERLIN = 'Europe/Berlin';
const instant = (input: unknown, zone: string) => fromWall((typed(input, zone) as WallDate).wallMs, zone);
const iso = (input: string, zone = BERLIN) => new Date(instant(input, zone)).toISOString();
const show = (content: Content) => shown(content as Value);

describe('typing into a cell', () => {
  it('takes a date and time as that instant in the sheet’s own zone, winter and summer', () => {
    expect(iso('2026-11-22 02:00')).toBe('2026-11-22T01:00:00.000Z');
    expect(iso('2026-07-22 02:00:30')).toBe('2026-07-22T00:00:30.000Z');
    expect(iso('2026-11-22 02:00', 'America/New_York')).toBe('2026-11-22T07:00:00.000Z');
  });

  it('finds the right instant on both sides of the hour that a clock change repeats', () => {
    expect(iso('2026-10-25 01:59')).toBe('2026-10-24T23:59:00.000Z');
    expect(iso('2026-10-25 03:00')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('takes a time without a date as a time on day zero, which shows as the time alone', () => {
    expect(show(typed('02:30', 'Etc/UTC'))).toBe('02:30');
    expect(show(typed('2:30', BERLIN))).toBe('02:30');
    expect(iso('02:30', 'Etc/UTC')).toBe('1899-12-30T02:30:00.000Z');
  });

  it.each(['2026-02-30 10:00', '2026-13-01', '24:00', '2026-11-22 10:61', '10:00 sharp', 'v1.2.3', '192.0.2.10'])(
    'leaves %s as the text that it is',
    (text) => {
      expect(typed(text, BERLIN)).toBe(text);
    },
  );

  it('takes numbers and booleans as such, nothing as empty, and what an apostrophe marks as text', () => {
    expect(['42', '-1.50', 'true', 'FALSE', '', null, undefined, "'42"].map((input) => typed(input, BERLIN))).toEqual([
      42,
      -1.5,
      true,
      false,
      '',
      '',
      '',
      '42',
    ]);
  });

  it('refuses a formula that it cannot compute instead of showing its text', () => {
    expect(() => typed('=VLOOKUP(A1, B:C, 2)', BERLIN)).toThrow(
      'VLOOKUP in the formula =VLOOKUP(A1, B:C, 2) is not supported',
    );
  });

  it('knows a date that was made in another realm, as a script’s dates are', () => {
    const foreign = runInNewContext('new Date(Date.UTC(2026, 10, 22, 1))');
    expect(foreign instanceof Date).toBe(false);
    expect(show(typed(foreign, BERLIN))).toBe('2026-11-22 02:00');
  });
});

describe('showing a cell', () => {
  it('tells seconds only where there are some, and never fails on a date that is none', () => {
    expect(show(typed('2026-11-22 02:00:05', BERLIN))).toBe('2026-11-22 02:00:05');
    expect(show(typed(new Date(Number.NaN), BERLIN))).toBe('#NUM!');
    expect(show(true)).toBe('TRUE');
  });

  it('tells a date in an event as its serial number', () => {
    expect(eventText(typed('1900-01-01 12:00', 'Etc/UTC') as Value)).toBe('2.5');
    expect(eventText('Go')).toBe('Go');
  });
});
