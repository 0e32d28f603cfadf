import { REHEARSAL_TITLES } from '../../contract/rehearsal.ts';
import { seeded } from '../../local/apps-script-runtime/fault-injection.ts';
import { type AnyFault, FAULTS } from '../simulation/faults.ts';
import { DUTY, MANAGER } from '../unit/lambda/rundown/terminal.ts';

import { type SiteName, servicesOf } from './sites.ts';

/** What happens in a world, as data: each act stands for itself, so that any of them can be left out. */

export const INTERN = 'intern@example.com';
export const NOBODY = '';
export const TESTER = '198.51.100.7';

/** What becomes of the event of an edit, of its request and of its answer. */
export const DELIVERIES = [
  'at once',
  'lost',
  'twice',
  'sent again',
  'late event',
  'late request',
  'unanswered',
  'late answer',
] as const;
export type Delivery = (typeof DELIVERIES)[number];

export const OWN_CELLS = ['status', 'result', 'started', 'finished', 'by', 'operation'] as const;
export const ARRANGEMENTS = ['copy', 'insert', 'delete', 'sort'] as const;

interface Edit {
  readonly sheet: number;
  readonly by: string;
  readonly event: Delivery;
  /** The script asks on for as long as something runs. */
  readonly isFollowed: boolean;
}

/** Which environment; production if left out. */
interface InOne {
  readonly environment?: number;
}

export type Act =
  | (Edit & { readonly do: 'status'; readonly rows: readonly number[]; readonly status: string })
  | (Edit & { readonly do: 'pick'; readonly service: string; readonly action: string })
  | (Edit & { readonly do: 'move'; readonly row: number; readonly byMinutes: number })
  | (Edit & { readonly do: 'plan'; readonly row: number; readonly service?: string; readonly action?: string })
  | {
      readonly do: 'arrange';
      readonly sheet: number;
      readonly row: number;
      readonly how: (typeof ARRANGEMENTS)[number];
    }
  | {
      readonly do: 'forge';
      readonly sheet: number;
      readonly row: number;
      readonly cell: (typeof OWN_CELLS)[number];
      readonly text: string;
    }
  | {
      readonly do: 'allow';
      readonly sheet: number;
      readonly address: string;
      readonly services: string;
      readonly forMinutes?: number;
    }
  | { readonly do: 'break the glass'; readonly service: string; readonly action: string }
  | { readonly do: 'disarm everything' }
  /** Somebody types a command in Slack; who is sure presses the button of what they are asked. */
  | { readonly do: 'slack'; readonly userId: string; readonly text: string; readonly isSure: boolean }
  | {
      readonly do: 'foreign write';
      readonly service: string;
      readonly how: 'empty' | 'loosen';
      /** Which of its targets, counted round; all if left out. */
      readonly target?: number;
    }
  /** With the command that needs no API. */
  | { readonly do: 'write past the API'; readonly service: string; readonly action: 'enter' | 'exit' }
  /** Of a template that changed: CloudFormation writes every group as it knows it, empty. */
  | (InOne & { readonly do: 'deploy empties all groups' })
  | { readonly do: 'config'; readonly service: string; readonly how: 'loses' | 'has again' }
  /** In the settings of the spreadsheet: every time in it means another instant. */
  | { readonly do: 'zone'; readonly sheet: number; readonly zone: string }
  /** The secret was rotated: nobody lets the script in until it is connected again. */
  | (InOne & { readonly do: 'locked out'; readonly seconds: number })
  /** EventBridge delivers at least once. */
  | { readonly do: 'minute, twice' }
  /** One call of any function, so many from here. */
  | { readonly do: 'fault'; readonly after: number; readonly fault: AnyFault; readonly of?: 'WAF Update' }
  | (InOne & { readonly do: 'API is down'; readonly seconds: number })
  /** WAF in one region fails, as long as this: other targets are written. */
  | (InOne & { readonly do: 'WAF is down'; readonly region: string; readonly seconds: number })
  | { readonly do: 'tick'; readonly sheet: number }
  | { readonly do: 'minutes'; readonly count: number }
  | { readonly do: 'retire'; readonly sheet: number }
  | { readonly do: 'together'; readonly acts: readonly Act[] };

