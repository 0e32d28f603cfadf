import { createStore } from '../../lambda/src/store/store.ts';
import { PUBLIC } from '../memory-waf.ts';
import { at, MINUTE_MS } from '../unit/lambda/rundown/terminal.ts';
import { type Cut, type Fault, faultsOf, type Made } from './faults.ts';
import { LiveSheet } from './live-sheet.ts';
import { HOW, tried } from './plays.ts';
import { SERVICES, Servers } from './servers.ts';
import { LATER_TESTER, type Stories, type Story, TESTER } from './story.ts';
import { leftOver, unprovenClaims, wantedMode, wrongAudit, wrongPeople, wrongRows } from './truth.ts';

/**
 * Each story is played once for each call that API, scheduler, reconciler and Slack function make in it (to the table, to
 * WAF, to the topic, to Slack, and each probe) and for each thing that can happen to that call. The script sends again what
 * was not answered, and the next minutes come. Then everything must be as if nothing had happened, and nothing may be said
 * twice or wrongly.
 */

interface Ending {
  /** What is not as it should be. */
  readonly wrong: readonly string[];
  readonly made: readonly Made[];
  timeline(): string[];
}

interface Cast {
  readonly sheet: LiveSheet;
  readonly other: LiveSheet;
}

async function prepared({ lines, others, hasSlack, prepare }: Story): Promise<Cast> {
  const servers = new Servers(undefined, undefined, hasSlack ? { hasSlack } : {});
  const sheet = new LiveSheet(servers, lines?.());
  const other = new LiveSheet(servers, others?.() ?? [], undefined, 'release-43');
  await sheet.tick();
  if (others) await other.tick();
  await prepare?.(sheet, servers, other);
  return { sheet, other };
}

/** Plays it from where it was prepared, and lets the next minutes come. */
async function ending(story: Story, from: Cast, cut?: Cut): Promise<Ending> {
  const servers = new Servers(from.sheet.servers);
  const cast = { sheet: from.sheet.over(servers), other: from.other.over(servers) };
  const { sheet, other } = cast;
  servers.note('--- from here on');
  servers.calls.cut = cut;
  await story.play(sheet, servers, other);
  const { made } = servers.calls;
  servers.calls.made = [];
  servers.calls.cut = undefined;
  // Somebody goes on with their night: nothing of this may be written over.
  sheet.step('9').plannedStart = { text: '2026-11-22 02:50', at: at(50) };
  sheet.step('9').status = 'Skipped';
  const minute = async () => {
    await sheet.minute();
    if (story.others) await other.tick();
  };
  await minute();
  await minute();
  let wrong = await wrongIn(story, cast, servers);
  for (let left = (story.settlesInMinutes ?? 3) - 2; left > 0 && wrong.length > 0; left -= 1) {
    await minute();
    wrong = await wrongIn(story, cast, servers);
  }
  return { wrong, made, timeline: () => servers.timeline() };
}

async function wrongIn(story: Story, { sheet, other }: Cast, servers: Servers): Promise<string[]> {
  const { table, clock, notices, slack } = servers;
  const items = table.items();
  const picks = sheet.picks.map((one) => ({ step: 'Services', ...one })).filter(({ operation }) => operation !== '');
  const lines = [...sheet.lines, ...other.lines];
  const rows = [...lines, ...picks];
  const saysOf = (key: string) =>
    lines.find(({ step }) => step === key)?.status ?? sheet.picks.find(({ service }) => service === key)?.status;
  const ends = Object.entries(story.ends).flatMap(([key, status]) =>
    saysOf(key) === status ? [] : [`${key} ends ${saysOf(key)}, not ${status}`],
  );
  const nine = sheet.step('9');
  const isTheirs = nine.status === 'Skipped' && nine.plannedStart.at === at(50);
  const found = story.told && !notices.some(({ subject }) => subject.includes(story.told as string));
  const isSaid = !story.channel || slack.messages.some(({ text }) => story.channel?.test(text));
  return [
    ...ends,
    ...SERVICES.flatMap((service) => wrongSite(story, servers, service)),
    // Its row is in doubt for as long as somebody else writes into the firewall.
    ...(story.contested === undefined ? wrongRows(items, rows) : []),
    ...leftOver(items, clock.now),
    ...wrongAudit(items),
    ...(await wrongNotes(story, servers, [sheet.id, other.id])),
    ...wrongPeople(items, story.people),
    ...unprovenClaims(items, servers.probed, (service) => servers.probedTargets(service)),
    ...(isTheirs ? [] : [`step 9 was written over: ${nine.status}`]),
    ...(found ? [`nobody was told "${story.told}": ${notices.map(({ subject }) => subject)}`] : []),
    ...(isSaid ? [] : [`nothing in Slack says ${story.channel}: ${slack.messages.map(({ text }) => text).join('; ')}`]),
    ...untoldInSlack(servers),
    ...servers.calls.leftBehind.map((call) => `${call}, of an execution that has ended`),
    ...sheet.falseClaims,
    ...other.falseClaims,
  ];
}