export const ZONES = ['Etc/UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
/** Nights in which clocks change, half an hour in: back and forward in Berlin, back in New York, back on Lord Howe. */
export const CLOCK_CHANGES: readonly (readonly [at: string, zone: string])[] = [
  ['2026-10-25T00:45:00Z', 'Europe/Berlin'],
  ['2027-03-28T00:45:00Z', 'Europe/Berlin'],
  ['2026-11-01T05:45:00Z', 'America/New_York'],
  ['2027-04-03T14:45:00Z', 'Australia/Lord_Howe'],
];
/** Against the servers: as new as they are; without what was added later; with what they do not know. */
export const SCRIPTS = ['same', 'older', 'newer'] as const;

export interface World {
  /** How long WAF takes until every request meets new rules. */
  readonly propagationMs: number;
  /** Which environments and targets there are; one if left out. */
  readonly site?: SiteName;
  /** When it begins; the night of the other tests if left out. */
  readonly startsAt?: string;
  /** Of its sheets in the beginning; UTC if left out. */
  readonly zone?: string;
  readonly script?: (typeof SCRIPTS)[number];
  readonly acts: readonly Act[];
}

export const SHEETS = 2;
export const ACTION_TITLES = ['Enter maintenance', 'Enable allowlist', 'Disable allowlist', 'Exit maintenance'];
const REHEARSALS = Object.values(REHEARSAL_TITLES);
const ADDRESSES = [TESTER, '2001:db8::7', '192.0.2.0/24', '0.0.0.0/0', '=HYPERLINK("x")', '198.51.100.300'];
const FORGED = ['Done', 'Running', 'Failed', 'Verified 02:00', MANAGER, 'production-00000001', '=1+1', ''];
const TYPED = ['enter', 'enter', 'exit', 'exit', 'enable-allowlist', 'disable-allowlist', 'status'];
const BREAK_GLASS = ['enter', 'enter', 'disable-allowlist', 'exit', 'exit'];

/** What stands in a cell Service and is none. */
const STRANGE = 'warehouse';

/** The world of that seed, always the same. */
export function generate(seed: number): World {
  const random = seeded(seed);
  // Neighbouring seeds begin alike.
  for (let warmUp = 0; warmUp < 4; warmUp += 1) random();
  const below = (count: number) => Math.floor(random() * count);
  const oneOf = <T>(some: readonly T[]): T => some[below(some.length)] as T;
  /** Each `[weight, value]` as often as it weighs. */
  function weighed<T>(...some: readonly (readonly [number, T])[]): T {
    let left = random() * some.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of some) {
      left -= weight;
      if (left < 0) return value;
    }
    return (some[0] as readonly [number, T])[1];
  }
  const trouble = oneOf([0, 0.5, 1, 2]);
  const site = weighed<SiteName>([2, 'one place'], [4, 'many places'], [1, 'many places, one unproven']);
  const services = servicesOf(site);
  const names = [...services, 'storefront', ...(site === 'one place' ? [] : [STRANGE, ''])];
  const edit = (): Edit => ({
    sheet: weighed([3, 0], [1, 1]),
    by: weighed([6, MANAGER], [4, DUTY], [1, INTERN], [1, NOBODY]),
    event: random() < 0.7 - 0.2 * trouble ? 'at once' : oneOf(DELIVERIES),
    isFollowed: random() < 0.6,
  });
  // People meet in the same few rows, and most nights close and open.
  const rows = site === 'one place' ? 8 : 12;
  const busy = below(rows);
  const row = () => weighed([3, busy], [2, 0], [1.5, 3], [1, 1], [1, 4], [2.5, below(rows)]);
  const inOne = (): InOne => (site === 'one place' || random() < 0.7 ? {} : { environment: 1 });
  function fault(): Act {
    const what = oneOf<AnyFault>([...FAULTS, 'throttled']);
    // One target is written, and another is not.
    const isOfWrite = site !== 'one place' && random() < 0.5;
    if (isOfWrite) return { do: 'fault', after: 1 + below(4), fault: what, of: 'WAF Update' };
    return { do: 'fault', after: 1 + below(60), fault: what };
  }
  const some = (kind: Act['do']): Act => {
    switch (kind) {
      case 'status': {
        const status = weighed([8, 'Go'], [3, 'Scheduled'], [1, 'Skipped'], [1, 'Planned'], [1, 'Done']);
        const rows = random() < 0.9 ? [row()] : [row(), row()];
        return { do: 'status', ...edit(), rows, status };
      }
      case 'pick':
        return {
          do: 'pick',
          ...edit(),
          service: oneOf(services),
          action: oneOf(random() < 0.8 ? ACTION_TITLES : REHEARSALS),
        };
      case 'move':
        return { do: 'move', ...edit(), row: row(), byMinutes: oneOf([-3, 1, 2, 5, 20]) };
      case 'plan':
        return {
          do: 'plan',
          ...edit(),
          row: row(),
          ...(random() < 0.5 ? { service: oneOf(names) } : { action: oneOf(ACTION_TITLES) }),
        };
      case 'arrange':
        return { do: 'arrange', sheet: below(SHEETS), row: row(), how: oneOf(ARRANGEMENTS) };
      case 'forge':
        return { do: 'forge', sheet: below(SHEETS), row: row(), cell: oneOf(OWN_CELLS), text: oneOf(FORGED) };
      case 'allow': {
        const forMinutes = oneOf([undefined, 3, 10]);
        const line = { do: 'allow' as const, sheet: below(SHEETS), address: oneOf(ADDRESSES) };
        return { ...line, services: oneOf(['', '', ...services]), ...(forMinutes ? { forMinutes } : {}) };
      }
      case 'break the glass':
        return { do: 'break the glass', service: oneOf(services), action: oneOf(BREAK_GLASS) };
      case 'disarm everything':
        return { do: 'disarm everything' };
      case 'slack': {
        const verb = oneOf(TYPED);
        const text = `${verb} ${oneOf(names)}${verb === 'enable-allowlist' ? ` ${TESTER} for 5m` : ''}`;
        const userId = weighed([4, 'U0MANAGER'], [4, 'U0DUTY'], [1, 'U0INTERN'], [1, 'U0GUEST']);
        return { do: 'slack', userId, text, isSure: random() < 0.8 };
      }
      case 'write past the API':
        return { do: 'write past the API', service: oneOf(services), action: oneOf(['enter', 'exit']) };
      case 'deploy empties all groups':
        return { do: 'deploy empties all groups', ...inOne() };
      case 'config':
        return { do: 'config', service: oneOf(services), how: oneOf(['loses', 'has again']) };
      case 'zone':
        return { do: 'zone', sheet: below(SHEETS), zone: oneOf(ZONES) };
      case 'locked out':
        return { do: 'locked out', seconds: oneOf([20, 90, 200]), ...inOne() };
      case 'minute, twice':
        return { do: 'minute, twice' };
      case 'foreign write':
        return {
          do: 'foreign write',
          service: oneOf(services),
          how: oneOf(['empty', 'loosen']),
          ...(site === 'one place' || random() < 0.3 ? {} : { target: below(2) }),
        };
      case 'fault':
        return fault();
      case 'API is down':
        return { do: 'API is down', seconds: oneOf([10, 40, 90, 200]), ...inOne() };
      case 'WAF is down': {
        const region = oneOf(['eu-west-1', 'us-east-1']);
        return { do: 'WAF is down', region, seconds: oneOf([10, 30, 90, 300]), ...inOne() };
      }
      case 'tick':
        return { do: 'tick', sheet: below(SHEETS) };
      case 'minutes':
        return { do: 'minutes', count: 1 + below(3) };
      case 'retire':
        return { do: 'retire', sheet: 1 };
      case 'together':
        return { do: 'together', acts: [some(weighed(...AT_ONCE)), some(weighed(...AT_ONCE))] };
    }
  };
  const kinds: readonly (readonly [number, Act['do']])[] = [
    [12, 'status'],
    [3, 'pick'],
    [2, 'move'],
    [3, 'plan'],
    [2, 'arrange'],
    [1, 'forge'],
    [1.5, 'allow'],
    [1, 'break the glass'],
    [0.2, 'disarm everything'],
    [1.2, 'slack'],
    [0.7 * trouble, 'foreign write'],
    [0.3 * trouble, 'write past the API'],
    [0.15 * trouble, 'deploy empties all groups'],
    [0.2 * trouble, 'config'],
    [0.15, 'zone'],
    [0.2 * trouble, 'locked out'],
    [0.5, 'minute, twice'],
    [5 * trouble, 'fault'],
    [0.4 * trouble, 'API is down'],
    [site === 'one place' ? 0 : 0.6 * trouble, 'WAF is down'],
    [1, 'tick'],
    [6, 'minutes'],
    [0.2, 'retire'],
    [1.5, 'together'],
  ];
  const acts: Act[] = [];
  for (let left = 4 + below(26); left > 0; left -= 1) {
    const act = some(weighed(...kinds));
    acts.push(act);
    // Asked whether they are sure, most people are.
    const isAsked = (act.do === 'status' && act.status === 'Go') || act.do === 'pick';
    if (isAsked && random() < 0.5) acts.push({ ...act, event: 'at once' });
  }
  const propagationMs = weighed([4, 3_000], [1, 800], [1, 20_000]);
  const script = weighed<World['script']>([6, 'same'], [1, 'older'], [1, 'newer']);
  const [startsAt, zone] =
    random() < 0.15 ? oneOf(CLOCK_CHANGES) : [undefined, weighed([3, 'Etc/UTC'], [1, oneOf(ZONES)])];
  return { site, propagationMs, ...(startsAt ? { startsAt } : {}), zone, script, acts };
}

const AT_ONCE: readonly (readonly [number, Act['do']])[] = [
  [8, 'status'],
  [2, 'pick'],
  [1, 'move'],
  [2, 'break the glass'],
  [1, 'slack'],
  [2, 'tick'],
  [2, 'minutes'],
];

/** As people read it. */
export function describe(act: Act): string {
  const { do: what, ...rest } = act;
  if (act.do === 'together') return `together: ${act.acts.map(describe).join('; ')}`;
  if (act.do === 'fault') return `call ${act.after} from here${act.of ? ` of ${act.of}` : ''}: ${act.fault}`;
  const words = Object.entries(rest).map(([name, value]) => `${name} ${value === '' ? '(nobody)' : String(value)}`);
  return [what, ...words].join(', ');
}

export const countEdits = (acts: readonly Act[]): number =>
  acts.reduce((sum, act) => sum + (act.do === 'together' ? countEdits(act.acts) : EDITS.has(act.do) ? 1 : 0), 0);
const EDITS: ReadonlySet<Act['do']> = new Set(['status', 'pick', 'move', 'plan', 'arrange', 'forge', 'allow', 'zone']);