/** The message of what was run says how it ended, and not how it began. */
function untoldInSlack({ table, slack }: Servers): string[] {
  const run = table.items().filter(({ pk, operations }) => pk.startsWith('SLACK-RECORD#') && operations !== undefined);
  return run.flatMap(({ ts, state }) => {
    const text = slack.messages.find((one) => one.ts === ts)?.text ?? 'nothing';
    return text === 'nothing' || text.includes('…') ? [`Slack says of what is ${state}: ${text}`] : [];
  });
}

/** What visitors get, wherever the newest rules have come to. */
function wrongSite(story: Story, { table, waf }: Servers, service: string): string[] {
  const { modes, contested, testers = [TESTER] } = story;
  const mode = modes[service] ?? 'normal';
  const wanted = wantedMode(table.items(), service) ?? 'normal';
  const gets = (who: string) => {
    const isIn = mode === 'normal' || (mode === 'maintenance-allowlist' && testers.includes(who));
    return isIn ? 200 : 503;
  };
  const visits = [0, 0.999].flatMap((dice) =>
    [PUBLIC, TESTER, LATER_TESTER].map((who) => [who, waf.visit(service, dice, who).status, gets(who)] as const),
  );
  return [
    ...(wanted === mode ? [] : [`${service} is wanted ${wanted}, not ${mode}`]),
    ...(service === contested ? [] : visits).flatMap(([who, got, due]) =>
      got === due ? [] : [`${who} gets ${got} of ${service}, which is ${mode}`],
    ),
  ];
}

async function wrongNotes(
  { noted = [], contested }: Story,
  { table }: Servers,
  sheets: readonly string[],
): Promise<string[]> {
  if (contested !== undefined) return [];
  const store = createStore(table);
  const ofSheets = await Promise.all(sheets.map((sheet) => store.auditOfSheet(sheet)));
  const ofServices = await Promise.all(SERVICES.map((service) => store.audit(service, '', 100)));
  const others = [...ofSheets, ...ofServices].flat().filter(({ kind }) => kind !== 'operation' && kind !== 'replan');
  const entries = [...new Map(others.map((one) => [`${one.at} ${one.operationId} ${one.kind}`, one])).values()];
  const kinds = entries.map(({ kind }) => kind).sort();
  if (kinds.join() === [...noted].sort().join()) return [];
  return [`the audit tells of ${entries.map(({ kind, message }) => `${kind} (${message})`)}, not of ${noted}`];
}

/** Hundreds of plays, also on a busy machine. */
const LONGEST_MS = 15 * MINUTE_MS;
/** Of each story, where not all are tried. */
const MOST_PLAYS = 8;

export function playStories(stories: Stories): void {
  it.each(Object.entries(stories))(
    `%s: ends so whatever happens to any call (${HOW})`,
    async (name, story) => {
      const from = await prepared(story);
      const clean = await ending(story, from);
      expect(clean.wrong).toEqual([]);
      expect(clean.made.length).toBeGreaterThanOrEqual(story.leastCalls);
      const plays = clean.made.flatMap((call, index) =>
        faultsOf(call, index).map((fault): [Made, number, Fault] => [call, index, fault]),
      );
      const failures: string[] = [];
      for (const [call, index, fault] of tried(name, plays, MOST_PLAYS)) {
        const { wrong, made, timeline } = await ending(story, from, { at: index + 1, fault });
        const place = `${name}, call ${index + 1}, ${call.name}: ${fault}`;
        expect([place, made[index]?.name]).toEqual([place, call.name]);
        if (wrong.length === 0) continue;
        if (failures.length === 0) failures.push(...timeline());
        failures.push(`${place}: ${wrong.join('; ')}`);
      }
      expect(failures.join('\n')).toBe('');
    },
    LONGEST_MS,
  );
}
